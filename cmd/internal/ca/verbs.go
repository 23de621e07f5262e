package ca

import "github.com/spf13/cobra"

// New gives meshtopo ca.
func New(p Program) *cobra.Command {
	c := &cobra.Command{
		Use:   "ca",
		Short: "Make and check the certificate authorities of a mesh",
		Long: `Make the root of a mesh and an intermediate for each control plane, where the topology expects them, and check them.
Every verb works offline, and none writes over a file.

The root's key is encrypted with a passphrase: asked for on the terminal, or taken from --passphrase-file or the
variable ` + variable + `.`,
		Example: `  meshtopo ca root                      # a root, once for the mesh
  meshtopo ca intermediate              # an intermediate for each control plane that has none
  meshtopo ca verify                    # are they right?
  meshtopo ca status                    # what ends when?`,
	}
	c.AddCommand(newRoot(p), newIntermediate(p), newRequest(p), newSign(p), newVerify(p), newStatus(p))
	return c
}
