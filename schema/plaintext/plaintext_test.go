package plaintext

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/schema/diag"
)

// leak is something private in a text, before which a mark stands, and how it is found.
type leak struct{ name, code, text string }

const mark = "‹"

func leaks() []leak {
	secret := func(data string) string {
		return "apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: istio-system}\n" + data + "\n"
	}
	return []leak{
		{"PKCS8", "plaintext-key", mark + pkcs8PEM()},
		{"Ed25519", "plaintext-key", mark + ed25519PEM()},
		{"PKCS1", "plaintext-key", "text before\n\n" + mark + rsaPEM()},
		{"SEC1", "plaintext-key", mark + ecPEM()},
		{"DSA", "plaintext-key", mark + dsaPEM()},
		{"OpenSSH", "plaintext-key", mark + block("OPENSSH PRIVATE KEY", openSSHKey("none"))},
		{"OpenSSH with a passphrase", "passphrase-key", mark + block("OPENSSH PRIVATE KEY", openSSHKey("aes256-ctr"))},
		{"PGP", "plaintext-key", mark + pgpKey(0)},
		{"PGP with a passphrase", "passphrase-key", mark + pgpKey(254)},
		{"encrypted PKCS8", "passphrase-key", mark + block("ENCRYPTED PRIVATE KEY", append([]byte{0x30, 0x82, 1, 0}, random(256)...))},
		{"encrypted PEM", "passphrase-key", mark + "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n" + folded(base64.StdEncoding.EncodeToString(random(600)), 64) + "\n-----END RSA PRIVATE KEY-----\n"},
		{"of another kind", "plaintext-key", mark + block("PRIVATE KEY", append([]byte{0x30, 0x82, 1, 0}, random(256)...))},
		{"behind a certificate", "plaintext-key", certificate() + mark + pkcs8PEM()},
		{"without an end", "plaintext-key", mark + strings.Split(rsaPEM(), "-----END")[0]},
		{"CRLF", "plaintext-key", "a\r\n" + mark + strings.ReplaceAll(pkcs8PEM(), "\n", "\r\n")},
		{"in one line", "plaintext-key", "key: " + mark + strings.ReplaceAll(pkcs8PEM(), "\n", " ")},
		{"in one line without blanks", "plaintext-key", "key=" + mark + strings.ReplaceAll(pkcs8PEM(), "\n", "")},
		{"in JSON", "plaintext-key", `{"type": "service_account",` + "\n" + ` "private_key": "` + mark + strings.ReplaceAll(rsaPEM(), "\n", `\n`) + `"}`},
		{"in JSON in JSON", "plaintext-key", `{"a": "{\"key\": \"` + mark + strings.ReplaceAll(pkcs8PEM(), "\n", `\\n`) + `\"}"}`},
		{"in a comment", "plaintext-key", "package a\n\n// " + mark + indented(ecPEM(), "// ") + "\n"},
		{"in a page", "plaintext-key", "# How to\n\n> the key:\n>\n> " + mark + indented(pkcs8PEM(), "> ") + "\n"},
		{"in strings that are put together", "plaintext-key", "key = (\"" + mark + indented(strings.ReplaceAll(strings.TrimSpace(pkcs8PEM()), "\n", "\\n\" +\n"), `  "`) + "\")\n"},
		{"in a ConfigMap", "plaintext-key", "kind: ConfigMap\ndata:\n  tls.key: |\n    " + mark + indented(pkcs8PEM(), "    ") + "\n"},
		{"in values of Helm", "plaintext-key", "global:\n  caKey: |-\n    " + mark + indented(rsaPEM(), "    ") + "\n  other: 1\n"},
		{"in a patch", "plaintext-key", "diff --git a/k b/k\n--- /dev/null\n+++ b/k\n@@ -0,0 +1,5 @@\n+" + mark + indented(pkcs8PEM(), "+") + "\n"},
		{"in an environment file", "plaintext-key", "A=b\nKEY=\"" + mark + strings.ReplaceAll(pkcs8PEM(), "\n", `\n`) + "\"\n"},
		{"UTF-16 LE", "plaintext-key", wide("a: b\r\n"+mark+pkcs8PEM(), binary.LittleEndian, true)},
		{"UTF-16 BE", "plaintext-key", wide("a: b\r\n"+mark+pkcs8PEM(), binary.BigEndian, true)},
		{"UTF-16 without a mark", "plaintext-key", wide("a: b\r\n"+mark+pkcs8PEM(), binary.LittleEndian, false)},
		{"PuTTY", "plaintext-key", mark + "PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nComment: a\nPublic-Lines: 1\nAAAA\nPrivate-Lines: 1\n" + b64(string(random(60))) + "\n"},
		{"age", "plaintext-key", "# created: 2026-01-01\n# public key: age1\n" + mark + "AGE-SECRET-KEY-1" + chosen(bech32, 58) + "\n"},
		{"JWK", "plaintext-key", `{"keys": [{"kty": "EC", "crv": "P-256", "d": ` + mark + `"` + base64.RawURLEncoding.EncodeToString(random(32)) + `", "x": "a", "y": "b"}]}`},

		{"base64", "plaintext-key", "key: " + mark + b64(pkcs8PEM()) + "\n"},
		{"base64 of more than the key", "plaintext-key", "key: " + mark + b64("some text before it, of any length\n"+pkcs8PEM()) + "\n"},
		{"base64 without padding", "plaintext-key", "key: " + mark + strings.TrimRight(b64(pkcs8PEM()), "=") + "\n"},
		{"base64 for URLs", "plaintext-key", "key: " + mark + base64.RawURLEncoding.EncodeToString([]byte("name: ÿÿÿ~~~???\n"+pkcs8PEM())) + "\n"},
		{"base64 twice", "plaintext-key", "key: " + mark + b64(b64(rsaPEM())) + "\n"},
		{"base64 three times", "plaintext-key", "key: " + mark + b64(b64(b64(pkcs8PEM()))) + "\n"},
		{"base64 in lines", "plaintext-key", "key: |\n  " + mark + indented(folded(b64(rsaPEM()), 76), "  ") + "\nother: a\n"},
		{"base64 in lines, twice", "plaintext-key", "key: >-\n  " + mark + indented(folded(b64(folded(b64(pkcs8PEM()), 76)), 64), "  ") + "\n"},
		{"base64 in lines of a string", "plaintext-key", `key: "` + mark + strings.ReplaceAll(folded(b64(pkcs8PEM()), 76), "\n", `\n`) + "\"\n"},
		{"base64 in lines of a patch", "plaintext-key", "@@ -1 +1,9 @@\n+" + mark + indented(folded(b64(rsaPEM()), 76), "+") + "\n"},
		{"base64 in a shell script", "plaintext-key", "#!/bin/sh\necho '" + mark + b64(pkcs8PEM()) + "' | base64 -d > key.pem\n"},
		{"base64 of UTF-16", "plaintext-key", "key: " + mark + b64(wide(pkcs8PEM(), binary.LittleEndian, true)) + "\n"},
		{"DER in base64", "plaintext-key", "key: " + mark + base64.StdEncoding.EncodeToString(pkcs8()) + "\n"},
		{"DER in lines of base64", "plaintext-key", "key: |\n  " + mark + indented(folded(base64.StdEncoding.EncodeToString(pkcs8()), 64), "  ") + "\n"},
		{"release of Helm", "plaintext-key", "data:\n  release: " + mark + b64(b64(zipped("manifest: |\n  "+indented(pkcs8PEM(), "  ")))) + "\n"},

		{"JWT", "plaintext-token", mark + jwt("a") + "\n"},
		{"JWT in a script", "plaintext-token", "curl -H \"Authorization: Bearer " + mark + jwt("a") + "\" https://example.com\n"},
		{"JWT in base64", "plaintext-token", "token: " + mark + b64(jwt("a")) + "\n"},
		{"JWT in a page", "plaintext-token", "Use `" + mark + jwt("a") + "`, which works.\n"},
		{"kubeconfig with a JWT", "plaintext-token", kubeconfig("token: " + mark + jwt("a"))},
		{"kubeconfig with a token", "plaintext-token", kubeconfig("token: " + mark + "a1b2c3." + mixedLower(16))},
		{"kubeconfig with a password", "plaintext-token", kubeconfig("{username: admin, password: " + mark + "Tr0ub4dor}")},
		{"kubeconfig with a key", "plaintext-key", kubeconfig("client-key-data: " + mark + b64(pkcs8PEM()))},
		{"kubeconfig in base64", "plaintext-token", "a: " + mark + b64(kubeconfig("token: "+mixed(40))) + "\n"},
		{"kubeconfig in a ConfigMap", "plaintext-token", "kind: ConfigMap\ndata:\n  config: |\n    " + indented(kubeconfig("token: "+mark+mixed(40)), "    ") + "\n"},
		{"kubeconfig in JSON", "plaintext-token", `{"kind": "Config", "contexts": [], "clusters": [],` + "\n" + `"users": [{"name": "a", "user": {"token": "` + mark + mixed(30) + `"}}]}`},
		{"GitHub", "plaintext-token", "git clone https://x:" + "y@example.com # " + mark + "ghp_" + mixed(36) + "\n"},
		{"GitLab", "plaintext-token", "CI_TOKEN=" + mark + "glpat-" + mixed(20) + "\n"},
		{"Vault", "plaintext-token", "export VAULT_TOKEN=" + mark + "hvs." + mixed(90) + "\n"},
		{"OpenShift", "plaintext-token", "oc login --token=" + mark + "sha256~" + mixed(43) + "\n"},
		{"environment file", "plaintext-token", "A=b\nAPI_TOKEN=" + mark + mixed(32) + "\n"},
		{"hexadecimal", "plaintext-token", "api-key: " + mark + hexToken(40) + "\n"},
		{"a flag", "plaintext-token", "run --token " + mark + mixed(40) + " now\n"},
		{"values of Helm", "plaintext-token", "grafana:\n  adminPassword: \"" + mark + mixed(24) + "\"\n"},
		{"a password with signs", "plaintext-token", "db:\n  password: " + "\"" + mark + "S3cr" + "3t!Horse\"\n"},
		{"a URL", "plaintext-token", "url: https://robot:" + mark + mixed(8) + "Aa1" + "@registry.example.com/a\n"},
		{"a header", "plaintext-token", "authorization: Basic " + mark + b64("robot:"+mixed(16)) + "\n"},
		{"registry", "plaintext-token", `{"auths": {"registry.example.com": {"auth": ` + mark + `"` + b64("robot:"+mixed(16)) + `"}}}`},
		{"registry in a Secret", "plaintext-token", secret("type: kubernetes.io/dockerconfigjson\ndata:\n  .dockerconfigjson: " + mark + b64(`{"auths": {"registry.example.com": {"username": "robot", "password": "`+mixed(16)+`"}}}`))},

		{"Secret", "plaintext-secret", secret("data:\n  password: " + mark + b64("Tr0ub4dor"))},
		{"Secret, not encoded", "plaintext-secret", secret("stringData:\n  a: b\n  password: " + mark + "Tr0ub4dor")},
		{"Secret of several documents", "plaintext-secret", "kind: Namespace\n---\n" + secret("data: {a: "+mark+b64("Tr0ub4dor")+"}") + "---\nkind: ConfigMap\n"},
		{"Secret in a list", "plaintext-secret", "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  data:\n    a: " + mark + b64("Tr0ub4dor") + "\n- kind: Namespace\n"},
		{"Secret, kind first in a list", "plaintext-secret", "items:\n- kind: Secret\n  data:\n    a: " + mark + b64("Tr0ub4dor") + "\n- kind: Namespace\n"},
		{"Secret in JSON", "plaintext-secret", "{\n  \"kind\": \"Secret\",\n  \"data\": {\n    \"a\": " + mark + "\"" + b64("Tr0ub4dor") + "\"\n  }\n}\n"},
		{"Secret in flow style", "plaintext-secret", "{kind: Secret, data: {a: " + mark + b64("Tr0ub4dor") + "}}\n"},
		{"Secret in a page", "plaintext-secret", "# A\n\nSo:\n\n```yaml\n" + secret("stringData:\n  password: "+mark+"Tr0ub4dor") + "```\n"},
		{"Secret in a script", "plaintext-secret", "cat <<EOF | kubectl apply -f -\n" + secret("stringData:\n  password: "+mark+"Tr0ub4dor") + "EOF\necho done\n"},
		{"Secret in a comment", "plaintext-secret", "kind: Namespace\n# " + indented(secret("stringData:\n  password: "+mark+"Tr0ub4dor"), "# ") + "\n"},
		{"Secret in a patch", "plaintext-secret", "--- a/a\n+++ b/a\n@@ -1,4 +1,5 @@\n apiVersion: v1\n kind: Secret\n metadata: {name: a}\n stringData:\n+  password: " + mark + "Tr0ub4dor\n"},
		{"Secret in an annotation", "plaintext-secret", "metadata:\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: |\n      " + `{"apiVersion":"v1","data":{"a":` + mark + `"` + b64("Tr0ub4dor") + `"},"kind":"Secret"}` + "\n"},
		{"Secret in a string", "plaintext-secret", `a: "` + mark + `{\"apiVersion\":\"v1\",\"data\":{\"a\":\"` + b64("Tr0ub4dor") + `\"},\"kind\":\"Secret\"}"` + "\n"},
		{"Secret with a key", "plaintext-key", secret("type: kubernetes.io/tls\ndata:\n  tls.crt: " + b64(certificate()) + "\n  tls.key: " + mark + b64(pkcs8PEM()))},
		{"Secret with a file", "plaintext-secret", secret("stringData:\n  app.ini: " + mark + "|\n    user = a\n    password = Tr0ub4dor\n")},
		{"Secret with JSON", "plaintext-secret", secret("stringData:\n  config: " + mark + "|\n    {\n      \"username\": \"a\",\n      \"clientSecret\": \"Tr0ub4dor\"\n    }\n")},
		{"Secret of a remote cluster", "plaintext-token", secret("stringData:\n  west: |\n    " + indented(kubeconfig("token: "+mark+jwt("a")), "    "))},
		{"Secrets in a list of their kind", "plaintext-secret", "kind: SecretList\nitems:\n- metadata: {name: a}\n  data:\n    a: " + mark + b64("Tr0ub4dor") + "\n"},
		{"Secret with quoted keys", "plaintext-secret", "\"apiVersion\": \"v1\"\n\"kind\": \"Secret\"\n\"stringData\":\n  \"a\": " + mark + "\"Tr0ub4dor\"\n"},
		{"Secret in JSON, kind last", "plaintext-secret", "{\n  \"data\": {\n    \"a\": " + mark + "\"" + b64("Tr0ub4dor") + "\"\n  },\n  \"kind\": \"Secret\"\n}\n"},
		{"Secret in a list of JSON", "plaintext-secret", `{"kind":"List","items":[{"kind":"Secret","data":{"a":` + mark + `"` + b64("Tr0ub4dor") + `"}},{"kind":"Secret","data":{}}]}`},
		{"login of curl", "plaintext-token", "machine git.example.com login robot password " + mark + mixed(30) + "\n"},
		{"keys of a cloud", "plaintext-token", "[default]\naws_access_key_id = AKIAIOSFODNN7\naws_secret_access_key = " + mark + mixed(40) + "\n"},
		{"git's store of logins", "plaintext-token", "https://robot:" + mark + hexToken(40) + "@git.example.com\n"},
		{"literals of kustomize", "plaintext-token", "secretGenerator:\n- name: a\n  literals:\n  - password=" + mark + mixed(24) + "\n"},
		{"a client of npm", "plaintext-token", "//registry.example.com/:_authToken=" + mark + mixed(36) + "\n"},
		{"Terraform", "plaintext-key", "resource \"a\" \"b\" {\n  key = <<EOT\n" + mark + pkcs8PEM() + "EOT\n}\n"},
		{"XML", "plaintext-key", "<a>\n  <key>" + mark + strings.TrimSpace(ecPEM()) + "</key>\n</a>\n"},
		{"two keys, of which the first is a test key", "plaintext-key", testKey + "\n" + pkcs8PEM() + mark + pkcs8PEM()},
		{"Secret with bytes", "plaintext-secret", secret("data:\n  key: " + mark + base64.StdEncoding.EncodeToString(append([]byte{0xff}, random(31)...)))},
		{"a half decrypted file of sops", "plaintext-secret", secret("stringData:\n  password: " + mark + "Tr0ub4dor\nsops:\n  mac: ENC[AES256_GCM,data:aaaa,iv:bbbb,tag:cccc,type:str]")},
	}
}

