package sops

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// writtenRule is a creation rule as sops reads it.
type writtenRule struct {
	PathRegex    string         `yaml:"path_regex"`
	KMS          keys           `yaml:"kms"`
	AWSProfile   string         `yaml:"aws_profile"`
	Age          keys           `yaml:"age"`
	PGP          keys           `yaml:"pgp"`
	GCPKMS       keys           `yaml:"gcp_kms"`
	HuaweiKMS    keys           `yaml:"hckms"`
	AzureVault   keys           `yaml:"azure_keyvault"`
	VaultTransit keys           `yaml:"hc_vault_transit_uri"`
	KeyGroups    []writtenGroup `yaml:"key_groups"`
	Threshold    int            `yaml:"shamir_threshold"`

	UnencryptedSuffix  string `yaml:"unencrypted_suffix"`
	EncryptedSuffix    string `yaml:"encrypted_suffix"`
	UnencryptedRegex   string `yaml:"unencrypted_regex"`
	EncryptedRegex     string `yaml:"encrypted_regex"`
	UnencryptedComment string `yaml:"unencrypted_comment_regex"`
	EncryptedComment   string `yaml:"encrypted_comment_regex"`
	MACOnlyEncrypted   bool   `yaml:"mac_only_encrypted"`
}

// keys are names of keys: a list, or one text with commas in it.
type keys []string

// UnmarshalYAML reads both.
func (k *keys) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		for name := range strings.SplitSeq(n.Value, ",") {
			if name = strings.TrimSpace(name); name != "" {
				*k = append(*k, name)
			}
		}
		return nil
	}
	return n.Decode((*[]string)(k))
}

type writtenGroup struct {
	Merge []writtenGroup `yaml:"merge"`
	KMS   []struct {
		ARN     string            `yaml:"arn"`
		Role    string            `yaml:"role"`
		Context map[string]string `yaml:"context"`
	} `yaml:"kms"`
	GCPKMS []struct {
		ID string `yaml:"resource_id"`
	} `yaml:"gcp_kms"`
	HuaweiKMS []struct {
		ID string `yaml:"key_id"`
	} `yaml:"hckms"`
	AzureVault []struct {
		URL     string `yaml:"vaultUrl"`
		Key     string `yaml:"key"`
		Version string `yaml:"version"`
	} `yaml:"azure_keyvault"`
	Vault keys `yaml:"hc_vault"`
	Age   keys `yaml:"age"`
	PGP   keys `yaml:"pgp"`
}

func parseRule(n *yaml.Node) (*Rule, *Error) {
	var w writtenRule
	if err := n.Decode(&w); err != nil {
		return nil, &Error{Line: n.Line, Message: "sops cannot read this creation rule", Fix: "write the keys as a list, or as one text with commas"}
	}
	if holdsPrivateKey(n) {
		return nil, &Error{Line: n.Line, Message: "this creation rule holds a private key", Fix: "write the public one, such as age-keygen -y prints; if the file was ever committed, replace the key"}
	}
	r := &Rule{line: n.Line, threshold: w.Threshold, macOnly: w.MACOnlyEncrypted}
	if w.PathRegex != "" {
		path, err := regexp.Compile(w.PathRegex)
		if err != nil {
			return nil, &Error{Line: n.Line, Message: "path_regex is no regular expression of Go", Fix: "see https://pkg.go.dev/regexp/syntax"}
		}
		r.path = path
	}
	if r.groups = w.recipients(); len(slices.Concat(r.groups...)) == 0 {
		return nil, &Error{Line: n.Line, Message: "this creation rule names nobody who could decrypt", Fix: "add a key, such as age: age1..."}
	}
	var err *Error
	if r.selects, err = w.selection(); err != nil {
		err.Line = n.Line
		return nil, err
	}
	r.digest = r.sum()
	return r, nil
}

// holdsPrivateKey reports whether somebody wrote a private key into a rule, which sops would show as it complains.
func holdsPrivateKey(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && isPrivateKey(n.Value) || slices.ContainsFunc(n.Content, holdsPrivateKey)
}

