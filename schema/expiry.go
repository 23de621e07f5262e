package schema

import "meshtopo.dev/meshtopo/schema/trust"

// Expiry is something that a topology names and that ends. Of a token it is the end and nothing else.
type Expiry struct {
	What     Dated
	Clusters []string // that need it; none for what all of them have
	Place    Private
	trust.Span
}

// Dated is a kind of material that ends.
type Dated string

// The kinds of material that end.
const (
	DatedRoot         Dated = "root"
	DatedIntermediate Dated = "intermediate"
	DatedServerCA     Dated = "api-server-ca"
	DatedToken        Dated = "token"
	DatedClient       Dated = "client-certificate"
	DatedSealing      Dated = "sealing-certificate"
	DatedCRL          Dated = "crl" // its nextUpdate
)
