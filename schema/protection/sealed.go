package protection

import (
	"slices"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

var noSealingCertificate = &diag.Rule{
	Code: "no-sealing-certificate", Severity: diag.Error, Fixed: true,
	Title: "Secrets are to be sealed, and nothing says with which certificate",
	Why:   "only the controller of a cluster can open what is sealed for it, with the key that belongs to its certificate",
	Fix:   "add sealedSecrets: {certificate: PATH} beside protection, with the file that `kubeseal --fetch-cert` prints",
	Bad:   `secrets: {protection: sealed-secrets}`,
	Good:  `secrets: {protection: sealed-secrets, sealedSecrets: {certificate: "certs/{cluster}/sealing.pem"}}`,
}

var sharedSealingFile = &diag.Rule{
	Code: "shared-sealing-certificate", Severity: diag.Info,
	Title:  "Secrets of several clusters are sealed with one certificate",
	Why:    "each controller makes a key of its own when it is installed: unless one key was put into all clusters, only one of them can open its Secrets",
	Fix:    "if each controller has its own key, write {cluster} in the path and fetch the certificate of each",
	Source: "https://github.com/bitnami-labs/sealed-secrets#how-can-i-do-a-backup-of-my-sealedsecrets",
	Bad:    `secrets: {protection: sealed-secrets, sealedSecrets: {certificate: certs/sealing.pem}}`,
	Good:   `secrets: {protection: sealed-secrets, sealedSecrets: {certificate: "certs/{cluster}/sealing.pem"}}`,
}

// checkSealed looks for clusters whose Secrets are to be sealed and nothing says with what.
func (t mesh) checkSealed(found *diag.List) {
	sharing := map[string][]*schema.Cluster{}
	reported := map[diag.Pos]bool{}
	for _, c := range t.Clusters {
		if c.Secrets.Protection != schema.Sealed || !c.RunsControlPlane() || !t.hasSecrets(c) {
			continue
		}
		path := t.SecretsPath(c, "protection")
		if t.HoldsBroken("spec", "secrets") || t.HoldsBroken(schema.ClusterPath(c, "secrets")...) {
			continue // what is wrong there may be meant for the certificate
		}
		if t.Unsure(schema.ClusterPath(c, "primary")...) || t.Unsure(path...) || t.Unsure(t.SecretsPath(c, "sealedSecrets")...) {
			continue
		}
		if file := c.Secrets.Sealed.Certificate; file != "" {
			sharing[file] = append(sharing[file], c)
			continue
		}
		if pos := t.Pos(path...); !reported[pos] && !t.Unsure(t.SecretsPath(c, "sealedSecrets", "certificate")...) {
			reported[pos] = true
			found.Add(pos, noSealingCertificate, "the Secrets of cluster %q are to be sealed, and nothing says with which certificate", c.Name)
		}
	}
	for _, clusters := range sharing {
		if len(clusters) > 1 {
			found.Add(t.Pos(t.SecretsPath(clusters[0], "sealedSecrets", "certificate")...), sharedSealingFile,
				"the Secrets of %s are sealed with one certificate", diag.NameClusters(schema.Names(clusters)))
		}
	}
}

// hasSecrets reports whether the directory of a primary has any Secrets.
func (t mesh) hasSecrets(c *schema.Cluster) bool {
	return c.Intermediate != nil || c.Secrets.WritesRemote() && slices.ContainsFunc(t.Clusters, func(o *schema.Cluster) bool { return o != c && o.State != schema.Joining })
}
