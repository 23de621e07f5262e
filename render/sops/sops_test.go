package sops

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/render/protect"
)

func parse(t *testing.T, text string) *Config {
	t.Helper()
	c, err := Parse("/repo/.sops.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestMatch takes the first rule that fits the path below the directory of the rules, as sops does.
func TestMatch(t *testing.T) {
	c := parse(t, `creation_rules:
- {path_regex: ^clusters/a/, age: age1a}
- {path_regex: /2-secrets/, age: "age1b, age1c"}
- {age: [age1d]}
`)
	for file, want := range map[string]string{
		"/repo/clusters/a/2-secrets/cacerts.yaml":      "age age1a",
		"/repo/clusters/b/2-secrets/cacerts.yaml":      "age age1b, age age1c",
		"/repo/mesh/clusters/a/2-secrets/cacerts.yaml": "age age1b, age age1c",
		"/elsewhere/x.yaml":                            "age age1d",
	} {
		r, err := c.Match(file)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(slices.Concat(r.groups...), ", "); got != want {
			t.Errorf("%s is encrypted for %s, want %s", file, got, want)
		}
	}
	if _, err := parse(t, "creation_rules: [{path_regex: x$, age: age1a}]").Match("/repo/y"); err == nil {
		t.Error("a rule fits that does not")
	}
	if _, err := parse(t, "stores: {}").Match("/repo/y"); err == nil {
		t.Error("a file without rules has one")
	}
}

// every names one key of each kind, as a rule has it, and in the block that sops writes into a file for it.
const everyKey = `creation_rules:
- age: age1a
  pgp: "fbc7 b9e2a4f9289ac0c1d4843d16cee4a27381b4"
  kms: arn:aws:kms:us-east-1:1:key/a+arn:aws:iam::1:role/r
  gcp_kms: projects/p/locations/global/keyRings/r/cryptoKeys/k
  azure_keyvault: https://v.vault.azure.net/keys/k/0123
  hc_vault_transit_uri: https://vault:8200/v1/sops/keys/first
  hckms: [tr-west-1:abc]
`

const everyBlock = `kind: Secret
data: {a: "ENC[AES256_GCM,data:x,type:str]"}
sops:
  age: [{recipient: age1a, enc: x}]
  pgp: [{fp: FBC7B9E2A4F9289AC0C1D4843D16CEE4A27381B4}]
  kms: [{arn: "arn:aws:kms:us-east-1:1:key/a", role: "arn:aws:iam::1:role/r"}]
  gcp_kms: [{resource_id: projects/p/locations/global/keyRings/r/cryptoKeys/k}]
  azure_kv: [{vault_url: "https://v.vault.azure.net", name: k, version: "0123"}]
  hc_vault: [{vault_address: "https://vault:8200", engine_path: sops, key_name: first}]
  hckms: [{key_id: "tr-west-1:abc"}]
`

func object(t *testing.T, text string) *protect.Object {
	t.Helper()
	o, err := protect.ReadObject([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// TestRecipients compares the keys of a rule with those in a file, of every kind, in one group and in several.
func TestRecipients(t *testing.T) {
	rule := parse(t, everyKey).rules[0]
	if s := rule.judge(object(t, everyBlock)); s != nil {
		t.Errorf("the same keys are stale: %s", s.Why)
	}
	lines := strings.Split(everyBlock, "\n")
	for i := 3; i < len(lines)-1; i++ {
		without := strings.Join(slices.Delete(slices.Clone(lines), i, i+1), "\n")
		if s := rule.judge(object(t, without)); s == nil || s.Kind != protect.RecipientsChanged || s.Line != 3 {
			t.Errorf("without %s: %v", lines[i], s)
		}
	}
	groups := parse(t, `creation_rules:
- shamir_threshold: 2
  key_groups:
  - {age: [age1a]}
  - {merge: [{pgp: [AB]}], kms: [{arn: arn, role: r}], gcp_kms: [{resource_id: g}], hckms: [{key_id: h}], azure_keyvault: [{vaultUrl: "https://v", key: k}], hc_vault: ["https://a/v1/e/keys/k"]}
`).rules[0]
	block := `kind: Secret
data: {a: "ENC[x]"}
sops:
  key_groups:
  - {age: [{recipient: age1a}]}
  - {pgp: [{fp: AB}], kms: [{arn: arn, role: r}], gcp_kms: [{resource_id: g}], hckms: [{key_id: h}], azure_kv: [{vault_url: "https://v", name: k}], hc_vault: [{vault_address: "https://a", engine_path: e, key_name: k}]}
`
	if s := groups.judge(object(t, block)); s != nil {
		t.Errorf("the same groups are stale: %s", s.Why)
	}
}

// TestClear finds data that is not encrypted.
func TestClear(t *testing.T) {
	rule := parse(t, "creation_rules: [{age: age1a}]").rules[0]
	for text, want := range map[string]bool{
		"data: {a: \"ENC[x]\"}\nsops: {age: [{recipient: age1a}]}":                     false,
		"data: {a: \"ENC[x]\", b: Yg==}\nsops: {age: [{recipient: age1a}]}":            true,
		"data: {a: \"ENC[x]\", b: {c: \"ENC[x]\"}}\nsops: {age: [{recipient: age1a}]}": true,
		"data: {a: Yg==}": true,
	} {
		if s := rule.judge(object(t, "kind: Secret\n"+text)); (s != nil && s.Kind == protect.NotEncrypted) != want {
			t.Errorf("%s: %v", text, s)
		}
	}
}

// TestDigest changes with all that decides how a file comes out, and with nothing else.
func TestDigest(t *testing.T) {
	of := func(rule string) string { return parse(t, "creation_rules: ["+rule+"]").rules[0].digest }
	base := of("{age: 'age1a,age1b'}")
	for _, same := range []string{"{age: [age1b, age1a]}", "{path_regex: x, age: 'age1a,age1b'}", "{key_groups: [{age: [age1a, age1b]}]}", "{age: 'age1a,age1b', encrypted_regex: ^(data|stringData)$}"} {
		if of(same) != base {
			t.Errorf("%s has another digest", same)
		}
	}
	for _, other := range []string{
		"{age: age1a}", "{age: 'age1a,age1b', mac_only_encrypted: true}", "{age: 'age1a,age1b', encrypted_regex: ^data$}",
		"{key_groups: [{age: [age1a]}, {age: [age1b]}]}", "{age: 'age1a,age1b', shamir_threshold: 2}",
	} {
		if of(other) == base {
			t.Errorf("%s has the same digest", other)
		}
	}
}

// TestCheck refuses rules that would show data, or hide what a reviewer and kubectl need.
func TestCheck(t *testing.T) {
	clear, keys := [][]string{{"apiVersion"}, {"kind"}, {"metadata", "name"}, {"metadata", "annotations", "x"}}, []string{"cluster-a"}
	for rule, want := range map[string]string{
		"{age: a}": "", "{age: a, encrypted_regex: '^(data|stringData)$'}": "", "{age: a, encrypted_regex: ^data$}": "",
		"{age: a, unencrypted_regex: '^(apiVersion|kind|metadata|type)$'}": "",
		"{age: a, encrypted_regex: a}":                                     "encrypts apiVersion",
		"{age: a, encrypted_regex: ^cluster-b$}":                           "in clear",
		"{age: a, unencrypted_regex: data}":                                "in clear",
		"{age: a, unencrypted_suffix: _x}":                                 "encrypts apiVersion",
		"{age: a, encrypted_suffix: -a}":                                   "",
		"{age: a, encrypted_suffix: -b}":                                   "in clear",
		"{age: a, encrypted_comment_regex: x}":                             "in clear",
		"{age: a, unencrypted_comment_regex: x}":                           "encrypts apiVersion",
	} {
		err := parse(t, "creation_rules: ["+rule+"]").rules[0].Check("/x", clear, keys)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", rule, err, want)
		}
	}
}

// TestWrongRules says where a file of rules is wrong.
func TestWrongRules(t *testing.T) {
	for text, want := range map[string]string{
		"creation_rules: {":                                                    "no YAML",
		"creation_rules: x":                                                    "no YAML",
		"creation_rules:\n- age: a\n- {}":                                      ".sops.yaml:3: this creation rule names nobody",
		"creation_rules:\n- {age: a, path_regex: '('}":                         ".sops.yaml:2: path_regex",
		"creation_rules:\n- {age: a, encrypted_regex: '('}":                    "encrypted_regex is no regular expression",
		"creation_rules:\n- {age: a, encrypted_regex: x, encrypted_suffix: y}": "only one of",
		"creation_rules:\n- age: age1a, AGE-SECRET-KEY-1QQ":                    ".sops.yaml:2: this creation rule holds a private key",
		"creation_rules:\n- key_groups: [{age: [age-secret-key-1qq]}]":         "holds a private key",
		"creation_rules:\n- pgp: \"-----BEGIN PGP PRIVATE KEY BLOCK-----\"":    "holds a private key",
		"creation_rules:\n- {age: {a: b}}":                                     "cannot read this creation rule",
	} {
		_, err := Parse("/repo/.sops.yaml", []byte(text))
		if config := new(Error); !errors.As(err, &config) || !strings.Contains(err.Error(), want) || config.Fix == "" {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// TestFind takes the nearest file of rules above a directory.
func TestFind(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "a/b/c")
	if _, err := Find(out); err == nil && !strings.Contains(err.Error(), "sops.yaml") {
		t.Error("rules are found where there are none")
	}
	if err := os.MkdirAll(out, 0o777); err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{dir, filepath.Join(dir, "a")} {
		if err := os.WriteFile(filepath.Join(at, ConfigName), []byte("creation_rules: [{age: a}]"), 0o666); err != nil {
			t.Fatal(err)
		}
		if c, err := Find(out); err != nil || c.Path != filepath.Join(at, ConfigName) {
			t.Errorf("Find gives %v, %v", c, err)
		}
	}
	if err := os.Mkdir(filepath.Join(out, ConfigName), 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := Find(out); err == nil {
		t.Error("a directory is read as rules")
	}
}

// TestEnvironment keeps the variables of a topology from sops, and no others.
func TestEnvironment(t *testing.T) {
	r := &runner{withheld: []string{"TOKEN"}, known: func(text []byte) bool { return strings.Contains(string(text), "hunter2") }}
	if got := r.environment([]string{"A=1", "TOKEN=x", "TOKEN_B=y"}); !slices.Equal(got, []string{"A=1", "TOKEN_B=y"}) {
		t.Errorf("sops gets %q", got)
	}
	if said := r.said([]byte("it failed\n\nnear hunter2\n")); strings.Contains(said, "hunter2") || !strings.Contains(said, "it failed") {
		t.Errorf("it says %q", said)
	}
	if said := r.said([]byte("it failed\nhun\nter2\n")); strings.Contains(said, "ter2") {
		t.Errorf("it says %q", said)
	}
	if said := r.said([]byte("a\nb: AGE-SECRET-KEY-1QQ\n")); strings.Contains(said, "1QQ") || !strings.Contains(said, "a") {
		t.Errorf("it says %q", said)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(everyKey))
	f.Add([]byte("creation_rules: [{key_groups: [{merge: [{age: [a]}]}]}]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := Parse("/x", text)
		if err != nil {
			return
		}
		_, _ = c.Match("/x/2-secrets/a.yaml")
	})
}

func FuzzJudge(f *testing.F) {
	f.Add([]byte(everyBlock))
	rule := &Rule{groups: [][]string{{"age age1a"}}}
	f.Fuzz(func(t *testing.T, text []byte) {
		if o, err := protect.ReadObject(text); err == nil {
			rule.judge(o)
		}
	})
}
