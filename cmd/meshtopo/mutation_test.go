package main

import (
	"crypto/sha256"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"meshtopo.dev/meshtopo/cmd/internal/files"
	"meshtopo.dev/meshtopo/render/patch"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/loader"
)

// manifestMutation is one mistake in the manifests of an example.
type manifestMutation struct {
	name    string
	cluster string // EXAMPLE/CLUSTER
	file    string // of the cluster
	change  mistake
	want    []wanted // all that is found
	why     string   // there is more than one finding, or it is not where the mistake is made
}

// wanted is a finding at a line: of the mutation, unless its text and perhaps its file are given.
type wanted struct{ code, file, line string }

// found wants findings at the line that was mutated.
func found(codes ...string) []wanted { return foundIn("", "", codes...) }

// foundAt wants findings at the only line of the mutated file that has this text: what held the thing that is gone, or
// the one of several mutated lines.
func foundAt(line string, codes ...string) []wanted { return foundIn("", line, codes...) }

// foundIn wants findings in another file.
func foundIn(file, line string, codes ...string) []wanted {
	var all []wanted
	for _, code := range codes {
		all = append(all, wanted{code, file, line})
	}
	return all
}

// and joins what is wanted at several places.
func and(all ...[]wanted) []wanted { return slices.Concat(all...) }

// TestMutations breaks one thing at a time in what the examples render to: each mistake is found under its code at its
// line, and nothing else is found.
func TestMutations(t *testing.T) {
	var seen sync.Map // the manifests as they are after the mutations, and whose they are
	for _, m := range mutations(t) {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			if other, twice := seen.LoadOrStore(m.check(t), m.name); twice {
				t.Errorf("the mutation is that of %q", other)
			}
		})
	}
}

// TestNothingMutated finds nothing in the manifests of the examples as they are, compared with their topologies as
// well.
func TestNothingMutated(t *testing.T) {
	for _, example := range exampleNames(t) {
		for _, compared := range []bool{false, true} {
			g := readGolden(t, example)
			if compared {
				g.compare()
			}
			for _, d := range g.lint(t) {
				t.Errorf("%s: %s:%d: %s [%s]", example, d.Pos.File, d.Pos.Line, d.Message, d.Code)
			}
		}
	}
}

// exampleNames gives the examples that have a tree.
func exampleNames(t *testing.T) []string {
	t.Helper()
	trees, err := filepath.Glob("../../testdata/*/want")
	if err != nil || len(trees) == 0 {
		t.Fatal("no examples", err)
	}
	var names []string
	for _, tree := range trees {
		names = append(names, filepath.Base(filepath.Dir(tree)))
	}
	return names
}

