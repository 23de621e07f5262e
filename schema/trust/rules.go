package trust

import "meshtopo.dev/meshtopo/schema/diag"

const (
	verify   = "security/pkg/pki/util/keycertbundle.go (Verify)"
	parseKey = "security/pkg/pki/util/crypto.go (ParsePemEncodedKey)"
	makefile = "tools/certs/common.mk"
	pluginCA = "https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/"
	rfc5280  = "RFC 5280, section 4.2.1"
	envoyCRL = "security/pkg/nodeagent/sds/sdsservice.go; Envoy, CertificateValidationContext.crl"
	rfc7468  = "RFC 7468"
	rfc7519  = "RFC 7519"
	saTokens = "https://kubernetes.io/docs/concepts/security/service-accounts/"
	createRS = "istioctl/pkg/multicluster/remote_secret.go"
)

// The rules that others word for their own files are exported.

// What a PEM file may get wrong.
var (
	malformedPEM = &diag.Rule{
		Code: "malformed-pem", Severity: diag.Error, Fixed: true, Symptom: true,
		Title:  "a file is not well-formed PEM",
		Why:    "istiod skips what it cannot decode, or does not start at all",
		Fix:    "give a PEM file: lines of base64 between a BEGIN and an END line",
		Source: rfc7468,
	}
	derEncoded = &diag.Rule{
		Code: "der-encoded", Severity: diag.Error, Fixed: true, Symptom: true,
		Title:  "a file is DER where PEM is wanted",
		Why:    "istiod reads PEM only and would not start",
		Fix:    "convert it: openssl x509 -inform der -in FILE -out FILE.pem, or openssl pkey for a key",
		Source: verify,
	}
	unexpectedBlock = &diag.Rule{
		Code: "unexpected-pem-block", Severity: diag.Error, Fixed: true, Symptom: true,
		Title:  "a PEM file holds something else than what is wanted there",
		Why:    "istiod reads CERTIFICATE blocks from certificate files and the first block from a key file: it skips or refuses the rest",
		Fix:    "keep only the blocks that belong there",
		Source: "security/pkg/pki/util/crypto.go",
	}
	PrivateKeyExposed = &diag.Rule{
		Code: "private-key-exposed", Severity: diag.Error, Fixed: true,
		Title:  "a private key stands where a certificate should be",
		Why:    "certificate files are public: the root file is copied into a ConfigMap of every namespace",
		Fix:    "name the certificate here; if the file was ever committed, replace the key",
		Source: pluginCA,
	}
	malformedCertificate = &diag.Rule{
		Code: "malformed-certificate", Severity: diag.Error, Fixed: true, Symptom: true,
		Title:  "a PEM block labelled CERTIFICATE holds no certificate that can be read",
		Why:    "istiod does not start, or leaves the certificate out of its trust",
		Fix:    "look at it with openssl x509 -in FILE -noout -text, and export it again",
		Source: verify,
	}
)

