package templates

import (
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// each gives the text of each template with the extension.
func each(t *testing.T, extension string, test func(t *testing.T, text string)) {
	err := fs.WalkDir(FS, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || path.Ext(file) != extension {
			return err
		}
		text, err := fs.ReadFile(FS, file)
		if err != nil {
			return err
		}
		t.Run(file, func(t *testing.T) { test(t, string(text)) })
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestYAML proves that templates are YAML before they are executed, which branches and loops would break.
func TestYAML(t *testing.T) {
	each(t, ".yaml", func(t *testing.T, text string) {
		var document yaml.Node
		if err := yaml.Unmarshal([]byte(text), &document); err != nil {
			t.Fatal(err)
		}
		if document.Content[0].Kind != yaml.MappingNode || strings.Contains(text, "\n---") {
			t.Error("want one object")
		}
	})
}

var (
	hole     = regexp.MustCompile(`\{\{.*?\}\}`)
	yamlHole = regexp.MustCompile(`^\{\{ \.[A-Z][A-Za-z]* \| (quote|name|json|items|rules|literal|texts|matches|listeners) \}\}$`)
	textHole = regexp.MustCompile(`^\{\{ \.[A-Z][A-Za-z]* \}\}$`)
)

// TestHoles proves that a hole holds a value and nothing else, and that in YAML the value is always quoted.
func TestHoles(t *testing.T) {
	check := func(allowed *regexp.Regexp) func(t *testing.T, text string) {
		return func(t *testing.T, text string) {
			for _, found := range hole.FindAllString(text, -1) {
				if !allowed.MatchString(found) {
					t.Errorf("hole %s, want one like %s", found, allowed)
				}
			}
		}
	}
	each(t, ".yaml", check(yamlHole))
	each(t, ".md", check(textHole))
}

// TestOwner proves that every object says whose it is, so that it can be found and deleted by label.
func TestOwner(t *testing.T) {
	each(t, ".yaml", func(t *testing.T, text string) {
		var object struct {
			Kind     string
			Metadata struct {
				Labels map[string]yaml.Node
			}
		}
		if err := yaml.Unmarshal([]byte(text), &object); err != nil {
			t.Fatal(err)
		}
		switch object.Kind {
		case "", "Kustomization", "Config": // an option, and two that no API server stores
			return
		}
		labels := object.Metadata.Labels
		if managedBy := labels["app.kubernetes.io/managed-by"]; managedBy.Value != "meshtopo" {
			t.Errorf("managed by %q", managedBy.Value)
		}
		if _, ok := labels["meshtopo.dev/topology"]; !ok {
			t.Error("no label with the topology's name")
		}
	})
}
