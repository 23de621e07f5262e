package ca

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"meshtopo.dev/meshtopo/authority"
	"meshtopo.dev/meshtopo/cmd/internal/usage"
)

func newSign(p Program) *cobra.Command {
	c := p.command()
	cmd := &cobra.Command{
		Use:   "sign REQUEST...",
		Short: "Sign requests for intermediates with the root of the mesh",
		Long: `Sign requests as "meshtopo ca request" makes them: ca-cert.pem and cert-chain.pem are written beside each. A request is
refused that asks for more than the intermediate of a control plane has. Nothing but the cluster, the namespace and the
key is taken from it: what is issued always has one shape.

With --root-cert and --root-key no topology is needed.`,
		Example: `  meshtopo ca sign certs/cluster-a/` + requestName + `
  meshtopo ca sign --root-cert root-cert.pem --root-key root-key.pem.age --not-after 365d requests/*/` + requestName,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage.Errorf("%s takes the requests that are to be signed", cmd.CommandPath())
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return c.sign(args) },
	}
	c.addTopologyFlag(cmd)
	c.addRootFlags(cmd)
	c.addEndFlag(cmd, "2 years from now")
	return cmd
}

// signing is a request, and the files of the answer to it.
type signing struct {
	*authority.Request
	chain, cert authority.File
}

func (s signing) files() []authority.File { return []authority.File{s.chain, s.cert} }

func (c *command) sign(args []string) error {
	all, err := readRequests(args)
	if err != nil {
		return err
	}
	root, err := c.openRoot()
	if err != nil {
		return err
	}
	for _, s := range all {
		cert, err := root.Intermediate(s.Holder, s.Public, c.validity())
		if err != nil {
			return err
		}
		s.cert.Text, s.chain.Text = root.texts(cert)
		if err := authority.Publish(s.files()); err != nil {
			return err
		}
		c.printIssued(s.cert.Name, s.Holder, cert)
	}
	return nil
}

// readRequests reads all requests before any is signed.
func readRequests(names []string) ([]signing, error) {
	in := map[string]string{}
	for _, name := range names {
		dir := filepath.Dir(name)
		if other, taken := in[dir]; taken {
			return nil, usage.Errorf("%s and %s are in one directory, and so would be the answers: give each a directory of its own", other, name)
		}
		in[dir] = name
	}
	var all []signing
	for _, name := range names {
		s, err := readRequest(name)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

func readRequest(name string) (signing, error) {
	text, err := readFile(name)
	if err != nil {
		return signing{}, err
	}
	r, err := authority.ParseRequest(text)
	if err != nil {
		return signing{}, fmt.Errorf("%s %w: it is not signed", name, err)
	}
	beside := func(file string) authority.File {
		return here(filepath.Join(filepath.Dir(name), file), nil, authority.Public)
	}
	s := signing{r, beside("cert-chain.pem"), beside("ca-cert.pem")}
	return s, vacant(s.files())
}

// openRoot reads the root that the command line or the topology names.
func (c *command) openRoot() (*root, error) {
	if c.rootCert != "" && c.rootKey != "" {
		return c.readRoot(nil)
	}
	m, err := c.open()
	if err != nil {
		return nil, err
	}
	defer m.src.Close()
	return c.readRoot(m)
}
