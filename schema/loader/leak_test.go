package loader

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"meshtopo.dev/meshtopo/schema"
)

// TestNothingPastedComesOut pastes material in the place of every field of a topology, in every notation, and
// looks for it in all that a report could print.
func TestNothingPastedComesOut(t *testing.T) {
	materials := map[string]string{
		"token":   "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzeXN0ZW0ifQ.c2VjcmV0",
		"key":     "-----BEGIN PRIVATE KEY-----\\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49\\n-----END PRIVATE KEY-----\\n",
		"secrets": "https://user:hunter2hunter2@192.0.2.1/?token=hunter2hunter2",
	}
	parts := map[string]string{"token": "c2VjcmV0", "key": "MIGHAgEA", "secrets": "hunter2"}
	for name, material := range materials {
		for _, field := range schema.Fields() {
			for _, shape := range []string{`"%s"`, `["%s"]`, `{x: "%s"}`, `{"%s": 1}`} {
				text := pasted(field.Path, fmt.Sprintf(shape, material))
				for _, file := range []string{"t.yaml", "t.cue"} {
					if leak := leaked(t, file, text, parts[name]); leak != "" {
						t.Errorf("a %s at %s as %s in %s comes out: %s", name, field.Path, shape, file, leak)
					}
				}
			}
		}
	}
	for _, text := range []string{"spec: clusters: c: credential: token: hunter2hunter2\n", "spec: clusters: c: credential: token: \"a\" & \"hunter2\"\n"} {
		if leak := leaked(t, "t.cue", text, "hunter2"); leak != "" {
			t.Errorf("%q comes out: %s", text, leak)
		}
	}
}

// TestNoPatchComesOut looks for the values of Secrets in what is found beside a patch, in every notation.
func TestNoPatchComesOut(t *testing.T) {
	const text = `{"spec": {"istio": {"patches": [{%s}]}}}`
	for _, entry := range []string{
		`"patch": "kind: Secret\nstringData: {a: hunter2}", "options": 1`,
		`"options": 1, "patch": "d\u0061ta: {a: hunter2}"`,
		`"target": {"kind": ".*"}, "patch": "a: hunter2", "options": 1`,
		`"patch": "kind: Secret\na: hunter2", "path": "none"`,
	} {
		for _, file := range []string{"t.json", "t.yaml", "t.cue"} {
			if leak := leaked(t, file, fmt.Sprintf(text, entry), "hunter2"); leak != "" {
				t.Errorf("%s in %s comes out: %s", entry, file, leak)
			}
		}
	}
	for _, patch := range []string{"\"\"\"\n\tkind: Secret\n\ta: hunter2\n\t\"\"\"", "\"kind: Secret\\n\" + \"a: hunter2\""} {
		text := "spec: istio: patches: [{patch: " + patch + ", options: 1}]\n"
		if leak := leaked(t, "t.cue", text, "hunter2"); leak != "" {
			t.Errorf("%q comes out: %s", text, leak)
		}
	}
}

// pasted writes a document with a value at a path, which is YAML and CUE at once.
func pasted(path, value string) string {
	doc := value
	keys := strings.Split(path, ".")
	for i := len(keys) - 1; i >= 0; i-- {
		if keys[i] == "patches" && i < len(keys)-1 {
			doc = "[" + doc + "]"
		}
		doc = fmt.Sprintf("%q: %s", keys[i], doc)
		if i > 0 {
			doc = "{" + doc + "}"
		}
	}
	return doc + "\n"
}

func leaked(t *testing.T, file, text, part string) string {
	t.Helper()
	in := Input{FS: fstest.MapFS{file: {Data: []byte(text)}}, Files: []string{file}, Material: noMaterial{}}
	_, found, err := Load(in)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range found.Sorted() {
		line, _, _ := found.Excerpt(d.Pos)
		all := []string{d.Message, d.Why, d.Fix, line}
		for _, r := range d.Related {
			all = append(all, r.Message)
		}
		for _, shown := range all {
			if strings.Contains(shown, part) {
				return d.Code + ": " + shown
			}
		}
	}
	return ""
}

// TestSomethingElse repeats nothing of a file that was given as a topology and is none.
func TestSomethingElse(t *testing.T) {
	for _, text := range []string{
		"data: {a: x}\nspec: {mesh: {id: S3cret}, networks: {S3cret: {}}, clusters: {S_3cret: S3cret}}\n",
		"stringData: {a: S3cret}\nmetadata: {name: S3cret}\nspec: {trust: {domain: S3cret}}\n",
		"users: [{name: S3cret}]\nspec: {istio: {version: S3cret}}\n",
		"kind: Config\nspec: {clusters: {a: {network: S3cret}}}\n",
	} {
		_, found, err := Load(Input{FS: fstest.MapFS{"t.yaml": {Data: []byte(text)}}, Files: []string{"t.yaml"}})
		if err != nil || !found.HasErrors() {
			t.Errorf("%q gives %v, %v", text, found.Sorted(), err)
		}
		for _, d := range found.Sorted() {
			if all := fmt.Sprint(d.Message, d.Why, d.Fix, d.Related); strings.Contains(all, "3cret") {
				t.Errorf("of %q this is said: %s", text, all)
			}
		}
	}
}