// What a CA certificate may get wrong by itself.
var (
	notCA = &diag.Rule{
		Code: "not-a-ca", Severity: diag.Error, Symptom: true,
		Title:  "a certificate is not a CA",
		Why:    `istiod stops with "certificate is not authorized to sign other certificates"`,
		Fix:    "issue it with basicConstraints = critical, CA:true",
		Source: "security/pkg/pki/ca/ca.go (NewPluggedCertIstioCAOptions)",
	}
	noCertSign = &diag.Rule{
		Code: "no-cert-sign", Severity: diag.Error, Symptom: true,
		Title:  "a CA's key usage does not let it sign certificates",
		Why:    "istiod starts, but every workload certificate is refused by its peers",
		Fix:    "issue it with keyCertSign among its keyUsage",
		Source: rfc5280 + ".3",
	}
	pathLength = &diag.Rule{
		Code: "path-length", Severity: diag.Error, Symptom: true,
		Title:  "a CA allows fewer CAs below it than there are",
		Why:    "istiod starts, but every workload certificate is refused: too many intermediates for the path length",
		Fix:    "issue the root without pathlen, or with one that counts the intermediates below it",
		Source: rfc5280 + ".9",
	}
	IncompatibleUsage = &diag.Rule{
		Code: "incompatible-extended-key-usage", Severity: diag.Error, Symptom: true,
		Title:  "a certificate's extended key usage excludes mutual TLS",
		Why:    `istiod stops with "certificate specifies an incompatible key usage", or peers refuse client certificates`,
		Fix:    "issue CAs without extendedKeyUsage, as Istio does",
		Source: verify,
	}
	weakSignature = &diag.Rule{
		Code: "weak-signature", Severity: diag.Error, Symptom: true,
		Title:  "a certificate is signed with SHA-1 or MD5",
		Why:    `istiod refuses it: "x509: cannot verify signature: insecure algorithm"`,
		Fix:    "sign it again with SHA-256",
		Source: "https://github.com/istio/istio/issues/38049",
	}
	unsupportedKey = &diag.Rule{
		Code: "unsupported-key", Severity: diag.Error, Symptom: true,
		Title:  "a signing key is neither RSA nor ECDSA",
		Why:    "istiod signs with it, but proxies do not offer Ed25519 in their TLS handshakes",
		Fix:    "make an ECDSA P-256 or RSA key for the intermediate: openssl ecparam -name prime256v1 -genkey -noout",
		Source: "security/pkg/pki/util/keycertbundle.go (CertOptions)",
	}
	weakKey = &diag.Rule{
		Code: "weak-key", Severity: diag.Warning,
		Title:  "a CA with an RSA key of fewer than 2048 bits",
		Why:    "such keys can be broken: whoever has one impersonates every workload below it, and new versions of Go and of Envoy refuse them",
		Fix:    "make a new key: ECDSA P-256, or RSA of 4096 bits",
		Source: "NIST SP 800-57 part 1, table 2; crypto/rsa of Go 1.24 and later",
	}
	nameConstraints = &diag.Rule{
		Code: "name-constraints", Severity: diag.Error,
		Title:  "a CA whose name constraints leave out the identities of the mesh",
		Why:    "istiod starts and signs, but a certificate for spiffe://TRUST-DOMAIN/… below that CA is refused by every peer: not permitted by any constraint",
		Fix:    "issue the CA without constraints for URIs, or with the trust domain among those that are permitted: nameConstraints = permitted;URI:TRUST-DOMAIN",
		Source: rfc5280 + ".10",
	}
	CertificateExpired = &diag.Rule{
		Code: "certificate-expired", Severity: diag.Error, Symptom: true,
		Title:  "a certificate has expired",
		Why:    `istiod stops with "x509: certificate has expired or is not yet valid", or signs nothing more if it runs, and peers refuse every certificate below it`,
		Fix:    "issue it again",
		Source: verify,
	}
	CertificateNotYetValid = &diag.Rule{
		Code: "certificate-not-yet-valid", Severity: diag.Error, Symptom: true,
		Title:  "a certificate is not valid yet",
		Why:    "istiod and all peers refuse it until then",
		Fix:    "wait, set this machine's clock, or issue it again",
		Source: verify,
	}
	CertificateExpiresSoon = &diag.Rule{
		Code: "certificate-expires-soon", Severity: diag.Warning,
		Title:  "a certificate expires within 90 days, or the time that --expires-within gives",
		Why:    "workload certificates live no longer than their CA; when it has expired, all mutual TLS stops",
		Fix:    "plan its rotation now: a new root has to be trusted everywhere before anything is signed with it",
		Source: "security/pkg/pki/ca/ca.go",
	}
	expiredInBundle = &diag.Rule{
		Code: "expired-in-bundle", Severity: diag.Warning, Symptom: true,
		Title:  "a bundle holds an expired certificate beside valid ones",
		Why:    "it is trusted for nothing any more, and hides whether a rotation is finished",
		Fix:    "delete it from the file",
		Source: pluginCA,
	}
)

