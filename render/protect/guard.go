package protect

import (
	"context"
	"encoding/base64"

	"meshtopo.dev/meshtopo/render/secret"
)

// Guard is what one file is encrypted for: a creation rule of sops, or a sealing certificate and a scope.
type Guard interface {
	// Digest identifies what decides who can read the file: recipients and options, in a canonical form.
	Digest() string
	// Encrypted is the path of the values that are encrypted, such as data.
	Encrypted() []string
	// Judge says what is wrong with an encrypted object as to the guard, or nil.
	Judge(o *Object) *Stale
	// Check says why the guard must not encrypt an object, or nil.
	Check(o *Object) error
	// Encrypt gives the text of the file. The object has a placeholder for each value.
	Encrypt(ctx context.Context, path string, object []byte, values []Value) ([]byte, error)
}

// Placeholder stands for the value of a key until it is encrypted. It is base64, as the data of a Secret is.
func Placeholder(key string) string {
	return base64.StdEncoding.EncodeToString([]byte("placeholder of " + key))
}

// NewValue gives the value of a key, and what stands for it.
func NewValue(key string, content []byte) Value {
	return Value{key, Placeholder(key), secret.New(content)}
}

// Value is one value of a Secret. The placeholder stands in the object in its place.
type Value struct {
	Key         string
	Placeholder string
	Material    secret.Material
}
