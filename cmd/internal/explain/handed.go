package explain

import (
	"fmt"
	"io"
	"strings"

	"meshtopo.dev/meshtopo/cmd/internal/usage"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/grammar"
	"meshtopo.dev/meshtopo/schema/istio"
	"meshtopo.dev/meshtopo/schema/owned"
)

// handedTypes are the types of what is handed through, by the name of the field.
func handedTypes() map[string]istio.Type {
	return map[string]istio.Type{"meshConfig": istio.MeshConfig(), "values": istio.Values(), "components": istio.Components()}
}

// explainHanded says what Istio's own tables know of a value that a field hands through.
func explainHanded(w io.Writer, f grammar.Field, rest []string) error {
	t, ok := handedTypes()[lastName(f.Path)]
	at := f.Path
	for i, key := range rest {
		if !ok {
			break
		}
		if isNumber(key) && len(t.Fields()) > 0 { // the number of an item
			t, _ = t.Below("0")
			continue
		}
		fields := t.Fields()
		below, known := t.Below(key)
		if len(fields) > 0 && !known {
			hint := at + " has " + strings.Join(fields, ", ")
			if near := diag.Nearest(key, fields); near != "" {
				hint = fmt.Sprintf("did you mean %q?", strings.Join(append([]string{at, near}, rest[i+1:]...), "."))
			}
			return usage.Errorf("%q is no field of Istio %s: %s", at+"."+key, istio.Version, hint)
		}
		t, at = below, at+"."+key
	}
	fmt.Fprintf(w, "%s\n\n", at)
	paragraph(w, "about", "A setting of Istio "+istio.Version+" that "+f.Path+" hands through; what it does, Istio's documentation says.")
	if field := owned.From(f.Path[strings.LastIndexByte(f.Path, '.')+1:] + strings.TrimPrefix(at, f.Path)); field != "" {
		paragraph(w, "set by", "the topology: "+field)
	}
	paragraph(w, "type", t.Words())
	if fields := t.Fields(); len(fields) > 0 {
		paragraph(w, "fields", strings.Join(fields, ", "))
	}
	return nil
}
