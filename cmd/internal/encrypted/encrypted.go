// Package encrypted has the Secrets of a tree encrypted, kept or refused, and says what came of it.
package encrypted

import (
	"context"
	"slices"
	"time"

	"meshtopo.dev/meshtopo/cmd/internal/files"
	"meshtopo.dev/meshtopo/cmd/internal/usage"
	"meshtopo.dev/meshtopo/render"
	"meshtopo.dev/meshtopo/render/guards"
	"meshtopo.dev/meshtopo/render/protect"
	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema"
)

// Run is what one run of a command does about encrypted Secrets.
type Run struct {
	Out      string                // the output directory
	Encrypt  bool                  // encrypt what is not current
	Again    []string              // the names of Secrets that are encrypted anew although they are current
	Within   tree.Scope            // the files that matter
	Progress func(done, total int) // called as Secrets are encrypted; may be nil

	asked map[string]bool // the names that were found
	dir   *tree.Dir
}

// Any reports whether a topology has the Secrets of any cluster encrypted.
func Any(t *schema.Topology) bool {
	return slices.ContainsFunc(t.Clusters, func(c *schema.Cluster) bool { return c.Secrets.Protection.Encrypts() })
}

// Render renders a plan, or one cluster of it, and looks at the ciphertext that lies in the output directory.
func (r *Run) Render(t *schema.Topology, plan *render.Plan, cluster string) (tree.Tree, error) {
	if err := r.begin(t, plan); err != nil {
		return tree.Tree{}, err
	}
	if r.dir != nil {
		defer r.dir.Close()
	}
	rendered, err := plan.Rendered(cluster)
	if err != nil {
		return tree.Tree{}, err
	}
	return rendered, r.checkAsked()
}

func (r *Run) begin(t *schema.Topology, plan *render.Plan) (err error) {
	if !Any(t) {
		return nil
	}
	if r.dir, err = tree.Open(r.Out); err != nil {
		return err
	}
	r.asked = map[string]bool{}
	plan.Protect(guards.Protection{
		Dir: files.RealPath(r.Out), Now: time.Now(), Context: context.Background(), Within: r.Within.Contains,
		Options: protect.Options{
			Committed: func() protect.Reader { return tree.NewCommitted(r.dir, t.Name) }, Encrypt: r.Encrypt, Again: r.isAsked, Progress: r.Progress,
		},
	})
	return nil
}

// isAsked reports whether an item is to be encrypted anew.
func (r *Run) isAsked(i *protect.Item) bool {
	name := i.Name()
	if !slices.Contains(r.Again, name) {
		return false
	}
	r.asked[name] = true
	return true
}

// checkAsked refuses names that no encrypted Secret has.
func (r *Run) checkAsked() error {
	for _, name := range r.Again {
		if !r.asked[name] {
			return usage.Errorf("--reencrypt %s: the tree has no encrypted Secret of this name; they are called cacerts, and "+
				"istio-remote-secret-, or istio-remote-kubeconfig- where they are mounted, with the name of a cluster", name)
		}
	}
	return nil
}