// isPrivateKey knows keys of age, and all in PEM: no rule has a public one so.
func isPrivateKey(text string) bool {
	return strings.Contains(strings.ToUpper(text), "AGE-SECRET-KEY-") || strings.HasPrefix(strings.TrimSpace(text), "-----")
}

// recipients gives the recipients of each group, as the block of an encrypted file names them too (block.go).
func (w *writtenRule) recipients() [][]string {
	if len(w.KeyGroups) > 0 {
		var groups [][]string
		for _, g := range w.KeyGroups {
			groups = append(groups, sorted(g.recipients()))
		}
		return groups
	}
	g := writtenGroup{Age: w.Age, PGP: w.PGP, Vault: w.VaultTransit}
	all := g.recipients()
	for _, key := range w.KMS {
		arn, role, _ := strings.Cut(key, "+")
		all = append(all, awsKey(arn, role))
	}
	for _, key := range w.GCPKMS {
		all = append(all, "gcp_kms "+key)
	}
	for _, key := range w.HuaweiKMS {
		all = append(all, "hckms "+key)
	}
	for _, key := range w.AzureVault {
		all = append(all, azureURL(key))
	}
	return [][]string{sorted(all)}
}

func (g writtenGroup) recipients() []string {
	var all []string
	for _, m := range g.Merge {
		all = append(all, m.recipients()...)
	}
	for _, key := range g.Age {
		for one := range strings.SplitSeq(key, ",") {
			all = append(all, "age "+strings.TrimSpace(one))
		}
	}
	for _, key := range g.PGP {
		all = append(all, pgpKey(key))
	}
	for _, key := range g.Vault {
		all = append(all, vaultURI(key))
	}
	for _, key := range g.KMS {
		all = append(all, awsKey(key.ARN, key.Role))
	}
	for _, key := range g.GCPKMS {
		all = append(all, "gcp_kms "+key.ID)
	}
	for _, key := range g.HuaweiKMS {
		all = append(all, "hckms "+key.ID)
	}
	for _, key := range g.AzureVault {
		all = append(all, azureKey(key.URL, key.Key))
	}
	return all
}

func sorted(all []string) []string {
	slices.Sort(all)
	return slices.Compact(all)
}

func awsKey(arn, role string) string {
	return strings.TrimSuffix("kms "+strings.TrimSpace(arn)+" "+strings.TrimSpace(role), " ")
}

func pgpKey(fingerprint string) string {
	return "pgp " + strings.ToUpper(strings.ReplaceAll(fingerprint, " ", ""))
}

// azureKey leaves out the version: where a rule has none, sops writes the one of the day into the file.
func azureKey(vault, key string) string {
	return "azure_kv " + strings.TrimSuffix(vault, "/") + " " + key
}

// azureURL reads https://VAULT/keys/KEY/VERSION.
func azureURL(url string) string {
	vault, rest, _ := strings.Cut(url, "/keys/")
	key, _, _ := strings.Cut(rest, "/")
	return azureKey(vault, key)
}

// vaultURI reads https://ADDRESS/v1/ENGINE/keys/KEY.
func vaultURI(uri string) string {
	address, rest, _ := strings.Cut(uri, "/v1/")
	engine, key, _ := strings.Cut(rest, "/keys/")
	return vaultKey(address, engine, key)
}

func vaultKey(address, engine, key string) string {
	return "hc_vault " + strings.TrimSuffix(address, "/") + " " + engine + " " + key
}

// sum identifies a rule by all that decides how a file comes out, but not by the files that it is for.
func (r *Rule) sum() string {
	selects := r.selects
	if selects.How == "" {
		selects = selection{"encrypted_regex", defaultSelection} // as run.go has it
	}
	text, err := json.Marshal(struct {
		Groups    [][]string
		Threshold int
		Selection selection
		MACOnly   bool
	}{r.groups, r.threshold, selects, r.macOnly})
	if err != nil {
		panic(err) // of texts and numbers
	}
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:])
}
