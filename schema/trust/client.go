package trust

import (
	"crypto/x509"
	"fmt"
	"slices"

	"meshtopo.dev/meshtopo/schema/diag"
)

// CheckClient checks the certificate and the key with which a kubeconfig logs in, as client-go reads them
// (crypto/tls.X509KeyPair): the first certificate and the first private key count, whatever stands before them. One
// that is nil is not checked.
func CheckClient(cert, key []byte, now Clock) []Problem {
	leaf, problems := readClientCertificate(cert)
	public, more := readClientKey(key)
	if problems = append(problems, more...); leaf == nil {
		return problems
	}
	for _, f := range leaf.clientFaults(now) {
		problems = append(problems, Problem{Rule: f.rule, Message: f.fact})
	}
	if public != nil && !public.Equal(leaf.PublicKey) {
		problems = append(problems, Problem{Rule: KeyMismatch, Part: Key, Message: "does not belong to the certificate"})
	}
	return problems
}

// readClientCertificate gives the first certificate of a file, or nil.
func readClientCertificate(text []byte) (*certificate, []Problem) {
	if text == nil {
		return nil, nil
	}
	blocks, problems := scan(text)
	if len(problems) > 0 {
		return nil, problems
	}
	at := slices.IndexFunc(blocks, func(b block) bool { return b.Type == "CERTIFICATE" })
	if at < 0 {
		return nil, []Problem{{Rule: unexpectedBlock, Message: fmt.Sprintf("holds %s, where a certificate is wanted", blocks[0].kind())}}
	}
	c, problem := (&Parser{}).certificate(blocks[at])
	if problem != nil {
		return nil, []Problem{*problem}
	}
	return &certificate{c, blocks[at].line}, nil
}

// readClientKey gives the public half of the first private key of a file, or nil.
func readClientKey(text []byte) (publicKey, []Problem) {
	if text == nil {
		return nil, nil
	}
	blocks, problems := scan(text)
	bad := func(rule *diag.Rule, message string) (publicKey, []Problem) {
		return nil, []Problem{{Rule: rule, Part: Key, Message: message}}
	}
	if len(problems) > 0 {
		return bad(problems[0].Rule, problems[0].Message)
	}
	at := slices.IndexFunc(blocks, block.privateKey)
	switch {
	case at < 0 && blocks[0].Type == "CERTIFICATE":
		return bad(CertificateForKey, "holds a certificate where the private key should be")
	case at < 0:
		return bad(unexpectedBlock, fmt.Sprintf("holds %s, where a private key is wanted", blocks[0].kind()))
	}
	encrypted := blocks[at].encrypted()
	for _, label := range []string{"RSA PRIVATE KEY", "PRIVATE KEY", "EC PRIVATE KEY"} {
		blocks[at].Type = label // which X509KeyPair does not look at
		if key, err := blocks[at].key(); err == nil {
			public, _ := key.Public().(publicKey)
			return public, nil
		}
	}
	if encrypted {
		return bad(EncryptedKey, "is protected with a passphrase")
	}
	return bad(malformedKey, "holds a private key that cannot be read")
}

// clientFaults gives what is wrong with a certificate by which somebody logs in at an API server.
func (c certificate) clientFaults(now Clock) []fault {
	var found []fault
	if c.excludes(x509.ExtKeyUsageClientAuth) {
		found = append(found, fault{IncompatibleUsage, "has an extended key usage without clientAuth"})
	}
	return append(found, c.ageFaults(now)...)
}

// CheckClientIsNoCA reports a client certificate that may sign others.
func CheckClientIsNoCA(cert []byte) []Problem {
	leaf, _ := readClientCertificate(cert)
	if leaf == nil || !leaf.IsCA {
		return nil
	}
	return []Problem{{Rule: ClientIsCA, Message: "is that of a CA"}}
}
