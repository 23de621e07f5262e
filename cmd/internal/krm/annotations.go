package krm

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Annotations by which kustomize tells where an item of a directory came from, now and formerly.
const (
	pathAnnotation        = "internal.config.kubernetes.io/path"
	legacyPathAnnotation  = "config.kubernetes.io/path"
	indexAnnotation       = "internal.config.kubernetes.io/index"
	legacyIndexAnnotation = "config.kubernetes.io/index"
	localConfig           = "config.kubernetes.io/local-config"
	originAnnotation      = "config.kubernetes.io/origin"
)

// annotation gives the first annotation of these names that an object has, or "".
func annotation(n *yaml.Node, names ...string) string {
	for _, name := range names {
		if text := scalar(n, "metadata", "annotations", name); text != "" {
			return text
		}
	}
	return ""
}

// pathOf is the file that an item came from, as `kustomize fn run` says, or "".
func pathOf(n *yaml.Node) string {
	if p := annotation(n, pathAnnotation, legacyPathAnnotation); p != "" {
		return path.Clean(p)
	}
	return ""
}

// originOf gives the file that a resource of a build is from, where the kustomization has buildMetadata:
// [originAnnotations], or "".
func originOf(n *yaml.Node) string {
	var origin struct{ Path, Repo string }
	text := annotation(n, originAnnotation)
	if yaml.Unmarshal([]byte(text), &origin) != nil || origin.Repo != "" || origin.Path == "" {
		return ""
	}
	return path.Clean(origin.Path)
}

// indexOf gives the place of an item in its file, counted from 0.
func indexOf(n *yaml.Node) int {
	for _, name := range []string{indexAnnotation, legacyIndexAnnotation} {
		if index, err := strconv.Atoi(annotation(n, name)); err == nil {
			return index
		}
	}
	return 0
}

// forget takes annotations out of an object, and metadata that holds nothing else.
func forget(doc map[string]any, all func(name string) bool) {
	metadata, ok := doc["metadata"].(map[string]any)
	if !ok {
		return
	}
	annotations, _ := metadata["annotations"].(map[string]any)
	for name := range annotations {
		if all(name) {
			delete(annotations, name)
		}
	}
	if annotations != nil && len(annotations) == 0 {
		delete(metadata, "annotations")
	}
	if len(metadata) == 0 {
		delete(doc, "metadata")
	}
}

// added reports whether an annotation may be kustomize's own.
func added(name string) bool {
	return name == localConfig || strings.HasPrefix(name, "internal.config.kubernetes.io/") ||
		slices.Contains([]string{legacyPathAnnotation, legacyIndexAnnotation, "config.k8s.io/id"}, name)
}

// noted reports whether an annotation of an item may be kustomize's own.
func noted(name string) bool {
	return added(name) || slices.Contains([]string{originAnnotation, "alpha.config.kubernetes.io/transformations", "kustomize.config.k8s.io/id"}, name)
}
