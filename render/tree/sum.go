package tree

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"meshtopo.dev/meshtopo/render/layout"
)

// digests are the recorded SHA-256 sums in hexadecimal, by path below the cluster's directory.
type digests map[string]string

// Sum makes the sum file of a cluster: the digests of the files below its directory, so that Diff can tell an edit by
// hand from a topology that moved on. `sha256sum -c` reads it too. Private files are left out, because a digest of a
// short secret is a way to guess it, and a file whose content is unknown has none. files are sorted by path.
//
// Records are lines that a later run wants to know of this one.
func Sum(owner, cluster string, files []File, records ...string) File {
	var out bytes.Buffer
	fmt.Fprintf(&out, "# %s\n", Marker(owner))
	for _, line := range records {
		fmt.Fprintf(&out, "# %s\n", line)
	}
	for i := range files {
		f := &files[i]
		in, name, _ := layout.Split(f.Path)
		if in != cluster || name == layout.Sum || f.Private || f.Unknown || f.Encrypted && f.Sum == "" {
			continue
		}
		sum := f.Sum
		if sum == "" {
			sum = digest(f.Body)
		}
		out.WriteString(sum + "  " + name + "\n")
	}
	return File{Path: sumPath(cluster), Body: [][]byte{out.Bytes()}}
}

func sumPath(cluster string) string { return layout.Path(cluster, layout.Sum) }

// Digest gives the SHA-256 of a text as a sum file has it.
func Digest(text []byte) string { return digest([][]byte{text}) }

func digest(body [][]byte) string {
	h := sha256.New()
	for _, piece := range body {
		h.Write(piece)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// readSums reads what a cluster's sum file records. One that is missing, or is no sum file, records nothing: that
// only costs the distinction between two kinds of change.
func (d *Dir) readSums(cluster string) digests {
	path := sumPath(cluster)
	if found, err := d.lstat(path); err != nil || found == nil || !found.Mode().IsRegular() {
		return nil
	}
	data, err := d.readFile(path, maxState)
	if err != nil {
		return nil
	}
	sums, err := parseSum(data)
	if err != nil {
		return nil
	}
	return sums
}

// Records gives the lines that the sum file of a cluster records of an earlier run for the same topology.
func (d *Dir) Records(owner, cluster string) []string {
	path := sumPath(cluster)
	if found, err := d.lstat(path); err != nil || found == nil || !found.Mode().IsRegular() {
		return nil
	}
	data, err := d.readFile(path, maxRecords)
	if err != nil {
		return nil
	}
	return Records(owner, data)
}

// SumPath is where the sum file of a cluster lies below the output directory.
func SumPath(cluster string) string { return sumPath(cluster) }

// Records gives the lines that the text of a sum file records.
func Records(owner string, data []byte) []string {
	rest, ok := strings.CutPrefix(string(data), "# "+Marker(owner)+"\n")
	var records []string
	for line := range strings.SplitSeq(rest, "\n") {
		record, comment := strings.CutPrefix(line, "# ")
		if !ok || !comment {
			break
		}
		records = append(records, record)
	}
	return records
}

// maxRecords bounds what is read of a sum file for its first lines.
const maxRecords = 64 << 10

// parseSum reads a sum file, as Sum writes it.
func parseSum(data []byte) (digests, error) {
	sums := make(digests, bytes.Count(data, []byte("\n")))
	i := -1
	for line := range strings.SplitSeq(string(data), "\n") {
		if i++; line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		sum, name, ok := strings.Cut(line, "  ")
		if !ok || name == "" || len(sum) != 2*sha256.Size || strings.Trim(sum, "0123456789abcdefABCDEF") != "" {
			return nil, fmt.Errorf("line %d is not a SHA-256 sum and a path", i+1)
		}
		sums[name] = sum
	}
	return sums, nil
}