// What a root may get wrong.
var (
	duplicateRoot = &diag.Rule{
		Code: "duplicate-root", Severity: diag.Warning,
		Title:  "a root that is there twice",
		Why:    "it changes nothing, and hides which roots the mesh trusts: during a rotation the second was perhaps meant to be another one",
		Fix:    "delete one of them",
		Source: pluginCA,
	}
	ambiguousRoot = &diag.Rule{
		Code: "ambiguous-root", Severity: diag.Warning,
		Title:  "two roots with one name, different keys and no key identifiers",
		Why:    "a proxy looks for the issuer of a certificate by name and key identifier: it may try the wrong root, and refuse what the other one signed with CERTIFICATE_VERIFY_FAILED",
		Fix:    "give the new root another name, or make roots and intermediates with subjectKeyIdentifier and authorityKeyIdentifier, as openssl does",
		Source: "https://github.com/istio/istio/issues/39987; RFC 5280, section 4.2.1.1",
	}
	rootNotSelfSigned = &diag.Rule{
		Code: "root-not-self-signed", Severity: diag.Warning, Symptom: true,
		Title:  "a root is an intermediate: another CA signed it",
		Why:    "an intermediate in the place of the root works inside its cluster and fails between clusters that do not share it",
		Fix:    "declare the CA at the top of the chain, which signed itself",
		Source: pluginCA,
	}
)

// How the certificate, key and chain of an intermediate may fail to fit.
var (
	// IntermediateIsRoot is that of one CA in the place of both.
	IntermediateIsRoot = &diag.Rule{
		Code: "intermediate-is-root", Severity: diag.Error,
		Title:  "the intermediate is the root itself",
		Why:    "the root's key would lie in a cluster: one leak compromises the whole mesh, and every cluster has to be given a new root",
		Fix:    "keep the root offline, and issue one intermediate for each control plane",
		Source: pluginCA,
	}
	chainWithoutIntermediate = &diag.Rule{
		Code: "chain-without-intermediate", Severity: diag.Error, Symptom: true,
		Title:  "the chain does not hold the intermediate",
		Why:    "istiod starts, but workloads present a chain with a gap: other clusters fail with CERTIFICATE_VERIFY_FAILED",
		Fix:    "put the intermediate first: cat ca-cert.pem root-cert.pem > cert-chain.pem",
		Source: makefile,
	}
	chainOrder = &diag.Rule{
		Code: "chain-order", Severity: diag.Error, Symptom: true,
		Title:  "the certificates of a chain are in the wrong order",
		Why:    "istiod takes the lifetime of workload certificates from the first one, and TLS wants each one signed by the next",
		Fix:    "put the intermediate first and the root last: cat ca-cert.pem root-cert.pem > cert-chain.pem",
		Source: "security/pkg/pki/util/keycertbundle.go (ExtractCACertExpiryTimestamp); RFC 5246, section 7.4.2",
	}
	chainIncomplete = &diag.Rule{
		Code: "chain-incomplete", Severity: diag.Error, Symptom: true,
		Title:  "a CA between the intermediate and the root is missing from the chain",
		Why:    `istiod stops with "x509: certificate signed by unknown authority"`,
		Fix:    "add the missing CA between the intermediate and the root",
		Source: verify,
	}
	chainWithoutRoot = &diag.Rule{
		Code: "chain-without-root", Severity: diag.Warning, Symptom: true,
		Title:  "the chain stops below the root",
		Why:    "istiod accepts it, but the chain that Istio's own tools make ends in the root, and checks that have only this file fail",
		Fix:    "append the root: cat root-cert.pem >> cert-chain.pem",
		Source: makefile,
	}
	strayCertificate = &diag.Rule{
		Code: "stray-certificate", Severity: diag.Warning, Symptom: true,
		Title:  "a chain holds a certificate that is not between the intermediate and the root",
		Why:    "every workload presents it in every handshake, for nothing",
		Fix:    "delete it from the chain",
		Source: "RFC 5246, section 7.4.2",
	}
	UnknownRoot = &diag.Rule{
		Code: "unknown-root", Severity: diag.Error, Symptom: true,
		Title:  "a chain does not end in a declared root",
		Why:    `istiod stops with "x509: certificate signed by unknown authority", and the other clusters would not trust its workloads`,
		Fix:    "declare its root in spec.trust.roots as well, as in the middle of a rotation; or issue the intermediate from a root that is there",
		Source: verify,
	}
	intermediateOutlivesRoot = &diag.Rule{
		Code: "intermediate-outlives-root", Severity: diag.Warning, Symptom: true,
		Title:  "an intermediate is valid for longer than its root",
		Why:    "istiod shortens workload certificates to the end of the intermediate, not of the root: they look valid when the root has expired, and then every one is refused at once",
		Fix:    "issue the intermediate for a time that ends before the root's, or replace the root first",
		Source: "security/pkg/pki/ca/ca.go (minTTL)",
	}
	unverifiable = &diag.Rule{
		Code: "unverifiable-chain", Severity: diag.Error, Symptom: true,
		Title:  "an intermediate cannot be verified as istiod verifies it",
		Why:    "istiod does the same check when it starts, and stops",
		Fix:    "look for name constraints and critical extensions: openssl verify -CAfile ROOT -untrusted CHAIN CERT",
		Source: verify,
	}
)

