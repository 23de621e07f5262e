package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestSameBytes proves that the tree follows from the topology alone: not from the machine, its settings or its mood,
// the order of fields, or the notation.
func TestSameBytes(t *testing.T) {
	if testing.Short() {
		t.Skip("for a race detector it is one run a hundred times")
	}
	examples, err := filepath.Glob("../../testdata/*/topology.yaml")
	if err != nil || len(examples) == 0 {
		t.Fatal(examples, err)
	}
	for _, file := range examples {
		name := filepath.Base(filepath.Dir(file))
		text := read(t, file)
		for _, way := range []struct {
			name, file, text string
			env              []string
			umask            string
			elsewhere        bool
		}{
			{name: "GOMAXPROCS=1", env: []string{"GOMAXPROCS=1"}},
			{name: "GOMAXPROCS=2", env: []string{"GOMAXPROCS=2", "GOGC=1"}},
			{name: "another language", env: []string{"LANG=tr_TR.UTF-8", "LC_ALL=tr_TR.UTF-8", "LANGUAGE=tr"}},
			{name: "another time zone", env: []string{"TZ=Pacific/Kiritimati"}},
			{name: "another umask", umask: "077"},
			{name: "another user", env: []string{"HOME=/nowhere", "USER=nobody", "LOGNAME=nobody", "HOSTNAME=elsewhere", "TMPDIR=" + t.TempDir()}},
			{name: "another working directory", elsewhere: true},
			{name: "another order", text: shuffled(t, text, 1)},
			{name: "yet another order", text: shuffled(t, text, 2)},
			{name: "JSON", file: "topology.json", text: asJSON(t, text)},
			{name: "CUE", file: "topology.cue", text: asJSON(t, text)},
		} {
			t.Run(name+"/"+way.name, func(t *testing.T) {
				t.Parallel()
				if way.umask != "" && runtime.GOOS == "windows" {
					t.Skip("there is no umask")
				}
				dir, file := copyExample(t, name), cmp.Or(way.file, "topology.yaml")
				write(t, filepath.Join(dir, file), cmp.Or(way.text, text))
				c := exec.Command("meshtopo", "render", "-o", "out", file)
				c.Dir = dir
				if way.elsewhere {
					c.Args, c.Dir = []string{"meshtopo", "render", "-o", filepath.Join(dir, "out"), filepath.Join(dir, file)}, t.TempDir()
				}
				if way.umask != "" {
					c = exec.Command("sh", "-c", "umask "+way.umask+" && meshtopo render -o out "+file)
					c.Dir = dir
				}
				c.Env = append(os.Environ(), way.env...)
				if out, err := c.CombinedOutput(); err != nil {
					t.Fatalf("%v\n%s", err, out)
				}
				checkSame(t, filepath.Join(dir, "out"), filepath.Join("../../testdata", name, "want"))
			})
		}
	}
}

// checkSame compares two directories: their names and every byte.
func checkSame(t *testing.T, got, want string) {
	t.Helper()
	a, b := contents(t, got), contents(t, want)
	for name := range b {
		if _, ok := a[name]; !ok {
			t.Errorf("%s is not there", name)
		}
	}
	for name, text := range a {
		if b[name] != text {
			t.Errorf("%s differs:\n%s\nwant\n%s", name, text, b[name])
		}
	}
}

func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, name := range applyOrder(t, filepath.Join(dir, "clusters")) {
		all[name] = read(t, filepath.Join(dir, "clusters", name))
	}
	return all
}

// shuffled gives the topology with the fields of every map in another order, for the same seed always the same one.
func shuffled(t *testing.T, text string, seed uint64) string {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	shuffle(&doc, rand.New(rand.NewPCG(seed, 0)))
	out, err := yaml.Marshal(&doc)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func shuffle(n *yaml.Node, random *rand.Rand) {
	if c := n.Content; n.Kind == yaml.MappingNode {
		random.Shuffle(len(c)/2, func(i, j int) {
			c[2*i], c[2*j] = c[2*j], c[2*i]
			c[2*i+1], c[2*j+1] = c[2*j+1], c[2*i+1]
		})
	}
	for _, c := range n.Content {
		shuffle(c, random)
	}
}

// asJSON gives the topology as JSON, which is CUE as well.
func asJSON(t *testing.T, text string) string {
	t.Helper()
	var doc any
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := json.NewEncoder(&out).Encode(doc); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
