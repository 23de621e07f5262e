package lint

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"regexp"
	"strings"
	"sync"
	"time"
)

// authority is a CA made for the cases. Its key is made of its name, so that every run makes the same bytes.
type authority struct {
	cert *x509.Certificate
	key  signer
}

// signer signs without chance: RFC 6979.
type signer struct{ *ecdsa.PrivateKey }

func (s signer) Sign(_ io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	return s.PrivateKey.Sign(nil, digest, opts)
}

func newAuthority(name string, parent *authority, edits ...func(*x509.Certificate)) *authority {
	seed := sha256.Sum256([]byte(name))
	seed[0] = 0 // below the order of the curve
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), seed[:])
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(seed[:8]), Subject: pkix.Name{CommonName: name},
		NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(9, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	for _, edit := range edits {
		edit(template)
	}
	a := &authority{key: signer{key}}
	if parent == nil {
		parent = &authority{template, a.key}
	}
	der, err := x509.CreateCertificate(nil, template, parent.cert, key.Public(), parent.key)
	if err != nil {
		panic(err)
	}
	if a.cert, err = x509.ParseCertificate(der); err != nil {
		panic(err)
	}
	return a
}

func (a *authority) pem() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw}))
}

func (a *authority) keyPEM() string {
	der, err := x509.MarshalPKCS8PrivateKey(a.key.PrivateKey)
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// newToken makes a JWT whose signature is none.
func newToken(claims map[string]any) string {
	if claims["sub"] == nil {
		claims["sub"] = "system:serviceaccount:istio-system:istio-reader-service-account"
	}
	text, err := json.Marshal(claims)
	if err != nil {
		panic(err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"RS256"}`)) + "." + encode(text) + "." + encode([]byte("signature"))
}

// materials is what stands in the cases as ${NAME}: neither keys nor tokens are kept in the repository.
var materials = sync.OnceValue(func() map[string]string {
	root, other := newAuthority("root", nil), newAuthority("other root", nil)
	ca := newAuthority("intermediate", root)
	expired := func(c *x509.Certificate) { c.NotAfter = now.AddDate(0, 0, -1) }
	soon := func(c *x509.Certificate) { c.NotAfter = now.AddDate(0, 0, 30) }
	leaf := func(c *x509.Certificate) { c.IsCA, c.BasicConstraintsValid, c.KeyUsage = false, false, 0 }
	encode := func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
	m := map[string]string{
		"ROOT": root.pem(), "OTHER_ROOT": other.pem(), "INTERMEDIATE": ca.pem(), "CHAIN": ca.pem() + root.pem(), "KEY": ca.keyPEM(),
		"OTHER_KEY": other.keyPEM(), "EXPIRED_ROOT": newAuthority("expired", nil, expired).pem(),
		"LEAF": newAuthority("leaf", root, leaf).pem(), "EXPIRED": newAuthority("expired intermediate", root, expired).pem(),
		"SOON":  newAuthority("soon", root, soon).pem(),
		"TOKEN": newToken(map[string]any{}), "TOKEN_EXPIRED": newToken(map[string]any{"exp": now.AddDate(0, 0, -1).Unix()}),
		"TOKEN_SOON": newToken(map[string]any{"exp": now.Add(time.Hour).Unix()}), "TOKEN_PERSON": newToken(map[string]any{"sub": "oidc:someone"}),
		"TOKEN_ISTIOD":   newToken(map[string]any{"sub": "system:serviceaccount:external-istiod:istiod"}),
		"TOKEN_SAIL":     newToken(map[string]any{"sub": "system:serviceaccount:external-istiod:istiod-external-istiod"}),
		"TOKEN_EXTERNAL": newToken(map[string]any{"sub": "system:serviceaccount:external-istiod:istio-reader-service-account"}),
		"TOKEN_POD":      newToken(map[string]any{"kubernetes.io": map[string]any{"pod": map[string]any{"name": "x"}}}),
	}
	for _, name := range []string{"ROOT", "LEAF", "EXPIRED_ROOT", "KEY", "OTHER_KEY", "INTERMEDIATE", "TOKEN"} {
		m[name+"_64"] = encode(m[name])
	}
	for name, parent := range map[string]*authority{"WEST": root, "STRANGE": other} {
		west := newAuthority("intermediate of "+name, parent)
		m[name+"_INTERMEDIATE"], m[name+"_CHAIN"], m[name+"_KEY"] = west.pem(), west.pem()+parent.pem(), west.keyPEM()
	}
	for name, edit := range map[string]func(*x509.Certificate){
		"CLIENT": leaf, "CLIENT_EXPIRED": expired, "CLIENT_SOON": soon,
		"CLIENT_SERVER": func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} },
	} {
		client := newAuthority("client", root, leaf, edit)
		m[name+"_64"], m["CLIENT_KEY_64"] = encode(client.pem()), encode(client.keyPEM())
	}
	m["CA"] = m["ROOT_64"] // as a kubeconfig has it
	m["KUBECONFIG_64"] = encode(fmt.Sprintf(istioctlKubeconfig, m["ROOT_64"], m["TOKEN"]))
	m["LOOPBACK_64"] = encode(strings.ReplaceAll(fmt.Sprintf(istioctlKubeconfig, m["ROOT_64"], m["TOKEN"]), "192.0.2.1", "127.0.0.1"))
	return m
})

// istioctlKubeconfig is what istioctl create-remote-secret writes (istioctl/pkg/multicluster/remote_secret.go).
const istioctlKubeconfig = `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: %s
    server: https://192.0.2.1:6443
  name: west
contexts:
- context:
    cluster: west
    user: west
  name: west
current-context: west
kind: Config
users:
- name: west
  user:
    token: %s
`

var placeholder = regexp.MustCompile(`(?m)^([ ]*)(.*?)\$\{([A-Z_0-9]+)\}`)

// expand writes material in the place of ${NAME}; further lines of it are indented as its line is.
func expand(text string) string {
	for {
		m := placeholder.FindStringSubmatchIndex(text)
		if m == nil {
			return text
		}
		value, ok := materials()[text[m[6]:m[7]]]
		if !ok {
			panic("no material " + text[m[6]:m[7]])
		}
		indent := text[m[2]:m[3]]
		value = strings.ReplaceAll(strings.TrimSuffix(value, "\n"), "\n", "\n"+indent)
		text = text[:m[5]] + value + text[m[1]:]
	}
}
