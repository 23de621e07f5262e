// Package secret holds keys and tokens so that they never print themselves.
//
// Material keeps private bytes out of every format verb, encoder and log; Store reads what a topology names, once;
// Known finds that in a text which is to be shown. Package trust checks the material, and package render writes it into
// Secrets.
package secret

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
)

// Material is a key or a token. It prints as [redacted] wherever it turns up and refuses to be marshalled; Reveal
// is the only way to its bytes. The zero value holds nothing.
//
// The bytes stand behind a function, because a struct that has a Material in an unexported field is printed by
// reflection, past the methods below: what shows there is the function's address.
type Material struct {
	reveal func() []byte
}

// New keeps b, which the caller must not change any more.
func New(b []byte) Material {
	return Material{func() []byte { return b }}
}

// Reveal gives the bytes, which the caller must not change.
func (m Material) Reveal() []byte {
	if m.reveal == nil {
		return nil
	}
	return m.reveal()
}

const redacted = "[redacted]"

// errMarshal is the error for every encoder.
var errMarshal = errors.New("private material is not marshalled")

// String gives [redacted].
func (Material) String() string { return redacted }

// Format writes [redacted] under every verb and flag.
func (Material) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, redacted) }

// LogValue logs [redacted].
func (Material) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText refuses, for encoders of XML, YAML and map keys.
func (Material) MarshalText() ([]byte, error) { return nil, errMarshal }

// MarshalJSON refuses.
func (Material) MarshalJSON() ([]byte, error) { return nil, errMarshal }

// MarshalBinary refuses.
func (Material) MarshalBinary() ([]byte, error) { return nil, errMarshal }

// GobEncode refuses.
func (Material) GobEncode() ([]byte, error) { return nil, errMarshal }
