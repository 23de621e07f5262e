package installer

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/render/patch"
	"meshtopo.dev/meshtopo/render/text"
	"meshtopo.dev/meshtopo/schema"
)

// istioctl installs a control plane with istioctl, from an IstioOperator.
type istioctl struct{ Target }

func (istioctl) folder() string { return "istioctl" }

// fill adds what istioctl installs first. It has a name, because an unnamed IstioOperator owns the gateways of all
// others and deletes them at the next install (operator/pkg/install/install.go, prune).
func (i istioctl) fill() {
	for _, p := range i.planes() {
		composition, data := p.istioOperator()
		if p.listed() {
			composition.Settings = schema.Merge(composition.Settings, p.alone())
		}
		p.addOperator(p.directory(), composition, data)
	}
	if i.listed() {
		i.fillShared()
	}
	i.addTags()
}

// fillShared adds what there is once beside the control planes. Each of them would take it away from the others:
// istioctl deletes what an earlier install of the same file had and this one has not.
func (i istioctl) fillShared() {
	add := func(p Target, name string, moves []text.Move) {
		composition, data := p.istioOperator()
		composition.Into, composition.Moves = "istioctl/"+name+".yaml", moves
		p.addOperator(p.shared(name), composition, data)
	}
	add(i.newest(), sharedBase, []text.Move{
		{From: "spec.values", To: "spec.values", Only: []string{"base", "experimental"}},
		{From: "spec.values.global", To: "spec.values.global", Only: []string{"istioNamespace", "imagePullSecrets", "resourceScope", "platform"}},
		{From: "spec.components.base", To: "spec.components.base"},
	})
	nodes := []text.Move{
		{From: "spec", To: "spec", Only: []string{"revision", "hub", "tag"}}, // uninstall goes by the revision
		{From: "spec.values", To: "spec.values", Only: []string{"cni", "ztunnel", "global", "compatibilityVersion"}},
		{From: "spec.components", To: "spec.components", Only: []string{"cni", "ztunnel"}},
	}
	if i.Istio.Enables("ztunnel") {
		nodes = append(nodes, text.Move{From: "spec.revision", To: "spec.values.ztunnel.revision"})
	}
	if i.onNodes() {
		add(i.Target, sharedNodes, nodes)
	}
}

// alone keeps an IstioOperator to its own control plane. A gateway of the profile goes by the default one.
func (t Target) alone() map[string]any {
	off := map[string]any{"enabled": false}
	components := map[string]any{"base": off}
	for _, part := range []string{"cni", "ztunnel"} {
		if t.Istio.Enables(part) {
			components[part] = off
		}
	}
	if !t.Istio.IsDefault() && t.RunsControlPlane() {
		for list, profiles := range gatewaysOfProfiles {
			if off := t.gatewaysOff(list, profiles); len(off) > 0 {
				components[list] = off
			}
		}
	}
	spec := map[string]any{"components": components}
	if t.Istio.Enables("cni") {
		// In values istioctl replaces it by what components.cni says (operator/pkg/render/manifest.go, MergeInputs).
		spec["unvalidatedValues"] = map[string]any{"pilot": map[string]any{"cni": map[string]any{"enabled": true}}}
	}
	return map[string]any{"spec": spec}
}

// gatewaysOfProfiles are the profiles in which gateways are enabled (manifests/profiles of Istio), by the list that
// they are in; each list has one, which is called after it.
var gatewaysOfProfiles = map[string][]string{
	"ingressGateways": {"default", "demo", "preview", "stable"},
	"egressGateways":  {"demo"},
}

// gatewaysOff turns those gateways off that the user or the profile has.
func (t Target) gatewaysOff(list string, profiles []string) []any {
	var names []string
	if slices.Contains(profiles, t.Istio.Profile) {
		names = []string{"istio-" + strings.ToLower(strings.TrimSuffix(list, "s"))}
	}
	written, _ := t.Istio.Components[list].([]any)
	for _, item := range written {
		settings, _ := item.(map[string]any)
		if name, ok := settings["name"].(string); ok && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	var all []any
	for _, name := range names {
		all = append(all, map[string]any{"name": name, "enabled": false})
	}
	return all
}

func (i istioctl) install() []string {
	var commands []string
	if i.listed() {
		commands = append(commands, i.newest().istioctlInstall(i.shared(sharedBase)))
	}
	for _, p := range i.planes() {
		commands = append(commands, p.istioctlInstall(p.directory()))
	}
	if i.listed() && i.onNodes() {
		commands = append(commands, i.istioctlInstall(i.shared(sharedNodes)))
	}
	return append(commands, i.applyTags()...)
}

// gone is nothing for what istioctl installs: what takes over from it takes its objects over.
func (i istioctl) gone() []string { return i.goneTags() }

func (i istioctl) owned(id patch.Identity) []patch.Owned {
	if p, ok := i.plane(id.Name); ok && id.Kind == "IstioOperator" {
		return p.ownedControlPlane()
	}
	return i.ownedTag(id)
}
