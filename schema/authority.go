package schema

import (
	"strings"
	"time"

	"meshtopo.dev/meshtopo/schema/document"
)

// Trust is the mesh's certificate authorities.
type Trust struct {
	Provider      Provider
	Roots         []string // paths of PEM files
	Intermediates string   // path with {cluster} in it, or ""
	CertManager   IssuedCA
	IstioCSR      CSRSigner
	FederatesWith []Federation
}

// Federation is another mesh, with a trust domain and roots of its own, whose workloads this one accepts.
type Federation struct {
	TrustDomain string
	Roots       []string // paths of PEM files
}

// Provider is where the CA comes from that signs for workloads.
type Provider string

// The providers.
const (
	Files       Provider = "files"        // files that the topology names
	CertManager Provider = "cert-manager" // it issues an intermediate CA to each istiod
	IstioCSR    Provider = "istio-csr"    // it signs in the place of istiod
	Existing    Provider = "existing"     // somebody else makes the Secrets cacerts
)

// IssuedCA is what cert-manager issues to each istiod.
type IssuedCA struct {
	Issuer                Issuer
	Duration, RenewBefore string
	KeyAlgorithm          string // ECDSA or RSA
	KeySize               int
}

// LeastBeforeRenewal is how long before its end a CA has to be renewed at the latest: certificates of workloads last a
// day, and never longer than the CA that signed them.
const LeastBeforeRenewal = 48 * time.Hour

// Lasts says how long such a CA lasts, and how long before its end it is renewed.
func (ca IssuedCA) Lasts() (lasts, renewed time.Duration) {
	lasts, _ = time.ParseDuration(ca.Duration) // the schema has checked both
	renewed, _ = time.ParseDuration(ca.RenewBefore)
	return lasts, renewed
}

// CSRSigner is how istio-csr is installed and found.
type CSRSigner struct {
	Issuer  Issuer
	Address string // NAME.NAMESPACE.svc:PORT
	Chart   struct{ Repository, Version string }
}

// CSRChart is the name of istio-csr's chart, of its release, and usually of its Service. CSRValues is what the tree
// calls it.
const (
	CSRChart  = "cert-manager-istio-csr"
	CSRValues = "istio-csr"
)

// Issuer is an issuer of cert-manager.
type Issuer struct{ Name, Kind, Group string }

// For gives the issuer of the cluster of that name.
func (i Issuer) For(cluster string) Issuer {
	i.Name = strings.ReplaceAll(i.Name, "{cluster}", cluster)
	return i
}

// Service gives the parts of the address.
func (i CSRSigner) Service() (name, namespace, port string) {
	host, port, _ := strings.Cut(i.Address, ":")
	name, rest, _ := strings.Cut(host, ".")
	return name, strings.TrimSuffix(rest, ".svc"), port
}

// namesIntermediates reports whether the files of intermediate CAs are what istiod signs with.
func (t *Trust) namesIntermediates() bool { return t.Provider == Files || t.Provider == "" }

// usualKeySizes are those that keys get without one.
var usualKeySizes = map[string]int{"ECDSA": 256, "RSA": 4096}

// decodeTrust leaves out what another provider than the one in force would use.
func decodeTrust(n *document.Node) *Trust {
	if n == nil || n.Kind != document.Map {
		return nil
	}
	t := &Trust{
		Provider: Provider(n.StringAt("provider")), Roots: n.StringsAt("roots"), FederatesWith: decodeFederations(n.At("federatesWith")),
	}
	switch t.Provider {
	case CertManager:
		t.CertManager = decodeCertManager(n.At("certManager"))
	case IstioCSR:
		t.IstioCSR = decodeIstioCSR(n.At("istioCSR"))
	case Existing:
	default:
		t.Intermediates = n.StringAt("intermediates")
	}
	return t
}

func decodeCertManager(n *document.Node) IssuedCA {
	algorithm := n.StringAt("privateKey", "algorithm")
	size := usualKeySizes[algorithm]
	if n.At("privateKey", "size") != nil {
		size = int(n.IntAt("privateKey", "size"))
	}
	return IssuedCA{decodeIssuer(n.At("issuer")), n.StringAt("duration"), n.StringAt("renewBefore"), algorithm, size}
}

func decodeIstioCSR(n *document.Node) CSRSigner {
	i := CSRSigner{Issuer: decodeIssuer(n.At("issuer")), Address: n.StringAt("address")}
	i.Chart.Repository, i.Chart.Version = n.StringAt("chart", "repository"), n.StringAt("chart", "version")
	return i
}

func decodeIssuer(n *document.Node) Issuer {
	return Issuer{n.StringAt("name"), n.StringAt("kind"), n.StringAt("group")}
}

func decodeFederations(n *document.Node) []Federation {
	if n == nil || n.Kind != document.List {
		return nil
	}
	var all []Federation
	for _, item := range n.Items {
		all = append(all, Federation{item.StringAt("trustDomain"), item.StringsAt("roots")})
	}
	return all
}