// TestMutatedTopologies finds with validate, at its place and alone, each mistake that the tables of wrong and doubtful
// topologies make in an example.
func TestMutatedTopologies(t *testing.T) {
	for _, w := range inShort(mutatedTopologies(t)) {
		t.Run(w.codes+"/"+w.name, func(t *testing.T) {
			t.Parallel()
			dir := copyExample(t, w.exampleName())
			want := w.prepare(t, dir)
			keep(t, func() mutant { return w.mutant(t, dir) })
			var args []string
			for _, arg := range w.arguments() {
				args = append(args, filepath.Join(dir, arg))
			}
			src, err := files.OpenTopology(args, strings.NewReader(want.stdin))
			if err != nil {
				t.Fatal(err)
			}
			defer src.Close()
			_, found, err := load(src, loader.Input{RequireMaterial: true})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, d := range found.Sorted() {
				got = append(got, placeOf(d)+" "+d.Code)
			}
			if !slices.Equal(got, want.findings) {
				t.Errorf("found\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want.findings, "\n\t"))
			}
		})
	}
}

func placeOf(d *diag.Diagnostic) string {
	if d.Pos.Line == 0 {
		return d.Pos.File
	}
	return fmt.Sprintf("%s:%d:%d", d.Pos.File, d.Pos.Line, d.Pos.Col)
}

// mutatedTopologies gives the topologies of the tables in which one mistake is made, with one finding.
func mutatedTopologies(t *testing.T) []wrong {
	return slices.DeleteFunc(slices.Concat(wrongs(t), doubtful(t)), func(w wrong) bool {
		return len(w.each()) > 1 || slices.Contains(w.args, files.Stdin)
	})
}

// unmutated says why no mutation leads to some codes.
var unmutated = map[string]string{
	"drift-certificate-changed":     "it is about ciphertext in the output directory: encrypted_test.go",
	"drift-copies-differ":           "it is about ciphertext in the output directory: encrypted_test.go",
	"drift-new-material":            "it is about ciphertext in the output directory: encrypted_test.go",
	"drift-not-encrypted":           "it is about ciphertext in the output directory: encrypted_test.go",
	"drift-protection-changed":      "it is about ciphertext in the output directory: encrypted_test.go",
	"drift-recipients-changed":      "it is about ciphertext in the output directory: encrypted_test.go",
	"drift-scope-changed":           "it is about ciphertext in the output directory: encrypted_test.go",
	"drift-sealing-key-changed":     "it is about ciphertext in the output directory: encrypted_test.go",
	"drift-sealing-key-expired":     "it is about ciphertext in the output directory: encrypted_test.go",
	"drift-server-changed":          "it is about ciphertext in the output directory: encrypted_test.go",
	"encrypt-without-material":      "it is about ciphertext in the output directory: encrypted_test.go",
	"stale-ciphertext":              "it is about ciphertext in the output directory: encrypted_test.go",
	"sops-config":                   "it is in .sops.yaml: encrypted_test.go",
	"sealing-certificate-expired":   "render refuses to seal: encrypted_test.go",
	"guessed-clusters":              "it is about directories: testdata/script/lint_guess.txtar",
	"not-linted":                    "as guessed-clusters",
	"drift-added":                   "it is in the output directory, which diff compares",
	"drift-changed":                 "it is in the output directory, which diff compares",
	"drift-hand-edited":             "it is in the output directory, which diff compares",
	"drift-interrupted":             "it is in the output directory, which diff compares",
	"drift-removed":                 "it is in the output directory, which diff compares",
	"revision-in-use":               "it is about the tree that is there: testdata/script/render_upgrade.txtar",
	"default-too-early":             "as revision-in-use",
	"tag-gone":                      "as revision-in-use",
	"version-jump":                  "as revision-in-use",
	"root-not-trusted-yet":          "it is about the tree that is there: testdata/script/render_rotation.txtar",
	"root-in-use":                   "as root-not-trusted-yet",
	"roots-replaced":                "as root-not-trusted-yet",
	"trust-domain-not-accepted-yet": "it is about the tree that is there: testdata/script/render_trust_domain.txtar",
	"trust-domain-in-use":           "as trust-domain-not-accepted-yet",
	"ambient-trust-domain":          "as trust-domain-not-accepted-yet",
	"output-obstacle":               "it is in the output directory, into which render writes",
	"foreign-object":                "it is among the items of a ResourceList, which fn reads",
	"kustomize-flags":               "it is in the kustomization of a function",
	"untracked-file":                "it is of files that git does not know, whatever is in them",
	"tracked-private-file":          "it is of files that git knows, whatever is in them",
	"nothing-to-lint":               "it is among the items of a ResourceList, which fn reads",
	"validator-refused":             "it is in the kustomization of a function",
	"misspelt-private-path":         "it is of files that validate does without, and without which render does nothing",

	"kubeconfig-unusable": "it is beside what says why, where rules make that a warning",

	"plaintext-key":    "it is of all files: schema/plaintext has a table of what is planted",
	"plaintext-token":  "as plaintext-key",
	"plaintext-secret": "as plaintext-key",
	"passphrase-key":   "as plaintext-key",

	"foreign-skipped":     "it is of files that are no manifests",
	"unreadable-manifest": "it is in the rights of a file: lint's own case takes them away",

	"separate-meshes":               "the clusters of an example are joined by more than one file",
	"global-in-one-cluster":         "it is of Services of ambient clusters, and no example is of those",
	"waypoint-in-one-cluster":       "it is of Services of ambient clusters, and no example is of those",
	"ambient-without-multi-network": "it is of gateways of class istio-east-west, and no example is of ambient clusters",

	"missing-topology": "it is in the configuration of a function",
	"several-clusters": "it is in the configuration of a function",
	"unknown-cluster":  "it is in the configuration of a function",
	"schema-mismatch":  "it is a mistake of meshtopo, not of a topology",
}

// TestEveryRuleIsMutated proves that there is a mutation for every code of validate and of lint, of those that both
// have one for each; and that there are enough of them, of every example.
func TestEveryRuleIsMutated(t *testing.T) {
	inManifests, inTopologies, from := map[string]bool{}, map[string]bool{}, map[string]bool{}
	manifests, topologies := mutations(t), mutatedTopologies(t)
	for _, m := range manifests {
		example, _ := path.Split(m.cluster)
		from["manifests of "+path.Clean(example)] = true
		for _, w := range m.want {
			inManifests[w.code] = true
		}
	}
	for _, w := range topologies {
		from["topology of "+w.exampleName()] = true
		inTopologies[w.each()[0]] = true
	}
	for _, r := range allRules() {
		_, excused := unmutated[r.Code]
		if hit := inManifests[r.Code] || inTopologies[r.Code]; hit == excused {
			t.Errorf("%s: there is a mutation: %t, and a reason why there is none: %t", r.Code, hit, excused)
		}
	}
	for _, code := range lintCodes(t) {
		if _, excused := unmutated[code]; !inManifests[code] && !excused {
			t.Errorf("no manifests are mutated for %s", code)
		}
	}
	for _, r := range slices.Concat(loader.Rules(), patch.Rules()) {
		if _, excused := unmutated[r.Code]; !inTopologies[r.Code] && !excused {
			t.Errorf("no topology is mutated for %s", r.Code)
		}
	}
	for _, example := range exampleNames(t) {
		for _, what := range []string{"manifests of ", "topology of "} {
			if !from[what+example] {
				t.Errorf("nothing is mutated in the %s%s", what, example)
			}
		}
	}
	t.Logf("%d mutations of manifests for %d codes, %d of topologies for %d codes", len(manifests), len(inManifests), len(topologies), len(inTopologies))
	const enough = 150
	if len(manifests) < enough || len(topologies) < enough {
		t.Errorf("%d and %d mutations are too few", len(manifests), len(topologies))
	}
}

// lintCodes gives the codes that lint has a case for: its own, and those that it shares with validate.
func lintCodes(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../../schema/lint/testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	var codes []string
	for _, file := range files {
		code, _, _ := strings.Cut(strings.TrimSuffix(filepath.Base(file), ".txtar"), "_")
		codes = append(codes, code)
	}
	return slices.Compact(codes)
}

// mutations are all tables of mistakes in manifests.
func mutations(t *testing.T) []manifestMutation {
	return slices.Concat(mutatedNetworks(), mutatedDescribed(), mutatedProviders(), mutatedIdentity(), mutatedRemotes(), mutatedSecrets(t), mutatedTrust(t), mutatedCompared(t), mutatedFiles(), mutatedSettings(), mutatedGone())
}

// check makes the mistake, compares what is found with what is wanted, and identifies the mutated manifests.
func (m manifestMutation) check(t *testing.T) [sha256.Size]byte {
	example, cluster := path.Split(m.cluster)
	g := readGolden(t, path.Clean(example))
	file := path.Join(cluster, m.file)
	m.change(g.Texts, file)
	keep(t, func() mutant { return m.mutant(t, g) })
	want, err := m.places(g, file)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range g.lint(t) {
		got = append(got, fmt.Sprintf("%s:%d %s", d.Pos.File, d.Pos.Line, d.Code))
	}
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Errorf("found\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
	if m.why == "" && (len(m.want) != 1) {
		t.Errorf("%d findings, and no reason why", len(m.want))
	}
	return g.digest()
}

// places gives what is wanted, each as "FILE:LINE CODE".
func (m manifestMutation) places(g *golden, file string) ([]string, error) {
	var all []string
	for _, w := range m.want {
		at := file
		if w.file != "" {
			at = w.file
		}
		line, err := g.Line(at, w.line)
		if err != nil {
			return nil, err
		}
		all = append(all, fmt.Sprintf("%s:%d %s", at, line, w.code))
	}
	slices.Sort(all)
	return all, nil
}