// What a private key may get wrong.
var (
	CertificateForKey = &diag.Rule{
		Code: "certificate-for-key", Severity: diag.Error, Fixed: true, Symptom: true,
		Title:  "a certificate stands where a private key should be",
		Why:    "istiod does not start without the key of its intermediate",
		Fix:    "name the private key here (ca-key.pem)",
		Source: parseKey,
	}
	EncryptedKey = &diag.Rule{
		Code: "encrypted-key", Severity: diag.Error, Fixed: true, Symptom: true,
		Title:  "a private key is protected with a passphrase",
		Why:    "istiod has no passphrase and does not start",
		Fix:    "decrypt it: openssl pkey -in FILE -out ca-key.pem; protect the file, not the key",
		Source: parseKey,
	}
	malformedKey = &diag.Rule{
		Code: "malformed-key", Severity: diag.Error, Fixed: true, Symptom: true,
		Title:  "a private key cannot be read",
		Why:    "istiod goes by the first block of the file and its label, and does not start",
		Fix:    "write it as one block of PKCS #8: openssl pkey -in FILE -out ca-key.pem",
		Source: parseKey,
	}
	KeyMismatch = &diag.Rule{
		Code: "key-mismatch", Severity: diag.Error, Fixed: true, Symptom: true,
		Title:  "a private key does not belong to its certificate",
		Why:    `istiod stops with "the cert does not match the key"`,
		Fix:    "give the key with which the intermediate was issued; in a file of several certificates the intermediate comes first",
		Source: verify,
	}
)

