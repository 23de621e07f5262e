package conformance

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"istio.io/istio/security/pkg/pki/ca"
	corev1 "k8s.io/api/core/v1"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/trust/trusttest"
)

// authority is the CA that istiod of a cluster makes when it starts, of the Secret cacerts or, without one, of its own,
// or the error with which it stops. It follows pilot/pkg/bootstrap/istio_ca.go, createIstioCA.
func (p *place) authority(t *testing.T) (*ca.IstioCA, error) {
	t.Helper()
	data := p.cacerts(t)
	files := ca.SigningCAFileBundle{
		RootCertFile: ca.RootCertFile, CertChainFiles: []string{ca.CertChainFile}, SigningCertFile: ca.CACertFile, SigningKeyFile: ca.CAPrivateKeyFile,
	}
	if _, ok := data[ca.TLSSecretCACertFile]; ok {
		files = ca.SigningCAFileBundle{
			RootCertFile: ca.TLSSecretRootCertFile, CertChainFiles: []string{ca.TLSSecretCACertFile, ca.TLSSecretRootCertFile},
			SigningCertFile: ca.TLSSecretCACertFile, SigningKeyFile: ca.TLSSecretCAPrivateKeyFile,
		}
	}
	dir := t.TempDir()
	have, lacking := 0, 0
	for _, file := range append([]*string{&files.RootCertFile, &files.SigningCertFile, &files.SigningKeyFile}, pointers(files.CertChainFiles)...) {
		text, ok := data[*file]
		if *file = filepath.Join(dir, *file); !ok {
			lacking++
			continue
		}
		have++
		if err := os.WriteFile(*file, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	switch {
	case have == 0:
		return selfSigned(t, dir)
	case lacking > 0:
		return nil, errors.New("failed to create an istiod CA: incomplete signing CA bundle detected")
	}
	options, err := ca.NewPluggedCertIstioCAOptions(files, 24*time.Hour, 90*24*time.Hour, 2048)
	if err != nil {
		return nil, err
	}
	return ca.NewIstioCA(options)
}

func pointers(names []string) []*string {
	var all []*string
	for i := range names {
		all = append(all, &names[i])
	}
	return all
}

// cacerts gives the data of the Secret that is mounted into the istiod of a cluster.
func (p *place) cacerts(t *testing.T) map[string][]byte {
	t.Helper()
	for _, o := range p.objects.kind("Secret") {
		if o.GetName() == "cacerts" && o.GetNamespace() == p.istiodDeployment(t).Namespace {
			return maps.Clone(decodeObject(t, o).(*corev1.Secret).Data)
		}
	}
	if p.mesh.Trust != nil && !p.mesh.TrustFrom(schema.Files) {
		return issued(p.Name)
	}
	return nil
}

// issuer is the root of who issues CAs in the place of meshtopo.
var issuer = sync.OnceValue(func() *trusttest.Authority { return trusttest.New(nil, trusttest.Named("Issuer")) })

// issued is the Secret cacerts that cert-manager makes for a cluster, or somebody else, in the form that cert-manager
// gives it. Where istio-csr signs in the place of istiod, its certificates are below the same root.
func issued(cluster string) map[string][]byte {
	own := trusttest.New(issuer(), trusttest.Named(cluster))
	return map[string][]byte{
		ca.TLSSecretCACertFile: []byte(trusttest.PEM(own)), ca.TLSSecretCAPrivateKeyFile: []byte(own.KeyPEM()), ca.TLSSecretRootCertFile: []byte(trusttest.PEM(issuer())),
	}
}

// identity is what a workload presents, and what it believes.
type identity struct {
	chain, key []byte   // PEM
	roots      []byte   // PEM
	gap        bool     // in chain
	peersOut   []string // the names that it takes for the server's
	peersIn    []string // the prefixes that it takes for a client's
}

// sortedKeysOf gives the names of what istiod has to say about, in order.
func sortedKeysOf[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }
