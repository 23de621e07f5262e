package trust

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"meshtopo.dev/meshtopo/schema/placeholder"
	"meshtopo.dev/meshtopo/schema/private"
)

// AnyAccount stands for a service account whose name is not known. It is how the names of all begin.
const AnyAccount = "system:serviceaccount:"

// CheckToken checks the token of the account whose name in Kubernetes is subject, such as
// system:serviceaccount:istio-system:istio-remote-reader. White space around the token does not count. What does
// not look like a JWT is left to the API server: it may know other tokens.
func CheckToken(text []byte, subject string, now Clock) []Problem {
	token := string(bytes.TrimSpace(text))
	if inner, err := base64.StdEncoding.DecodeString(token); err == nil && private.IsJWT(strings.TrimSpace(string(inner))) {
		return []Problem{{Rule: EncodedToken, Message: "is base64 of a token: decode it once"}}
	}
	if placeholder.Unfilled(token) {
		return []Problem{{Rule: MalformedToken, Message: "is a placeholder that nobody has filled in"}}
	}
	if what := notToken(token); what != "" {
		return []Problem{{Rule: MalformedToken, Message: what}}
	}
	if !private.IsJWT(token) {
		return nil
	}
	c, what := parseJWT(token)
	if what != "" {
		return []Problem{{Rule: MalformedToken, Message: "looks like a JWT but " + what}}
	}
	return c.check(subject, now)
}

// EndsSoon reports whether a problem is that a token does not last, which is right where somebody refreshes it.
func (p Problem) EndsSoon() bool { return p.Rule == TokenExpiresSoon || p.Rule == BoundToken }

// notToken says what a text is that no API server takes for a token, or "".
func notToken(token string) string {
	switch {
	case token == "":
		return "is empty"
	case token == "REDACTED":
		return "is what kubectl config view writes in the place of a token, unless it has --raw"
	case strings.Contains(token, private.PEMBegin):
		return "holds PEM where a token should be"
	case strings.Contains(token, "apiVersion") || strings.Contains(token, "kind:"):
		return "holds a Kubernetes object or kubeconfig where the token alone should be"
	case len(token) >= 7 && strings.EqualFold(token[:7], "bearer "):
		return `starts with "Bearer": give the token alone`
	case isQuoted(token):
		return "stands in quotes: give the token alone"
	case isLabelled(token):
		return "has something before the token, such as its name: give the token alone"
	case strings.Contains(token, "\n"):
		return fmt.Sprintf("has %d lines, and a token is one", strings.Count(token, "\n")+1)
	}
	if strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
		return "has a character that no token has: white space, a control character or one beyond ASCII"
	}
	return ""
}

// isQuoted reports whether a quote stands at an end of a text. No token of Kubernetes has one.
func isQuoted(token string) bool {
	first, _ := utf8.DecodeRuneInString(token)
	last, _ := utf8.DecodeLastRuneInString(token)
	const quotes = "\"'`“”‘’"
	return strings.ContainsRune(quotes, first) || strings.ContainsRune(quotes, last)
}

// isLabelled reports whether a JWT stands behind a name, as in token=… or "token: …".
func isLabelled(token string) bool {
	name, rest, ok := strings.Cut(token, "=")
	if before, after, colon := strings.Cut(token, ":"); colon && len(before) < len(name) {
		name, rest, ok = before, after, true
	}
	return ok && !strings.Contains(name, ".") && private.IsJWT(strings.Trim(rest, " \"'"))
}

// OfAccount reports whether a token is that of a ServiceAccount.
func OfAccount(token string) bool {
	c, what := parseJWT(strings.TrimSpace(token))
	return what == "" && strings.HasPrefix(c.Subject, AnyAccount)
}

// Signature gives the signature of a JWT that was signed with the private key of a key pair, which nobody can guess;
// nil for any other text. One that was made with a shared key is as easy to guess as that key.
func Signature(token []byte) []byte {
	parts := strings.Split(string(token), ".")
	if len(parts) != 3 {
		return nil
	}
	var header struct {
		Algorithm string `json:"alg"`
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[0])
	if err != nil || json.Unmarshal(text, &header) != nil {
		return nil
	}
	family := func(name string) bool { return strings.HasPrefix(header.Algorithm, name) }
	if !slices.ContainsFunc([]string{"RS", "PS", "ES", "EdDSA"}, family) {
		return nil
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		return nil
	}
	return signature
}

