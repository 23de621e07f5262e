package rotation

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"testing"
	"time"

	"meshtopo.dev/meshtopo/schema/trust"
	"meshtopo.dev/meshtopo/schema/trust/trusttest"
)

// world has two roots, and an intermediate under each for every cluster, with a workload below it.
type world struct {
	roots [2]*trusttest.Authority

	shaken map[[2]shown]error
}

// shown is what a cluster is in a handshake: what its workload shows, and what it accepts.
type shown struct {
	cluster string
	root    trust.Digest
	roots   string
	domain  string
	domains string
}

func newWorld() *world {
	w := &world{shaken: map[[2]shown]error{}}
	for i := range w.roots {
		w.roots[i] = trusttest.New(nil, trusttest.Named(fmt.Sprintf("Root %d", i)))
	}
	return w
}

func (w *world) digest(i int) trust.Digest { return sha256.Sum256(w.roots[i].Raw) }

// workload gives a certificate of a cluster's workload, as its istiod signs it, with the chain that istiod sends along.
func (w *world) workload(s shown) tls.Certificate {
	root := w.roots[0]
	if s.root == w.digest(1) {
		root = w.roots[1]
	}
	ca := trusttest.New(root, trusttest.Named("Intermediate of "+s.cluster), trusttest.PathLen(0))
	id := &url.URL{Scheme: "spiffe", Host: s.domain, Path: "/ns/default/sa/default"}
	leaf := trusttest.New(ca, trusttest.Leaf, func(c *x509.Certificate) {
		c.URIs, c.KeyUsage, c.BasicConstraintsValid = []*url.URL{id}, x509.KeyUsageDigitalSignature, false
		c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	})
	return tls.Certificate{Certificate: [][]byte{leaf.Raw, ca.Raw}, PrivateKey: leaf.Key}
}

// config is that of a sidecar of the cluster: it verifies by Go's verifier what the other one shows, and looks at its
// trust domain.
func (w *world) config(s shown, accepts State) *tls.Config {
	pool := x509.NewCertPool()
	for i, root := range w.roots {
		if slices.Contains(accepts.Roots, w.digest(i)) {
			pool.AddCert(root.Certificate)
		}
	}
	verify := func(raw [][]byte, _ [][]*x509.Certificate) error {
		leaf, err := x509.ParseCertificate(raw[0])
		if err != nil {
			return err
		}
		between := x509.NewCertPool()
		for _, der := range raw[1:] {
			c, err := x509.ParseCertificate(der)
			if err != nil {
				return err
			}
			between.AddCert(c)
		}
		if _, err := leaf.Verify(x509.VerifyOptions{Roots: pool, Intermediates: between, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}); err != nil {
			return err
		}
		if !slices.Contains(named(accepts).accepts, leaf.URIs[0].Host) {
			return errors.New("another trust domain")
		}
		return nil
	}
	return &tls.Config{
		Certificates: []tls.Certificate{w.workload(s)}, ClientAuth: tls.RequireAnyClientCert, InsecureSkipVerify: true,
		VerifyPeerCertificate: verify, MinVersion: tls.VersionTLS13, SessionTicketsDisabled: true,
	}
}

// shakes reports whether workloads of two clusters come to a mutual TLS connection, by a real handshake.
func (w *world) shakes(t *testing.T, one string, a State, other string, b State) bool {
	t.Helper()
	pair := [2]shown{look(one, a), look(other, b)}
	err, known := w.shaken[pair]
	if !known {
		err = handshake(w.config(pair[0], a), w.config(pair[1], b))
		w.shaken[pair] = err
	}
	return err == nil
}

func look(cluster string, s State) shown {
	return shown{cluster, s.Root, fmt.Sprint(s.Roots), s.Domain, fmt.Sprint(s.Aliases)}
}

// handshake has a client call a server, and gives the first complaint of either.
func handshake(server, client *tls.Config) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer listener.Close()
	served := make(chan error, 1)
	go func() {
		conn, err := listener.Accept()
		if err == nil {
			defer conn.Close()
			err = tls.Server(conn, server).HandshakeContext(ctx)
		}
		served <- err
	}()
	conn, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		return err
	}
	defer conn.Close()
	return errors.Join(tls.Client(conn, client).HandshakeContext(ctx), <-served)
}
