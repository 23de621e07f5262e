package ca

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"meshtopo.dev/meshtopo/authority"
	"meshtopo.dev/meshtopo/cmd/internal/files"
	"meshtopo.dev/meshtopo/cmd/internal/usage"
	"meshtopo.dev/meshtopo/render/layout"
)

// defaultKey is where the key of the root is, from the root of the topology.
const defaultKey = "ca/root-key.pem.age"

func newRoot(p Program) *cobra.Command {
	c := p.command()
	cmd := &cobra.Command{
		Use:   "root",
		Short: "Make the root of a mesh, and its key, encrypted with a passphrase",
		Long: `Make the root of a mesh: its certificate, in the place that trust.roots of the topology names, and its private key,
encrypted with a passphrase by age. "age --decrypt" opens it, too.

With --root-cert and --root-key no topology is needed: so a root can be made on a machine that is never online.
A topology can name several roots while the root rotates: the one that is not there yet is made.`,
		Example: `  meshtopo ca root
  meshtopo ca root --key-algorithm rsa-4096 --not-after 3650d
  meshtopo ca root --root-cert root-cert.pem --root-key /media/safe/root-key.pem.age`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error { return c.makeRoot() },
	}
	c.addTopologyFlag(cmd)
	c.addRootFlags(cmd)
	c.addKeyFlag(cmd)
	c.addEndFlag(cmd, "10 years from now")
	return cmd
}

// noArgs is for verbs that take flags only.
func noArgs(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage.Errorf("%s takes no arguments, but got %q", c.CommandPath(), args[0])
	}
	return nil
}

func (c *command) makeRoot() error {
	cert, key, err := c.rootFiles()
	if err != nil {
		return err
	}
	if err := vacant([]authority.File{cert, key}); err != nil {
		return err
	}
	passphrase, err := c.newPassphrase(key.Name)
	if err != nil {
		return err
	}
	c.IO.Begin("making the root")
	root, err := authority.NewRoot(c.kind.Algorithm, c.validity())
	if err != nil {
		return err
	}
	cert.Text = authority.PEM(root.Cert)
	if key.Text, err = authority.Seal(root.Key, passphrase, 0); err != nil {
		return err
	}
	if err := authority.Publish([]authority.File{cert, key}); err != nil {
		return err
	}
	c.print("%s: a root, %s, valid until %s", cert.Name, authority.Describe(root.Cert.PublicKey), day(root.Cert.NotAfter))
	c.print("%s: its key, encrypted with the passphrase", key.Name)
	c.IO.Say("whoever has the key and its passphrase can impersonate every workload: keep both offline, apart from each other, and out of git")
	return nil
}

// day writes the day of an end.
func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// rootFiles says where the certificate and the key of a new root go.
func (c *command) rootFiles() (cert, key authority.File, err error) {
	if c.rootCert != "" && c.rootKey != "" {
		err = refuseTree(c.rootKey, "")
		return here(c.rootCert, nil, authority.Public), here(c.rootKey, nil, authority.Secret), err
	}
	m, err := c.open()
	if err != nil {
		return cert, key, err
	}
	defer m.src.Close()
	if cert, err = c.newRootCert(m); err != nil {
		return cert, key, err
	}
	key = m.file(defaultKey, nil, authority.Secret)
	if c.rootKey != "" {
		key = here(c.rootKey, nil, authority.Secret)
	}
	return cert, key, refuseTree(filepath.Join(key.Root, filepath.FromSlash(key.Path)), m.src.Dir)
}

// newRootCert is the place of the one root of the topology that is not there.
func (c *command) newRootCert(m *mesh) (authority.File, error) {
	if c.rootCert != "" {
		return here(c.rootCert, nil, authority.Public), nil
	}
	if m.Trust == nil || len(m.Trust.Roots) == 0 {
		return authority.File{}, fmt.Errorf("%s names no root: add spec.trust.roots, or say with --root-cert where its certificate goes", m.src.Label())
	}
	var missing, there []string
	for _, path := range m.Trust.Roots {
		if _, err := m.src.Store.Public(path); errors.Is(err, fs.ErrNotExist) {
			missing = append(missing, path)
		} else {
			there = append(there, m.src.Name(path))
		}
	}
	switch len(missing) {
	case 0:
		return authority.File{}, fmt.Errorf("every root of %s is there already (%s): nothing is written over; to rotate, name a second one in trust.roots",
			m.src.Label(), strings.Join(there, ", "))
	case 1:
		return m.file(missing[0], nil, authority.Public), nil
	}
	return authority.File{}, usage.Errorf("%d roots of %s are not there: say with --root-cert which one is made", len(missing), m.src.Label())
}

