// Package sealed encrypts Secrets for the controller of Sealed Secrets, with the certificate of the controller and the
// project's own crypto package (https://github.com/bitnami-labs/sealed-secrets).
package sealed

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"time"

	"github.com/bitnami-labs/sealed-secrets/pkg/crypto"
	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/render/protect"
)

// KeyAnnotation names the public key that a Secret is sealed with, as ssh-keygen -l does.
const KeyAnnotation = "meshtopo.dev/sealing-key"

// The scopes of a sealed Secret, and the annotations that say them.
const (
	Strict        = "strict"
	NamespaceWide = "namespace-wide"
	ClusterWide   = "cluster-wide"

	annotationPrefix = "sealedsecrets.bitnami.com/"
)

// Certificate is that of a controller.
type Certificate struct {
	key         *rsa.PublicKey
	Fingerprint string
	Expires     time.Time
}

// ErrCertificate says that a text is no certificate of a controller of Sealed Secrets.
var ErrCertificate = errors.New("it is no certificate with an RSA key in PEM, such as `kubeseal --fetch-cert` prints")

// Parse reads the first certificate of a text, which is the one that kubeseal seals with.
func Parse(text []byte) (*Certificate, error) {
	for {
		var block *pem.Block
		if block, text = pem.Decode(text); block == nil {
			return nil, ErrCertificate
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, ErrCertificate
		}
		key, ok := cert.PublicKey.(*rsa.PublicKey)
		if !ok {
			return nil, ErrCertificate
		}
		fingerprint, err := crypto.PublicKeyFingerprint(key)
		if err != nil {
			return nil, ErrCertificate
		}
		return &Certificate{key, fingerprint, cert.NotAfter}, nil
	}
}

// Guard seals for one controller and scope.
type Guard struct {
	certificate *Certificate
	file, scope string
	now         time.Time
	digest      string
}

// New gives what seals with a certificate, which is in a file of that name. A scope is one of those above.
func New(c *Certificate, file, scope string, now time.Time) *Guard {
	sum := sha256.Sum256([]byte(c.Fingerprint + "\n" + scope))
	return &Guard{c, file, scope, now, "sha256:" + hex.EncodeToString(sum[:])}
}

// Fingerprint names the public key.
func (g *Guard) Fingerprint() string { return g.certificate.Fingerprint }

// Digest identifies the public key and the scope.
func (g *Guard) Digest() string { return g.digest }

// Encrypted is where a SealedSecret has its values.
func (g *Guard) Encrypted() []string { return []string{"spec", "encryptedData"} }

// ScopeAnnotation gives the name of the annotation that says the scope; "" for strict.
func ScopeAnnotation(scope string) string {
	if scope == Strict || scope == "" {
		return ""
	}
	return annotationPrefix + scope
}

// Judge compares the key and the scope of an object with those of the guard.
func (g *Guard) Judge(o *protect.Object) *protect.Stale {
	at := func(name string) []string { return []string{"metadata", "annotations", name} }
	switch {
	case o.Text("kind") != "SealedSecret":
		return &protect.Stale{Kind: protect.NotEncrypted, Line: o.Line("kind"), Why: "it is no SealedSecret"}
	case o.At("sops") != nil:
		return &protect.Stale{Kind: protect.ProtectionChanged, Line: o.Line("sops"), Why: "it has a block of sops"}
	case o.Text(at(KeyAnnotation)...) != g.certificate.Fingerprint:
		return &protect.Stale{Kind: protect.SealingKeyChanged, Line: o.Line(at(KeyAnnotation)...), Why: "it was sealed with another key than that of " + g.file}
	case scopeOf(o) != g.scope:
		return &protect.Stale{Kind: protect.ScopeChanged, Line: o.Line("metadata", "annotations"), Why: "its scope is " + scopeOf(o) + ", and the topology says " + g.scope}
	case g.expired():
		return &protect.Stale{Kind: protect.SealingKeyExpired, Line: o.Line(at(KeyAnnotation)...), Why: "the certificate " + g.file + " expired on " + g.certificate.Expires.UTC().Format(time.DateOnly)}
	}
	return notSealed(o.At(g.Encrypted()...))
}

func (g *Guard) expired() bool { return !g.now.Before(g.certificate.Expires) }

func scopeOf(o *protect.Object) string {
	for _, scope := range []string{NamespaceWide, ClusterWide} {
		if o.Text("metadata", "annotations", ScopeAnnotation(scope)) == "true" {
			return scope
		}
	}
	return Strict
}

// notSealed names a value that nothing was sealed in: two bytes with the length of the key, the key, and more.
func notSealed(data *yaml.Node) *protect.Stale {
	if data == nil || data.Kind != yaml.MappingNode {
		return nil // it has not the fields that it should have, which is seen elsewhere
	}
	for i := 1; i < len(data.Content); i += 2 {
		v := data.Content[i]
		if text, err := base64.StdEncoding.DecodeString(v.Value); v.Kind != yaml.ScalarNode || err != nil || len(text) < 2+minKey/8 {
			return &protect.Stale{Kind: protect.NotEncrypted, Line: v.Line, Why: "a value of it is not sealed"}
		}
	}
	return nil
}

// minKey is how many bits an RSA key has at least that anybody seals with.
const minKey = 1024

// ExpiredError says that a Secret has to be sealed with a certificate that has expired.
type ExpiredError struct {
	File string // as the topology names it
	At   time.Time
}

// Error names the certificate.
func (e *ExpiredError) Error() string {
	return fmt.Sprintf("%s expired on %s, and nothing is sealed with it", e.File, e.At.UTC().Format(time.DateOnly))
}

// Check refuses to seal with a certificate that has expired, as kubeseal does.
func (g *Guard) Check(*protect.Object) error {
	if g.expired() {
		return &ExpiredError{g.file, g.certificate.Expires}
	}
	return nil
}

// Encrypt seals each value.
func (g *Guard) Encrypt(_ context.Context, _ string, object []byte, values []protect.Value) ([]byte, error) {
	o, err := protect.ReadObject(object)
	if err != nil {
		return nil, err
	}
	label := g.label(o.Text("metadata", "namespace"), o.Text("metadata", "name"))
	return protect.Fill(object, values, func(v protect.Value) ([]byte, error) {
		text, err := crypto.HybridEncrypt(rand.Reader, g.certificate.key, v.Material.Reveal(), label)
		if err != nil {
			return nil, err
		}
		return base64.StdEncoding.AppendEncode(nil, text), nil
	})
}

// label is what the controller needs to find the Secret with, to open it (pkg/apis/sealedsecrets/v1alpha1,
// EncryptionLabel).
func (g *Guard) label(namespace, name string) []byte {
	switch g.scope {
	case ClusterWide:
		return nil
	case NamespaceWide:
		return []byte(namespace)
	}
	return []byte(namespace + "/" + name)
}
