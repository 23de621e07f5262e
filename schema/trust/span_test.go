package trust

import (
	"slices"
	"testing"
	"time"

	"meshtopo.dev/meshtopo/schema/trust/trusttest"
)

func TestTokenSpan(t *testing.T) {
	at := time.Date(2027, 1, 2, 3, 4, 5, 0, time.UTC)
	for name, c := range map[string]struct {
		token string
		ends  bool
	}{
		"one that ends":  {jwtOf(map[string]any{"sub": "x", "exp": at.Unix()}), true},
		"one for ever":   {jwtOf(map[string]any{"sub": "x"}), false},
		"no JWT":         {"abcdef.0123456789abcdef", false},
		"half of one":    {jwtOf(map[string]any{"exp": at.Unix()})[:20], false},
		"nothing at all": {"", false},
	} {
		span, ends := TokenSpan([]byte(c.token + "\n"))
		if ends != c.ends || ends && !span.End.Equal(at) || span.Subject != "" {
			t.Errorf("%s: %+v, %v", name, span, ends)
		}
	}
}

// The CAs between an intermediate and its root end as well; the root itself and what does not belong there are others.
func TestBetween(t *testing.T) {
	root := trusttest.New(nil)
	policy := trusttest.New(root)
	ca, stranger := trusttest.New(policy), trusttest.New(root)
	parse := func(all ...*trusttest.Authority) Certificates {
		var text []byte
		for _, a := range all {
			text = append(text, trusttest.PEM(a)...)
		}
		certs, problems := ParseCertificates(text)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		return certs
	}
	i := Intermediate{Cert: parse(ca), Chain: parse(ca, policy, root, stranger), Roots: parse(root)}
	if got := i.Between().Digests(); !slices.Equal(got, parse(policy).Digests()) {
		t.Errorf("%d CAs are between, want the one", len(got))
	}
	if got := i.Signer().Digests(); !slices.Equal(got, parse(ca).Digests()) {
		t.Errorf("%d CAs sign, want the one", len(got))
	}
	if n := (Intermediate{Chain: i.Chain}).Between().Len(); n != 0 {
		t.Errorf("%d CAs are between nothing", n)
	}
}

func jwtOf(claims map[string]any) string { return trusttest.Token(`{"alg":"RS256"}`, claims) }
