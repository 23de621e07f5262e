package main

import (
	"testing"
	"time"
)

// mutatedTrust are mistakes about the certificates and keys in the Secret cacerts.
func mutatedTrust(t *testing.T) []manifestMutation {
	const (
		two, mixed = "two-clusters/cluster-b", "mixed/us-1"
		cert, key  = `  ca-cert.pem: "`, `  ca-key.pem: "`
		chain      = `  cert-chain.pem: "`
		root       = `  root-cert.pem: "`
		name       = "name: cacerts"
	)
	var (
		past, soon, future = time.Now().AddDate(0, 0, -2), time.Now().AddDate(0, 0, 30), time.Now().AddDate(0, 0, 2)
		ours, other        = exampleRoot(t), selfSigned("Other")
	)
	return []manifestMutation{
		{"key.pem", two, cacertsFile, turn(key, `  key.pem: "`), found("cacerts-key"), ""},
		{"no root", two, cacertsFile, cut(root), foundAt(name, "cacerts-incomplete"), ""},
		{"no key", two, cacertsFile, cut(key), foundAt(name, "cacerts-incomplete"), ""},
		{"a key that nobody reads", two, cacertsFile, add(root, `  README: ""`), found("cacerts-key"), ""},
		{"both forms", two, cacertsFile, all(turn(cert, `  tls.crt: "`), turn(key, `  tls.key: "`), turn(root, `  ca.crt: "`)), foundAt("cert-chain.pem", "cacerts-two-forms"), ""},
		{"namespace of cacerts", two, cacertsFile, turn(`namespace: "istio-system"`, "namespace: default"), found("secret-namespace"), ""},
		{"no cacerts", two, cacertsFile, deleted, foundIn("cluster-b/"+controlPlaneFile, "kind: IstioOperator", "no-cacerts"), ""},
		{"cacerts of another name", two, cacertsFile, turn("name: cacerts", "name: ca-certs"), foundIn("cluster-b/"+controlPlaneFile, "kind: IstioOperator", "no-cacerts"), ""},
		{"no cacerts of one of three", "multi-primary-multi-network/east-2", cacertsFile, deleted, foundIn("east-2/"+controlPlaneFile, "kind: IstioOperator", "no-cacerts"), ""},
		{"type of cacerts", two, cacertsFile, turn("type: Opaque", "type: kubernetes.io/tls"), found("secret-type"), ""},
		{"cacerts of the other cluster", two, cacertsFile, copied("cluster-a/" + cacertsFile), foundAt(name, "shared-intermediate-key"), ""},
		{"root of another mesh", two, cacertsFile, signedBy(other), foundAt(root, "no-common-root"), ""},
		{"root made again", two, cacertsFile, data(root, text(pemOf(selfSigned("Root CA")))), found("unknown-root"), ""},
		{"one root of two, while rotating", mixed, cacertsFile, data(root, lastBlock), found("unknown-root"), ""},
		{"intermediate of the other cluster", two, cacertsFile, data(cert, copiedData("cluster-a/"+cacertsFile, cert)), found("key-mismatch"), ""},
		{"key of the other cluster", two, cacertsFile, data(key, copiedData("cluster-a/"+cacertsFile, key)), found("key-mismatch"), ""},
		{"chain of the other cluster", two, cacertsFile, data(chain, copiedData("cluster-a/"+cacertsFile, chain)), found("chain-without-intermediate"), ""},
		{"intermediate and key of the other cluster", two, cacertsFile, all(data(cert, copiedData("cluster-a/"+cacertsFile, cert)), data(key, copiedData("cluster-a/"+cacertsFile, key))), and(foundAt(chain, "chain-without-intermediate"), foundAt(name, "shared-intermediate-key")),
			"the chain is still that of the old one, and a new chain alone would leave the key shared"},
		{"root for an intermediate", two, cacertsFile, all(data(cert, copiedData("cluster-b/"+cacertsFile, root)), data(key, text(ours.KeyPEM()))), foundAt(cert, "intermediate-is-root"), ""},
		{"intermediate for a root", two, cacertsFile, data(root, copiedData("cluster-b/"+cacertsFile, cert)), found("intermediate-is-root"), ""},
		{"chain of the root alone", two, cacertsFile, data(chain, lastBlock), found("chain-without-intermediate"), ""},
		{"chain without root", two, cacertsFile, data(chain, firstBlock), found("chain-without-root"), ""},
		{"chain from the root down", two, cacertsFile, data(chain, turned), found("chain-order"), ""},
		{"chain with another certificate", two, cacertsFile, data(chain, appended(pemOf(other))), found("stray-certificate"), ""},
		{"key for a certificate", two, cacertsFile, data(root, appended(other.KeyPEM())), found("private-key-exposed"), ""},
		{"certificate for a key", two, cacertsFile, data(key, copiedData("cluster-b/"+cacertsFile, cert)), found("certificate-for-key"), ""},
		{"key with a passphrase", two, cacertsFile, data(key, text(block("ENCRYPTED PRIVATE KEY", []byte("hunter2 hunter2")))), found("encrypted-key"), ""},
		{"key cut off", two, cacertsFile, data(key, text(block("PRIVATE KEY", other.KeyDER()[:20]))), found("malformed-key"), ""},
		{"root cut off", two, cacertsFile, data(root, half), found("malformed-pem"), ""},
		{"root cut off inside", two, cacertsFile, data(root, text(block("CERTIFICATE", other.Raw[:100]))), found("malformed-certificate"), ""},
		{"root as DER", two, cacertsFile, data(root, text(string(ours.Raw))), found("der-encoded"), ""},
		{"request for a root", two, cacertsFile, data(root, text(block("CERTIFICATE REQUEST", other.Raw))), found("unexpected-pem-block"), ""},
		{"root encoded once more", two, cacertsFile, data(root, encodedAgain), found("malformed-pem"), ""},
		{"root that is not encoded", two, cacertsFile, turn(root, root+"-----BEGIN"), found("secret-value"), ""},
		{"intermediate expired", two, cacertsFile, reissued(t, until(past)), foundAt(cert, "certificate-expired"), ""},
		{"intermediate for a month", two, cacertsFile, reissued(t, until(soon)), foundAt(cert, "certificate-expires-soon"), ""},
		{"intermediate of the future", two, cacertsFile, reissued(t, from(future)), foundAt(cert, "certificate-not-yet-valid"), ""},
		{"intermediate that is no CA", two, cacertsFile, reissued(t, leaf), foundAt(cert, "not-a-ca"), ""},
		{"intermediate that may not sign", two, cacertsFile, reissued(t, onlyDigital), foundAt(cert, "no-cert-sign"), ""},
		{"intermediate for clients", two, cacertsFile, reissued(t, onlyClients), foundAt(cert, "incompatible-extended-key-usage"), ""},
		{"intermediate that outlives its root", two, cacertsFile, reissued(t, until(time.Now().AddDate(150, 0, 0))), foundAt(chain, "intermediate-outlives-root"), ""},
		{"intermediate with an unknown extension", two, cacertsFile, reissued(t, unknownCritical), foundAt(cert, "unverifiable-chain"), ""},
		{"old root beside the new one", two, cacertsFile, data(root, appended(pemOf(selfSigned("Old", until(past))))), found("expired-in-bundle"), ""},
	}
}
