package conformance

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/lint"
)

// TestChartValues proves that lint knows every value that Istio's charts have, and that the istiod chart's templates
// and its injection templates read: at the top, where the chart has them, and below pilot, which is merged over that.
func TestChartValues(t *testing.T) {
	charts := filepath.Join(moduleDir(t, "istio.io/istio"), "manifests", "charts")
	for _, chart := range []string{"base", "istio-cni", "istio-control/istio-discovery", "ztunnel"} {
		text, err := os.ReadFile(filepath.Join(charts, filepath.FromSlash(chart), "values.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		var values map[string]any
		if err := yaml.Unmarshal(text, &values); err != nil {
			t.Fatal(err)
		}
		if defaults, ok := values["_internal_defaults_do_not_set"].(map[string]any); ok {
			values = defaults
		}
		expectKnown(t, chart, values)
	}
	read := valuesRead(t, filepath.Join(charts, "istio-control", "istio-discovery"))
	expectKnown(t, "what the templates read", read)
	global, _ := read["global"].(map[string]any)
	if len(read) < 40 || len(global) < 25 {
		t.Errorf("the templates read only %d values and %d of global", len(read), len(global))
	}
}

// expectKnown lints values as they are, and with one that is not known, so that it is known to be checked.
func expectKnown(t *testing.T, what string, values map[string]any) {
	t.Helper()
	global, _ := values["global"].(map[string]any)
	values = maps.Clone(values)
	values["global"] = maps.Clone(global)
	if global == nil {
		values["global"] = map[string]any{}
	}
	values["global"].(map[string]any)["meshID"] = "shop" // by which lint knows them for Istio's
	if unknown := unknownFields(t, values); len(unknown) > 0 {
		t.Errorf("%s: %q", what, unknown)
	}
	values["global"].(map[string]any)["notOfIstio"] = 1
	if unknown := unknownFields(t, values); len(unknown) != 1 {
		t.Errorf("%s with an unknown value: %q", what, unknown)
	}
}

// unknownFields gives what lint says of fields in values.
func unknownFields(t *testing.T, values map[string]any) []string {
	t.Helper()
	text, err := yaml.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	file := lint.File{Name: "values.yaml", Read: func() ([]byte, error) { return text, nil }}
	found, err := lint.Run(lint.Input{Clusters: []lint.Source{{Cluster: "east", Files: []lint.File{file}}}, Now: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	var unknown []string
	found.Each(func(d *diag.Diagnostic) {
		if slices.Contains([]string{"unknown-istio-field", "ignored-istio-field", "invalid-yaml"}, d.Code) {
			unknown = append(unknown, d.Message)
		}
	})
	return unknown
}

var valueRead = regexp.MustCompile(`\.Values((\.[A-Za-z_][A-Za-z0-9_]*)+)`)

// valuesRead gives the values that templates name, as a tree.
func valuesRead(t *testing.T, chart string) map[string]any {
	t.Helper()
	read := map[string]any{}
	err := filepath.WalkDir(chart, func(name string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() || filepath.Base(filepath.Dir(name)) != "templates" && filepath.Base(filepath.Dir(name)) != "files" {
			return err
		}
		text, err := os.ReadFile(name)
		for _, m := range valueRead.FindAllStringSubmatch(string(text), -1) {
			addPath(read, strings.Split(m[1][1:], "."))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, own := range []string{"defaults", "_original"} { // which zzz_profile.yaml refuses, and sets
		delete(read, own)
	}
	return read
}

func addPath(tree map[string]any, path []string) {
	below, ok := tree[path[0]].(map[string]any)
	if !ok {
		below = map[string]any{}
		tree[path[0]] = below
	}
	if len(path) > 1 {
		addPath(below, path[1:])
	}
}
