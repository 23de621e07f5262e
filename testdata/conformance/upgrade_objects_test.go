package conformance

import (
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"istio.io/istio/operator/pkg/manifest"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"meshtopo.dev/meshtopo/schema"
)

// nodes has the parts of Istio installed that are on nodes, once.
const nodes = "components: {cni: {enabled: true}, ztunnel: {enabled: true}}"

// TestUpgradeObjects compares what istioctl makes of the files of a list of revisions with what it makes of each
// revision alone: nothing is missing, nothing is more, and nothing is there twice.
func TestUpgradeObjects(t *testing.T) {
	names := []string{revisionOf("1.30.3"), revisionOf("1.31.1")}
	for _, of := range []string{"1.30.3", "1.31.1"} { // the default one
		t.Run("default "+of, func(t *testing.T) {
			listed := exampleWith(t, "    revisions: "+strings.NewReplacer(
				"{version: "+of, "{default: true, version: "+of).Replace("[{version: 1.30.3, name: 1-30-3}, {version: 1.31.1, name: 1-31-1}]"))
			alone := map[string]map[string]map[string][]byte{}
			for _, name := range names {
				version := strings.ReplaceAll(name, "-", ".")
				alone[name] = exampleWith(t, "    revision: "+name+"\n    version: "+version).controlPlanes(t, schema.Istioctl, nodes)
			}
			for cluster, files := range listed.controlPlanes(t, schema.Istioctl, nodes) {
				t.Run(cluster, func(t *testing.T) {
					want := map[string]*unstructured.Unstructured{}
					for _, name := range append(names, revisionOf(of)) { // what there is once is the default's
						maps.Copy(want, once(t, alone[name][cluster]))
					}
					sameObjects(t, once(t, files), want)
				})
			}
		})
	}
}

// TestUpgradeInstallers compares what Helm and the Sail operator make of a list of revisions with what istioctl does,
// with the parts that are on nodes.
func TestUpgradeInstallers(t *testing.T) {
	e := exampleNamed(t, "upgrade")
	want := e.installedBy(t, schema.Istioctl, nodes)
	for _, installer := range []schema.Installer{schema.Helm, schema.Sail} {
		t.Run(string(installer), func(t *testing.T) {
			got := e.installedBy(t, installer, nodes)
			for _, c := range e.topology.Clusters {
				withoutMaker(got[c.Name])
				withoutMaker(want[c.Name])
				for _, named := range []map[string]*unstructured.Unstructured{got[c.Name], want[c.Name]} {
					for _, o := range named {
						withoutOwner(o)
					}
				}
				if installer == schema.Sail {
					sailParts(t, got[c.Name], want[c.Name])
				}
			}
			e.sameClusters(t, got, want)
		})
	}
}

// exampleWith is the upgrade with other control planes.
func exampleWith(t *testing.T, controlPlanes string) *example {
	t.Helper()
	dir := copyTree(t, exampleNamed(t, "upgrade").dir)
	file := filepath.Join(dir, "topology.yaml")
	put(t, file, listOfRevisions.ReplaceAllString(string(read(t, file)), controlPlanes+"\n  trust:"))
	e, err := loadExample(dir)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// once gives what istioctl makes of all files of a control plane, without the names of their IstioOperators. Of what is
// in two of them the one that is installed last would take it from the other.
func once(t *testing.T, files map[string][]byte) map[string]*unstructured.Unstructured {
	t.Helper()
	named, from := map[string]*unstructured.Unstructured{}, map[string]string{}
	for _, file := range slices.Sorted(maps.Keys(files)) {
		for _, o := range installed(t, schema.Istioctl, map[string][]byte{file: files[file]}) {
			name := path.Join(o.GetKind(), o.GetNamespace(), o.GetName())
			if other, twice := from[name]; twice {
				t.Errorf("%s is in %s and in %s", name, other, file)
			}
			from[name] = file
			if copied := o.GetKind() == "ConfigMap" && strings.HasPrefix(o.GetName(), "values"); copied {
				continue // the values as they were given
			}
			o = o.DeepCopy()
			withoutOwner(o)
			decodeValues(t, o)
			named[name] = o
		}
	}
	return named
}

// decodeValues has the values of the injector as what they are, for what is said of them where they differ.
func decodeValues(t *testing.T, o *unstructured.Unstructured) {
	t.Helper()
	if text, ok, _ := unstructured.NestedString(o.Object, "data", "values"); ok {
		if err := unstructured.SetNestedMap(o.Object, valuesOf(t, []byte(text)), "data", "values"); err != nil {
			t.Fatal(err)
		}
	}
}

// withoutOwner takes away the labels that name an IstioOperator, and of what is on nodes the revision. It is there for
// all of them.
func withoutOwner(o *unstructured.Unstructured) {
	labels := o.GetLabels()
	delete(labels, manifest.OwningResourceName)
	if strings.HasPrefix(o.GetName(), "istio-cni") {
		delete(labels, "istio.io/rev")
	}
	o.SetLabels(labels)
}
