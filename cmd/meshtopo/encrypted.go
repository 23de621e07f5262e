package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"meshtopo.dev/meshtopo/cmd/internal/files"
	"meshtopo.dev/meshtopo/cmd/internal/report"
	"meshtopo.dev/meshtopo/cmd/internal/usage"
	"meshtopo.dev/meshtopo/render"
	"meshtopo.dev/meshtopo/render/protect"
	"meshtopo.dev/meshtopo/render/sops"
	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

// encryptsAny reports whether a topology has the Secrets of any cluster encrypted.
func encryptsAny(t *schema.Topology) bool {
	return slices.ContainsFunc(t.Clusters, func(c *schema.Cluster) bool { return c.Secrets.Protection.Encrypts() })
}

// protect lets a plan look at the ciphertext that lies in the output directory, which it gives, if it has any.
func (c *compiler) protect(p *compiled, plan *render.Plan, t *schema.Topology, asked map[string]bool) (*tree.Dir, error) {
	if !encryptsAny(t) {
		if len(c.again) > 0 {
			return nil, usage.Errorf("--reencrypt: spec.secrets has nothing encrypted")
		}
		return nil, nil
	}
	dir, err := tree.Open(p.out)
	if err != nil {
		return nil, err
	}
	plan.Protect(render.Protection{
		Dir: files.RealPath(p.out), Now: time.Now(), Context: context.Background(), Within: p.scope.Contains,
		Options: protect.Options{
			Committed: func(path string) ([]byte, string, error) { return dir.Committed(path, t.Name) },
			Encrypt:   c.encrypts,
			Again:     func(i *protect.Item) bool { return c.isAsked(i, asked) },
			Progress:  func(done, total int) { c.io.begin("encrypting: %d of %d", done, total) },
		},
	})
	return dir, nil
}

// isAsked reports whether a Secret is named by --reencrypt.
func (c *compiler) isAsked(i *protect.Item, asked map[string]bool) bool {
	return slices.ContainsFunc(c.again, func(name string) bool {
		if name != i.Name() {
			return false
		}
		asked[name] = true
		return true
	})
}

// checkAsked refuses names that no encrypted Secret has.
func (c *compiler) checkAsked(asked map[string]bool) error {
	for _, name := range c.again {
		if !asked[name] {
			return usage.Errorf("--reencrypt %s: no encrypted Secret in the tree that is current has this name; they are called cacerts, and istio-remote-secret- with the name of a cluster", name)
		}
	}
	return nil
}

// notEncrypted turns what keeps Secrets from being encrypted into findings, where err is about the user's files.
func (c *compiler) notEncrypted(p *compiled, err error) error {
	config, missing := &sops.Error{}, &protect.MissingError{}
	switch {
	case errors.As(err, &config):
		d := p.report.Findings.Add(diag.Pos{File: p.src.Rel(config.Path), Line: config.Line}, sopsRule, "%s: %s", files.FromHere(config.Path), config.Message)
		d.Fix = config.Fix
	case errors.As(err, &missing):
		for n, i := range missing.Items {
			why := "it is not there yet"
			if stale := missing.Stale[n]; stale != nil {
				why = stale.Why
			}
			p.report.Findings.Add(diag.Pos{File: p.src.Rel(filepath.Join(files.RealPath(p.out), filepath.FromSlash(i.Path)))}, withoutMaterialRule,
				"%s has to be encrypted, because %s, and %s is not here", p.path(i.Path), why, i.Credential)
		}
	default:
		return err
	}
	return c.finish(p.report)
}

// refuseStale ends a command that prints what is encrypted and cannot encrypt it: what is not current is an error.
func (c *compiler) refuseStale(p *compiled) error {
	for i := range p.tree.Files {
		if f := &p.tree.Files[i]; f.Stale != nil && p.scope.Contains(f.Path) {
			p.report.Findings.Add(diag.Pos{File: p.src.Rel(filepath.Join(files.RealPath(p.out), filepath.FromSlash(f.Path))), Line: f.Stale.Line}, staleRule,
				"%s is not current: %s", p.path(f.Path), f.Stale.Why)
		}
	}
	if p.report.Findings.HasErrors() {
		return c.finish(p.report)
	}
	return nil
}

// sayEncrypted tells how many files were encrypted anew, and why.
func (r *renderCommand) sayEncrypted(changes []tree.Change) {
	counts := map[string]int{}
	for _, c := range changes {
		if c.Stale != nil {
			counts[string(c.Kind)]++
		}
	}
	var parts []string
	for kind, n := range counts {
		parts = append(parts, fmt.Sprintf("%s: %s", kind, report.Count(n, "file")))
	}
	if slices.Sort(parts); len(parts) > 0 {
		r.io.say("encrypted anew, %s", strings.Join(parts, ", "))
	}
}

// sayUnproven tells of ciphertext of which nobody can know without decrypting whether its private part is today's.
func (p *compiled) sayUnproven(io stdio) {
	var paths []string
	for i := range p.tree.Files {
		if f := &p.tree.Files[i]; f.Unproven && p.scope.Contains(f.Path) {
			paths = append(paths, f.Path)
		}
	}
	if len(paths) > 0 {
		io.say("not compared: whether %s hold what they should, because it is too short or of a kind that has no digest: %s",
			report.Count(len(paths), "encrypted file"), some(paths))
	}
}
