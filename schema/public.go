package schema

import (
	"slices"

	"meshtopo.dev/meshtopo/schema/trust"
)

// Public is what the certificates and tokens are that a topology names, as far as they could be read, and as far as
// anybody may know it.
type Public struct {
	Roots     []trust.Digest            // none where one of them could not be read
	RootFiles map[trust.Digest]string   // the files that roots are in
	Keys      map[string]trust.Digest   // of the intermediates, by the clusters that sign with them
	Signers   map[string]Signer         // the intermediates, by the clusters that sign with them
	Federated []Federated               // other meshes, in the order of the topology
	ServerCAs map[string][]trust.Digest // of the API servers, by cluster
	Tokens    map[string]string         // digests of the tokens for the API servers, by cluster
	Expiries  []Expiry                  // what ends, in the order in which it was checked
}

// Federated is what the certificates of another mesh are.
type Federated struct {
	TrustDomain string
	Roots       trust.Certificates
}

// Signer is an intermediate CA.
type Signer struct {
	Cert trust.Digest // of its certificate
	Root trust.Digest // of the declared root that it is under, or zero where that is not known
}

// OtherRoots reports whether some roots, of which one at least is known, are not those of the topology.
func (p Public) OtherRoots(roots []trust.Digest) bool {
	return len(roots) > 0 && len(p.Roots) > 0 && !(among(roots, p.Roots) && among(p.Roots, roots))
}

// OtherKey reports whether a key is known and is not that of the cluster's intermediate.
func (p Public) OtherKey(cluster string, key trust.Digest) bool {
	want, known := p.Keys[cluster]
	return known && key != (trust.Digest{}) && key != want
}

// OtherCA reports whether none of some CAs, of which one at least is known, is that of the cluster's API server.
func (p Public) OtherCA(cluster string, cas []trust.Digest) bool {
	want := p.ServerCAs[cluster]
	return len(want) > 0 && len(cas) > 0 && !slices.ContainsFunc(cas, func(d trust.Digest) bool { return slices.Contains(want, d) })
}

// OtherToken reports whether the digest of a token is known and is not that of the cluster's.
func (p Public) OtherToken(cluster, digest string) bool {
	want, known := p.Tokens[cluster]
	return known && digest != "" && digest != want
}

// among reports whether all of some certificates are among others.
func among(some, others []trust.Digest) bool {
	return !slices.ContainsFunc(some, func(d trust.Digest) bool { return !slices.Contains(others, d) })
}
