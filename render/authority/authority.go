// Package authority brings the CA of a cluster that is in no file: the Certificate of which cert-manager makes it, or
// istio-csr, which signs in its place, and the steps that wait for them (https://cert-manager.io).
package authority

import (
	"bytes"
	"encoding/pem"
	"slices"
	"strconv"
	"strings"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/text"
	"meshtopo.dev/meshtopo/schema"
)

// Cluster is a cluster that gets its certificates from somewhere.
type Cluster struct {
	*schema.Cluster
	Topology *schema.Topology

	Public  func(paths ...string) []byte // certificates, one file after the other
	Compose func(of text.Composition, data any) []byte
}

// File is a file of the layer of secrets. Nothing in it is private.
type File struct {
	Path string
	Body []byte
}

const (
	certificate     = "istio-ca" // the Certificate of which the Secret cacerts is made
	certificateFile = layout.Secrets + "/cacerts.yaml"
	istiod          = "istiod" // the Certificate of which the chart of istio-csr makes that of istiod
	rootsName       = "istio-csr-mesh-roots"
)

// Values is the file with the values of the chart of istio-csr.
const Values = layout.Secrets + "/" + schema.CSRValues + ".values.yaml"

// Files gives what is in the tree for it.
func (c Cluster) Files() []File {
	switch {
	case c.issued():
		return []File{{certificateFile, c.certificate()}}
	case c.Topology.TrustFrom(schema.IstioCSR):
		return []File{{Values, c.values()}}
	}
	return nil
}

// issued reports whether cert-manager makes the Secret cacerts of the cluster. One is for all its control planes: they
// are in one namespace.
func (c Cluster) issued() bool {
	return c.Topology.TrustFrom(schema.CertManager) && c.RunsControlPlane()
}

// issuer is what the templates hold of an issuer.
type issuer struct{ IssuerName, IssuerKind, IssuerGroup string }

func (c Cluster) issuer(i schema.Issuer) issuer {
	i = i.For(c.Name)
	return issuer{i.Name, i.Kind, i.Group}
}

func (c Cluster) object() text.Object {
	return text.Object{Topology: c.Topology.Name, Namespace: c.Istio.Namespace}
}

func (c Cluster) certificate() []byte {
	ca := c.Topology.Trust.CertManager
	var names []string
	for _, p := range c.ControlPlanes() {
		names = append(names, p.IstiodService())
	}
	return c.Compose(text.Composition{Object: "authority/certificate.yaml"}, struct {
		text.Object
		issuer
		Cluster, Duration, RenewBefore, KeyAlgorithm string
		KeySize                                      int
		DNSNames                                     []string
	}{c.object(), c.issuer(ca.Issuer), c.Name, ca.Duration, ca.RenewBefore, ca.KeyAlgorithm, ca.KeySize, names})
}

// values are those of the chart of istio-csr. A remote has no istiod that could need a certificate. The common name of
// that certificate is always that of a control plane without a revision, which some issuers want among the names.
func (c Cluster) values() []byte {
	signer := c.Topology.Trust.IstioCSR
	service, namespace, port := signer.Service()
	number, _ := strconv.Atoi(port) // the schema has checked it
	revisions := []string{"default"}
	for _, p := range c.ControlPlanes() {
		if name := p.Istio.RevisionName(); !slices.Contains(revisions, name) {
			revisions = append(revisions, name)
		}
	}
	var options []string
	add := func(wanted bool, name string) {
		if wanted {
			options = append(options, "authority/options/"+name+".yaml")
		}
	}
	add(service != Chart, "name")
	add(c.Istio.Enables("ztunnel"), "ztunnel")
	add(len(c.Topology.Trust.Roots) > 0, "roots")
	return c.Compose(text.Composition{Object: "authority/istio-csr.yaml", Options: options}, struct {
		text.Object
		issuer
		Cluster, TrustDomain, Host, Service, ZTunnel, Roots, RootsName string
		Revisions                                                      []string
		Port                                                           int
		IstiodCertificate                                              bool
	}{
		c.object(), c.issuer(signer.Issuer), c.Name, c.Topology.Mesh.TrustDomain, service + "." + namespace + ".svc", service,
		c.Istio.Namespace + "/ztunnel", c.roots(), rootsName, revisions, number, c.RunsControlPlane(),
	})
}

// WithoutForm takes out of a text what a Certificate, as it was rendered, says of its key: its form, and not the key.
func WithoutForm(text []byte) []byte {
	return bytes.ReplaceAll(text, []byte("\n  privateKey:\n    algorithm: "), nil)
}

// roots is the ConfigMap with the roots that the topology names, as the chart has it: as a template of Helm. It is
// mounted into istio-csr, which then trusts what it says and not whatever its issuer hands it. What stands between the
// certificates in a file is left out: it would be copied to every namespace.
func (c Cluster) roots() string {
	if len(c.Topology.Trust.Roots) == 0 {
		return ""
	}
	var lines []string
	for block, rest := pem.Decode(c.Public(c.Topology.Trust.Roots...)); block != nil; block, rest = pem.Decode(rest) {
		lines = append(lines, strings.Split(strings.TrimSpace(string(pem.EncodeToMemory(&pem.Block{Type: block.Type, Bytes: block.Bytes}))), "\n")...)
	}
	return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + rootsName + "\ndata:\n  ca.pem: |\n    " + strings.Join(lines, "\n    ") + "\n"
}
