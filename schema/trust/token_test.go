package trust

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"meshtopo.dev/meshtopo/schema/trust/trusttest"
)

const reader = "system:serviceaccount:istio-system:istio-remote-reader"

// newToken makes a token of the reader with further claims. Its signature is made up: nobody here can verify one.
func newToken(claims map[string]any) string {
	if _, ok := claims["sub"]; !ok {
		claims["sub"] = reader
	}
	return trusttest.Token(`{"alg":"RS256"}`, claims)
}

func base64PEM(text []byte) string { return base64.StdEncoding.EncodeToString(text) }

func TestCheckToken(t *testing.T) {
	plain := newToken(map[string]any{"iss": "kubernetes/serviceaccount"})
	parts := strings.Split(plain, ".")
	at := func(d time.Duration) int64 { return now.Add(d).Unix() }
	const day = 24 * time.Hour
	tests := []struct{ name, token, want string }{
		{"of a token Secret", plain, ""},
		{"with a newline", plain + "\n", ""},
		{"with a newline of Windows", plain + "\r\n", ""},
		{"opaque", "31ada4fd-adec-460c-809a-9e56ceb75269", ""},
		{"bootstrap", "07401b.f395accd246ae52d", ""},
		{"good for a year", newToken(map[string]any{"exp": at(365 * day), "nbf": at(-day)}), ""},
		{"good for ever", newToken(map[string]any{"exp": 9e18}), ""},
		{"bound to a Secret", newToken(map[string]any{"kubernetes.io": map[string]any{"secret": map[string]any{"name": "x"}}}), ""},
		{"for the API server", newToken(map[string]any{"aud": []string{"https://kubernetes.default.svc.cluster.local", "k3s"}}), ""},
		{"for the API server and istiod", newToken(map[string]any{"aud": []string{"api", "istio-ca"}}), ""},
		{"for no service that anybody knows", newToken(map[string]any{"aud": 7}), ""},

		{"empty", "", "malformed-token: is empty"},
		{"white space", " \n", "malformed-token: is empty"},
		{"two lines", plain + "\n" + plain, "malformed-token: has 2 lines, and a token is one"},
		{"wrapped", plain[:50] + "\n" + plain[50:], "malformed-token: has 2 lines, and a token is one"},
		{"inner space", plain[:50] + " " + plain[50:], "malformed-token: has a character that no token has: white space, a control character or one beyond ASCII"},
		{"byte order mark", "\ufeff" + plain, "malformed-token: has a character that no token has: white space, a control character or one beyond ASCII"},
		{"left out", "REDACTED\n", "malformed-token: is what kubectl config view writes in the place of a token, unless it has --raw"},
		{"a placeholder", "${TOKEN}\n", "malformed-token: is a placeholder that nobody has filled in"},
		{"a placeholder with a space", "<your token>", "malformed-token: is a placeholder that nobody has filled in"},
		{"words to replace", "REPLACE_ME", "malformed-token: is a placeholder that nobody has filled in"},
		{"filled in later, in the Secret", "<path:kv/east#token>", ""},
		{"Bearer", "Bearer " + plain, `malformed-token: starts with "Bearer": give the token alone`},
		{"PEM", string(pemOf(newCA(nil))), "malformed-token: holds PEM where a token should be"},
		{"kubeconfig", "apiVersion: v1\nkind: Config\n", "malformed-token: holds a Kubernetes object or kubeconfig where the token alone should be"},
		{"cut off", plain[:len(plain)-20], "malformed-token: looks like a JWT but has 2 parts, not 3"},
		{"cut off within a part", parts[0][:6] + "." + parts[1] + "." + parts[2], "malformed-token: looks like a JWT but its part for the header is not base64url: it may be cut off"},
		{"two parts", parts[0] + "." + parts[1], "malformed-token: looks like a JWT but has 2 parts, not 3"},
		{"no signature", parts[0] + "." + parts[1] + ".", "malformed-token: looks like a JWT but its part for the signature is not base64url: it may be cut off"},
		{"claims no JSON", parts[0] + "." + parts[0][:7] + "." + parts[2], "malformed-token: looks like a JWT but its claims are not those of a JWT"},
		{"exp no number", trusttest.Token(`{"alg":"RS256"}`, map[string]any{"exp": "tomorrow"}), "malformed-token: looks like a JWT but its claims are not those of a JWT"},
		{"header of something else", trusttest.Token(`{"kind":"x"}`, map[string]any{"sub": reader}), "malformed-token: looks like a JWT but its header is not that of a JWT"},
		{"still base64", base64PEM([]byte(plain)), "encoded-token: is base64 of a token: decode it once"},
		{"still base64, wrapped", base64PEM([]byte(plain))[:76] + "\n" + base64PEM([]byte(plain))[76:], "encoded-token: is base64 of a token: decode it once"},

		{"expired", newToken(map[string]any{"exp": at(-day)}), "token-expired: expired on 2026-05-31"},
		{"expires now", newToken(map[string]any{"exp": at(0)}), "token-expired: expired on 2026-06-01"},
		{"not yet valid", newToken(map[string]any{"exp": at(300 * day), "nbf": at(day)}), "token-not-yet-valid: is not valid before 2026-06-02"},
		{"good for an hour", newToken(map[string]any{"exp": at(time.Hour)}), "token-expires-soon: expires on 2026-06-01"},
		{"of a pod", newToken(map[string]any{"exp": at(365 * day), "kubernetes.io": map[string]any{"pod": map[string]any{"name": "x"}}}),
			"bound-token: is bound to a pod and becomes invalid with it"},
		{"of a node", newToken(map[string]any{"kubernetes.io": map[string]any{"node": map[string]any{"name": "x"}}}),
			"bound-token: is bound to a node and becomes invalid with it"},
		{"for istiod", newToken(map[string]any{"aud": []string{"istio-ca"}}), "token-for-another-audience: is for istio-ca, not for the API server"},
		{"for AWS", newToken(map[string]any{"aud": "sts.amazonaws.com"}), "token-for-another-audience: is for sts.amazonaws.com, not for the API server"},
		{"of another account", newToken(map[string]any{"sub": "system:serviceaccount:kube-system:admin"}),
			"token-of-another-account: is not the token of system:serviceaccount:istio-system:istio-remote-reader"},
		{"of another account, expired", newToken(map[string]any{"exp": at(-day), "sub": "system:admin"}),
			"token-expired: expired on 2026-05-31\ntoken-of-another-account: is not the token of system:serviceaccount:istio-system:istio-remote-reader"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := brief(CheckToken([]byte(tt.token), reader, now)); got != tt.want {
				t.Errorf("found %q, want %q", got, tt.want)
			}
		})
	}
}

func TestTokenOfUnknownSubject(t *testing.T) {
	expect(t, CheckToken([]byte(newToken(map[string]any{"sub": "someone"})), "", now))
}

func TestTokenOfAnyAccount(t *testing.T) {
	expect(t, CheckToken([]byte(newToken(map[string]any{"sub": "system:serviceaccount:mesh:someone"})), AnyAccount, now))
	expect(t, CheckToken([]byte(newToken(map[string]any{"sub": "oidc:someone"})), AnyAccount, now),
		"token-of-another-account: is not the token of a service account")
}
