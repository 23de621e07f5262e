package ca

import (
	"crypto/x509"

	"github.com/spf13/cobra"

	"meshtopo.dev/meshtopo/authority"
	"meshtopo.dev/meshtopo/cmd/internal/usage"
)

type intermediateCommand struct {
	*command
	signed string
}

func newIntermediate(p Program) *cobra.Command {
	c := &intermediateCommand{command: p.command()}
	cmd := &cobra.Command{
		Use:   "intermediate " + clustersUsage,
		Short: "Make the intermediate of each control plane, below the root of the mesh",
		Long: `Make the intermediate with which the istiod of a cluster signs: ca-cert.pem, ca-key.pem and cert-chain.pem, in the
places that the topology names. Without arguments it is made for every cluster that runs a control plane and has none.

With --signed the certificate comes from elsewhere: somebody has signed the request that "meshtopo ca request" made. It
has to belong to the key that is there, and to lead to a root of the topology.`,
		Example: `  meshtopo ca intermediate
  meshtopo ca intermediate --not-after 365d cluster-a
  meshtopo ca intermediate --signed answer.pem cluster-a`,
		RunE:              func(_ *cobra.Command, args []string) error { return c.run(args) },
		ValidArgsFunction: c.completeClusters,
	}
	c.addTopologyFlag(cmd)
	c.addRootFlags(cmd)
	c.addKeyFlag(cmd)
	c.addEndFlag(cmd, "2 years from now")
	cmd.Flags().StringVar(&c.signed, "signed", "", "take the certificate, and those between it and the root, from this `FILE`")
	cmd.MarkFlagsMutuallyExclusive("signed", "key-algorithm")
	cmd.MarkFlagsMutuallyExclusive("signed", "not-after")
	cmd.MarkFlagsMutuallyExclusive("signed", "root-key")
	return cmd
}

func (c *intermediateCommand) run(args []string) error {
	if c.signed != "" && len(args) != 1 {
		return usage.Errorf("--signed takes the one cluster that the certificate is for")
	}
	m, err := c.open()
	if err != nil {
		return err
	}
	defer m.src.Close()
	if c.signed != "" {
		return c.takeIn(m, args[0])
	}
	places, err := m.choose(args, place.pair)
	if err != nil {
		return err
	}
	if len(places) == 0 {
		c.sayNone(m)
		return nil
	}
	root, err := c.readRoot(m)
	if err != nil {
		return err
	}
	if len(m.Trust.Roots) > 1 {
		c.IO.Say("of several roots, this signs: %s, valid until %s; another one signs with --root-key", authority.Describe(root.Cert.PublicKey)+", SHA-256 "+authority.Fingerprint(root.Cert)[:8]+"…", day(root.Cert.NotAfter))
	}
	for _, p := range places {
		if err := c.make(p, root); err != nil {
			return err
		}
	}
	c.sayKeys(m)
	return nil
}

// sayNone tells that there is nothing to make, and who waits for an answer.
func (c *command) sayNone(m *mesh) {
	none := true
	for _, cl := range m.signing() {
		if p, err := m.place(cl); err == nil && p.waits() {
			c.IO.Say("%s waits for the answer to %s: take it in with meshtopo ca intermediate --signed FILE %s", cl.Name, p.request.Name, cl.Name)
			none = false
		}
	}
	if none {
		c.IO.Say("every control plane of %s has an intermediate", m.src.Label())
	}
}

// make makes the intermediate of one control plane.
func (c *command) make(p place, root *root) error {
	c.IO.Begin("making the intermediate of %s", p.Cluster)
	cert, key, err := root.NewIntermediate(p.Holder, c.kind.Algorithm, c.validity())
	if err != nil {
		return err
	}
	p.cert.Text, p.chain.Text = root.texts(cert)
	if p.key.Text, err = authority.KeyPEM(key); err != nil {
		return err
	}
	if err := authority.Publish(p.pair()); err != nil {
		return err
	}
	c.printIssued(p.cert.Name, p.Holder, cert)
	return nil
}

// texts gives the certificate of an intermediate, and the chain from it up to the root.
func (r *root) texts(cert authority.Issued) (one, chain []byte) {
	others := append([]*x509.Certificate{r.Cert}, r.beside...)
	return authority.PEM(cert.Certificate), authority.PEM(authority.Above(cert.Certificate, others)...)
}

// printIssued tells about a new intermediate.
func (c *command) printIssued(name string, h authority.Holder, cert authority.Issued) {
	capped := ""
	if cert.Capped {
		capped = ", as its root"
	}
	c.print("%s: the intermediate of %s, %s, valid until %s%s", name, h.Cluster, authority.Describe(cert.PublicKey), day(cert.NotAfter), capped)
}

// sayKeys tells what a person has to do about the new keys.
func (c *command) sayKeys(m *mesh) {
	c.IO.Say("the keys beside them are not encrypted, since %s is rendered with them: they must not be committed unless they are", m.src.Label())
}
