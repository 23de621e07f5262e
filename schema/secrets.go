package schema

import (
	"strings"

	"meshtopo.dev/meshtopo/schema/document"
)

// Secrets is how the Secrets of a directory are written.
type Secrets struct {
	Protection Protection
	Sealed     SealedSecrets
	External   ExternalSecrets
}

// Protection is a way to keep private material in the tree.
type Protection string

// The protections. Unset means that rendering private material is refused.
const (
	Unprotected Protection = ""
	Plaintext   Protection = "plaintext"
	Sops        Protection = "sops"
	Sealed      Protection = "sealed-secrets"
	External    Protection = "external-secrets"
)

// Encrypts reports whether the tree holds ciphertext, which is kept as long as it is current.
func (p Protection) Encrypts() bool { return p == Sops || p == Sealed }

// SealedSecrets is how Secrets are sealed for the controller of Sealed Secrets.
type SealedSecrets struct {
	Certificate string // the path of a PEM file, with {cluster} replaced
	Scope       string // strict, namespace-wide or cluster-wide
}

// ExternalSecrets is where External Secrets finds private material.
type ExternalSecrets struct {
	Store           SecretStore
	RemoteSecretKey string // with {cluster} and {reader} in it
	CacertsKey      string // with {cluster} in it
	RefreshInterval string
	Fill            string // push-secret or kubernetes, or "" where nothing of it is rendered
}

// SecretStore is the store of External Secrets that is asked.
type SecretStore struct{ Kind, Name string }

// decodeSecrets gives the settings of n, which are those of a cluster or of the mesh, and those of base where n has
// none.
func decodeSecrets(n *document.Node, base Secrets) Secrets {
	if n == nil || n.Kind != document.Map {
		return base
	}
	set := func(field *string, path ...string) {
		if n.At(path...) != nil {
			*field = n.StringAt(path...)
		}
	}
	set((*string)(&base.Protection), "protection")
	set(&base.Sealed.Certificate, "sealedSecrets", "certificate")
	set(&base.Sealed.Scope, "sealedSecrets", "scope")
	set(&base.External.Store.Kind, "externalSecrets", "store", "kind")
	set(&base.External.Store.Name, "externalSecrets", "store", "name")
	set(&base.External.RemoteSecretKey, "externalSecrets", "remoteSecretKey")
	set(&base.External.CacertsKey, "externalSecrets", "cacertsKey")
	set(&base.External.RefreshInterval, "externalSecrets", "refreshInterval")
	set(&base.External.Fill, "externalSecrets", "fill")
	return base
}

// of gives the settings as they are for a cluster.
func (s Secrets) of(cluster string) Secrets {
	s.Sealed.Certificate = strings.ReplaceAll(s.Sealed.Certificate, "{cluster}", cluster)
	return s
}