func mixedLower(size int) string {
	for {
		if text := chosen(lower+"0123456789", size); changes(text)*3 >= size && strings.ContainsAny(text, "0123456789") {
			return text
		}
	}
}

// check gives what is found, each as LINE:COL CODE.
func check(text string) (places []string, found *diag.List) {
	found = &diag.List{}
	Check("a", []byte(text), found)
	for _, d := range found.Sorted() {
		places = append(places, fmt.Sprintf("%d:%d %s", d.Pos.Line, d.Pos.Col, d.Code))
	}
	return places, found
}

// TestLeaks plants one thing after another, and finds it at its place and nothing else.
func TestLeaks(t *testing.T) {
	all := leaks()
	if len(all) < 40 {
		t.Errorf("%d leaks are too few", len(all))
	}
	for _, l := range all {
		t.Run(l.name, func(t *testing.T) {
			text, place := unmarked(l.text)
			got, found := check(text)
			if want := []string{place + " " + l.code}; !slices.Equal(got, want) {
				t.Errorf("found %q, want %q in\n%s", got, want, text)
			}
			for _, d := range found.Sorted() {
				if shown := fmt.Sprintf("%+v", *d); sharesText(shown, text) {
					t.Errorf("%s shows a part of\n%s", shown, text)
				}
			}
		})
	}
}

