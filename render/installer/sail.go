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
	s.add("istio", []text.Move{
		{From: "metadata.annotations", To: "metadata.annotations"},
		{From: "spec.profile", To: "spec.profile"},
		{From: "spec.meshConfig", To: "spec.values.meshConfig"},
		{From: "spec.values", To: "spec.values", Except: []string{"cni"}},
		{From: "spec.hub", To: "spec.values.global.hub"},
		{From: "spec.tag", To: "spec.values.global.tag"},
		{From: "spec.components.cni.enabled", To: "spec.values.pilot.cni.enabled"},
	})
	if s.enables("cni") {
		s.add("istio-cni", []text.Move{
			{From: "spec.profile", To: "spec.profile"},
			{From: "spec.values", To: "spec.values", Only: []string{"cni"}},
			{From: "spec.values.global", To: "spec.values.global", Only: sailCNI},
			{From: "spec.hub", To: "spec.values.global.hub"},
			{From: "spec.tag", To: "spec.values.global.tag"},
		})
	}
	s.Kustomization(layout.ControlPlane)
}

// sailCNI are the values below global that the resource IstioCNI has (api/v1/values_types.gen.go, CNIGlobalConfig).
var sailCNI = []string{"defaultResources", "hub", "tag", "variant", "imagePullPolicy", "imagePullSecrets", "logAsJson", "logging", "nativeNftables", "platform"}

func (s sail) add(name string, moves []text.Move) {
	composition, data := s.istioOperator()
	composition.Into, composition.Moves = "sail/"+name+".yaml", moves
	s.Add(layout.ControlPlane+"/"+name+".yaml", s.Compose(composition, data))
}

// install applies the resources. A remote gets no istiod that could be waited for.
func (s sail) install() []string {
	commands := []string{shell.Apply(s.Cluster, layout.ControlPlane)}
	if s.RunsControlPlane() {
		commands = append(commands, shell.Kubectl(s.Cluster, "wait --for=condition=Ready --timeout=10m istios.sailoperator.io/"+s.resource()))
	}
	return commands
}

// gone deletes the resource of a component that the tree has no more.
func (s sail) gone() []string {
	if s.enables("cni") {
		return nil
	}
	return []string{shell.Kubectl(s.Cluster, "delete istiocnis.sailoperator.io --selector "+shell.OwnedBy(s.Topology.Name))}
}

// owned are the fields that the topology fills.
func (s sail) owned(id patch.Identity) []patch.Owned {
	if id.Kind != "Istio" && id.Kind != "IstioCNI" {
		return nil
	}
	fields := []patch.Owned{
		patch.Own("spec.version", lostImages, "change "+patch.AnyCluster+"istio.version"),
		patch.Own("spec.namespace", lostProfile, "change "+patch.AnyCluster+"istio.namespace"),
		patch.Own("spec.updateStrategy.type", LostRevision, "set "+patch.AnyCluster+"istio.revision for a second control plane"),
		patch.Own("spec.profile", lostProfile, "change "+patch.AnyCluster+"istio.profile"),
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