// refuseTree refuses the key of a root among rendered files, which are applied and committed.
func refuseTree(key, topology string) error {
	dir := files.RealPath(filepath.Dir(key))
	in := topology != "" && files.Below(filepath.Join(topology, layout.Top), dir)
	for at := dir; !in && filepath.Dir(at) != at; at = filepath.Dir(at) {
		in = isTree(at)
	}
	if in {
		return usage.Errorf("the root's key would be among the rendered files (%s), which are committed and applied: no cluster needs it; name another place with --root-key", key)
	}
	return nil
}

// isTree reports whether a directory is that of a cluster, or the one that holds those of all clusters.
func isTree(dir string) bool {
	pattern := "meshtopo.sum"
	if filepath.Base(dir) == layout.Top {
		pattern = filepath.Join("*", pattern)
	}
	entries, err := fs.Glob(os.DirFS(dir), filepath.ToSlash(pattern))
	return err == nil && len(entries) > 0
}

// root is a root that signs, and the certificates beside it.
type root struct {
	*authority.CA
	beside []*x509.Certificate
}

// readRoot reads the root and its key. m may be nil where the command line names both.
func (c *command) readRoot(m *mesh) (*root, error) {
	certs, where, err := c.rootCerts(m)
	if err != nil {
		return nil, err
	}
	name, path := c.rootKey, c.rootKey
	if name == "" {
		path = filepath.Join(m.src.Dir, filepath.FromSlash(defaultKey))
		name = m.src.Name(defaultKey)
	}
	text, err := readFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is not there: name the root's key with --root-key, make a root with meshtopo ca root, "+
			"or have the intermediates signed where the root is, with meshtopo ca request", name)
	}
	if err != nil {
		return nil, err
	}
	if authority.Sealed(text) {
		if text, err = c.unseal(name, text); err != nil {
			return nil, err
		}
	} else {
		c.IO.Say("warning: %s is not encrypted: whoever can read it can impersonate every workload; age --passphrase encrypts it", name)
	}
	key, err := authority.ReadKey(text)
	if err != nil {
		return nil, fmt.Errorf("%s %w", name, err)
	}
	ca := authority.Pair(certs, key)
	if ca == nil {
		return nil, fmt.Errorf("%s belongs to no certificate of %s: what it signed would be refused", name, where)
	}
	return &root{ca, certs}, nil
}

func (c *command) unseal(name string, sealed []byte) ([]byte, error) {
	passphrase, err := c.oldPassphrase(name)
	if err != nil {
		return nil, err
	}
	c.IO.Begin("decrypting %s", name)
	text, err := authority.Open(sealed, passphrase)
	switch {
	case errors.Is(err, authority.ErrPassphrase):
		return nil, fmt.Errorf("%w: %s cannot be decrypted with it; nothing was written", err, name)
	case err != nil:
		return nil, fmt.Errorf("%s %w", name, err)
	}
	return text, nil
}

// rootCerts reads the certificates that the root's key may belong to, and says where they are.
func (c *command) rootCerts(m *mesh) (certs []*x509.Certificate, where string, err error) {
	if c.rootCert != "" {
		text, err := readFile(c.rootCert)
		if err != nil {
			return nil, "", err
		}
		if certs, err = authority.ReadCertificates(text); err != nil {
			return nil, "", fmt.Errorf("%s %w", c.rootCert, err)
		}
		return certs, c.rootCert, nil
	}
	if m.Trust == nil || len(m.Trust.Roots) == 0 {
		return nil, "", fmt.Errorf("%s names no root: add spec.trust.roots, or name the root's certificate with --root-cert", m.src.Label())
	}
	var names []string
	for _, path := range m.Trust.Roots {
		text, err := m.src.Store.Public(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, "", failed(m.src.Name(path), err)
		}
		some, err := authority.ReadCertificates(text)
		if err != nil {
			return nil, "", fmt.Errorf("%s %w", m.src.Name(path), err)
		}
		certs, names = append(certs, some...), append(names, m.src.Name(path))
	}
	if len(certs) == 0 {
		return nil, "", fmt.Errorf("%s is not there: make a root with meshtopo ca root, or put its certificate there", m.src.Name(m.Trust.Roots[0]))
	}
	return certs, strings.Join(names, ", "), nil
}
