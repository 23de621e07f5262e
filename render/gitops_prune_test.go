package render

import (
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/schema"
)

// TestEnginesKeep simulates what engines delete when something leaves the topology: never what Istio runs by, and
// always what gives a cluster that has left a way into the others.
func TestEnginesKeep(t *testing.T) {
	for _, scenario := range []struct {
		name, example string
		installer     schema.Installer
		before, after func(*schema.Topology)
		gone          string // what has to be among the deleted
	}{
		{"a cluster", "multi-primary-multi-network", schema.Helm, nil, func(t *schema.Topology) { t.Clusters = t.Clusters[:len(t.Clusters)-1] }, "Secret istio-remote-secret-"},
		{"a cluster with sail", "multi-primary-multi-network", schema.Sail, nil, func(t *schema.Topology) { t.Clusters = t.Clusters[1:] }, "Secret istio-remote-secret-"},
		{"a cluster with istioctl", "multi-primary-multi-network", schema.Istioctl, nil, func(t *schema.Topology) { t.Clusters = t.Clusters[1:] }, "Secret istio-remote-secret-"},
		{"a remote", "primary-remote-multi-network", schema.Sail, nil, func(t *schema.Topology) { t.Clusters = t.Clusters[:1] }, ""},
		{"the revision", "two-clusters", schema.Helm, nil, revised, ""},
		{"the revision with sail", "two-clusters", schema.Sail, nil, revised, ""},
		{"the namespace", "two-clusters", schema.Sail, nil, renamed, ""},
		{"the CNI plugin", "two-clusters", schema.Helm, withCNI, nil, ""},
		{"the CNI plugin of sail", "two-clusters", schema.Sail, withCNI, nil, ""},
		{"the gateways", "two-clusters", schema.Helm, nil, withoutGateways, ""},
		{"a tag", "two-clusters", schema.Sail, tagged, nil, "IstioRevisionTag prod"},
		{"gitops", "two-clusters", schema.Helm, nil, func(t *schema.Topology) { t.GitOps = nil }, ""},
		{"gitops with sail", "two-clusters", schema.Sail, nil, func(t *schema.Topology) { t.GitOps = nil }, ""},
	} {
		for _, engine := range slices.Sorted(maps.Keys(engines)) {
			t.Run(scenario.name+"/"+engine, func(t *testing.T) {
				made := func(change func(*schema.Topology)) map[string]string {
					topology, store := load(t, "../testdata/"+scenario.example)
					installWith(topology, scenario.installer)
					appliedBy(topology, engine)
					if change != nil {
						change(topology)
					}
					return contents(render(t, topology, store))
				}
				deleted := deletedBy(t, engine, made(scenario.before), made(scenario.after))
				for _, o := range deleted {
					kind, _, _ := strings.Cut(o, " ")
					if slices.Contains([]string{"Namespace", "CustomResourceDefinition", "Istio", "IstioCNI", "ZTunnel", "HelmRelease", "Chart", "Deployment"}, kind) {
						t.Errorf("the engine deletes %s", o)
					}
				}
				if !slices.ContainsFunc(deleted, func(o string) bool { return strings.HasPrefix(o, scenario.gone) }) && scenario.gone != "" {
					t.Errorf("the engine deletes %q, want %s", deleted, scenario.gone)
				}
			})
		}
	}
}