// What the revocation lists of CAs may get wrong.
var (
	malformedCRL = &diag.Rule{
		Code: "malformed-crl", Severity: diag.Error, Fixed: true,
		Title:  "a file of revocation lists holds something that is none, or cannot be read",
		Why:    `istiod stops with "failed to parse CRL PEM"`,
		Fix:    "give blocks of PEM with the label X509 CRL and lists of version 2: openssl ca -gencrl makes these with crl_extensions in its configuration, and version 1 without; openssl crl -in FILE -noout -text shows it",
		Source: verify,
	}
	crlExpired = &diag.Rule{
		Code: "crl-expired", Severity: diag.Error,
		Title:  "a revocation list should have been replaced: its nextUpdate is past",
		Why:    "istiod takes it, but proxies refuse every certificate below that CA until there is a new list: CRL has expired",
		Fix:    "have the CA sign a new list, render and apply: openssl ca -gencrl",
		Source: envoyCRL,
	}
	crlExpiresSoon = &diag.Rule{
		Code: "crl-expires-soon", Severity: diag.Warning,
		Title:  "a revocation list has to be replaced within 90 days, or the time that --expires-within gives",
		Why:    "once its nextUpdate is past, proxies refuse every certificate below that CA",
		Fix:    "plan the next list, or have the CA sign lists for longer: openssl ca -gencrl -crldays 365",
		Source: envoyCRL,
	}
	crlNotYetValid = &diag.Rule{
		Code: "crl-not-yet-valid", Severity: diag.Error,
		Title:  "a revocation list is not valid yet: its thisUpdate is in the future",
		Why:    "istiod takes it, but proxies refuse every certificate below that CA until then: CRL is not yet valid",
		Fix:    "wait, set this machine's clock, or have the CA sign it again",
		Source: envoyCRL,
	}
	crlOfAnother = &diag.Rule{
		Code: "crl-of-another-issuer", Severity: diag.Error,
		Title:  "a revocation list of a CA that does not belong to the mesh, in the place of one that does",
		Why:    `istiod stops with "missing CRL signed by certificates"`,
		Fix:    "give a list of each CA of cert-chain.pem, and nothing else: openssl crl -in FILE -noout -issuer",
		Source: verify,
	}
	CRLIncomplete = &diag.Rule{
		Code: "crl-incomplete", Severity: diag.Error,
		Title:  "a CA of the mesh without a revocation list, where others have one",
		Why:    `istiod stops with "missing CRL signed by certificates" if the CA is in its chain, and proxies that have any list refuse every certificate below a CA without one`,
		Fix:    "put the lists of all CAs of the mesh, the roots and intermediates of every control plane, into the file; an empty list is enough",
		Source: verify + "; " + envoyCRL,
	}
	crlNotVerified = &diag.Rule{
		Code: "crl-not-verified", Severity: diag.Error,
		Title:  "a revocation list with the name of a CA, but not with its signature",
		Why:    `istiod stops with "missing CRL signed by certificates"`,
		Fix:    "have the CA sign it with its present key, and have cRLSign among the keyUsage of the CA",
		Source: verify,
	}
	crlRevokesCA = &diag.Rule{
		Code: "crl-revokes-ca", Severity: diag.Error,
		Title:  "a revocation list revokes a CA that still signs",
		Why:    "istiod starts and signs, but proxies refuse all that it signs: certificate revoked",
		Fix:    "issue another intermediate and give that one, with its chain and its own list",
		Source: envoyCRL,
	}
)

// What the CA of an API server may get wrong.
var (
	serverCertificateAsCA = &diag.Rule{
		Code: "server-certificate-as-ca", Severity: diag.Warning, Symptom: true,
		Title:  "an API server's own certificate stands where its CA should be",
		Why:    "istiod trusts the API server until that certificate is renewed, and then loses the cluster",
		Fix:    "give the CA that signed it: certificate-authority-data of a kubeconfig, or ca.crt of the reader's token Secret",
		Source: createRS,
	}
)

// ClientIsCA is about the client certificate of a topology.
var ClientIsCA = &diag.Rule{
	Code: "ca-as-client-certificate", Severity: diag.Error, Fixed: true,
	Title:  "the certificate of a CA stands where that of a client should be",
	Why:    "its key signs certificates for whomever one likes, and it would lie in every cluster that reads this one",
	Fix:    "have the CA sign a certificate for the reader account, and give that one with its own key",
	Source: "https://kubernetes.io/docs/setup/best-practices/certificates/",
}

