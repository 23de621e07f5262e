package ca

import (
	"github.com/spf13/cobra"

	"meshtopo.dev/meshtopo/authority"
)

func newRequest(p Program) *cobra.Command {
	c := p.command()
	cmd := &cobra.Command{
		Use:   "request " + clustersUsage,
		Short: "Make keys, and requests for certificates that a root elsewhere signs",
		Long: `Make the key of an intermediate and a request for its certificate (PKCS #10): ca-key.pem where the topology names it, and
` + requestName + ` beside the certificate. Whoever has the root signs the request: "meshtopo ca sign", Vault, step, AWS Private CA
or an HSM. What comes back is taken in with "meshtopo ca intermediate --signed". The key never leaves its place.

Without arguments this is done for every cluster that runs a control plane and has no intermediate.`,
		Example: `  meshtopo ca request
  meshtopo ca request --key-algorithm rsa-4096 cluster-a
  openssl req -in certs/cluster-a/` + requestName + ` -noout -text    # what is asked for`,
		RunE:              func(_ *cobra.Command, args []string) error { return c.request(args) },
		ValidArgsFunction: c.completeClusters,
	}
	c.addTopologyFlag(cmd)
	c.addKeyFlag(cmd)
	return cmd
}

func (c *command) request(args []string) error {
	m, err := c.open()
	if err != nil {
		return err
	}
	defer m.src.Close()
	places, err := m.choose(args, place.asked)
	if err != nil {
		return err
	}
	if len(places) == 0 {
		c.sayNone(m)
		return nil
	}
	for _, p := range places {
		text, key, err := authority.NewRequest(p.Holder, c.kind.Algorithm)
		if err != nil {
			return err
		}
		p.request.Text = text
		if p.key.Text, err = authority.KeyPEM(key); err != nil {
			return err
		}
		if err := authority.Publish(p.asked()); err != nil {
			return err
		}
		c.print("%s: a request for the intermediate of %s, %s", p.request.Name, p.Cluster, authority.Describe(key.Public()))
	}
	c.sayKeys(m)
	c.IO.Say("have the requests signed, and take each answer in with meshtopo ca intermediate --signed FILE CLUSTER")
	return nil
}
