package lint

import (
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"meshtopo.dev/meshtopo/schema/trust/trusttest"
)

type authority = trusttest.Authority

// newAuthority makes a CA for the cases. Its key is derived from its name, so that every run makes the same bytes.
func newAuthority(name string, parent *authority, edits ...func(*x509.Certificate)) *authority {
	properties := []trusttest.Property{trusttest.Around(now), trusttest.Named(name), trusttest.Numbered(name)}
	for _, edit := range edits {
		properties = append(properties, edit)
	}
	return trusttest.WithKey(parent, trusttest.Key(name), properties...)
}

// newToken makes a JWT without a valid signature.
func newToken(claims map[string]any) string {
	if claims["sub"] == nil {
		claims["sub"] = "system:serviceaccount:istio-system:istio-reader-service-account"
	}
	return trusttest.Token(`{"alg":"RS256"}`, claims)
}

// materials are the values of ${NAME} in the cases: no keys or tokens are kept in the repository.
var materials = sync.OnceValue(func() map[string]string {
	root, other := newAuthority("root", nil), newAuthority("other root", nil)
	ca := newAuthority("intermediate", root)
	expired := func(c *x509.Certificate) { c.NotAfter = now.AddDate(0, 0, -1) }
	soon := func(c *x509.Certificate) { c.NotAfter = now.AddDate(0, 0, 30) }
	leaf := func(c *x509.Certificate) { c.IsCA, c.BasicConstraintsValid, c.KeyUsage = false, false, 0 }
	encode := func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
	m := map[string]string{
		"ROOT": trusttest.PEM(root), "OTHER_ROOT": trusttest.PEM(other), "INTERMEDIATE": trusttest.PEM(ca), "CHAIN": trusttest.PEM(ca) + trusttest.PEM(root), "KEY": ca.KeyPEM(),
		"OTHER_KEY": other.KeyPEM(), "EXPIRED_ROOT": trusttest.PEM(newAuthority("expired", nil, expired)),
		"LEAF": trusttest.PEM(newAuthority("leaf", root, leaf)), "EXPIRED": trusttest.PEM(newAuthority("expired intermediate", root, expired)),
		"SOON":  trusttest.PEM(newAuthority("soon", root, soon)),
		"TOKEN": newToken(map[string]any{}), "NORTH_TOKEN": newToken(map[string]any{"cluster": "north"}), "TOKEN_EXPIRED": newToken(map[string]any{"exp": now.AddDate(0, 0, -1).Unix()}),
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
		m[name+"_INTERMEDIATE"], m[name+"_CHAIN"], m[name+"_KEY"] = trusttest.PEM(west), trusttest.PEM(west)+trusttest.PEM(parent), west.KeyPEM()
	}
	for name, edit := range map[string]func(*x509.Certificate){
		"CLIENT": leaf, "CLIENT_EXPIRED": expired, "CLIENT_SOON": soon,
		"CLIENT_SERVER": func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} },
	} {
		client := newAuthority("client", root, leaf, edit)
		m[name+"_64"], m["CLIENT_KEY_64"] = encode(trusttest.PEM(client)), encode(client.KeyPEM())
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

var materialName = regexp.MustCompile(`(?m)^([ ]*)(.*?)\$\{([A-Z_0-9]+)\}`)

// expand writes material in the place of ${NAME}; further lines of it are indented as its line is.
func expand(text string) string {
	for {
		m := materialName.FindStringSubmatchIndex(text)
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
