package conformance

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	versionsFile = "../../schema/istio/versions.txt"
	valuesProto  = "pkg/apis/values_types.proto"
	meshProto    = "mesh/v1alpha1/config.proto"
	networkProto = "mesh/v1alpha1/network.proto"

	firstMinor, lastMinor = 24, 31
)

// history collects what minor versions of Istio have otherwise than the tables of fields and variables, by type or
// program: "not NAME" where the version has no such field, "in LINE" where it has one that the table lacks, or another.
type history map[string]map[string][]int

func (h history) add(of, difference string, minor int) {
	if h[of] == nil {
		h[of] = map[string][]int{}
	}
	h[of][difference] = append(h[of][difference], minor)
}

// compareTypes adds what the types of a release have otherwise than those of the table.
func (h history) compareTypes(table, types map[string][]string, minor int) {
	for name, lines := range types {
		if _, ok := table[name]; !ok {
			h.add(name, " "+lines[0], 0) // the line that names the type
		}
		have, want := byName(lines), byName(table[name])
		for field, line := range have {
			if want[field] != line {
				h.add(name, "in "+line, minor)
			}
		}
		for field := range want {
			if _, ok := have[field]; !ok {
				h.add(name, "not "+field, minor)
			}
		}
	}
}

// byName gives the lines of the fields of a type by their first words. That a field is out of date says nothing of what
// a version reads.
func byName(lines []string) map[string]string {
	all := map[string]string{}
	for _, line := range lines[min(1, len(lines)):] {
		name, _, _ := strings.Cut(line, " ")
		all[name] = strings.TrimSuffix(line, " deprecated")
	}
	return all
}

func (h history) compareVariables(program string, table, names map[string]bool, minor int) {
	for name := range names {
		if !table[name] {
			h.add(program, "in "+name, minor)
		}
	}
	for name := range table {
		if !names[name] {
			h.add(program, "not "+name, minor)
		}
	}
}

// lines gives the block of a type, as versions.txt has it.
func (h history) lines(of string) []string {
	first := of
	var lines []string
	for difference, minors := range h[of] {
		kind, rest, _ := strings.Cut(difference, " ")
		if kind == "" {
			first = rest
			continue
		}
		for _, between := range ranges(minors) {
			lines = append(lines, "\t"+kind+" "+between+" "+rest)
		}
	}
	slices.SortFunc(lines, func(a, b string) int {
		return strings.Compare(strings.Fields(a)[2]+a, strings.Fields(b)[2]+b)
	})
	return append([]string{first}, lines...)
}

// ranges writes numbers as 24-26.
func ranges(numbers []int) []string {
	slices.Sort(numbers)
	var all []string
	for i := 0; i < len(numbers); {
		from := numbers[i]
		for i++; i < len(numbers) && numbers[i] == numbers[i-1]+1; i++ {
		}
		all = append(all, fmt.Sprintf("%d-%d", from, numbers[i-1]))
	}
	return all
}

// typesOf gives the types below the mesh config of a release, and below its values where its source is at hand.
func typesOf(t *testing.T, r release) map[string][]string {
	t.Helper()
	d := &descriptors{t: t, r: r, files: map[string]protoFile{}}
	b := &tableBuilder{t: t, types: map[string][]string{}, mesh: d.message(meshProto, "MeshConfig"), network: d.message(networkProto, "Network")}
	b.message(b.mesh)
	b.message(b.network)
	if r.source != "" {
		values := d.message(valuesProto, "Values")
		b.structs = validatedStructs(t, r.source, values)
		b.message(values)
	}
	return b.types
}

// TestVersionTable proves that the table of versions is what the releases of Istio have. ISTIO names a git directory of
// istio.io/istio with the branches release-1.24 to release-1.31; without it what comes from modules is proved, which is
// the mesh config.
func TestVersionTable(t *testing.T) {
	table := linked(t)
	table.kinds()
	if gitDir := os.Getenv("ISTIO"); gitDir != "" {
		sameTable(t, versionsFile, versionTable(t, gitDir, table.types))
		return
	}
	if os.Getenv("UPDATE") != "" {
		t.Fatal("ISTIO has to name a git directory of istio.io/istio with the branches release-1.24 to release-1.31")
	}
	have := string(read(t, versionsFile))
	h, reached := history{}, map[string]bool{}
	for _, r := range releasesIn(t, have) {
		types := typesOf(t, r)
		h.compareTypes(table.types, types, r.minor)
		maps.Insert(reached, maps.All(present(types)))
	}
	for _, block := range regexp.MustCompile(`(?m)^[^#\s].*\n(?:\t.*\n)*`).FindAllString(have, -1) {
		name := strings.Fields(block)[0]
		if want := strings.Join(h.lines(name), "\n") + "\n"; reached[name] && block != want {
			t.Errorf("%s is\n%s, not\n%s", name, block, want)
		}
		delete(h, name)
	}
	for name := range h {
		t.Errorf("%s lacks %s", versionsFile, name)
	}
}

func present(types map[string][]string) map[string]bool {
	names := map[string]bool{}
	for name := range types {
		names[name] = true
	}
	return names
}

// versionTable gives the text of the table.
func versionTable(t *testing.T, gitDir string, table map[string][]string) []byte {
	h := history{}
	out := bytes.NewBufferString("# Generated by `make tables` from the branches of istio.io/istio. Do not edit.\n")
	for _, r := range releases(t, gitDir) {
		commit, err := exec.Command("git", "--git-dir="+gitDir, "rev-parse", "release-1."+strconv.Itoa(r.minor)).Output()
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(out, "# %d: %.12s, istio.io/api %s, k8s.io/api %s\n", r.minor, commit, r.api, r.kubernetes)
		h.compareTypes(table, typesOf(t, r), r.minor)
		for _, program := range istioPrograms {
			names := variablesOf(t, r.source, program)
			if program.name == "agent" {
				maps.Insert(names, maps.All(metadataVariables(t, r.source)))
			}
			h.compareVariables(program.name, variablesInTable(t, program.name), names, r.minor)
		}
	}
	for _, name := range sortedKeys(h) {
		fmt.Fprintln(out, strings.Join(h.lines(name), "\n"))
	}
	return out.Bytes()
}

// variablesInTable gives the variables that the table of the environment has for a program.
func variablesInTable(t *testing.T, program string) map[string]bool {
	names, inside := map[string]bool{}, false
	for line := range strings.Lines(string(read(t, environmentFile))) {
		if line[0] != '\t' {
			inside = strings.TrimSpace(line) == program
		} else if inside {
			names[strings.TrimSpace(line)] = true
		}
	}
	return names
}

// releasesIn gives the releases that the head of the table names.
func releasesIn(t *testing.T, text string) []release {
	t.Helper()
	var all []release
	for _, m := range regexp.MustCompile(`(?m)^# (\d+): \S+, istio.io/api (\S+), k8s.io/api (\S+)$`).FindAllStringSubmatch(text, -1) {
		minor, err := strconv.Atoi(m[1])
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, release{minor: minor, api: m[2], kubernetes: m[3]})
	}
	if len(all) != lastMinor-firstMinor+1 {
		t.Fatalf("%s names %d releases", versionsFile, len(all))
	}
	return all
}
