package installer

import (
	"slices"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/patch"
	"meshtopo.dev/meshtopo/render/shell"
	"meshtopo.dev/meshtopo/render/text"
	"meshtopo.dev/meshtopo/schema/owned"
)

// sail has the Sail operator install a cluster (https://github.com/istio-ecosystem/sail-operator).
type sail struct{ Target }

func (sail) folder() string { return "sail" }

// fill adds a resource for istiod, and one for each other component.
func (s sail) fill() {
	for _, p := range s.planes() {
		sail{p}.add(p.directory(), "istio", []text.Move{
			{From: "metadata.annotations", To: "metadata.annotations"},
			{From: "spec.updateStrategy", To: "spec.updateStrategy"},
			{From: "spec.profile", To: "spec.profile"},
			{From: "spec.meshConfig", To: "spec.values.meshConfig"},
			{From: "spec.values", To: "spec.values", Except: []string{"cni", "revisionTags", "ztunnel"}},
			{From: "spec.hub", To: "spec.values.global.hub"},
			{From: "spec.tag", To: "spec.values.global.tag"},
			{From: "spec.components.cni.enabled", To: "spec.values.pilot.cni.enabled"},
		})
	}
	if s.Istio.Enables("cni") {
		s.add(s.shared(sharedNodes), "istio-cni", []text.Move{
			{From: "spec.profile", To: "spec.profile"},
			{From: "spec.values", To: "spec.values", Only: []string{"cni"}},
			{From: "spec.values.global", To: "spec.values.global", Only: sailCNI},
			{From: "spec.hub", To: "spec.values.global.hub"},
			{From: "spec.tag", To: "spec.values.global.tag"},
		})
	}
	if s.Istio.Enables("ztunnel") {
		s.add(s.shared(sharedNodes), "ztunnel", []text.Move{
			{From: "spec.values.ztunnel", To: "spec.values.ztunnel"},
			{From: "spec.revision", To: "spec.values.ztunnel.revision"},
			{From: "spec.values.global", To: "spec.values.ztunnel", Only: []string{"istioNamespace", "network", "multiCluster"}},
			{From: "spec.values.global", To: "spec.values.global", Only: sailZTunnel},
			{From: "spec.hub", To: "spec.values.global.hub"},
			{From: "spec.tag", To: "spec.values.global.tag"},
		})
	}
	s.addResources()
	s.Kustomization(layout.ControlPlane)
}

// addResources adds a resource for each revision tag. It leads to the revision that its Istio has at the time. In a
// remote the operator makes nothing of one, so the webhooks of the tag are in the tree there.
func (s sail) addResources() {
	if s.listed() && s.ServedByPrimary() {
		s.addWebhooks(layout.ControlPlane)
		return
	}
	var tags [][]byte
	for _, p := range s.planes() {
		for _, tag := range p.Istio.RevisionTags() {
			data := struct {
				text.Object
				Tag, Resource string
			}{s.Object, tag, p.Istio.Resource()}
			tags = append(tags, s.Compose(text.Composition{Object: "sail/istio-revision-tag.yaml"}, data))
		}
	}
	if len(tags) > 0 {
		s.Add(layout.ControlPlane+"/istio-revision-tags.yaml", tags...)
	}
}

// sailCNI are the values below global that the resource IstioCNI has (api/v1/values_types.gen.go, CNIGlobalConfig).
var sailCNI = []string{"defaultResources", "hub", "tag", "variant", "imagePullPolicy", "imagePullSecrets", "logAsJson", "logging", "nativeNftables", "platform"}

// sailZTunnel are those that the resource ZTunnel has (api/v1/values_types_extra.go, ZTunnelGlobalConfig).
var sailZTunnel = []string{"defaultResources", "hub", "tag", "variant", "imagePullPolicy", "imagePullSecrets", "logAsJson", "logging", "platform"}

func (s sail) add(directory, name string, moves []text.Move) {
	composition, data := s.istioOperator()
	o := options(composition.Options)
	o.of("sail", !s.Istio.Revises(), "in-place")
	o.of("sail", s.Istio.Revises(), "revision-based")
	o.of("sail", s.Istio.Revises() && s.Topology.ServesRemotes(s.Cluster), "kept-revisions")
	composition.Options, composition.Into, composition.Moves = o, "sail/"+name+".yaml", moves
	s.Add(directory+"/"+name+".yaml", s.Compose(composition, data))
}

