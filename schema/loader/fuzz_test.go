package loader

import (
	"bytes"
	"path"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"
)

// fuzzLoad checks what must hold for any input: no panic, a topology or an error but not both, and every
// position inside the file.
func fuzzLoad(f *testing.F, file string) {
	for _, b := range brokenTexts() {
		if path.Ext(b.file) == path.Ext(file) && len(b.text) < 1<<16 {
			f.Add([]byte(b.text))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		in := Input{FS: fstest.MapFS{file: {Data: text}}, Files: []string{file}, Material: noMaterial{}}
		topology, found, err := Load(in)
		if err != nil {
			t.Fatalf("Load failed: %v", err)
		}
		if (topology == nil) != found.HasErrors() {
			t.Errorf("Load gives topology %v with errors %v", topology != nil, found.HasErrors())
		}
		lines := bytes.Split(bytes.TrimPrefix(text, []byte("\ufeff")), []byte("\n"))
		for _, d := range found.Sorted() {
			if d.Code == "schema-mismatch" {
				t.Errorf("the checker missed what CUE found at %v: %s", d.Pos, d.Message)
			}
			if d.Pos.Line == 0 {
				continue
			}
			if d.Pos.Line > len(lines) || d.Pos.Col < 1 || d.Pos.Col > utf8.RuneCount(lines[d.Pos.Line-1])+1 {
				t.Errorf("%s at %d:%d is outside the file", d.Code, d.Pos.Line, d.Pos.Col)
			}
			found.Excerpt(d.Pos)
		}
	})
}

func FuzzLoadYAML(f *testing.F) {
	f.Add([]byte(readExample(f, "two-clusters")))
	f.Add([]byte(readExample(f, "mixed")))
	f.Add([]byte(everyField))
	for _, r := range Rules() {
		f.Add([]byte("spec:\n  " + strings.ReplaceAll(r.Bad, "\n", "\n  ")))
	}
	f.Add([]byte("a: &a [*a]\n<<: {}\n? [x]\n: y\n"))
	fuzzLoad(f, "t.yaml")
}

func FuzzLoadJSON(f *testing.F) {
	f.Add([]byte(`{"apiVersion":"meshtopo.dev/v1alpha1","kind":"Topology","metadata":{"name":"x"},"spec":{"istio":{"version":"1.31.1"},"networks":{"n":{}},"clusters":{"c":{"network":"n"}}}}`))
	f.Add([]byte(`{"a":1,"a":[1e999,{"b":"\ud800"}]}`))
	fuzzLoad(f, "t.json")
}

func FuzzLoadCUE(f *testing.F) {
	f.Add([]byte("apiVersion: \"meshtopo.dev/v1alpha1\"\nkind: \"Topology\"\nmetadata: name: \"x\"\nspec: {istio: version: \"1.31.1\", networks: n: {}, clusters: c: network: \"n\"}\n"))
	f.Add([]byte("x: {for i, v in [1, 2] {\"\\(i)\": v & >1}}\n"))
	fuzzLoad(f, "t.cue")
}
