package main

import (
	"testing"
	"time"
)

// wrongSecrets has topologies whose Secrets cannot be protected as they say.
func wrongSecrets(t *testing.T) []wrong {
	protection := func(settings string) []edit { return []edit{{"{protection: plaintext}", settings}} }
	mounted := protection("{protection: plaintext, remote: mounted}")
	return []wrong{
		{codes: "no-sealing-certificate", name: "the mesh", edits: protection("{protection: ‹sealed-secrets›}")},
		{codes: "unknown-field", name: "the sealing certificate one level too high", edits: protection("{protection: sealed-secrets, ‹certificate›: certs/seal.pem}")},
		{codes: "malformed-pem", name: "a token for the sealing certificate", edits: []edit{{"network: network2", "network: network2\n      secrets: {protection: sealed-secrets, sealedSecrets: {certificate: ‹tokens/cluster-a›}}"}}},
		{codes: "not-for-sealing", name: "a key that is not RSA", edits: []edit{sealedB},
			files: map[string]string{"certs/seal.pem": pemOf(selfSigned("controller"))}},
		{codes: "missing-file", name: "no sealing certificate", edits: []edit{sealedB}},
		{codes: "invalid-value unknown-value", name: "how Secrets are sealed", edits: protection(`{protection: sealed-secrets, sealedSecrets: {certificate: ‹/etc/seal.pem›, scope: ‹loose›}}`)},
		{codes: "unknown-value", name: "how Secrets of a cluster are sealed", edits: []edit{
			{"network: network2", "network: network2\n      secrets: {sealedSecrets: {scope: ‹Strict›}}"}}},
		{codes: "mounted-too-early", name: "the mesh", edits: append(protection("{protection: plaintext, remote: ‹mounted›}"), edit{`version: "1.31.1"`, `version: "1.29.2"`})},
		{codes: "unknown-value", name: "how kubeconfigs are read", edits: protection("{protection: plaintext, remote: ‹mount›}")},
		{codes: "unknown-value", name: "how kubeconfigs of a cluster are read", edits: []edit{{"network: network2", "network: network2\n      secrets: {remote: ‹mount›}"}}},
		{codes: "owned-setting", name: "another directory", edits: append(mounted, edit{`version: "1.31.1"`, `version: "1.31.1"
    values: {pilot: {env: {PILOT_MULTICLUSTER_KUBECONFIG_PATH: ‹/etc/kubeconfigs›}}}`})},
		{codes: "owned-setting owned-setting owned-setting", name: "a volume of the same name", edits: append(mounted, edit{`version: "1.31.1"`, `version: "1.31.1"
    values:
      pilot:
        volumes: [{name: ‹istio-remote-kubeconfigs›, emptyDir: {}}]
        volumeMounts: [{name: ‹istio-remote-kubeconfigs›, mountPath: /other}, {name: other, mountPath: ‹/etc/istio/remote-kubeconfigs›}]`})},
		{codes: "missing-secret-store", name: "the mesh", edits: protection(`{protection: external-secrets, ‹externalSecrets›: {remoteSecretKey: "mesh/{cluster}", cacertsKey: "ca/{cluster}"}}`)},
		{codes: "missing-store-key", name: "of the CAs", edits: protection(`{protection: external-secrets, ‹externalSecrets›: {store: {name: vault}, remoteSecretKey: "mesh/{cluster}"}}`)},
		{codes: "shared-store-key", name: "of the CAs", edits: protection(`{protection: external-secrets, externalSecrets: {store: {name: vault}, remoteSecretKey: "mesh/{cluster}", cacertsKey: ‹ca›}}`)},
		{codes: "external-secrets-server", name: "behind a proxy", edits: append(
			protection(`{protection: external-secrets, externalSecrets: {store: {name: vault}, cacertsKey: "ca/{cluster}", fill: kubernetes}}`),
			edit{"ca: certs/cluster-b/api.pem", "ca: certs/cluster-b/api.pem, proxyURL: ‹\"http://proxy.example.com:3128\"›"})},
	}
}

// sealedB seals the Secrets of one cluster.
var sealedB = edit{"network: network2", "network: network2\n      secrets: {protection: sealed-secrets, sealedSecrets: {certificate: ‹certs/seal.pem›, scope: strict}}"}

// doubtfulSecrets has settings of protections that may not be what is meant.
func doubtfulSecrets(t *testing.T) []wrong {
	certificate := func(lasts time.Duration) map[string]string {
		dir := t.TempDir()
		sealingKey(t, dir+"/seal.pem", lasts)
		return map[string]string{"certs/seal.pem": read(t, dir+"/seal.pem")}
	}
	return []wrong{
		{codes: "unused-external-secrets", name: "with another protection", edits: []edit{{"{protection: plaintext}", "{protection: plaintext, ‹externalSecrets›: {store: {name: vault}}}"}}},
		{codes: "shared-sealing-certificate", name: "for both clusters", files: certificate(5 * 365 * 24 * time.Hour),
			edits: []edit{{"{protection: plaintext}", "{protection: sealed-secrets, sealedSecrets: {certificate: ‹certs/seal.pem›}}"}}},
		{codes: "sealing-certificate-expires-soon", name: "in a month", files: certificate(30 * 24 * time.Hour), edits: []edit{sealedB}},
	}
}
