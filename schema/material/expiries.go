package material

import (
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/trust"
)

// dated notes when something ends that some clusters need, or all of them where none is given. A place may hold several
// certificates.
func dated(t *schema.Topology, what schema.Dated, clusters []*schema.Cluster, place schema.Private, spans ...trust.Span) {
	for _, s := range spans {
		t.Public.Expiries = append(t.Public.Expiries, schema.Expiry{What: what, Clusters: schema.Names(clusters), Place: place, Span: s})
	}
}

// datedToken notes when the token of a cluster ends, if it says so.
func datedToken(t *schema.Topology, c *schema.Cluster, place schema.Private, token []byte) {
	if span, ends := trust.TokenSpan(token); ends {
		dated(t, schema.DatedToken, []*schema.Cluster{c}, place, span)
	}
}

// datedClient notes when the certificate ends with which control planes log in at a cluster.
func datedClient(t *schema.Topology, c *schema.Cluster, place schema.Private, certificate []byte) {
	if span, ok := trust.ClientSpan(certificate); ok {
		dated(t, schema.DatedClient, []*schema.Cluster{c}, place, span)
	}
}
