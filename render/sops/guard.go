package sops

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"path/filepath"
	"slices"

	"meshtopo.dev/meshtopo/render/protect"
)

// Scheme encrypts files of a tree with sops. It is the same for all of them but for the rules that fit their paths.
type Scheme struct {
	dir    string // the output directory
	config *Config
	run    *runner
	guards map[*Rule]protect.Guard
}

// New finds the creation rules for the files below an output directory, whose path is absolute. Variables whose names
// are withheld are kept from sops: they hold keys and tokens of a topology.
func New(dir string, withheld []string, known func(text []byte) bool) (*Scheme, error) {
	config, err := Find(dir)
	if err != nil {
		return nil, err
	}
	return &Scheme{dir: dir, config: config, run: &runner{config: config.Path, withheld: withheld, known: known}, guards: map[*Rule]protect.Guard{}}, nil
}

// Guard gives what encrypts the file at a path below the output directory.
func (s *Scheme) Guard(path string) (protect.Guard, error) {
	r, err := s.config.Match(filepath.Join(s.dir, filepath.FromSlash(path)))
	if err != nil {
		return nil, err
	}
	if s.guards[r] == nil {
		s.guards[r] = &guard{rule: r, scheme: s}
	}
	return s.guards[r], nil
}

// guard is a creation rule at work.
type guard struct {
	rule   *Rule
	scheme *Scheme
}

// Digest identifies the recipients and the options of the rule.
func (g *guard) Digest() string { return g.rule.digest }

// Encrypted is where a Secret has its values.
func (g *guard) Encrypted() []string { return []string{"data"} }

// Judge compares the recipients of an object with those of the rule.
func (g *guard) Judge(o *protect.Object) *protect.Stale { return g.rule.judge(o) }

// Check says what is wrong with the rule for an object.
func (g *guard) Check(o *protect.Object) error {
	var clear [][]string
	var keys []string
	o.Leaves(func(path []string) {
		if path[0] == "data" {
			keys = append(keys, path[1:]...)
			return
		}
		clear = append(clear, path)
	})
	return g.rule.Check(g.scheme.config.Path, clear, keys)
}

// Encrypt runs sops.
func (g *guard) Encrypt(ctx context.Context, path string, object []byte, values []protect.Value) ([]byte, error) {
	plain, err := protect.Fill(object, values, func(v protect.Value) ([]byte, error) {
		return base64.StdEncoding.AppendEncode(nil, v.Material.Reveal()), nil
	})
	if err != nil {
		return nil, err
	}
	text, err := g.scheme.run.encrypt(ctx, filepath.Join(g.scheme.dir, filepath.FromSlash(path)), plain, g.rule.selects.How == "")
	if err != nil {
		return nil, fmt.Errorf("sops for %s: %w", path, err)
	}
	return g.checked(path, object, text, values)
}

// checked makes sure that what sops gave back is what was asked for, before it lies in a tree for everybody to read.
func (g *guard) checked(path string, object, text []byte, values []protect.Value) ([]byte, error) {
	o, err := protect.ReadObject(text)
	if err != nil || g.rule.judge(o) != nil || o.At("data") == nil || holdsAny(text, values) {
		return nil, fmt.Errorf("sops for %s: what it gave back is not encrypted as %s says, and nothing of it was kept", path, g.scheme.config.Path)
	}
	mark, _, _ := bytes.Cut(object, []byte("\n"))
	if first, rest, _ := bytes.Cut(text, []byte("\n")); bytes.HasPrefix(first, []byte("#")) {
		text = rest
	}
	return slices.Concat(mark, []byte("\n"), text), nil
}

// holdsAny reports whether a text has a value in it, as it is or in base64.
func holdsAny(text []byte, values []protect.Value) bool {
	return slices.ContainsFunc(values, func(v protect.Value) bool {
		value := v.Material.Reveal()
		return bytes.Contains(text, value) || bytes.Contains(text, base64.StdEncoding.AppendEncode(nil, value))
	})
}
