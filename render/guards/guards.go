// Package guards finds what encrypts the Secrets of a cluster: a creation rule of sops, or a sealing certificate.
package guards

import (
	"context"
	"fmt"
	"time"

	"meshtopo.dev/meshtopo/render/protect"
	"meshtopo.dev/meshtopo/render/sealed"
	"meshtopo.dev/meshtopo/render/secret"
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

// Guards are those of a topology, each made when it is first needed. nil stands for a tree that cannot have any.
type Guards struct {
	Protection
	topology *schema.Topology
	store    *secret.Store
	sops     *sops.Scheme
	sealing  map[sealing]*sealed.Guard
}

// sealing is how Secrets are sealed: with the certificate in a file, for a scope.
type sealing struct{ certificate, scope string }

// New prepares the guards of a topology whose material the store holds.
func New(t *schema.Topology, store *secret.Store, how Protection) *Guards {
	return &Guards{Protection: how, topology: t, store: store, sealing: map[sealing]*sealed.Guard{}}
}

// Matters reports whether a file is to be encrypted, kept or judged.
func (g *Guards) Matters(path string) bool { return g == nil || g.Within == nil || g.Within(path) }

// Of gives what encrypts a file of a cluster.
func (g *Guards) Of(c *schema.Cluster, path string) (protect.Guard, error) {
	switch {
	case g == nil:
		return nil, fmt.Errorf("%s: nobody said how Secrets are encrypted", path)
	case c.Secrets.Protection == schema.Sealed:
		return g.sealed(c.Secrets.Sealed)
	}
	if g.sops == nil {
		scheme, err := sops.New(g.Dir, g.topology.PrivateVariables(), g.store.Known().In)
		if err != nil {
			return nil, err
		}
		g.sops = scheme
	}
	return g.sops.Guard(path)
}

func (g *Guards) sealed(s schema.SealedSecrets) (protect.Guard, error) {
	key := sealing{s.Certificate, s.Scope}
	if g.sealing[key] == nil {
		text, err := g.store.Public(s.Certificate)
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
