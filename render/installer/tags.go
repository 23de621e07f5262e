package installer

import (
	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/patch"
	"meshtopo.dev/meshtopo/render/shell"
	"meshtopo.dev/meshtopo/render/text"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/owned"
)

// tagsDirectory is where the webhooks of revision tags are. kubectl applies them, whatever installs Istio: an installer
// would delete those of a tag with the release, or the file, that the tag has left, after the other one has got it.
const tagsDirectory = layout.ControlPlane + "/tags"

// addTags adds the webhooks of the tags in a list of revisions, as the chart istiod makes them of values.revisionTags.
func (t Target) addTags() {
	if t.listed() && t.addWebhooks(tagsDirectory) {
		t.Kustomization(tagsDirectory)
	}
}

// addWebhooks adds them to a directory, and reports whether there are any.
func (t Target) addWebhooks(directory string) bool {
	var all [][]byte
	for _, p := range t.planes() {
		for _, tag := range p.Istio.RevisionTags() {
			all = append(all, p.webhook(tag))
		}
	}
	if len(all) > 0 {
		t.Add(directory+"/revision-tags.yaml", all...)
	}
	return len(all) > 0
}

// webhook gives the object by which pods with the label of a tag are injected
// (manifests/charts/istio-control/istio-discovery/templates/revision-tags-mwc.yaml).
func (t Target) webhook(tag string) []byte {
	injector, _ := t.Istio.Values["sidecarInjectorWebhook"].(map[string]any)
	pilot, _ := t.Istio.Values["pilot"].(map[string]any) // which the chart reads at the top, too
	annotations, _ := pilot["sidecarInjectorWebhookAnnotations"].(map[string]any)
	data := struct {
		text.Object
		Name, Tag, Revision, Service, Path, Reinvocation string
	}{t.Object, schema.TagWebhook(t.Istio.Namespace, tag), tag, t.Istio.RevisionName(), t.IstiodName(), "/inject", "Never"}
	if t.ServedByPrimary() {
		data.Path = owned.InjectionPath(t.Cluster)
	}
	if policy, ok := injector["reinvocationPolicy"].(string); ok {
		data.Reinvocation = policy
	}
	of := text.Composition{Object: "revision-tag.yaml"}
	if tag == "default" {
		of.Options = append(of.Options, "options/tag-default.yaml")
		if injector["enableNamespacesByDefault"] == true {
			of.Options = append(of.Options, "options/tag-every-namespace.yaml")
		}
	}
	if len(annotations) > 0 {
		of.Settings = map[string]any{"metadata": map[string]any{"annotations": annotations}}
	}
	return t.Compose(of, data)
}

// applyTags gives the command that makes the webhooks, once the control planes answer that they lead to. The injector's
// CA in them is istiod's.
func (t Target) applyTags() []string {
	if !t.Has(tagsDirectory) {
		return nil
	}
	return []string{shell.Kubectl(t.Cluster, "apply --server-side --force-conflicts -k "+layout.Path(t.Name, tagsDirectory))}
}

// goneTags deletes the webhooks of tags that the tree has no more.
func (t Target) goneTags() []string {
	if !t.listed() {
		return nil
	}
	var kept []string
	for _, p := range t.planes() {
		for _, tag := range p.Istio.RevisionTags() {
			kept = append(kept, schema.TagWebhook(t.Istio.Namespace, tag))
		}
	}
	return []string{shell.Kubectl(t.Cluster, shell.DeleteOthers("mutatingwebhookconfigurations", shell.OwnedBy(t.Topology.Name), kept))}
}

// ownedTag are the parts of such a webhook by which pods find the control plane of a tag.
func (t Target) ownedTag(id patch.Identity) []patch.Owned {
	if id.Kind != "MutatingWebhookConfiguration" {
		return nil
	}
	return []patch.Owned{
		patch.Own(`metadata.labels.istio\.io/rev`, lostTag, "change "+patch.AnyCluster+"istio.revisions"),
		patch.Own(`metadata.labels.istio\.io/tag`, lostTag, "leave it"),
		patch.Own("webhooks", lostTag, "add a webhook beside it").Keeping("name"),
	}
}
