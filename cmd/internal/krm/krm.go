// Package krm is meshtopo as a KRM function: a ResourceList in, a ResourceList out
// (https://github.com/kubernetes-sigs/kustomize/blob/master/cmd/config/docs/api-conventions/functions-spec.md).
//
// It reads the list that kustomize gives (List) and what is wanted (Config), puts the rendered objects among the items
// that are there (Merge) or has them checked as they are (Manifests), and says what was found as results. What a
// topology means is package schema's business, what a cluster gets package render's, what is wrong with a manifest
// package lint's, and files are opened by the command.
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
	apiVersion string
	items      []*kyaml.RNode
	config     *yaml.Node // the functionConfig, a map
	results    *yaml.Node // a list, or nil
}

// maxSize bounds what is read. kustomize keeps all of it in memory several times.
const maxSize = 256 << 20

// Read reads a ResourceList that is whole and has a functionConfig. Annotations stay as they are: by those for paths
// and positions, kustomize writes each item back to where it came from. An error is told without what was read, which
// may hold keys.
func Read(r io.Reader) (*List, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxSize+1))
	if err != nil {
		return nil, fmt.Errorf("standard input: %w", err)
	}
	if len(text) > maxSize {
		return nil, fmt.Errorf("standard input is larger than %d MiB", maxSize>>20)
	}
	root, err := document(text)
	if err != nil {
		return nil, err
	}
	if version := scalar(root, "apiVersion"); scalar(root, "kind") != kio.ResourceListKind || !strings.HasPrefix(version, "config.kubernetes.io/") {
		return nil, errors.New("standard input is not a ResourceList of config.kubernetes.io: this command is for kustomize to run, as a KRM function")
	}
	if name := twice(root); name != "" {
		return nil, fmt.Errorf("the ResourceList has %s twice", name)
	}
	if err := part(root); err != nil {
		return nil, err
	}
	l := &List{apiVersion: scalar(root, "apiVersion"), config: child(root, "functionConfig"), results: child(root, "results")}
	return l, l.take(child(root, "items"))
}

// document gives the one document of a text.
func document(text []byte) (*yaml.Node, error) {
	var doc, second yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))))
	switch err := decoder.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return &yaml.Node{}, nil
	case err != nil || len(doc.Content) != 1:
		return nil, errors.New("standard input is not YAML that can be read as a ResourceList")
	case !errors.Is(decoder.Decode(&second), io.EOF):
		return nil, errors.New("standard input is more than one YAML document; a ResourceList is one")
	}
	return doc.Content[0], nil
}

// twice gives a field of the list that is there more than once: one of them would get lost.
func twice(root *yaml.Node) string {
	for _, name := range []string{"items", "functionConfig", "results"} {
		count := 0
		for i := 0; i < len(root.Content); i += 2 {
			if root.Content[i].Value == name {
				count++
			}
		}
		if count > 1 {
			return name
		}
	}
	return ""
}

// take checks the parts of the list, which kustomize never gives otherwise, and makes items of the nodes.
func (l *List) take(items *yaml.Node) error {
	switch {
	case l.config == nil || isNull(l.config):
		return errors.New("the ResourceList has no functionConfig, which says what to render")
	case l.config.Kind != yaml.MappingNode:
		return errors.New("the functionConfig of the ResourceList is not a map")
	case !isNull(items) && items.Kind != yaml.SequenceNode:
		return errors.New("the items of the ResourceList are not a list")
	case !isNull(l.results) && l.results.Kind != yaml.SequenceNode:
		return errors.New("the results of the ResourceList are not a list")
	}
	if isNull(l.results) {
		l.results = nil
	}
	if isNull(items) {
		return nil
	}
	for i, n := range items.Content {
		metadata := child(n, "metadata")
		switch {
		case n.Kind != yaml.MappingNode:
			return fmt.Errorf("item %d of the ResourceList is not a map", i)
		case !mapOrNothing(metadata) || !mapOrNothing(child(metadata, "annotations")): // kyaml would panic
			return fmt.Errorf("item %d of the ResourceList has metadata or annotations that are not a map", i)
		}
		l.items = append(l.items, kyaml.NewRNode(n))
	}
	return nil
}

// Write writes the list with results added to those that were there already. It writes all or, with an error, nothing.
func (l *List) Write(w io.Writer, results []Result) error {
	if err := l.addResults(results); err != nil {
		return err
	}
	var out bytes.Buffer
	writer := kio.ByteWriter{
		Writer: &out, WrappingAPIVersion: l.apiVersion, WrappingKind: kio.ResourceListKind, KeepReaderAnnotations: true,
		FunctionConfig: kyaml.NewRNode(l.config),
	}
	if l.results != nil {
		writer.Results = kyaml.NewRNode(l.results)
	}
	if err := writer.Write(l.items); err != nil {
		return fmt.Errorf("the ResourceList cannot be written: %w", err)
	}
	_, err := w.Write(out.Bytes())
	return err
}

func (l *List) addResults(results []Result) error {
	for _, r := range results {
		var n yaml.Node
		if err := n.Encode(r); err != nil {
			return err
		}
		if l.results == nil {
			l.results = &yaml.Node{Kind: yaml.SequenceNode}
		}
		l.results.Content = append(l.results.Content, &n)
	}
	return nil
}