// TestEnginesRetire takes a revision out of a list: engines delete its control plane where nothing in the tree went by
// it, and none that was the default.
func TestEnginesRetire(t *testing.T) {
	for _, installer := range []schema.Installer{schema.Helm, schema.Sail} {
		for _, engine := range slices.Sorted(maps.Keys(engines)) {
			t.Run(string(installer)+"/"+engine, func(t *testing.T) {
				made := func(list ...schema.Revision) map[string]string {
					topology, store := load(t, "../testdata/upgrade")
					installWith(topology, installer)
					appliedBy(topology, engine)
					for _, c := range topology.Clusters {
						c.Istio.Listed.Revisions, c.Istio.Listed.Entry = list, len(list)-1
						c.Istio.Version, c.Istio.Revision, c.Istio.Named = "1.31.1", "1-31-1", "1-31-1"
						if !list[len(list)-1].Default {
							c.Istio.Listed.Entry, c.Istio.Version, c.Istio.Revision, c.Istio.Named = 0, "1.30.3", "1-30-3", "1-30-3"
						}
					}
					return contents(render(t, topology, store))
				}
				before, after := schema.Revision{Name: "1-30-3", Version: "1.30.3"}, schema.Revision{Name: "1-31-1", Version: "1.31.1", Default: true}
				end := made(after)
				deleted := deletedBy(t, engine, made(before, after), end)
				if got := controlPlanes(deleted); len(got) == 0 {
					t.Errorf("the engine deletes %q, and no control plane", deleted)
				}
				for _, o := range deleted {
					if !strings.Contains(o, "1-30-3") {
						t.Errorf("the engine deletes %s", o)
					}
				}
				before.Default, after.Default = true, false
				if got := controlPlanes(deletedBy(t, engine, made(before, after), end)); len(got) > 0 {
					t.Errorf("the engine deletes %q, which is the default", got)
				}
			})
		}
	}
}

// controlPlanes gives those of deleted objects with which a control plane goes.
func controlPlanes(deleted []string) []string {
	return slices.DeleteFunc(slices.Clone(deleted), func(o string) bool {
		kind, _, _ := strings.Cut(o, " ")
		return !slices.Contains([]string{"Chart", "HelmRelease", "Istio"}, kind)
	})
}

func revised(t *schema.Topology) {
	for _, c := range t.Clusters {
		c.Istio.Revision, c.Istio.Named = "canary", "canary"
	}
}

func renamed(t *schema.Topology) {
	for _, c := range t.Clusters {
		c.Istio.Namespace, c.EastWestGateway.Namespace = "mesh-system", "mesh-system"
	}
}

func withCNI(t *schema.Topology) {
	for _, c := range t.Clusters {
		c.Istio.Components = map[string]any{"cni": map[string]any{"enabled": true}, "ztunnel": map[string]any{"enabled": true}}
	}
}

func tagged(t *schema.Topology) {
	for _, c := range t.Clusters {
		c.Istio.Values = map[string]any{"revisionTags": []any{"prod"}}
	}
}

func withoutGateways(t *schema.Topology) {
	for _, c := range t.Clusters {
		c.EastWestGateway.Enabled = false
	}
}

// deletedBy gives what an engine deletes of one tree when another takes its place, as "KIND NAME". A "Chart" is all
// that a chart has installed.
func deletedBy(t *testing.T, engine string, before, after map[string]string) []string {
	t.Helper()
	now := map[string]object{}
	for _, all := range objectsOf(t, after) {
		for _, o := range all {
			now[o.Kind+" "+o.Metadata.Labels["meshtopo.dev/cluster"]+" "+o.Metadata.Name] = o
		}
	}
	roots := engineRoots(t, engine, before, after)
	var deleted []string
	for file, all := range objectsOf(t, before) {
		for _, o := range all {
			successor, stays := now[o.Kind+" "+o.Metadata.Labels["meshtopo.dev/cluster"]+" "+o.Metadata.Name]
			kept := keptBy(o.Metadata.Annotations)
			if !stays && roots && !kept && !strings.HasSuffix(file, "/start.yaml") && !strings.HasSuffix(file, "/flux.yaml") {
				deleted = append(deleted, o.Kind+" "+o.Metadata.Name)
				if len(o.Metadata.Finalizers) > 0 { // what it has applied goes with it
					deleted = append(deleted, "Chart "+o.Metadata.Name)
				}
				if o.Kind == "Kustomization" && o.Spec.Deletion != "Orphan" {
					deleted = append(deleted, objectsIn(before, o.Spec.Path)...)
				}
			}
			dir := strings.TrimPrefix(o.Spec.Path+o.Spec.Source.Path, "./")
			dir = strings.TrimPrefix(dir, "fleet/")
			if !stays || dir == "" || dir == layout.Top || strings.HasSuffix(dir, "/"+layout.Flux) || after[dir+"/"+layout.Kustomization] == "" {
				continue // nothing is built of a directory that is gone
			}
			if !successor.Spec.Prune && !successor.Spec.SyncPolicy.Automated.Prune {
				continue
			}
			there := objectsIn(after, dir)
			for _, object := range objectsIn(before, dir) {
				if !slices.Contains(there, object) && !slices.Contains(there, object+" kept") && !strings.HasSuffix(object, " kept") {
					deleted = append(deleted, object)
				}
			}
		}
	}
	for file, all := range objectsOf(t, after) {
		for _, o := range all {
			if o.Kind == "Application" && len(o.Spec.Sources) > 0 && o.Spec.Sources[0].Chart == "base" && o.Spec.SyncPolicy.Automated.Prune {
				t.Errorf("%s deletes CRDs that a version of the chart does not have", file)
			}
		}
	}
	return deleted
}

