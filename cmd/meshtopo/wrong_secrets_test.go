package main

import (
	"testing"
	"time"
)

// wrongSecrets has topologies whose Secrets cannot be protected as they say.
func wrongSecrets(t *testing.T) []wrong {
	protection := func(settings string) []edit { return []edit{{"{protection: plaintext}", settings}} }
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
