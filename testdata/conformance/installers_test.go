package conformance

import (
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"istio.io/istio/operator/pkg/helm"
	"istio.io/istio/operator/pkg/values"
	apiresource "k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"meshtopo.dev/meshtopo/schema"
	"sigs.k8s.io/yaml"
)

// TestInstallers renders every example for each installer and compares the objects of the control plane: those of the
// charts with the values for Helm, and with what the Sail operator makes of its resources, with those that istioctl
// makes of the IstioOperator.
func TestInstallers(t *testing.T) {
	eachExample(t, func(t *testing.T, e *example) {
		if len(e.topology.Patches()) > 0 {
			return // they are made on IstioOperators
		}
		want := e.installedBy(t, schema.Istioctl, "")
		for _, installer := range []schema.Installer{schema.Helm, schema.Sail} {
			t.Run(string(installer), func(t *testing.T) {
				got := e.installedBy(t, installer, "")
				for _, c := range e.topology.Clusters {
					if c.Istio.Listed.Revisions != nil {
						withoutMaker(got[c.Name])
						withoutMaker(want[c.Name])
					}
				}
				e.sameClusters(t, got, want)
			})
		}
	})
}

// TestInstallersParts does the same with more parts than usual: the CNI plugin, ztunnel, and revision tags. What the
// Sail operator makes with a revision for each version is what istioctl makes of a revision of that name.
func TestInstallersParts(t *testing.T) {
	const parts = "components: {cni: {enabled: true}, ztunnel: {enabled: true}}, values: {revisionTags: [stable, prod], ztunnel: {logLevel: debug}, global: {logAsJson: true}}"
	eachExample(t, func(t *testing.T, e *example) {
		if e.name != "two-clusters" {
			return
		}
		version := strings.ReplaceAll(string(e.topology.Istio.Version), ".", "-")
		for _, test := range []struct {
			name      string
			installer schema.Installer
			with      string // below istio
			same      string // with istioctl
		}{
			{"helm", schema.Helm, parts, parts},
			{"helm, a revision", schema.Helm, "revision: canary, " + parts, "revision: canary, " + parts},
			{"sail", schema.Sail, parts, parts},
			{"sail, a revision", schema.Sail, "revision: canary, " + parts, "revision: canary, " + parts},
			{"sail, each version", schema.Sail, "updateStrategy: RevisionBased, " + parts, "revision: default-v" + version + ", " + parts},
			{"sail, each version of a revision", schema.Sail, "revision: canary, updateStrategy: RevisionBased, " + parts, "revision: canary-v" + version + ", " + parts},
		} {
			t.Run(test.name, func(t *testing.T) {
				got, want := e.installedBy(t, test.installer, test.with), e.installedBy(t, schema.Istioctl, test.same)
				for _, c := range e.topology.Clusters {
					for _, name := range []string{"MutatingWebhookConfiguration/istio-revision-tag-stable", "MutatingWebhookConfiguration/istio-revision-tag-prod", "DaemonSet/istio-system/ztunnel"} {
						if want[c.Name][name] == nil {
							t.Errorf("istioctl makes no %s, but %q", name, slices.Sorted(maps.Keys(want[c.Name])))
						}
					}
				}
				if test.installer == schema.Sail {
					for _, c := range e.topology.Clusters {
						sailParts(t, got[c.Name], want[c.Name])
					}
				}
				e.sameClusters(t, got, want)
			})
		}
	})
}

