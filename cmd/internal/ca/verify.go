package ca

import (
	"cmp"
	"crypto/x509"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"meshtopo.dev/meshtopo/authority"
	"meshtopo.dev/meshtopo/cmd/internal/report"
	"meshtopo.dev/meshtopo/cmd/internal/usage"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/trust"
)

func newVerify(p Program) *cobra.Command {
	c := p.command()
	cmd := &cobra.Command{
		Use:   "verify [FILE|DIR]...",
		Short: "Check roots and intermediates",
		Long: `Check what "meshtopo ca" or somebody else has made, by the rules of validate, and say what each CA is: its subject,
serial number, kind of key, end, and root. A directory holds ca-cert.pem, cert-chain.pem and perhaps ca-key.pem and
root-cert.pem; a file holds certificates. Without arguments it is all that the topology names.

An intermediate has to be under a root: of the topology, of --root-cert, or of the root-cert.pem beside it. Where there
is none of these, the certificate at the end of its chain is taken for one.`,
		Example: `  meshtopo ca verify
  meshtopo ca verify certs/cluster-a
  meshtopo ca verify --root-cert root-cert.pem answer/`,
		RunE: func(_ *cobra.Command, args []string) error { return c.verify(args) },
	}
	c.addTopologyFlag(cmd)
	cmd.Flags().StringVar(&c.rootCert, "root-cert", "", "the `FILE` of the root, where a directory is not under one of the topology")
	return cmd
}

// bundle is a CA that is checked: its files, as far as they are there.
type bundle struct {
	cert, chain, key, root string // how the user calls them
	certText, chainText    []byte
	keyText, crlText       []byte
	crl                    string
	rootText               []byte
	trustDomain            string
}

func (c *command) verify(args []string) error {
	bundles, err := c.bundles(args)
	if err != nil {
		return err
	}
	found := &findings{}
	for _, b := range bundles {
		c.describe(b, found)
	}
	if found.Len() > 0 {
		return c.report(&found.List, func(file string) string { return file })
	}
	c.IO.Say("%s, and nothing wrong", report.Count(len(bundles), "CA"))
	return nil
}

// bundles reads what the arguments name, or the topology.
func (c *command) bundles(args []string) ([]bundle, error) {
	if len(args) == 0 {
		return c.topologyBundles()
	}
	if len(c.topology) > 0 {
		return nil, usage.Errorf("give --topology, or files and directories")
	}
	var all []bundle
	for _, arg := range args {
		b, err := c.bundle(arg)
		if err != nil {
			return nil, err
		}
		all = append(all, b)
	}
	return all, nil
}

// bundle reads a file, or a directory.
func (c *command) bundle(arg string) (b bundle, err error) {
	if info, err := os.Stat(arg); err != nil {
		return b, failed(arg, err)
	} else if !info.IsDir() {
		b.cert = arg
		b.certText, err = readFile(arg)
		if err == nil && c.rootCert != "" {
			b.root = c.rootCert
			b.rootText, err = readFile(c.rootCert)
		}
		return b, err
	}
	b.cert, b.chain = filepath.Join(arg, "ca-cert.pem"), filepath.Join(arg, "cert-chain.pem")
	b.key, b.root, b.crl = filepath.Join(arg, "ca-key.pem"), filepath.Join(arg, "root-cert.pem"), filepath.Join(arg, crlName)
	if _, err := os.Stat(b.cert); errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Stat(filepath.Join(arg, schema.TLSCert)); err == nil {
			form := schema.TLSForm(filepath.ToSlash(arg))
			b.cert, b.chain, b.root, b.key = form.Cert, form.Issuers, form.Issuers, form.Key.File
		}
	}
	if c.rootCert != "" {
		b.root = c.rootCert
	}
	for _, f := range []struct {
		name   string
		text   *[]byte
		needed bool
	}{{b.cert, &b.certText, true}, {b.chain, &b.chainText, true}, {b.key, &b.keyText, false}, {b.crl, &b.crlText, false}, {b.root, &b.rootText, c.rootCert != ""}} {
		if *f.text, err = readFile(f.name); err != nil && (f.needed || !errors.Is(err, fs.ErrNotExist)) {
			return b, err
		}
	}
	return b.joined(), nil
}

// crlName is the file of revocation lists beside an intermediate.
const crlName = "ca-crl.pem"

// joined puts an intermediate before the CAs above it, where these have a file of their own.
func (b bundle) joined() bundle {
	if path.Base(b.cert) == schema.TLSCert {
		b.chainText = slices.Concat(b.certText, []byte("\n"), b.chainText)
	}
	return b
}

// topologyBundles reads the roots and the intermediates of the topology.
func (c *command) topologyBundles() ([]bundle, error) {
	m, err := c.open()
	if err != nil {
		return nil, err
	}
	defer m.src.Close()
	_, where, err := c.rootCerts(m) // says what is missing
	if err != nil {
		return nil, err
	}
	var all []bundle
	var roots []byte
	for _, path := range m.Trust.Roots {
		text, err := m.src.Store.Public(path)
		if err != nil {
			return nil, failed(m.src.Name(path), err)
		}
		all, roots = append(all, bundle{cert: m.src.Name(path), certText: text}), append(append(roots, text...), '\n')
	}
	for _, cl := range m.signing() {
		m.findForm(cl)
		p, err := m.place(cl)
		if err != nil {
			return nil, err
		}
		b := bundle{cert: p.cert.Name, chain: p.chain.Name, key: cl.Intermediate.Key.String(), root: where, rootText: roots, trustDomain: m.Mesh.TrustDomain}
		if b.certText, err = m.src.Store.Public(p.cert.Path); err != nil {
			return nil, failed(b.cert, err)
		}
		if b.chainText, err = m.src.Store.Public(p.chain.Path); err != nil {
			return nil, failed(b.chain, err)
		}
		if b.crl, b.crlText, err = m.crl(cl); err != nil {
			return nil, failed(b.crl, err)
		}
		if b.keyText, err = m.src.Store.Private(cl.Intermediate.Key); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, failed(b.key, err)
		}
		all = append(all, b.joined())
	}
	return all, nil
}

