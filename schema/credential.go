package schema

import "meshtopo.dev/meshtopo/schema/trust"

// Private says where private material is kept.
type Private = trust.Place

// Credential is what other clusters' control planes authenticate with.
type Credential struct {
	Way     Way
	Private Private // where the private part is kept: the token, the kubeconfig, or the key of the client certificate
	Cert    string  // path of the client certificate, or ""

	Read        bool   // the kubeconfig was here
	RefreshedBy string // who refreshes a token that ends; "" for nobody

	InsecureOptions []string // what istiod has to be allowed for the kubeconfig
}

// Way is how control planes log in at an API server.
type Way string

// The ways to log in, as they are called in a topology.
const (
	ByToken      Way = "token"
	ByKubeconfig Way = "kubeconfig"

	ByClientCertificate Way = "clientCertificate"
)

// Ways are all ways to log in.
var Ways = []Way{ByToken, ByKubeconfig, ByClientCertificate}

// privateParts says what the private part of a credential is.
var privateParts = map[Way]string{ByToken: "token", ByKubeconfig: "kubeconfig", ByClientCertificate: "client key"}

// What says what the private part is.
func (c *Credential) What() string { return privateParts[c.Way] }
