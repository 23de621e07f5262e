// Package patched judges what the patches of a topology make of its objects: by the rules of lint, at the lines of the
// patches.
package patched

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/sample"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/lint"
)

// Check reports what is wrong with the objects as patches made them, and was not without the patches. Of a patch
// that is faulty itself no more is said.
func Check(clusters []*sample.Cluster, now time.Time, found *diag.List) error {
	if len(clusters) == 0 {
		return nil
	}
	after, err := lintAll(clusters, now, func(f sample.File) [][]byte { return f.After })
	if err != nil || after.Len() == 0 {
		return err
	}
	before, err := lintAll(clusters, now, func(f sample.File) [][]byte { return f.Before })
	if err != nil {
		return err
	}
	j := newJudge(clusters)
	before.Each(func(d *diag.Diagnostic) { j.known(d) })
	after.Delete(func(d *diag.Diagnostic) bool { return !j.place(d) })
	j.finish()
	found.Append(after)
	return nil
}

// lintAll lints the objects of the clusters that stand for all.
func lintAll(clusters []*sample.Cluster, now time.Time, of func(sample.File) [][]byte) (*diag.List, error) {
	in := lint.Input{Now: now}
	for _, c := range clusters {
		source := lint.Source{Cluster: c.Name}
		for _, f := range c.Files {
			source.Files = append(source.Files, file(f.Path, joined(f, of(f))))
		}
		if len(c.Reads) > 0 {
			source.Files = append(source.Files, file(layout.Path(c.Name, layout.Secrets, layout.Kustomization), reading(c.Reads)))
		}
		in.Clusters = append(in.Clusters, source)
	}
	return lint.Run(in)
}

func file(name string, text []byte) lint.File {
	return lint.File{Name: name, Read: func() ([]byte, error) { return text, nil }}
}

// reading lists remote Secrets as meshtopo does. The Secrets hold what is private, and are not looked at.
func reading(clusters []string) []byte {
	var text strings.Builder
	text.WriteString("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n")
	for _, name := range clusters {
		fmt.Fprintf(&text, "- remote-secrets/%s.yaml\n", name)
	}
	return []byte(text.String())
}

// joined gives the text of a file as it is written. Its objects end with a line.
func joined(f sample.File, objects [][]byte) []byte {
	return append(f.Mark[:len(f.Mark):len(f.Mark)], bytes.Join(objects, []byte("---\n"))...)
}
