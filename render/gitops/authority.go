package gitops

import (
	"strings"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/schema"
)

// awaitedSecret says in the READMEs what an istiod has to find when it starts, for those who install it by hand.
type awaitedSecret struct{ Engine, Bringer, Secret, Once, Lacking string }

// awaited gives that of a mesh.
func awaited(t *schema.Topology) awaitedSecret {
	engine := Engine(t.GitOps)
	a := awaitedSecret{engine, engine, "`cacerts`", engine + " has applied `2-secrets`", "makes a CA of its own, which no other cluster trusts"}
	switch {
	case t.TrustFrom(schema.IstioCSR):
		a.Secret, a.Once, a.Lacking = "`istiod-tls`", engine+" has installed istio-csr", "has no certificate, and no proxy can call it"
	case t.TrustFrom(schema.Existing):
		a.Bringer, a.Once = "somebody", "somebody has made the Secret `cacerts`"
	}
	return a
}

// authorityNeeds says what of the CA has to be there before the engine starts: an item of a list for each.
func authorityNeeds(t *schema.Topology) []string {
	issuer := func(i schema.Issuer) string {
		return i.Kind + " " + code(strings.ReplaceAll(i.Name, "{cluster}", "CLUSTER"))
	}
	switch {
	case t.TrustFrom(schema.CertManager):
		return []string{"- cert-manager in every cluster with a control plane, with its " + issuer(t.Trust.CertManager.Issuer) + "."}
	case t.TrustFrom(schema.IstioCSR):
		_, namespace, _ := t.Trust.IstioCSR.Service()
		return []string{"- cert-manager in every cluster, with its " + issuer(t.Trust.IstioCSR.Issuer) + ", and the namespace " + code(namespace) + "."}
	case t.TrustFrom(schema.Existing):
		return []string{"- The Secrets `cacerts` in every cluster with a control plane, in its namespace: the READMEs of the clusters say what is in them.\n" +
			"  An istiod that starts without one makes a CA of its own."}
	}
	return nil
}

// charts names where the charts of a layer come from: Istio's have one repository in a cluster, and what signs in the
// place of istiod has another.
func charts(layer string) string {
	if layer == layout.Secrets {
		return schema.CSRValues + "-charts"
	}
	return "charts"
}

// awaitsIssued reports whether a layer has a Certificate, of which cert-manager has to make a Secret. Without an
// expression Flux takes one that cert-manager has not seen yet for ready.
func (c Cluster) awaitsIssued(layer string) bool {
	return layer == layout.Secrets && c.Topology.TrustFrom(schema.CertManager) && c.RunsControlPlane()
}
