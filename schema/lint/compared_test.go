package lint

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/loader"
)

// setLine is a line of YAML that gives a field a value.
var setLine = regexp.MustCompile(`^( *)(- )?(\S+): (\S.*)$`)

// TestComparedOnePlace compares the manifests of examples with their topologies, once without each line and what is
// below it, and once with each value changed: nothing is reported both by a rule of its own and as a deviation.
func TestComparedOnePlace(t *testing.T) {
	compared, sharpened := 0, 0
	for _, example := range []string{"two-clusters", "primary-remote-multi-network"} {
		dir := filepath.Join("../../testdata", example)
		top, found, err := loader.Load(loader.Input{FS: os.DirFS(dir), Files: []string{"topology.yaml"}, Now: now})
		if err != nil || top == nil {
			t.Fatal(err, found.Sorted())
		}
		for _, file := range comparedFiles(t, dir) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for what, text := range edited(string(raw)) {
				compared++
				at := map[diag.Pos][]*diag.Diagnostic{}
				for _, d := range run(t, withFile(t, dir, file, text), top) {
					at[d.Pos] = append(at[d.Pos], d)
					if d.Code != deviates.Code && strings.Contains(d.Message, "; the topology ") {
						sharpened++
					}
				}
				for place, found := range at {
					if problem := saidTwice(found); problem != "" {
						t.Errorf("%s, %s: %s at %v", file, what, problem, place)
					}
				}
			}
		}
	}
	if sharpened < 10 {
		t.Errorf("of %d edits, only %d gave a finding of another rule that says what the topology has", compared, sharpened)
	}
}

// uninstalled are the rules about what an installation lacks, which are all reported at its place.
var uninstalled = []*diag.Rule{noClusterName, noNetworkName, noMeshID, noCACerts, remoteWithoutAddress, vagueInjection}

// saidTwice gives what findings at one place say twice, or "". A deviation may be next to a finding about something
// else that is missing.
func saidTwice(found []*diag.Diagnostic) string {
	for _, d := range found {
		for _, other := range found {
			if d == other || d.Code != deviates.Code {
				continue
			}
			missing := other.Code == deviates.Code || slices.ContainsFunc(uninstalled, func(r *diag.Rule) bool { return r.Code == other.Code })
			of := slices.IndexFunc(comparedSettings, func(s setting) bool { return strings.HasPrefix(d.Message, s.what+" of cluster ") })
			// A wrong role and a wrong name of the cluster are two different things.
			otherRole := strings.Contains(d.Message, " is installed as ")
			if !missing || of < 0 && !otherRole || of >= 0 && comparedSettings[of].absent.Code == other.Code {
				return d.Message + " [" + d.Code + "] and " + other.Message + " [" + other.Code + "]"
			}
		}
	}
	return ""
}

// comparedFiles gives the manifests of an example that a topology is compared with.
func comparedFiles(t *testing.T, dir string) []string {
	t.Helper()
	var files []string
	for _, pattern := range []string{"1-prepare/namespace.yaml", "3-control-plane/*operator.yaml", "4-gateway/*operator.yaml", "5-expose/*.yaml"} {
		some, err := filepath.Glob(filepath.Join(dir, "want/clusters/*", pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, some...)
	}
	return files
}

// edited gives variants of a text: without each of its lines, and with another value at each.
func edited(text string) map[string]string {
	all := map[string]string{}
	lines := strings.SplitAfter(text, "\n")
	for i, line := range lines {
		if m := setLine.FindStringSubmatch(strings.TrimSuffix(line, "\n")); m != nil {
			changed := slices.Clone(lines)
			changed[i] = m[1] + m[2] + m[3] + ": another\n"
			all["another value for "+strings.TrimSpace(line)] = strings.Join(changed, "")
		}
		indent := len(line) - len(strings.TrimLeft(line, " "))
		end := i + 1
		for end < len(lines) && len(lines[end])-len(strings.TrimLeft(lines[end], " ")) > indent {
			end++
		}
		all["without "+strings.TrimSpace(line)] = strings.Join(slices.Delete(slices.Clone(lines), i, end), "")
	}
	return all
}

// withFile gives the clusters of an example, with another text for one file.
func withFile(t *testing.T, dir, file, text string) []Source {
	t.Helper()
	clusters, err := os.ReadDir(filepath.Join(dir, "want/clusters"))
	if err != nil {
		t.Fatal(err)
	}
	var all []Source
	for _, c := range clusters {
		if !c.IsDir() {
			continue
		}
		files := manifestsBelow(t, filepath.Join(dir, "want/clusters", c.Name()))
		for i := range files {
			if files[i].Name == filepath.ToSlash(file) {
				files[i].Read = func() ([]byte, error) { return []byte(text), nil }
			}
		}
		all = append(all, Source{Cluster: c.Name(), Files: files})
	}
	return all
}
