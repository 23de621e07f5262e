// Package rules says what one entry of a topology says about another, and what Istio and Kubernetes make of names,
// addresses and versions.
//
// The shape of each entry is left to topology.cue, the files that a topology names to package material. A rule is a
// file, with its group; package lint reports some of them of manifests under the same codes.
package rules

import (
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/authority"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/gitops"
	"meshtopo.dev/meshtopo/schema/handed"
	"meshtopo.dev/meshtopo/schema/installing"
	"meshtopo.dev/meshtopo/schema/owned"
	"meshtopo.dev/meshtopo/schema/protection"
	"meshtopo.dev/meshtopo/schema/stores"
	"meshtopo.dev/meshtopo/schema/upgrade"
)

// groups has every group in the order of their checks: one that looks at what was found comes after those it looks at.
var groups = []group{
	primaryRules, networkRules, gatewayRules, addressRules, apiServerRules, proxyRules, readerRules,
	lifecycleRules, upgradeRules, installingRules, nameRules, portableRules, podCIDRRules, trustRules, authorityRules, protectionRules, storeRules, gitopsRules, variableRules, exposedRules,
	remoteRules, versionRules, ownedRules, kubernetesRules, istioRules, familyRules, sharingRules, handedRules, meshNetworksRules,
	patchRules, settingRules,
}

var ownedRules = group{[]*diag.Rule{owned.Rule}, func(t mesh, found *diag.List) { owned.Check(t.Written, found) }}

var authorityRules = group{authority.Rules(), func(t mesh, found *diag.List) { authority.Check(t.Written, found) }}

var protectionRules = group{protection.Rules, func(t mesh, found *diag.List) { protection.Check(t.Written, found) }}

var storeRules = group{stores.Rules(), func(t mesh, found *diag.List) { stores.Check(t.Written, found) }}

var gitopsRules = group{gitops.Rules(), func(t mesh, found *diag.List) { gitops.Check(t.Written, found) }}

var installingRules = group{installing.Rules(), func(t mesh, found *diag.List) { installing.Check(t.Written, found) }}

var upgradeRules = group{upgrade.Rules(), func(t mesh, found *diag.List) { upgrade.Check(t.Written, found) }}

var handedRules = group{handed.Rules(), func(t mesh, found *diag.List) { handed.Check(t.Written, found) }}

// All lists every rule.
func All() []*diag.Rule {
	var all []*diag.Rule
	for _, g := range groups {
		all = append(all, g.rules...)
	}
	return all
}

// Check applies them all.
func Check(t *schema.Topology, found *diag.List) {
	for _, g := range groups {
		if g.check != nil {
			g.check(meshOf(t), found)
		}
	}
}
