package loader

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

const bundles = "../../testdata/bundles"

// bundlesNow is the time for which the bundles were made.
var bundlesNow = time.Date(2040, time.January, 1, 0, 0, 0, 0, time.UTC)

// bundleTopology names each file of a bundle on a line of its own, or with a directory where what is in it decides.
const (
	bundleTopology = `apiVersion: meshtopo.dev/v1alpha1
kind: Topology
metadata: {name: bundle}
spec:
  istio: {version: "1.31.1"}
  secrets: {protection: plaintext}
  trust:
    roots: [ca/root-cert.pem]
  networks: {network1: {}}
  clusters:
    cluster-a:
      network: network1
      intermediate:
        cert: ca/ca-cert.pem
        key: {file: ca/ca-key.pem}
        chain: ca/cert-chain.pem
`
	bundleDirTopology = `apiVersion: meshtopo.dev/v1alpha1
kind: Topology
metadata: {name: bundle}
spec:
  istio: {version: "1.31.1"}
  secrets: {protection: plaintext}
  trust:
    roots: [ca/root-cert.pem]
    intermediates: ca
  networks: {network1: {}}
  clusters:
    cluster-a: {network: network1}
`
)

// bundle is a row of the table that says what meshtopo finds in each bundle.
type bundle struct {
	name string
	want []string // as code@place
}

func readBundles(t *testing.T) []bundle {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(bundles, "bundles.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var rows []bundle
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		columns := strings.Split(line, " | ")
		if len(columns) != 3 {
			t.Fatalf("%q has %d columns, want 3", line, len(columns))
		}
		rows = append(rows, bundle{columns[0], strings.Fields(columns[1])})
	}
	return rows
}

// load gives what the loader finds, as code@place, where the place is the key on the finding's line.
func (b bundle) load(t *testing.T) []string {
	t.Helper()
	text := bundleTopology
	if kind := filepath.Base(b.name); strings.Contains(kind, "tls") || strings.HasPrefix(kind, "crl") || kind == "both-forms" {
		text = bundleDirTopology
	}
	l := &loading{files: fstest.MapFS{"topology.yaml": {Data: []byte(text)}}}
	dir := filepath.Join(bundles, b.name)
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		data, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		l.files["ca/"+f.Name()] = &fstest.MapFile{Data: data}
	}
	_, found, err := Load(Input{
		FS: l.files, Files: []string{"topology.yaml"}, Now: bundlesNow, RequireMaterial: true,
		Material: filesMaterial{l.files, nil, map[string]int{}},
	})
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(text, "\n")
	var got []string
	for _, d := range found.Sorted() {
		place, _, _ := strings.Cut(strings.TrimSpace(lines[max(d.Pos.Line-1, 0)]), ":")
		got = append(got, d.Code+"@"+place)
		t.Log(finding(l, d))
	}
	return got
}

// TestBundles loads CAs that openssl made, good and broken ones: each gives what the table says, once, and nothing
// more.
func TestBundles(t *testing.T) {
	good, broken := 0, 0
	for _, b := range readBundles(t) {
		t.Run(b.name, func(t *testing.T) {
			got, want := b.load(t), slices.Clone(b.want)
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("found %q, want %q", got, want)
			}
		})
		if strings.HasPrefix(b.name, "good/") {
			good++
		} else {
			broken++
		}
		if strings.HasPrefix(b.name, "broken/") != (len(b.want) > 0) {
			t.Errorf("%s has %d findings", b.name, len(b.want))
		}
	}
	if good < 15 || broken < 40 {
		t.Errorf("%d good and %d broken bundles, want 15 and 40", good, broken)
	}
}

// TestBundlesAreListed compares the table with the directories.
func TestBundlesAreListed(t *testing.T) {
	dirs, err := filepath.Glob(filepath.Join(bundles, "*", "*", "root-cert.pem"))
	if err != nil {
		t.Fatal(err)
	}
	var there, listed []string
	for _, d := range dirs {
		there = append(there, filepath.ToSlash(strings.TrimPrefix(filepath.Dir(d), filepath.FromSlash(bundles)+string(filepath.Separator))))
	}
	for _, b := range readBundles(t) {
		listed = append(listed, b.name)
	}
	slices.Sort(listed)
	if !slices.Equal(there, listed) {
		t.Errorf("there are %q\nlisted are %q", there, listed)
	}
}
