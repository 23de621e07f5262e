package lint

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/carrier"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/fields"
	"meshtopo.dev/meshtopo/schema/kinds"
	"meshtopo.dev/meshtopo/schema/kubeconfig"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// groups are all groups, in the order in which a cluster is checked.
var groups = []group{
	{rules: manifest.Rules()},
	{rules: []*diag.Rule{manifest.Unreadable, placeholderSkipped}},
	{rules: append(kinds.Rules(), carrier.Skipped)},
	{rules: fields.Rules()}, copyGroup,
	{check: (*cluster).checkTags}, operatorGroup, emptyProfileGroup, controlPlaneGroup, remoteGroup, networkGroup, ztunnelGroup,
	eastWestGroup, portGroup, loadBalancerGroup, gatewayGroup, gatewayAPIGroup, istiodRouteGroup, policyGroup, kustomizationGroup, unlistedGroup,
	secretGroup, {rules: kubeconfig.RulesOfSecrets()}, remoteSecretGroup, cacertsGroup, tokenSecretGroup, rbacGroup,
	partGroup, identityGroup, meshSecretGroup, serverGroup, servingGroup, serviceGroup, trustGroup, ambientGroup, scopeGroup, settingGroup, topologyGroup,
}

// Rules gives every rule of this package, by code.
func Rules() []*diag.Rule {
	var rules []*diag.Rule
	for _, g := range groups {
		rules = append(rules, g.rules...)
	}
	slices.SortFunc(rules, func(a, b *diag.Rule) int { return strings.Compare(a.Code, b.Code) })
	return rules
}

// check runs the checks of all groups on one cluster.
func (c *cluster) check(found *diag.List) {
	c.readUnlabelled(found)
	c.markPassThrough()
	for _, g := range groups {
		if g.check != nil {
			g.check(c, found)
		}
	}
}

// check checks what depends on other clusters. If only one cluster is given, the rest of its mesh is not known.
func (m *mesh) check() {
	m.checkDiscoverable()
	m.checkCalled()
	m.checkLacking()
	m.checkOwnSecrets()
	m.checkRegistries()
	m.checkAmbient()
	m.checkReaders()
	m.checkGatewayRevisions()
	if len(m.clusters) > 1 {
		m.checkTogether()
	}
	m.checkExposed()
	m.checkKubeconfigNames()
}

func (m *mesh) checkTogether() {
	if m.topology == nil { // with a topology, each cluster is compared with that
		m.checkIdentity()
	}
	m.checkTrust()
	m.checkNetworks()
	m.checkDescribed()
	m.checkUnnetworked()
	m.checkUnexposed()
	m.checkRemoteSecrets()
	m.checkServers()
	m.checkTokens()
	m.checkAuthorities()
	m.checkPrivateServers()
	m.checkRemotes()
	m.checkServing()
	m.checkVersions()
	m.checkServices()
	m.checkScopes()
	m.checkSettings()
	m.checkPolicies()
}