// sailParts takes away what is the Sail operator's own: IstioCNI has no revision, and a ZTunnel always has the profile
// ambient, with another variant of the image and one variable more.
func sailParts(t *testing.T, got, want map[string]*unstructured.Unstructured) {
	t.Helper()
	for _, objects := range []map[string]*unstructured.Unstructured{got, want} {
		for _, o := range objects {
			if strings.HasPrefix(o.GetName(), "istio-cni") {
				labels := o.GetLabels()
				delete(labels, "istio.io/rev")
				o.SetLabels(labels)
			}
		}
	}
	ztunnel := got["DaemonSet/istio-system/ztunnel"].Object
	containers, _, _ := unstructured.NestedSlice(ztunnel, "spec", "template", "spec", "containers")
	container := containers[0].(map[string]any)
	image, distroless := strings.CutSuffix(container["image"].(string), "-distroless")
	variables := container["env"].([]any)
	kept := slices.DeleteFunc(slices.Clone(variables), func(v any) bool { return v.(map[string]any)["name"] == "ISTIO_META_ENABLE_HBONE" })
	if !distroless || len(kept) != len(variables)-1 {
		t.Errorf("ztunnel has the image %s and %d variables of the profile ambient", container["image"], len(variables)-len(kept))
	}
	container["image"], container["env"] = image, kept
	if err := unstructured.SetNestedSlice(ztunnel, containers, "spec", "template", "spec", "containers"); err != nil {
		t.Fatal(err)
	}
}

// sameClusters compares the objects of each cluster that has a control plane, or what a remote has instead.
func (e *example) sameClusters(t *testing.T, got, want map[string]map[string]*unstructured.Unstructured) {
	t.Helper()
	for _, c := range e.topology.Clusters {
		if c.State == schema.Joining && c.ServedByPrimary() {
			continue // it has no control plane yet
		}
		t.Run(c.Name, func(t *testing.T) { sameObjects(t, got[c.Name], want[c.Name]) })
	}
}

// installedBy gives the objects of each cluster's control plane, with more settings below istio.
func (e *example) installedBy(t *testing.T, installer schema.Installer, more string) map[string]map[string]*unstructured.Unstructured {
	t.Helper()
	all := map[string]map[string]*unstructured.Unstructured{}
	for dir, files := range e.controlPlanes(t, installer, more) {
		all[dir] = comparable(installed(t, installer, files))
	}
	return all
}

// controlPlanes gives the files of each cluster's 3-control-plane with an installer and more settings, by their names.
// Patches are left out: they are made on IstioOperators.
func (e *example) controlPlanes(t *testing.T, installer schema.Installer, more string) map[string]map[string][]byte {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(e.dir)); err != nil {
		t.Fatal(err)
	}
	fitted(t, filepath.Join(dir, "topology.yaml"), installer)
	arguments := []string{"render", "-o", "out", e.file()}
	if e.file() == "." {
		put(t, filepath.Join(dir, "installer.cue"), "package shop\n\nspec: istio: installer: \""+string(installer)+"\"\n")
	} else {
		put(t, filepath.Join(dir, "installer.yaml"), "spec: {istio: {"+strings.TrimSuffix("installer: "+string(installer)+", "+more, ", ")+"}}\n")
		arguments = append(arguments, "installer.yaml")
	}
	other := *e
	other.dir = dir
	meshtopo(t, &other, arguments...)
	all := map[string]map[string][]byte{}
	for _, c := range e.topology.Clusters {
		all[c.Name] = readAll(t, filepath.Join(dir, "out", "clusters", c.Name, "3-control-plane"))
	}
	return all
}

// fitted makes the changes that meshtopo asks for where an installer has no place for a setting of istioctl.
func fitted(t *testing.T, file string, installer schema.Installer) {
	text, err := os.ReadFile(file)
	if err != nil || installer == schema.Istioctl {
		return
	}
	changed := strings.NewReplacer(
		"        env: {PILOT_FILTER_GATEWAY_CLUSTER_CONFIG: \"true\"}\n    components:\n      pilot:\n        k8s:\n          resources:",
		"        env: {PILOT_FILTER_GATEWAY_CLUSTER_CONFIG: \"true\"}\n        resources:",
	).Replace(string(text))
	if installer == schema.Sail {
		changed = strings.ReplaceAll(changed, "profile: minimal", "profile: default")
	}
	put(t, file, changed)
}