// What a token may get wrong.
var (
	MalformedToken = &diag.Rule{
		Code: "malformed-token", Severity: diag.Error, Fixed: true, Symptom: true,
		Title:  "a token is not what an API server hands out",
		Why:    "the API server answers Unauthorized, and the cluster's endpoints never appear",
		Fix:    "fetch it again: kubectl get secret NAME -n NAMESPACE -o jsonpath='{.data.token}' | base64 -d > FILE",
		Source: rfc7519,
	}
	EncodedToken = &diag.Rule{
		Code: "encoded-token", Severity: diag.Error, Fixed: true, Symptom: true,
		Title:  "a token is still base64, as it stands in its Secret",
		Why:    "the API server answers Unauthorized, and the cluster's endpoints never appear",
		Fix:    "decode it: kubectl get secret NAME -n NAMESPACE -o jsonpath='{.data.token}' | base64 -d > FILE",
		Source: saTokens,
	}
	TokenExpired = &diag.Rule{
		Code: "token-expired", Severity: diag.Error, Symptom: true,
		Title:  "a token has expired",
		Why:    `istiod logs "failed to list …: Unauthorized": endpoints freeze, and vanish when it restarts`,
		Fix:    "use the token of the Secret that 1-prepare makes: it does not expire",
		Source: "https://github.com/istio/istio/issues/34210",
	}
	tokenNotYetValid = &diag.Rule{
		Code: "token-not-yet-valid", Severity: diag.Error, Symptom: true,
		Title:  "a token is not valid yet",
		Why:    "the API server answers Unauthorized until then",
		Fix:    "wait, set this machine's clock, or fetch the token again",
		Source: rfc7519,
	}
	TokenExpiresSoon = &diag.Rule{
		Code: "token-expires-soon", Severity: diag.Warning,
		Title:  "a token expires within 90 days, or the time that --expires-within gives, and nothing refreshes it",
		Why:    `a remote Secret is static: when the token has expired, istiod logs "Unauthorized" and the endpoints freeze`,
		Fix:    "use the token of the Secret that 1-prepare makes, which does not expire, or renew it in time",
		Source: "https://github.com/istio/istio/issues/52951",
	}
	BoundToken = &diag.Rule{
		Code: "bound-token", Severity: diag.Warning, Symptom: true,
		Title:  "a token is bound to a pod or a node and becomes invalid with it",
		Why:    "when the pod is gone the API server answers Unauthorized, whatever the token's date says",
		Fix:    "use the token of the Secret that 1-prepare makes",
		Source: "https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/",
	}
	foreignToken = &diag.Rule{
		Code: "token-for-another-audience", Severity: diag.Warning, Symptom: true,
		Title:  "a token is for another service than the API server",
		Why:    "an API server answers Unauthorized to a token whose audience it is not; it is only if it was started with that name in --api-audiences",
		Fix:    "use the token of the Secret that 1-prepare makes: it is for the API server",
		Source: "https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/",
	}
	TokenOfAnother = &diag.Rule{
		Code: "token-of-another-account", Severity: diag.Warning, Symptom: true,
		Title:  "a token does not belong to the reader account",
		Why:    "whoever it belongs to may lack the rights that istiod needs, or have far more: 1-prepare grants them to the reader",
		Fix:    "use the reader's token, or name its account in istio.reader.serviceAccount",
		Source: createRS,
	}
)

// Rules gives every rule of this package.
func Rules() []*diag.Rule {
	return []*diag.Rule{
		malformedPEM, derEncoded, unexpectedBlock, PrivateKeyExposed, malformedCertificate,
		notCA, noCertSign, pathLength, IncompatibleUsage, weakSignature, unsupportedKey,
		CertificateExpired, CertificateNotYetValid, CertificateExpiresSoon, expiredInBundle,
		rootNotSelfSigned, duplicateRoot, ambiguousRoot, weakKey, nameConstraints,
		IntermediateIsRoot, chainWithoutIntermediate, chainOrder, chainIncomplete,
		chainWithoutRoot, strayCertificate, UnknownRoot, intermediateOutlivesRoot, unverifiable,
		CertificateForKey, EncryptedKey, malformedKey, KeyMismatch,
		malformedCRL, crlExpired, crlExpiresSoon, crlNotYetValid, crlOfAnother, CRLIncomplete, crlNotVerified, crlRevokesCA,
		serverCertificateAsCA, ClientIsCA, notForSealing, SealingExpired, SealingExpiresSoon,
		MalformedToken, EncodedToken, TokenExpired, tokenNotYetValid, TokenExpiresSoon, BoundToken, foreignToken, TokenOfAnother,
	}
}
