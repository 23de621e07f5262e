package render

import (
	"bytes"
	"sync"

	"meshtopo.dev/meshtopo/render/authority"
	"meshtopo.dev/meshtopo/render/external"
	"meshtopo.dev/meshtopo/render/mounted"
	"meshtopo.dev/meshtopo/render/secret"
	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema/private"
)

// Withhold makes those changes private whose file has something secret on disk, or is to have it, wherever the file
// lies: people copy, move and complete generated files, and their content would be shown in a diff. It is secret if the
// store has read it as such, or if it looks so. Changes are not applied yet.
func Withhold(changes []tree.Change, store *secret.Store) error {
	known := sync.OnceValue(store.Known)
	var buf []byte
	for i := range changes {
		c := &changes[i]
		if c.Private {
			continue
		}
		var err error
		buf, err = c.Inspect(buf, func(have, want []byte) {
			text := bytes.Join([][]byte{have, want}, []byte("\n"))
			c.Private = known().In(text) || looksPrivate(text)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// looksPrivate passes over certificates, and what says where External Secrets and istiod find something.
func looksPrivate(text []byte) bool {
	return private.InFile(private.WithoutCertificates(mounted.WithoutNames(authority.WithoutForm(external.WithoutPlaces(text)))))
}
