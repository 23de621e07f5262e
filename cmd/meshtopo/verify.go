package main

import (
	"bytes"
	"path"
	"slices"
	"strings"
	"time"

	"meshtopo.dev/meshtopo/cmd/internal/report"
	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/lint"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// lint checks what was rendered, before it is written. All clusters are compared, whatever is to be written of them.
// Findings name the files as they are called from the working directory, whether they are there or not.
func (r *renderCommand) lint(p *compiled) error {
	clusters := p.manifests()
	r.io.Begin("linting %s", report.Count(len(clusters), "cluster"))
	found, err := lint.Run(lint.Input{Clusters: clusters, Now: time.Now()})
	if err != nil {
		return err
	}
	found.DeleteRepeated(p.report.Findings) // they are mended in the topology
	found.Delete(p.patched())               // as are these
	found.Delete(isEncrypted)
	rendered := map[string]bool{}
	for _, d := range found.Sorted() {
		rendered[d.Pos.File] = true
		for _, related := range d.Related {
			rendered[related.Pos.File] = true
		}
	}
	name := p.report.Name
	p.report.Name = func(file string) string {
		if rendered[file] {
			return file
		}
		return name(file)
	}
	p.report.Findings.Append(found)
	if !p.report.Findings.HasErrors() { // with the severities that the topology sets
		return nil
	}
	err = r.finish(p.report)
	r.io.Say("nothing was written: what was rendered is wrong, by a patch, a setting of Istio's own or a mistake of meshtopo")
	return err
}

// isEncrypted reports whether a finding says that a Secret is encrypted: here that was done by render.
func isEncrypted(d *diag.Diagnostic) bool { return d.Code == manifest.EncryptedSkipped.Code }

// patched gives a function that reports whether a finding in the manifests has been placed at a patch.
func (p *compiled) patched() func(*diag.Diagnostic) bool {
	type place struct {
		code, file string
		line       int
	}
	known := map[place][]diag.Made{}
	p.report.Findings.Each(func(d *diag.Diagnostic) {
		for _, made := range d.Made {
			at := place{d.Code, made.File, made.Line}
			known[at] = append(known[at], made)
		}
	})
	return func(d *diag.Diagnostic) bool {
		cluster, file, ok := layout.Split(strings.TrimPrefix(d.Pos.File, p.path("")))
		return ok && slices.ContainsFunc(known[place{d.Code, file, d.Pos.Line}], func(made diag.Made) bool {
			return slices.Contains(made.Clusters, cluster)
		})
	}
}

// manifests gives the rendered objects, cluster by cluster.
func (p *compiled) manifests() []lint.Source {
	var clusters []lint.Source
	for i := range p.tree.Files {
		f := &p.tree.Files[i]
		cluster, file, ok := layout.Split(f.Path)
		if !ok || path.Ext(file) != ".yaml" || f.Unknown {
			continue
		}
		if len(clusters) == 0 || clusters[len(clusters)-1].Cluster != cluster {
			clusters = append(clusters, lint.Source{Cluster: cluster})
		}
		last := &clusters[len(clusters)-1]
		last.Files = append(last.Files, p.manifest(f))
	}
	return clusters
}

func (p *compiled) manifest(f *tree.File) lint.File {
	return lint.File{Name: p.path(f.Path), Read: func() ([]byte, error) { return bytes.Join(f.Body, nil), nil }}
}
