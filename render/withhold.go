package render

import (
	"bytes"

	"meshtopo.dev/meshtopo/render/tree"
)

// Withhold makes those changes private whose file has the data of a Secret on disk, or is to have it, wherever the
// file lies: people copy, move and complete generated files, and their content would be shown in a diff. Changes are
// not applied yet.
func Withhold(changes []tree.Change) error {
	var buf []byte
	for i := range changes {
		c := &changes[i]
		if c.Private {
			continue
		}
		var err error
		if buf, err = c.Inspect(buf, func(have, want []byte) { c.Private = holdsSecret(have, want) }); err != nil {
			return err
		}
	}
	return nil
}

var (
	secretKind = onceRegexp(`(?i)(^|[^-\w])Secret(List)?([^-\w]|$)`)
	secretData = onceRegexp(`(?i)(^|[^-\w])(string)?data["'\\\s]*:`)
)

// holdsSecret looks for the word Secret and for the field data or stringData anywhere in the two sides of a file. It
// does not parse them: what somebody broke or commented out must not be shown either, and to withhold too much does
// no harm. The token Secret of a reader, as it is rendered, has no such field: Kubernetes fills it in.
func holdsSecret(sides ...[]byte) bool {
	named := func(text []byte) bool {
		return (bytes.Contains(text, []byte("ecret")) || bytes.Contains(text, []byte("ECRET"))) && secretKind().Match(text)
	}
	text := bytes.Join(sides, []byte("\n"))
	return named(text) && secretData().Match(text)
}