func put(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// installed gives the objects that an installer makes of the files of a control plane.
func installed(t *testing.T, installer schema.Installer, files map[string][]byte) objects {
	t.Helper()
	var all objects
	for _, name := range slices.Sorted(maps.Keys(files)) {
		switch base := path.Base(name); {
		case base == "kustomization.yaml":
		case base == tagWebhooks:
			all = append(all, parsed(t, files[name])...)
		case installer == schema.Istioctl:
			file := filepath.Join(t.TempDir(), base)
			put(t, file, string(files[name]))
			all = append(all, manifests(t, file)...)
		case installer == schema.Helm:
			all = append(all, chartObjects(t, strings.TrimSuffix(base, ".values.yaml"), "istio-system", valuesOf(t, files[name]))...)
		default:
			all = append(all, sailObjects(t, files, name)...)
		}
	}
	return all
}

func valuesOf(t *testing.T, text []byte) values.Map {
	t.Helper()
	var v values.Map
	if err := yaml.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// charts are the directories of Istio's charts.
var charts = map[string]string{"base": "base", "istiod": "istio-control/istio-discovery", "cni": "istio-cni", "ztunnel": "ztunnel", "gateway": "gateway"}

// chartObjects gives the objects that Helm makes of a chart.
func chartObjects(t *testing.T, chart, namespace string, v values.Map) objects {
	t.Helper()
	return chartObjectsOf(t, "", chart, namespace, v)
}

// chartObjectsOf does it with the charts in a directory, or without one with those of this module.
func chartObjectsOf(t *testing.T, dir, chart, namespace string, v values.Map) objects {
	t.Helper()
	settings := values.Map{"spec": map[string]any{"values": map[string]any(v), "installPackagePath": dir}}
	set, _, err := helm.Render(chart, namespace, charts[chart], settings, nil)
	if err != nil {
		t.Fatalf("the chart %s: %v", chart, err)
	}
	var all objects
	for _, m := range set {
		all = append(all, m.Unstructured)
	}
	return all
}

// sailObjects gives what the Sail operator makes of the resources in a file: it merges the values of a resource over
// those of its profiles and renders the charts (pkg/istiovalues/profiles.go, pkg/revision/values.go, pkg/reconcile and
// controllers/istiorevisiontag of https://github.com/istio-ecosystem/sail-operator).
func sailObjects(t *testing.T, files map[string][]byte, name string) objects {
	t.Helper()
	var all objects
	for _, text := range strings.Split(string(files[name]), "\n---\n") {
		resource := valuesOf(t, []byte(text))
		v := values.Map{"global": map[string]any{"configValidation": true}}
		own, _ := resource.GetPathMap("spec.values")
		namespace := resource.GetPathString("spec.namespace")
		switch resource.GetPathString("kind") {
		case "Istio":
			v = revisionValues(resource)
			all = append(all, append(chartObjects(t, "base", namespace, v), chartObjects(t, "istiod", namespace, v)...)...)
		case "IstioCNI":
			withProfile(v, resource.GetPathString("spec.profile"))
			v.MergeFrom(own)
			all = append(all, chartObjects(t, "cni", namespace, v)...)
		case "ZTunnel":
			withProfile(v, "ambient")
			v.MergeFrom(own)
			if ztunnel, ok := resource.GetPathMap("spec.values.ztunnel"); ok {
				v.MergeFrom(ztunnel)
			}
			all = append(all, chartObjects(t, "ztunnel", namespace, v)...)
		case "IstioRevisionTag":
			all = append(all, tagObjects(t, files, resource)...)
		default:
			t.Fatalf("%s has another resource:\n%s", name, text)
		}
	}
	return all
}

// revisionValues are those of the revision that the operator makes of an Istio.
func revisionValues(istio values.Map) values.Map {
	v := values.Map{"global": map[string]any{"configValidation": true}}
	withProfile(v, istio.GetPathString("spec.profile"))
	if own, ok := istio.GetPathMap("spec.values"); ok {
		v.MergeFrom(own)
	}
	v.MergeFrom(values.Map{"defaultRevision": "", "global": map[string]any{"istioNamespace": istio.GetPathString("spec.namespace")}})
	name := istio.GetPathString("metadata.name")
	if istio.GetPathString("spec.updateStrategy.type") == "RevisionBased" {
		name += "-" + strings.ReplaceAll(istio.GetPathString("spec.version"), ".", "-")
	}
	if name != "default" {
		v["revision"] = name
	}
	return v
}

func withProfile(v values.Map, profile string) {
	if profile != "" && profile != "default" {
		v["profile"] = profile
	}
}

// tagObjects gives what the operator makes of a tag: a chart of its own has those templates of the chart istiod.
func tagObjects(t *testing.T, files map[string][]byte, tag values.Map) objects {
	t.Helper()
	kind, name := tag.GetPathString("spec.targetRef.kind"), tag.GetPathString("spec.targetRef.name")
	for _, file := range slices.Sorted(maps.Keys(files)) {
		if path.Base(file) != "istio.yaml" || kind != "Istio" {
			continue
		}
		if istio := valuesOf(t, files[file]); istio.GetPathString("metadata.name") == name {
			return ofTag(t, "", tag.GetPathString("metadata.name"), istio.GetPathString("spec.namespace"), revisionValues(istio))
		}
	}
	t.Fatalf("the tag leads to %s %s", kind, name)
	return nil
}

// ofTag gives what the chart istiod makes of a revision tag, with the values of its revision.
func ofTag(t *testing.T, dir, tag, namespace string, v values.Map) objects {
	t.Helper()
	v = v.DeepClone()
	v["revisionTags"] = []any{tag}
	return slices.DeleteFunc(chartObjectsOf(t, dir, "istiod", namespace, v), func(o *unstructured.Unstructured) bool { return o.GetLabels()["istio.io/tag"] == "" })
}

// comparable gives objects by what names them, without what may differ.
func comparable(all objects) map[string]*unstructured.Unstructured {
	named := map[string]*unstructured.Unstructured{}
	for _, o := range all {
		name := path.Join(o.GetKind(), o.GetNamespace(), o.GetName())
		if mayDiffer(o) {
			continue
		}
		o = o.DeepCopy()
		withoutRelease(o.Object)
		named[name] = o
	}
	return named
}

// mayDiffer reports whether installers may give an object of their own.
func mayDiffer(o *unstructured.Unstructured) bool {
	gateway := strings.HasPrefix(o.GetName(), "istio-ingressgateway") || strings.HasPrefix(o.GetName(), "istio-egressgateway")
	copied := o.GetKind() == "ConfigMap" && (o.GetName() == "values" || strings.HasPrefix(o.GetName(), "values-"))
	return gateway || // of profiles of istioctl; no chart has them
		copied // the values as they were given
}

// withoutRelease takes away the labels with the name of the release, which istioctl always calls istio.
func withoutRelease(v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, label := range []string{"release", "app.kubernetes.io/instance"} {
			delete(v, label)
		}
		for _, child := range v {
			withoutRelease(child)
		}
	case []any:
		for _, child := range v {
			withoutRelease(child)
		}
	}
}

func sameObjects(t *testing.T, got, want map[string]*unstructured.Unstructured) {
	t.Helper()
	if len(want) == 0 {
		t.Error("there is no object to compare")
	}
	equal(t, "objects", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
	for name, o := range want {
		if have := got[name]; have != nil {
			sameValue(t, name, have.Object, o.Object)
		}
	}
}

// sameValue says where two values differ. istioctl writes quantities anew where components set something below k8s.
func sameValue(t *testing.T, where string, got, want any) {
	t.Helper()
	switch want := want.(type) {
	case map[string]any:
		have, _ := got.(map[string]any)
		for _, key := range slices.Sorted(maps.Keys(have)) {
			if _, ok := want[key]; !ok {
				t.Errorf("%s.%s is not what istioctl makes", where, key)
			}
		}
		for _, key := range slices.Sorted(maps.Keys(want)) {
			sameValue(t, where+"."+key, have[key], want[key])
		}
	case []any:
		have, _ := got.([]any)
		if len(have) != len(want) {
			t.Errorf("%s has %d items, want %d", where, len(have), len(want))
			return
		}
		for i := range want {
			sameValue(t, fmt.Sprintf("%s[%d]", where, i), have[i], want[i])
		}
	default:
		if !sameQuantity(got, want) {
			equal(t, where, got, any(want))
		}
	}
}

func sameQuantity(got, want any) bool {
	a, errA := apiresource.ParseQuantity(fmt.Sprint(got))
	b, errB := apiresource.ParseQuantity(fmt.Sprint(want))
	return errA == nil && errB == nil && a.Cmp(b) == 0
}
