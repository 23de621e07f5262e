package trust

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
)

// PrivateKey is what is known of a private key: the public half. The private one is not kept.
type PrivateKey struct {
	public publicKey
}

// publicKey is what all public keys of the standard library implement.
type publicKey interface{ Equal(crypto.PublicKey) bool }

// ParsePrivateKey reads a PEM file with a private key, by the rules of istiod: the first block is the key.
func ParsePrivateKey(text []byte) (PrivateKey, []Problem) {
	blocks, problems := scan(text)
	if len(problems) > 0 {
		return PrivateKey{}, problems
	}
	b := blocks[0]
	bad := func(p Problem) (PrivateKey, []Problem) { return PrivateKey{}, []Problem{p} }
	switch {
	case b.encrypted():
		return bad(Problem{Rule: EncryptedKey, Message: "is protected with a passphrase"})
	case b.Type == "CERTIFICATE":
		return bad(Problem{Rule: CertificateForKey, Message: "holds a certificate where the private key should be"})
	case !b.privateKey():
		return bad(Problem{Rule: unexpectedBlock, Message: fmt.Sprintf("starts with %s, and istiod reads the first block only", b.kind())})
	case b.Type == "OPENSSH PRIVATE KEY", b.Type == "DSA PRIVATE KEY":
		return bad(Problem{Rule: unsupportedKey, Message: "is a kind of key that Istio cannot sign with"})
	}
	for _, other := range blocks[1:] {
		if other.privateKey() { // all that is in the file goes into the Secret
			return bad(Problem{Rule: unexpectedBlock, Message: fmt.Sprintf("holds another private key at line %d", other.line)})
		}
	}
	key, err := b.key()
	if err != nil { // the error may quote the key
		return bad(Problem{Rule: malformedKey, Message: "holds a private key that cannot be read" + b.hint()})
	}
	public, ok := key.Public().(publicKey)
	if !ok || !supported(key.Public()) {
		return PrivateKey{public}, []Problem{{Rule: unsupportedKey, Message: "is neither an RSA nor an ECDSA key"}}
	}
	return PrivateKey{public}, nil
}

// privateKey is what all private keys of the standard library implement.
type privateKey interface{ Public() crypto.PublicKey }

// key decodes a private key by its label, as istiod does.
func (b block) key() (privateKey, error) {
	switch b.Type {
	case "RSA PRIVATE KEY":
		return x509.ParsePKCS1PrivateKey(b.Bytes)
	case "EC PRIVATE KEY":
		return x509.ParseECPrivateKey(b.Bytes)
	case "PRIVATE KEY":
		key, err := x509.ParsePKCS8PrivateKey(b.Bytes)
		if err != nil {
			return nil, err
		}
		return key.(privateKey), nil
	}
	return nil, errors.New("unknown label")
}

// hint says more where the label of a key is the only thing wrong with it.
func (b block) hint() string {
	for _, label := range []string{"RSA PRIVATE KEY", "EC PRIVATE KEY", "PRIVATE KEY"} {
		relabelled := block{Block: &pem.Block{Type: label, Bytes: b.Bytes}}
		if _, err := relabelled.key(); err == nil {
			return fmt.Sprintf(": its label should be %q", label)
		}
	}
	return ""
}

// supported reports whether Istio's CA can sign with the private half of a public key.
func supported(public crypto.PublicKey) bool {
	switch public.(type) {
	case *rsa.PublicKey, *ecdsa.PublicKey:
		return true
	}
	return false
}
