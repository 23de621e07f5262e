package sops

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/render/protect"
)

// block is what sops writes into a file about those who can decrypt it (stores/stores.go, Metadata).
type block struct {
	blockGroup `yaml:",inline"`
	Groups     []blockGroup `yaml:"key_groups"`
}

type blockGroup struct {
	KMS []struct {
		ARN  string `yaml:"arn"`
		Role string `yaml:"role"`
	} `yaml:"kms"`
	GCPKMS []struct {
		ID string `yaml:"resource_id"`
	} `yaml:"gcp_kms"`
	HuaweiKMS []struct {
		ID string `yaml:"key_id"`
	} `yaml:"hckms"`
	AzureVault []struct {
		URL string `yaml:"vault_url"`
		Key string `yaml:"name"`
	} `yaml:"azure_kv"`
	Vault []struct {
		Address string `yaml:"vault_address"`
		Engine  string `yaml:"engine_path"`
		Key     string `yaml:"key_name"`
	} `yaml:"hc_vault"`
	Age []struct {
		Recipient string `yaml:"recipient"`
	} `yaml:"age"`
	PGP []struct {
		Fingerprint string `yaml:"fp"`
	} `yaml:"pgp"`
}

func (g blockGroup) recipients() []string {
	var all []string
	for _, k := range g.KMS {
		all = append(all, awsKey(k.ARN, k.Role))
	}
	for _, k := range g.GCPKMS {
		all = append(all, "gcp_kms "+k.ID)
	}
	for _, k := range g.HuaweiKMS {
		all = append(all, "hckms "+k.ID)
	}
	for _, k := range g.AzureVault {
		all = append(all, azureKey(k.URL, k.Key))
	}
	for _, k := range g.Vault {
		all = append(all, vaultKey(k.Address, k.Engine, k.Key))
	}
	for _, k := range g.Age {
		all = append(all, "age "+strings.TrimSpace(k.Recipient))
	}
	for _, k := range g.PGP {
		all = append(all, pgpKey(k.Fingerprint))
	}
	return all
}

// judge compares those who can decrypt an object with those whom the rule names, and looks at every value of its data.
func (r *Rule) judge(o *protect.Object) *protect.Stale {
	n := o.At("sops")
	if n == nil {
		return &protect.Stale{Kind: protect.NotEncrypted, Line: o.Line("data"), Why: "sops has not encrypted it"}
	}
	var b block
	if err := n.Decode(&b); err != nil {
		return &protect.Stale{Kind: protect.RecipientsChanged, Line: o.Line("sops"), Why: "what sops wrote about it cannot be read"}
	}
	have := b.recipients()
	for _, g := range b.Groups {
		have = append(have, g.recipients()...)
	}
	if have, want := sorted(have), sorted(slices.Concat(r.groups...)); !slices.Equal(have, want) {
		return &protect.Stale{Kind: protect.RecipientsChanged, Line: o.Line("sops"), Why: changes(have, want)}
	}
	if at := inClear(o.At("data")); at != nil {
		return &protect.Stale{Kind: protect.NotEncrypted, Line: at.Line, Why: "a value of its data stands in clear"}
	}
	return nil
}

// changes says how many recipients came and went.
func changes(have, want []string) string {
	var parts []string
	for _, side := range []struct {
		what         string
		these, those []string
	}{{"new", want, have}, {"gone", have, want}} {
		n, first := 0, ""
		for _, key := range side.these {
			if !slices.Contains(side.those, key) {
				if n++; n == 1 {
					first, _, _ = strings.Cut(key, " ")
				}
			}
		}
		if n > 0 {
			parts = append(parts, side.what+": "+counted(n, first))
		}
	}
	return "the recipients are others: " + strings.Join(parts, ", ")
}

func counted(n int, kind string) string {
	if n == 1 {
		return "1 of " + kind
	}
	return fmt.Sprintf("%d, of %s and others", n, kind)
}

// inClear gives a value that sops has not encrypted, or nil.
func inClear(data *yaml.Node) *yaml.Node {
	if data == nil || data.Kind != yaml.MappingNode || len(data.Content) == 0 {
		return nil
	}
	for i := 1; i < len(data.Content); i += 2 {
		if v := data.Content[i]; v.Kind != yaml.ScalarNode || !strings.HasPrefix(v.Value, "ENC[") || !strings.HasSuffix(v.Value, "]") {
			return v
		}
	}
	return nil
}
