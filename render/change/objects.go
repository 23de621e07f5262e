package change

import (
	"bytes"
	"iter"
	"strconv"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// Object is what tells the objects of a cluster apart.
type Object struct {
	Kind      string `json:"kind"`
	Namespace string `json:"namespace,omitzero"`
	Name      string `json:"name"`
}

// documents gives the YAML documents of a file that somebody may have edited.
func documents(file []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for part := range document.Parts(file) {
			if !yield(part.Text) {
				return
			}
		}
	}
}

// objectsIn gives the objects of a document: one, as it is generated, or whatever people write.
func objectsIn(text []byte) []Object {
	if r := identify(text); r.valid() {
		return []Object{r}
	}
	var found []Object
	for _, o := range manifest.Read("edited.yaml", text, &diag.List{}) {
		if r := (Object{o.Kind, o.Namespace, o.Name}); r.valid() {
			found = append(found, r)
		}
	}
	return found
}

// valid reports whether this is an object.
func (r Object) valid() bool {
	return nameLike(r.Kind) && nameLike(r.Name) && (r.Namespace == "" || nameLike(r.Namespace))
}

// nameLike accepts what Kubernetes does in names. Anything else is left to be shown by those who escape it.
func nameLike(name string) bool {
	strange := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("-.:", r)
	}
	return name != "" && len(name) <= 253 && !strings.ContainsFunc(name, strange)
}

// identify finds kind, and name and namespace directly below metadata. It reads no further than these: most of a Secret
// is one long line.
func identify(document []byte) Object {
	var r Object
	section, indent := "", 0
	for line := range bytes.Lines(document) {
		text := bytes.TrimLeft(line, " ")
		depth := len(line) - len(text)
		key, value, ok := bytes.Cut(text, []byte(":"))
		switch {
		case !ok || bytes.HasPrefix(key, []byte("#")):
		case depth == 0:
			if section == "metadata" && r.Kind != "" {
				return r
			}
			section, indent = string(key), 0
			if section == "kind" {
				r.Kind = unquoted(string(value))
			}
		case section == "metadata":
			if indent == 0 {
				indent = depth
			}
			if depth == indent {
				r.set(string(key), unquoted(string(value)))
			}
		}
	}
	return r
}

func (r *Object) set(key, value string) {
	switch key {
	case "name":
		r.Name = value
	case "namespace":
		r.Namespace = value
	}
}

// unquoted gives the text of a YAML scalar on one line.
func unquoted(value string) string {
	value = strings.TrimSpace(value)
	if text, err := strconv.Unquote(value); err == nil {
		return text
	}
	value, _, _ = strings.Cut(value, " #")
	return strings.Trim(strings.TrimSpace(value), `'`)
}
