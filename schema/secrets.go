package schema

import (
	"strings"

	"meshtopo.dev/meshtopo/schema/document"
)

// Secrets is how the Secrets of a directory are written.
type Secrets struct {
	Protection Protection
	Remote     RemoteSecrets
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

// RemoteSecrets is how an istiod gets the kubeconfigs of the clusters that it reads.
type RemoteSecrets string

// The ways.
const (
	LabelledSecrets RemoteSecrets = "secret"   // labelled Secrets, which istiod watches
	MountedSecrets  RemoteSecrets = "mounted"  // files of a volume
	ExistingSecrets RemoteSecrets = "existing" // Secrets that somebody else makes
)

// WritesRemote reports whether the directory has the kubeconfigs of other clusters, or what makes them.
func (s Secrets) WritesRemote() bool { return s.Remote != ExistingSecrets }

// HoldsTokens reports whether tokens of other clusters stand in the directory, in clear or encrypted.
func (s Secrets) HoldsTokens() bool { return s.WritesRemote() && s.Protection.HoldsMaterial() }

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
	Fill            Fill
	BearerToken     string // the name of a Secret, with {cluster} in it
}

// SecretStore is the store of External Secrets that is asked.
type SecretStore struct{ Kind, Name string }

// Fill is a way by which a token gets to those who read with it.
type Fill string

// The fills.
const (
	FillNone       Fill = "none" // somebody else brings it
	FillPush       Fill = "push-secret"
	FillKubernetes Fill = "kubernetes"
)

// TokenKey is where the store of a reader has the token of the cluster that is read.
func (e ExternalSecrets) TokenKey(cluster, reader string) string {
	return strings.NewReplacer("{cluster}", cluster, "{reader}", reader).Replace(e.RemoteSecretKey)
}

// CAKey is where the store has the signing key of a cluster.
func (e ExternalSecrets) CAKey(cluster string) string {
	return strings.ReplaceAll(e.CacertsKey, "{cluster}", cluster)
}

// LoginSecret names the Secret with which External Secrets logs in to the cluster that is read.
func (e ExternalSecrets) LoginSecret(cluster string) string {
	return strings.ReplaceAll(e.BearerToken, "{cluster}", cluster)
}

// TokenReader is the account with which External Secrets of other clusters takes the token of the reader account from a
// cluster. It reads nothing else.
const TokenReader = "istio-token-reader"

// HoldsMaterial reports whether private material stands in the tree, in clear or encrypted. Otherwise it is in a store,
// or nobody has said yet where it goes, and nothing asks for it.
func (p Protection) HoldsMaterial() bool { return p == Plaintext || p.Encrypts() }

// presetSecrets are the defaults of the settings, as topology.cue has them.
func presetSecrets() Secrets {
	return Secrets{
		Remote: LabelledSecrets,
		Sealed: SealedSecrets{Scope: "strict"},
		External: ExternalSecrets{
			Store: SecretStore{Kind: "ClusterSecretStore"}, RefreshInterval: "1h0m0s", Fill: FillNone,
			BearerToken: "external-secrets-{cluster}",
		},
	}
}

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
	set((*string)(&base.Remote), "remote")
	set(&base.Sealed.Certificate, "sealedSecrets", "certificate")
	set(&base.Sealed.Scope, "sealedSecrets", "scope")
	set(&base.External.Store.Kind, "externalSecrets", "store", "kind")
	set(&base.External.Store.Name, "externalSecrets", "store", "name")
	set(&base.External.RemoteSecretKey, "externalSecrets", "remoteSecretKey")
	set(&base.External.CacertsKey, "externalSecrets", "cacertsKey")
	set(&base.External.RefreshInterval, "externalSecrets", "refreshInterval")
	set((*string)(&base.External.Fill), "externalSecrets", "fill")
	set(&base.External.BearerToken, "externalSecrets", "bearerToken")
	return base
}

// of gives the settings as they are for a cluster.
func (s Secrets) of(cluster string) Secrets {
	s.Sealed.Certificate = strings.ReplaceAll(s.Sealed.Certificate, "{cluster}", cluster)
	return s
}
