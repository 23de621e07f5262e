package protect

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// The annotations by which a Secret that is encrypted says, in clear, what it was made of.
const (
	PublicAnnotation     = "meshtopo.dev/public-digest"     // of all its public parts
	PartsAnnotation      = "meshtopo.dev/public-parts"      // the beginning of the digest of each
	PrivateAnnotation    = "meshtopo.dev/private-digest"    // of its private part, where that cannot be guessed
	ProtectionAnnotation = "meshtopo.dev/protection-digest" // of what it is encrypted for
)

// Part is a public part of a Secret: its name, such as server, and what it is.
type Part struct {
	Name  string
	Value []byte
}

// Public are the public parts of a Secret.
type Public []Part

// format is the form in which kubeconfigs and certificates are written. Another one makes all ciphertext stale.
const format = "1"

// PublicOf gives the public parts of a Secret, and the form in which they are written.
func PublicOf(parts ...Part) Public { return append(parts, Part{"format", []byte(format)}) }

// Digest gives the SHA-256 of all parts, as sha256: and hexadecimal digits.
func (p Public) Digest() string {
	h := sha256.New()
	for _, part := range p {
		sum := sha256.Sum256(part.Value)
		h.Write([]byte(part.Name + "=" + hex.EncodeToString(sum[:]) + "\n"))
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}

// Parts gives the name of each part with the first eight bytes of its SHA-256, as "ca=0123456789abcdef server=…": what
// tells which of them has changed.
func (p Public) Parts() string {
	var all []string
	for _, part := range p {
		sum := sha256.Sum256(part.Value)
		all = append(all, part.Name+"="+hex.EncodeToString(sum[:8]))
	}
	return strings.Join(all, " ")
}

// changedParts gives the names of the parts whose digests differ in two annotations.
func changedParts(have, want string) []string {
	before := map[string]bool{}
	for part := range strings.FieldsSeq(have) {
		before[part] = true
	}
	var changed []string
	for part := range strings.FieldsSeq(want) {
		if name, _, _ := strings.Cut(part, "="); !before[part] {
			changed = append(changed, name)
		}
	}
	return changed
}

// PrivateDigest gives the HMAC-SHA-256 of private material that nobody can guess, such as the signature of a token,
// with the digest of the public parts as its key; "" where there is none.
func PrivateDigest(public string, unguessable []byte) string {
	if len(unguessable) < minUnguessable {
		return ""
	}
	mac := hmac.New(sha256.New, []byte(public))
	mac.Write(unguessable)
	return "hmac-sha256:" + hex.EncodeToString(mac.Sum(nil))
}

// minUnguessable is how many bytes material has at least that a digest is made of: more than 128 bits.
const minUnguessable = 32
