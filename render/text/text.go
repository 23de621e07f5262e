// Package text fills in the templates of a tree: optional parts and the settings of a user are merged into an object
// before its holes are filled.
package text

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"text/template"
	"unicode/utf8"

	"meshtopo.dev/meshtopo/render/reader"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/templates"
)

// Templates are the templates, parsed once for each plan, and what they are filled with. Only one is filled at a time.
type Templates struct {
	parsed   *template.Template            // by path below package templates
	composed map[string]*template.Template // with options and settings merged in, by what was merged
	filled   bytes.Buffer                  // used again for each text, which is copied to its size
}

// Object is what most templates hold: who owns the object, and where it lives.
type Object struct {
	Topology  string
	Namespace string
}

func New() (*Templates, error) {
	root := template.New("").Funcs(functions)
	err := fs.WalkDir(templates.FS, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		source, err := fs.ReadFile(templates.FS, path)
		if err != nil {
			return err
		}
		_, err = root.New(path).Parse(string(source))
		return err
	})
	if err != nil {
		return nil, err
	}
	return &Templates{parsed: root, composed: map[string]*template.Template{}}, nil
}

// functions are what a hole may pass its value through. Strings always do.
var functions = template.FuncMap{"quote": quote, "name": name, "json": flow, "items": items, "rules": printed, "literal": literal, "texts": texts, "matches": printedMatches, "listeners": printedListeners}

// quote gives a string as a double-quoted YAML scalar, because a network may be called "on" or "1".
func quote(s string) (string, error) { return flow(s) }

// name gives the name of an object as it is where YAML takes it for a text whatever it is: in words with dashes.
func name(s string) (string, error) {
	if words().MatchString(s) {
		return s, nil
	}
	return quote(s)
}

var words = diag.OnceRegexp(`^[a-z]+-[a-z][-a-z0-9]*$`)

// unprintable reports what a YAML stream must not hold unescaped although JSON may (YAML 1.2, c-printable).
func unprintable(r rune) bool {
	return r >= 0x7f && r < 0xa0 || r == '\ufeff' || r == '\ufffe' || r == '\uffff'
}

// flow gives a value in YAML's flow style, which is JSON: strings, lists and maps of strings, with sorted keys. What
// JSON leaves alone and YAML does not print is escaped; it stands in strings only.
func flow(v any) (string, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return "", err
	}
	quoted := strings.TrimSuffix(text.String(), "\n")
	if strings.IndexFunc(quoted, unprintable) < 0 {
		return quoted, nil
	}
	var out strings.Builder
	for _, r := range quoted {
		if unprintable(r) {
			fmt.Fprintf(&out, `\u%04x`, r)
			continue
		}
		out.WriteRune(r)
	}
	return out.String(), nil
}

// items gives the items of a list with a line for each, so that one more is one line more in a pull request. The
// first stands where the hole is.
func items(list []string) (string, error) {
	quoted := make([]string, len(list))
	for i, item := range list {
		var err error
		if quoted[i], err = quote(item); err != nil {
			return "", err
		}
	}
	return strings.Join(quoted, "\n- "), nil
}

// printed gives rules as items of a list in YAML, of which the first stands where the hole is.
func printed(rules []reader.Rule) (string, error) {
	var out []string
	for _, r := range rules {
		names := make([]string, len(r.Names))
		group, err := quote(r.Group)
		if err != nil {
			return "", err
		}
		if plainGroup().MatchString(r.Group) {
			group = r.Group
		}
		for i, name := range r.Names {
			if names[i], err = quote(name); err != nil {
				return "", err
			}
		}
		text := "apiGroups: [" + group + "]\n  resources: [" + strings.Join(r.Resources, ", ") + "]\n"
		if len(names) > 0 {
			text += "  resourceNames: [" + strings.Join(names, ", ") + "]\n"
		}
		out = append(out, text+"  verbs: ["+strings.Join(r.Verbs, ", ")+"]")
	}
	return strings.Join(out, "\n- "), nil
}

// literal gives a text of several lines as YAML has it with a line for each, ten spaces from the margin: that is where
// the data of a template in an ExternalSecret is. Another text it quotes.
func literal(text string) (string, error) {
	const margin = "\n          "
	lines, ended := strings.CutSuffix(text, "\n")
	if !ended || lines == "" || strings.ContainsAny(lines, "\r\t") || strings.HasSuffix(lines, "\n") || strings.HasPrefix(lines, "\n") ||
		strings.HasPrefix(lines, " ") || strings.IndexFunc(lines, unprintable) >= 0 || !utf8.ValidString(lines) {
		return quote(text)
	}
	return "|" + margin + strings.ReplaceAll(lines, "\n", margin), nil
}

// texts gives texts by their keys, sorted, as the fields of a map in YAML, of which the first stands where the hole is.
func texts(all map[string]string) (string, error) {
	var out []string
	for _, key := range slices.Sorted(maps.Keys(all)) {
		text, err := literal(all[key])
		if err != nil {
			return "", err
		}
		out = append(out, key+": "+text)
	}
	return strings.Join(out, "\n  "), nil
}

// Match is a value of a Secret, and the key of a store to which it goes as the property of that name.
type Match struct{ Property, Key string }

// printedMatches gives what of a Secret goes where as items of a list in YAML, of which the first stands where the hole
// is.
func printedMatches(all []Match) (string, error) {
	var out []string
	for _, m := range all {
		key, err := quote(m.Key)
		if err != nil {
			return "", err
		}
		out = append(out, "match:\n      secretKey: "+m.Property+"\n      remoteRef:\n        remoteKey: "+key+"\n        property: "+m.Property)
	}
	return strings.Join(out, "\n  - "), nil
}

var plainGroup = diag.OnceRegexp(`^[a-z0-9.]+\.[a-z]+$`)

// Fill fills the holes of a text.
func (t *Templates) Fill(text *template.Template, data any) ([]byte, error) {
	t.filled.Reset()
	if err := text.Execute(&t.filled, data); err != nil {
		return nil, fmt.Errorf("template %s: %w", text.Name(), err)
	}
	return bytes.Clone(t.filled.Bytes()), nil
}

// Named gives the template of that path.
func (t *Templates) Named(path string) (*template.Template, error) {
	if found := t.parsed.Lookup(path); found != nil {
		return found, nil
	}
	return nil, fmt.Errorf("there is no template %s", path)
}