// install applies the resources. A remote gets no istiod that could be waited for. A revision that is new has no
// condition of before; that of a resource that is changed in place may be one.
func (s sail) install() []string {
	commands := []string{shell.Apply(s.Cluster, layout.ControlPlane)}
	wait := func(what string) {
		commands = append(commands, shell.Kubectl(s.Cluster, "wait "+what))
	}
	switch {
	case !s.RunsControlPlane():
	case s.Istio.Revises():
		wait("--for=create --timeout=1m istiorevisions.sailoperator.io/" + s.Istio.Revision)
		wait("--for=condition=Ready --timeout=10m istiorevisions.sailoperator.io/" + s.Istio.Revision)
	default:
		for _, p := range s.planes() {
			wait("--for=condition=Ready --timeout=10m istios.sailoperator.io/" + p.Istio.Resource())
		}
	}
	return commands
}

// gone deletes the resources of components and the tags that the tree has no more.
func (s sail) gone() []string {
	owner := shell.OwnedBy(s.Topology.Name)
	var commands []string
	for _, c := range []struct{ component, resource string }{{"cni", "istiocnis"}, {"ztunnel", "ztunnels"}} {
		if !s.Istio.Enables(c.component) {
			commands = append(commands, shell.Kubectl(s.Cluster, shell.DeleteOthers(c.resource+".sailoperator.io", owner, nil)))
		}
	}
	if s.ServedByPrimary() { // where the tree has the webhooks of tags itself
		commands = append(commands, s.goneTags()...)
	}
	return append(commands, shell.Kubectl(s.Cluster, shell.DeleteOthers("istiorevisiontags.sailoperator.io", owner, s.tagResources())))
}

// tagResources are the names of the resources IstioRevisionTag that the tree has.
func (s sail) tagResources() []string {
	if s.listed() && s.ServedByPrimary() {
		return nil
	}
	var names []string
	for _, p := range s.planes() {
		names = append(names, p.Istio.RevisionTags()...)
	}
	return names
}

// owned are the fields that the topology fills.
func (s sail) owned(id patch.Identity) []patch.Owned {
	for _, p := range s.planes() {
		if id.Kind == "Istio" && id.Name == p.Istio.Resource() {
			s.Target = p
		}
	}
	switch id.Kind {
	case "MutatingWebhookConfiguration":
		return s.ownedTag(id)
	case "IstioRevisionTag":
		return []patch.Owned{patch.Own("spec.targetRef", lostTag, "leave it")}
	case "Istio", "IstioCNI", "ZTunnel":
	default:
		return nil
	}
	fields := []patch.Owned{
		patch.Own("spec.version", lostImages, "change "+patch.AnyCluster+"istio.version"),
		patch.Own("spec.namespace", lostProfile, "change "+patch.AnyCluster+"istio.namespace"),
		patch.Own("spec.updateStrategy.type", LostRevision, "change "+patch.AnyCluster+"istio.updateStrategy"),
		patch.Own("spec.profile", lostProfile, "change "+patch.AnyCluster+"istio.profile"),
	}
	if id.Kind == "ZTunnel" {
		return append(fields, s.ownedZTunnel()...)
	}
	for _, setting := range owned.Settings(s.Topology, s.Cluster) {
		if setting.Path[0] == "components" {
			continue
		}
		o := ownedSetting(setting)
		o.Path = slices.Concat([]string{"spec", "values"}, setting.Path)
		if setting.Path[0] == "values" {
			o.Path = slices.Concat([]string{"spec"}, setting.Path)
		}
		fields = append(fields, o)
	}
	return append(fields, s.ownedVolume()...)
}

// ownedZTunnel are the values by which ztunnel finds its place in the mesh.
func (s sail) ownedZTunnel() []patch.Owned {
	const values = "spec.values.ztunnel."
	return []patch.Owned{
		patch.Own(values+"network", LostNetwork, "change "+patch.AnyCluster+"network").Allowing(s.Network),
		patch.Own(values+"multiCluster.clusterName", lostCluster, "leave it").Allowing(s.Name),
		patch.Own(values+"istioNamespace", lostProfile, "change "+patch.AnyCluster+"istio.namespace").Allowing(s.Istio.Namespace),
		patch.Own(values+"revision", LostRevision, "change "+patch.AnyCluster+"istio.revision").Allowing(s.Istio.Revision),
		patch.Own("spec.targetRef", LostRevision, "leave it: the values say which control plane it has"),
	}
}
