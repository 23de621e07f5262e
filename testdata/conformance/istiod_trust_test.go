package conformance

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	tlsv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/transport_sockets/tls/v3"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/security/pkg/pki/ca"
	pki "istio.io/istio/security/pkg/pki/util"
)

// selfSigned is the CA that an istiod without cacerts makes for itself.
func selfSigned(t *testing.T, dir string) (*ca.IstioCA, error) {
	t.Helper()
	cert, key, err := pki.GenCertKeyFromOptions(pki.CertOptions{
		TTL: time.Hour, Org: "cluster.local", IsCA: true, IsSelfSigned: true, ECSigAlg: pki.EcdsaSigAlg,
	})
	if err != nil {
		t.Fatal(err)
	}
	bundle, err := pki.NewVerifiedKeyCertBundleFromPem(cert, key, nil, cert, nil)
	if err != nil {
		t.Fatal(err)
	}
	return ca.NewIstioCA(&ca.IstioCAOptions{DefaultCertTTL: time.Minute, MaxCertTTL: time.Hour, KeyCertBundle: bundle})
}

// outlives reports whether a CA signs for longer than all of its roots are valid. Some minutes may be those of this
// test, which makes one certificate after the other.
func outlives(t *testing.T, authority *ca.IstioCA) bool {
	t.Helper()
	chain, _, err := authority.GenKeyCert([]string{"spiffe://cluster.local/ns/shop/sa/echo"}, 100*365*24*time.Hour, false)
	if err != nil {
		return false
	}
	leaf, err := pki.ParsePemEncodedCertificate(chain)
	if err != nil {
		t.Fatal(err)
	}
	_, _, _, roots := authority.GetCAKeyCertBundle().GetAllPem()
	all, _, err := pki.ParsePemEncodedCertificateChain(roots)
	if err != nil {
		return false
	}
	return !slices.ContainsFunc(all, func(root *x509.Certificate) bool { return !root.NotAfter.Add(time.Hour).Before(leaf.NotAfter) })
}

// handshakes has the sample of every cluster call that of every other, with real mutual TLS, and gives a line for each
// call.
func handshakes(t *testing.T, all map[string]*identity) []string {
	var seen []string
	for _, from := range sortedKeysOf(all) {
		for _, to := range sortedKeysOf(all) {
			if from == to {
				continue
			}
			outcome := "is believed"
			if err := handshake(t, all[from], all[to]); err != nil {
				outcome = "fails: " + err.Error()
			}
			seen = append(seen, fmt.Sprintf("echo of %s calls echo of %s: %s", from, to, outcome))
		}
	}
	return seen
}

func handshake(t *testing.T, client, server *identity) error {
	t.Helper()
	there, here := net.Pipe()
	defer there.Close()
	defer here.Close()
	clientError, serverError := make(chan error, 1), make(chan error, 1)
	go func() {
		serverError <- tls.Server(there, server.config(t, func(name string) bool {
			return len(server.peersIn) == 0 || slices.ContainsFunc(server.peersIn, func(p string) bool { return strings.HasPrefix(name, p) })
		})).Handshake()
		there.Close()
	}()
	go func() {
		c := tls.Client(here, client.config(t, func(name string) bool {
			return len(client.peersOut) == 0 || slices.Contains(client.peersOut, name)
		}))
		err := c.Handshake()
		if err == nil {
			_, _ = c.Read(make([]byte, 1)) // what the server has to say about the client's certificate
		}
		clientError <- err
		here.Close()
	}()
	c, s := <-clientError, <-serverError
	var refused refusal
	if errors.As(c, &refused) || errors.As(s, &refused) {
		return refused
	}
	return errors.Join(c, s)
}

// refusal is what one end of a handshake has against the other.
type refusal struct{ error }

// config is TLS as a proxy does it: the certificate of its peer is checked with the roots that istiod gave it, and the
// name in it with the names.
func (i *identity) config(t *testing.T, takes func(name string) bool) *tls.Config {
	cert, err := tls.X509KeyPair(i.chain, i.key)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(i.roots)
	return &tls.Config{
		Certificates: []tls.Certificate{cert}, ClientAuth: tls.RequireAnyClientCert, InsecureSkipVerify: true, MinVersion: tls.VersionTLS12,
		VerifyPeerCertificate: func(raw [][]byte, _ [][]*x509.Certificate) error {
			leaf, err := x509.ParseCertificate(raw[0])
			if err != nil {
				return err
			}
			between := x509.NewCertPool()
			for _, der := range raw[1:] {
				if c, err := x509.ParseCertificate(der); err == nil {
					between.AddCert(c)
				}
			}
			_, err = leaf.Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
			if err != nil {
				return refusal{err}
			}
			if len(leaf.URIs) != 1 || !takes(leaf.URIs[0].String()) {
				// Which of the two says so first is left to chance.
				return refusal{errors.New("the trust domain of the other is not taken")}
			}
			return nil
		},
	}
}

// identify gives what a proxy of the cluster presents and believes, as istiod signs and tells it.
func (i *istiod) identify(t *testing.T, proxy *model.Proxy, name string, authority *ca.IstioCA) (*identity, error) {
	t.Helper()
	chain, key, err := authority.GenKeyCert([]string{name}, time.Hour, false)
	if err != nil {
		return nil, err
	}
	_, _, _, roots := authority.GetCAKeyCertBundle().GetAllPem()
	id := &identity{chain: chain, key: key, roots: roots, gap: !signedByNext(t, chain)}
	for _, c := range i.Clusters(proxy) {
		if !strings.Contains(c.Name, "outbound|7070||echo.shop") {
			continue
		}
		for _, match := range c.TransportSocketMatches {
			if match.Name == "tlsMode-istio" {
				id.peersOut = peerNames(&tlsv3.UpstreamTlsContext{}, match.TransportSocket.GetTypedConfig())
			}
		}
	}
	for _, l := range i.Listeners(proxy) {
		for _, chain := range l.FilterChains {
			if l.Name == "virtualInbound" && chain.GetTransportSocket() != nil {
				id.peersIn = peerNames(&tlsv3.DownstreamTlsContext{}, chain.TransportSocket.GetTypedConfig())
			}
		}
	}
	return id, nil
}

// signedByNext reports whether each certificate of a chain signed the one before it, as TLS wants it.
func signedByNext(t *testing.T, chain []byte) bool {
	t.Helper()
	all, _, err := pki.ParsePemEncodedCertificateChain(chain)
	if err != nil {
		t.Fatal(err)
	}
	for i := range all[1:] {
		if all[i].CheckSignatureFrom(all[i+1]) != nil {
			return false
		}
	}
	return true
}

// peerNames gives the names in what a proxy takes for its peer's.
func peerNames(context interface {
	proto.Message
	GetCommonTlsContext() *tlsv3.CommonTlsContext
}, config *anypb.Any) []string {
	if config.UnmarshalTo(context) != nil {
		return nil
	}
	var names []string
	peers := context.GetCommonTlsContext().GetCombinedValidationContext().GetDefaultValidationContext()
	//lint:ignore SA1019 it is what istiod sends
	for _, match := range peers.GetMatchSubjectAltNames() {
		names = append(names, match.GetExact()+match.GetPrefix())
	}
	return names
}