// findForm finds out whether the intermediate of a cluster, in the directory that the mesh names, has the form of a
// Secret of type kubernetes.io/tls.
func (m *mesh) findForm(cl *schema.Cluster) {
	if cl.Intermediate == nil || path.Base(cl.Intermediate.Cert) != "ca-cert.pem" {
		return
	}
	form := schema.TLSForm(path.Dir(cl.Intermediate.Cert))
	_, none := m.src.Store.Public(cl.Intermediate.Cert)
	if _, err := m.src.Store.Public(form.Cert); err == nil && errors.Is(none, fs.ErrNotExist) {
		form.Chain = form.Issuers
		cl.Intermediate = form
	}
}

// crl gives the revocation lists of a cluster, which need not be there.
func (m *mesh) crl(cl *schema.Cluster) (name string, text []byte, err error) {
	file := cmp.Or(cl.Intermediate.CRL, path.Join(path.Dir(cl.Intermediate.Cert), crlName))
	if text, err = m.src.Store.Public(file); errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return m.src.Name(file), text, err
}

// findings are problems of files that are called as the command line calls them.
type findings struct{ diag.List }

func (f *findings) add(file string, problems []trust.Problem) {
	for _, p := range problems {
		p.Explain(f.Add(diag.Pos{File: file}, p.Rule, "%s %s", filepath.Base(file), p))
	}
}

// describe prints what a CA is, and adds what is wrong with it.
func (c *command) describe(b bundle, found *findings) {
	cert, problems := trust.ParseCertificates(b.certText)
	found.add(b.cert, problems)
	certs, err := authority.ReadCertificates(b.certText)
	if err != nil {
		return // which has been said
	}
	if b.chainText != nil || !isRoot(certs[0]) {
		c.describeIntermediate(b, cert, certs, found)
		return
	}
	found.add(b.cert, trust.CheckRoots(cert, trust.At(c.now())))
	for _, one := range certs {
		c.printCA(b.cert, one, nil)
	}
}

func (c *command) describeIntermediate(b bundle, cert trust.Certificates, certs []*x509.Certificate, found *findings) {
	for _, text := range [][]byte{b.chainText, b.rootText} {
		some, _ := authority.ReadCertificates(text) // what is wrong with it is found below
		certs = append(certs, some...)
	}
	path := authority.Above(certs[0], certs)
	top := path[len(path)-1]
	c.printCA(b.cert, certs[0], top)
	if b.rootText == nil && isRoot(top) {
		b.rootText = authority.PEM(top)
	}
	if b.chainText == nil {
		b.chainText = authority.PEM(path...)
	}
	i := trust.Intermediate{Cert: cert, TrustDomain: b.trustDomain}
	var problems []trust.Problem
	i.Chain, problems = parsed(b.chainText)
	found.add(b.chain, problems)
	i.Roots, problems = parsed(b.rootText)
	found.add(b.root, problems)
	if b.keyText != nil {
		i.Key, problems = trust.ParsePrivateKey(b.keyText)
		found.add(b.key, problems)
	}
	for _, p := range i.Check(trust.At(c.now())) {
		found.add(map[trust.Part]string{trust.Cert: b.cert, trust.Key: b.key, trust.Chain: cmp.Or(b.chain, b.cert)}[p.Part], []trust.Problem{p})
	}
	if b.crlText != nil {
		lists, problems := trust.ParseCRLs(b.crlText)
		found.add(b.crl, append(problems, i.CheckCRLs(lists, i.CAs(), trust.At(c.now()))...))
	}
	if b.key != "" && b.keyText == nil {
		c.IO.Say("not checked, because it is not here: %s", b.key)
	}
}

// parsed reads certificates that need not be there.
func parsed(text []byte) (trust.Certificates, []trust.Problem) {
	if text == nil {
		return trust.Certificates{}, nil
	}
	return trust.ParseCertificates(text)
}

// isRoot reports whether a certificate is signed with its own key.
func isRoot(c *x509.Certificate) bool {
	return string(c.RawIssuer) == string(c.RawSubject) && c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil
}

// printCA prints what a certificate is; top is the last one above it, or nil for a root.
func (c *command) printCA(name string, cert, top *x509.Certificate) {
	c.print("%s", name)
	c.print("  subject  %s", cert.Subject)
	c.print("  serial   %x", cert.SerialNumber.Bytes())
	c.print("  key      %s, signed with %s", authority.Describe(cert.PublicKey), cert.SignatureAlgorithm)
	c.print("  ends     %s", day(cert.NotAfter))
	switch {
	case top == nil:
	case isRoot(top):
		c.print("  root     %s, serial %x", top.Subject, top.SerialNumber.Bytes())
	default:
		c.print("  root     not known: the chain stops at %s", top.Subject)
	}
}
