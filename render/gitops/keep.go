package gitops

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/patch"
	"meshtopo.dev/meshtopo/schema"
)

// keeping are the annotations by which engines leave objects that are no longer in the tree. A Namespace stays also
// where what applied it is deleted: everything in it would go.
var keeping = map[schema.Engine]struct{ key, value, namespace string }{
	schema.ArgoCD: {"argocd.argoproj.io/sync-options", "Prune=false", "Prune=false,Delete=false"},
	schema.Flux:   {"kustomize.toolkit.fluxcd.io/prune", "disabled", "disabled"},
}

// installing are the kinds of the Sail operator with which a part of Istio goes that workloads may still use.
var installing = []string{"Istio", "IstioCNI", "ZTunnel"}

const namespace = "Namespace"

// kept reports whether no engine may delete an object of a kind.
func kept(kind string) bool { return kind == namespace || slices.Contains(installing, kind) }

const lostKeeping = "the engine would delete the object when it leaves the tree, and with it what runs by it"

// Owned is the annotation by which an engine leaves an object of a kind.
func Owned(g *schema.GitOps, kind string) []patch.Owned {
	if g == nil || !kept(kind) {
		return nil
	}
	key := strings.ReplaceAll(keeping[g.Engine].key, ".", `\.`)
	return []patch.Owned{patch.Own("metadata.annotations."+key, lostKeeping, "leave it")}
}

// MayKeep reports whether a layer may have objects that no engine may delete.
func MayKeep(layer string) bool { return layer == layout.Prepare || layer == layout.ControlPlane }

// Keep gives an object as it says that the engine must not delete it, where that is so. Another one it gives as it is,
// and those Istios that have retired.
func Keep(engine schema.Engine, object []byte, retired []string) ([]byte, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(object, &document); err != nil {
		return nil, err
	}
	root := document.Content[0]
	kind, how := field(root, "kind").Value, keeping[engine]
	value := how.value
	switch {
	case !kept(kind), kind == "Istio" && slices.Contains(retired, nameOf(root)):
		return object, nil
	case kind == namespace:
		value = how.namespace
	}
	metadata := field(root, "metadata")
	annotations := field(metadata, "annotations")
	if annotations == nil {
		annotations = &yaml.Node{Kind: yaml.MappingNode}
		metadata.Content = append(metadata.Content, word("annotations"), annotations)
	}
	annotations.Content = append(annotations.Content, word(how.key), word(value))
	return patch.Encode(root)
}

// nameOf gives the name of an object, or "".
func nameOf(root *yaml.Node) string {
	if name := field(field(root, "metadata"), "name"); name != nil {
		return name.Value
	}
	return ""
}

func word(text string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text}
}

// field gives the value of a field, or nil.
func field(n *yaml.Node, name string) *yaml.Node {
	for i := 0; n != nil && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i+1]
		}
	}
	return nil
}
