// Package krm is meshtopo as a KRM function: a ResourceList in, a ResourceList out
// (https://github.com/kubernetes-sigs/kustomize/blob/master/cmd/config/docs/api-conventions/functions-spec.md).
//
// It reads the list that kustomize gives (List) and what is wanted (Config), puts the rendered objects among the items
// that are there (Merge), and says what was found as results. What a topology means is package schema's business, what
// a cluster gets package render's, and files are opened by the command.
package krm

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"
	"sigs.k8s.io/kustomize/kyaml/kio"
	kyaml "sigs.k8s.io/kustomize/kyaml/yaml"
)

// List is a ResourceList: what a function reads and what it writes.
type List struct {
	rw    *kio.ByteReadWriter
	items []*kyaml.RNode
}

// maxSize bounds what is read. kustomize keeps all of it in memory several times.
const maxSize = 256 << 20

// Read reads a ResourceList that is whole and has a functionConfig. Annotations stay as they are: by those for paths
// and positions, kustomize writes each item back to where it came from.
func Read(r io.Reader) (*List, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxSize+1))
	if err != nil {
		return nil, fmt.Errorf("standard input: %w", err)
	}
	if len(text) > maxSize {
		return nil, fmt.Errorf("standard input is larger than %d MiB", maxSize>>20)
	}
	l := &List{rw: &kio.ByteReadWriter{Reader: bytes.NewReader(text), OmitReaderAnnotations: true, KeepReaderAnnotations: true}}
	if l.items, err = l.rw.Read(); err != nil {
		return nil, errors.New("standard input is not YAML that can be read as a ResourceList")
	}
	return l, l.check()
}

// check refuses what kustomize never gives. The causes are told without what was read, which may hold keys.
func (l *List) check() error {
	if l.rw.WrappingKind != kio.ResourceListKind || !strings.HasPrefix(l.rw.WrappingAPIVersion, "config.kubernetes.io/") {
		return errors.New("standard input is not a ResourceList of config.kubernetes.io: this command is for kustomize to run, as a KRM function")
	}
	if l.rw.FunctionConfig == nil || l.rw.FunctionConfig.YNode().Kind != yaml.MappingNode {
		return errors.New("the ResourceList has no functionConfig, which says what to render")
	}
	for i, item := range l.items {
		metadata := child(item.YNode(), "metadata")
		switch {
		case item.YNode().Kind != yaml.MappingNode:
			return fmt.Errorf("item %d of the ResourceList is not a map", i)
		case !mapOrNothing(metadata) || !mapOrNothing(child(metadata, "annotations")): // kyaml would panic
			return fmt.Errorf("item %d of the ResourceList has metadata or annotations that are not a map", i)
		}
	}
	if results := l.rw.Results; results != nil && results.YNode().Kind != yaml.SequenceNode {
		l.rw.Results = nil
	}
	return nil
}

func mapOrNothing(n *yaml.Node) bool {
	return n == nil || n.Kind == yaml.MappingNode || n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null"
}

// Write writes the list with results added to those that were there already. It writes all or, with an error, nothing.
func (l *List) Write(w io.Writer, results []Result) error {
	if err := l.addResults(results); err != nil {
		return err
	}
	var out bytes.Buffer
	l.rw.Writer = &out
	if err := l.rw.Write(l.items); err != nil {
		return fmt.Errorf("the ResourceList cannot be written: %w", err)
	}
	_, err := w.Write(out.Bytes())
	return err
}