// claims are what this package reads of a token.
type claims struct {
	Subject    string      `json:"sub"`
	Audience   audience    `json:"aud"`
	Expires    json.Number `json:"exp"`
	NotBefore  json.Number `json:"nbf"`
	IssuedAt   json.Number `json:"iat"`
	Kubernetes struct {
		Pod  *struct{} `json:"pod"`
		Node *struct{} `json:"node"`
	} `json:"kubernetes.io"`
}

// audience is the services that a token is for: one string, or a list.
type audience []string

// UnmarshalJSON reads both; anything else is no audience.
func (a *audience) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		*a = audience{one}
		return nil
	}
	var all []string
	if json.Unmarshal(text, &all) == nil {
		*a = all
	}
	return nil
}

// foreignAudiences are services that workloads in a cluster get tokens for, and that are no API server. The audiences
// of an API server itself are configured there.
var foreignAudiences = []string{"istio-ca", "sts.amazonaws.com", "api://AzureADTokenExchange", "vault"}

// foreign gives the one service that a token is for where that is no API server, or "".
func (a audience) foreign() string {
	if len(a) == 1 && slices.Contains(foreignAudiences, a[0]) {
		return a[0]
	}
	return ""
}

// parseJWT decodes a token without verifying its signature, for which one needs the API server's key. It says what
// is wrong, without quoting the token.
func parseJWT(token string) (c claims, what string) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return c, fmt.Sprintf("has %d parts, not 3", len(parts))
	}
	var decoded [3][]byte
	for n, name := range []string{"header", "claims", "signature"} {
		part, err := base64.RawURLEncoding.Strict().DecodeString(parts[n])
		if err != nil || len(part) == 0 {
			return c, "its part for the " + name + " is not base64url: it may be cut off"
		}
		decoded[n] = part
	}
	var header struct {
		Algorithm string `json:"alg"`
	}
	if json.Unmarshal(decoded[0], &header) != nil || header.Algorithm == "" {
		return c, "its header is not that of a JWT"
	}
	if json.Unmarshal(decoded[1], &c) != nil {
		return c, "its claims are not those of a JWT"
	}
	return c, ""
}

// check checks the claims of a token at a time.
func (c claims) check(subject string, now Clock) []Problem {
	var problems []Problem
	add := func(p Problem) { problems = append(problems, p) }
	expires, doesExpire := moment(c.Expires)
	starts, doesStart := moment(c.NotBefore)
	switch {
	case doesExpire && !now.Before(expires):
		add(Problem{Rule: TokenExpired, Message: "expired on " + date(expires)})
	case doesStart && now.Before(starts):
		add(Problem{Rule: tokenNotYetValid, Message: "is not valid before " + date(starts)})
	case doesExpire && now.soon().After(expires):
		add(Problem{Rule: TokenExpiresSoon, Message: "expires on " + date(expires)})
	}
	if c.Kubernetes.Pod != nil {
		add(Problem{Rule: BoundToken, Message: "is bound to a pod and becomes invalid with it"})
	} else if c.Kubernetes.Node != nil {
		add(Problem{Rule: BoundToken, Message: "is bound to a node and becomes invalid with it"})
	}
	if service := c.Audience.foreign(); service != "" {
		add(Problem{Rule: foreignToken, Message: "is for " + service + ", not for the API server"})
	}
	switch {
	case subject == AnyAccount && !strings.HasPrefix(c.Subject, AnyAccount):
		add(Problem{Rule: TokenOfAnother, Message: "is not the token of a service account"})
	case subject != "" && subject != AnyAccount && c.Subject != subject:
		add(Problem{Rule: TokenOfAnother, Message: fmt.Sprintf("is not the token of %s", subject)})
	}
	return problems
}

// moment reads a NumericDate of RFC 7519: seconds since 1970, perhaps with a fraction. What lies beyond the year
// 9999 is no end.
func moment(n json.Number) (t time.Time, ok bool) {
	seconds, err := n.Float64()
	if err != nil || seconds < 0 || seconds > 253402300799 {
		return time.Time{}, false
	}
	return time.Unix(int64(seconds), 0), true
}
