package render

import (
	"context"
	"fmt"
	"time"

	"meshtopo.dev/meshtopo/render/protect"
	"meshtopo.dev/meshtopo/render/sealed"
	"meshtopo.dev/meshtopo/render/sops"
	"meshtopo.dev/meshtopo/schema"
)

// Protection says where a tree lies whose Secrets are encrypted, and what may be done about those that are not current.
type Protection struct {
	Dir     string // the output directory: absolute
	Now     time.Time
	Context context.Context
	Within  func(path string) bool // which files matter; nil for all
	protect.Options
}

// Protect has the Secrets of the plan encrypted. Without it a plan with encrypted Secrets cannot be rendered.
func (p *Plan) Protect(how Protection) *Plan {
	p.guards = &guards{plan: p, Protection: how, sealing: map[sealing]*sealed.Guard{}}
	return p
}

// guards are what encrypts the files of a tree, each made when it is first needed.
type guards struct {
	Protection
	plan    *Plan
	sops    *sops.Scheme
	sealing map[sealing]*sealed.Guard
}

// sealing is how Secrets are sealed: with the certificate in a file, for a scope.
type sealing struct{ certificate, scope string }

// of gives what encrypts a file of a cluster.
func (g *guards) of(c *schema.Cluster, path string) (protect.Guard, error) {
	switch {
	case g == nil:
		return nil, fmt.Errorf("%s: nobody said how Secrets are encrypted", path)
	case c.Secrets.Protection == schema.Sealed:
		return g.sealed(c.Secrets.Sealed)
	}
	if g.sops == nil {
		scheme, err := sops.New(g.Dir, g.plan.topology.PrivateVariables(), g.plan.store.Known().In)
		if err != nil {
			return nil, err
		}
		g.sops = scheme
	}
	return g.sops.Guard(path)
}

func (g *guards) sealed(s schema.SealedSecrets) (protect.Guard, error) {
	key := sealing{s.Certificate, s.Scope}
	if g.sealing[key] == nil {
		text, err := g.plan.store.Public(s.Certificate)
		if err != nil {
			return nil, err
		}
		certificate, err := sealed.Parse(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.Certificate, err)
		}
		g.sealing[key] = sealed.New(certificate, s.Certificate, s.Scope, g.Now)
	}
	return g.sealing[key], nil
}