// unmarked takes the mark out of a text and says where it stood.
func unmarked(text string) (without, place string) {
	decoded, _ := readable([]byte(text))
	at := strings.Index(string(decoded), mark)
	before := string(decoded)[:at]
	line := strings.Count(before, "\n") + 1
	col := len([]rune(before[strings.LastIndex(before, "\n")+1:])) + 1
	for _, as := range []string{mark, wide(mark, binary.LittleEndian, false), wide(mark, binary.BigEndian, false)} {
		if strings.Contains(text, as) {
			text = strings.Replace(text, as, "", 1)
			break
		}
	}
	return text, fmt.Sprintf("%d:%d", line, col)
}

// sharesText reports whether a message has a part of a text that no words of the rules have.
func sharesText(shown, text string) bool {
	const size = 12
	for i := 0; i+size <= len(text); i++ {
		part := text[i : i+size]
		if strings.Contains(shown, part) && strings.ContainsAny(part, "0123456789") {
			return true
		}
	}
	return false
}

// TestBinary finds keys in files that are no texts, and says no place in them.
func TestBinary(t *testing.T) {
	java := []byte{0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1}
	pkcs12 := func(bag byte) string {
		id := append(slices.Clone(keyBag[:len(keyBag)-1]), bag)
		return string(append(append(append([]byte{0x30, 0x82, 4, 0}, pkcs12Data...), id...), random(300)...))
	}
	for name, l := range map[string]leak{
		"DER":                           {code: "plaintext-key", text: string(pkcs8())},
		"DER of RSA":                    {code: "plaintext-key", text: string(x509.MarshalPKCS1PrivateKey(rsaKey()))},
		"PKCS #12 without encryption":   {code: "plaintext-key", text: pkcs12(1)},
		"PKCS #12":                      {code: "passphrase-key", text: pkcs12(2)},
		"PKCS #12 without a key":        {text: pkcs12(3)},
		"Java":                          {code: "passphrase-key", text: string(java) + string(random(300))},
		"Java without a key":            {text: string(java[:15]) + "\x02" + string(random(300))},
		"OpenSSH":                       {code: "plaintext-key", text: string(openSSHKey("none"))},
		"compressed":                    {code: "plaintext-key", text: zipped("a: b\n" + pkcs8PEM())},
		"compressed, and public":        {text: zipped(certificate())},
		"PEM among zeros":               {code: "plaintext-key", text: "\x00\x01\x02" + string(random(20)) + "\n" + pkcs8PEM()},
		"base64 of a file of keys":      {code: "passphrase-key", text: "a: " + b64(pkcs12(2)) + "\n"},
		"what is no key, in any form":   {text: string(append([]byte{0x30, 0x82, 1, 0}, random(256)...))},
		"a test key among other things": {text: "\x00\x01" + "\n" + testKey + "\n" + pkcs8PEM()},
	} {
		got, _ := check(l.text)
		var want []string
		if l.code != "" {
			want = []string{"0:0 " + l.code}
		}
		if strings.HasPrefix(l.text, "a: ") {
			want = []string{"1:4 " + l.code}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: found %q, want %q", name, got, want)
		}
	}
}
