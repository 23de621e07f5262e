package ca

import (
	"crypto/x509"
	"fmt"

	"meshtopo.dev/meshtopo/authority"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/trust"
)

// takeIn puts a certificate in place that somebody else has signed, once it is known to be right: it belongs to the
// key, leads to a root of the topology, and has what istiod needs.
func (c *intermediateCommand) takeIn(m *mesh, name string) error {
	clusters, err := m.named([]string{name})
	if err != nil {
		return err
	}
	p, err := m.place(clusters[0])
	if err != nil {
		return err
	}
	written := []authority.File{p.chain, p.cert}
	if err := vacant(written); err != nil {
		return err
	}
	keyText, err := m.private(p)
	if err != nil {
		return err
	}
	key, err := authority.ReadKey(keyText)
	if err != nil {
		return fmt.Errorf("the key of %s %w", name, err)
	}
	answer, err := readCertificates(c.signed)
	if err != nil {
		return err
	}
	roots, where, err := c.rootCerts(m)
	if err != nil {
		return err
	}
	pair := authority.Pair(answer, key)
	if pair == nil {
		return fmt.Errorf("%s has no certificate for the key of %s: it answers another request", c.signed, name)
	}
	path := authority.Above(pair.Cert, append(answer, roots...))
	written[0].Text, written[1].Text = authority.PEM(path...), authority.PEM(pair.Cert)
	if err := c.judge(m, keyText, written, roots); err != nil {
		return err
	}
	if err := authority.Publish(written); err != nil {
		return err
	}
	c.printIssued(p.cert.Name, p.Holder, authority.Issued{Certificate: pair.Cert})
	c.IO.Note("%s leads to a root of %s", p.cert.Name, where)
	return nil
}

func readCertificates(name string) ([]*x509.Certificate, error) {
	text, err := readFile(name)
	if err != nil {
		return nil, err
	}
	certs, err := authority.ReadCertificates(text)
	if err != nil {
		return nil, fmt.Errorf("%s %w", name, err)
	}
	return certs, nil
}

// judge reports what is wrong with an answer, by the rules of validate. An error ends the command.
func (c *intermediateCommand) judge(m *mesh, key []byte, written []authority.File, roots []*x509.Certificate) error {
	parse := func(text []byte) trust.Certificates {
		certs, _ := trust.ParseCertificates(text) // they have been read once
		return certs
	}
	i := trust.Intermediate{Chain: parse(written[0].Text), Cert: parse(written[1].Text), Roots: parse(authority.PEM(roots...)), TrustDomain: m.Mesh.TrustDomain}
	i.Key, _ = trust.ParsePrivateKey(key)
	found := &diag.List{}
	for _, p := range i.Check(trust.At(c.now())) {
		p.Explain(found.Add(diag.Pos{File: c.signed}, p.Rule, "the certificate, with those above it, %s", p))
	}
	if found.Len() == 0 {
		return nil
	}
	return c.report(found, func(file string) string { return file })
}