// engineRoots reports whether what has all others deletes those that have gone. It deletes nothing where everything has
// gone: Argo CD refuses to delete all, Flux does not find the directory, or not what the patch of its Kustomization is
// for.
func engineRoots(t *testing.T, engine string, before, after map[string]string) bool {
	t.Helper()
	switch engine {
	case "argocd":
		if strings.Contains(before["clusters/argocd.yaml"], "allowEmpty") {
			t.Error("the first Application may delete all others")
		}
		return after["clusters/argocd.yaml"] != ""
	case "flux-hub":
		if !strings.Contains(before["clusters/flux.yaml"], "  patches:\n  - patch: ") {
			t.Error("without a list, everything below clusters would be applied to the hub")
		}
		return after["clusters/flux.yaml"] != ""
	}
	return slices.ContainsFunc(slices.Collect(maps.Keys(after)), func(file string) bool { return strings.HasSuffix(file, "/flux/kustomization.yaml") })
}

// keptBy reports whether an engine leaves an object with these annotations.
func keptBy(annotations map[string]string) bool {
	return strings.Contains(annotations["argocd.argoproj.io/sync-options"], "Prune=false") || annotations["kustomize.toolkit.fluxcd.io/prune"] == "disabled"
}

// objectsIn gives the objects in a directory of a tree as "KIND NAME", and " kept" behind those that no engine deletes.
func objectsIn(files map[string]string, dir string) []string {
	var all []string
	for file, text := range files {
		if !strings.HasPrefix(file, dir+"/") || path.Base(file) == layout.Kustomization || path.Ext(file) != ".yaml" {
			continue
		}
		for document := range strings.SplitSeq(text, "\n---\n") {
			var o object
			if yaml.Unmarshal([]byte(document), &o) == nil && o.Kind != "" {
				name := o.Kind + " " + o.Metadata.Name
				if keptBy(o.Metadata.Annotations) {
					name += " kept"
				}
				all = append(all, name)
			}
		}
	}
	return all
}

// TestEnginesKeepCanFail proves that the simulation would notice: without what keeps them, things are deleted.
func TestEnginesKeepCanFail(t *testing.T) {
	for _, engine := range slices.Sorted(maps.Keys(engines)) {
		for _, test := range []struct {
			installer schema.Installer
			change    func(*schema.Topology)
			kinds     []string
		}{
			{schema.Sail, func(t *schema.Topology) { renamed(t); revised(t) }, []string{"Namespace", "Istio"}},
			{schema.Helm, revised, map[string][]string{"argocd": {"Application"}, "flux": {"HelmRelease"}, "flux-hub": {"HelmRelease"}}[engine]},
		} {
			made := func(change func(*schema.Topology)) map[string]string {
				topology, store := load(t, "../testdata/two-clusters")
				installWith(topology, test.installer)
				appliedBy(topology, engine)
				if change != nil {
					change(topology)
				}
				files := contents(render(t, topology, store))
				for file, text := range files {
					files[file] = strings.NewReplacer("Prune=false", "Prune=true", "prune: disabled", "prune: enabled").Replace(text)
				}
				return files
			}
			deleted := deletedBy(t, engine, made(nil), made(test.change))
			for _, kind := range test.kinds {
				if !slices.ContainsFunc(deleted, func(o string) bool { return strings.HasPrefix(o, kind+" ") }) {
					t.Errorf("%s, %s: no %s is among %q", engine, test.installer, kind, deleted)
				}
			}
		}
	}
}
