package lint

import (
	"net/netip"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/hosts"
	"meshtopo.dev/meshtopo/schema/rules"
	"meshtopo.dev/meshtopo/schema/settings"
)

const webhookSource = "pkg/kube/inject/webhook.go (parseInjectEnvs)"

var (
	remoteWithoutAddress = &diag.Rule{
		Code: "remote-without-address", Severity: diag.Error, Symptom: true,
		Title:  "a remote that is not told where its control plane is",
		Why:    "no Service istiod is made, and the webhook calls a Service that is not there: no pod is injected",
		Fix:    "add values.global.remotePilotAddress, the address of the primary's east-west gateway, or values.istiodRemote.injectionURL",
		Source: "manifests/charts/istio-control/istio-discovery/templates/remote-istiod-service.yaml",
		Bad:    "spec: {profile: remote}",
		Good:   "spec: {profile: remote, values: {global: {remotePilotAddress: 203.0.113.10}}}",
	}
	remoteWithoutProfile = &diag.Rule{
		Code: "remote-without-profile", Severity: diag.Error, Symptom: true,
		Title:  "a remote that is installed with a control plane of its own",
		Why:    "the address of the other control plane has almost no effect then: the sidecars use the istiod of their own cluster, which has its own CA and does not read the other clusters",
		Fix:    "write profile: remote, or delete remotePilotAddress and istiodRemote where the cluster is to be a primary",
		Source: "manifests/helm-profiles/remote.yaml",
		Bad:    "spec: {profile: default, values: {global: {remotePilotAddress: 203.0.113.10}}}",
		Good:   "spec: {profile: remote, values: {global: {remotePilotAddress: 203.0.113.10}}}",
	}
	vagueInjection = &diag.Rule{
		Code: "injection-path", Severity: diag.Error, Symptom: true,
		Title:  "a remote whose injection path lacks its cluster or network",
		Why:    "for what the path lacks, the primary's own values are used: sidecars say that they are in the primary's cluster, and istiod refuses their tokens",
		Fix:    "write /inject/cluster/CLUSTER/net/NETWORK as values.istiodRemote.injectionPath",
		Source: webhookSource,
		Bad:    "istiodRemote: {injectionPath: /inject/cluster/west/net}",
		Good:   "istiodRemote: {injectionPath: /inject/cluster/west/net/network2}",
	}
	injectionCluster = &diag.Rule{
		Code: "injection-cluster", Severity: diag.Error, Symptom: true,
		Title:  "a remote with another cluster name than its injection path",
		Why:    `sidecars say that they are in the cluster of the path: istiod answers with "client claims to be in cluster", or has that cluster look at their tokens, which refuses them`,
		Fix:    "use the name under which the primary has the cluster's remote Secret in both places",
		Source: "security/pkg/server/ca/authenticate/kubeauth/kube_jwt.go",
		Bad:    "global: {multiCluster: {clusterName: west}}\nistiodRemote: {injectionPath: /inject/cluster/remote/net/network2}",
		Good:   "global: {multiCluster: {clusterName: west}}\nistiodRemote: {injectionPath: /inject/cluster/west/net/network2}",
	}
)

var remoteGroup = group{rules: []*diag.Rule{remoteWithoutAddress, remoteWithoutProfile, vagueInjection, injectionCluster}}

func (c *cluster) checkRemote(i *install, found *diag.List) {
	if i.profile.text != "remote" && i.enabledRemote.text != "true" && !i.chart && !i.misspelt.Have("spec.profile") {
		found.Add(first(i.profile, value{pos: i.pos}).pos, remoteWithoutProfile, "%s is told of a control plane in another cluster, but installs one here", i.object)
	}
	i.checkAddress(found)
	c.checkInjection(i, found)
	if mesh := i.meshConfig; mesh.given() && i.configCluster.text != "true" {
		d := found.Add(mesh.pos, rules.UnusedOnRemote, "a remote has no mesh config: this one has no effect")
		d.Severity = diag.Warning
	}
}

// checkReach looks for the address by which a remote's webhook and sidecars reach a control plane.
func (i *install) checkReach(found *diag.List) {
	if i.lacks(i.remotePilotAddress, "spec.values.global.remotePilotAddress") && !i.injectionURL.given() {
		found.Add(i.pos, remoteWithoutAddress, "%s has neither values.global.remotePilotAddress nor values.istiodRemote.injectionURL", i.object)
	}
	if i.lacks(i.injection().value, "spec.values.istiodRemote.injectionPath") {
		found.Add(i.pos, vagueInjection, "%s has no values.istiodRemote.injectionPath", i.object)
	}
}

func (i *install) checkAddress(found *diag.List) {
	v := i.remotePilotAddress
	if v.text == "" {
		return
	}
	ip, err := netip.ParseAddr(v.text)
	switch {
	case err == nil && hosts.UnreachableIP(ip.Unmap()) != "":
		found.Add(v.pos, rules.BadGatewayAddress, "the address %q %s", v.text, hosts.UnreachableIP(ip.Unmap()))
	case err == nil:
	case strings.ContainsAny(v.text, ":/"):
		d := found.Add(v.pos, rules.BadGatewayAddress, "the address %q has more in it than a host", v.text)
		d.Why = "the address becomes that of a Service: with a scheme or a port in it the API server refuses the object, or nothing answers there"
		d.Fix = "write the address alone; it is that of istiod at port 15012, not of the API server"
	case strings.Trim(v.text, "0123456789.") == "":
		found.Add(v.pos, rules.BadGatewayAddress, "the address %q looks like an IP address but is none", v.text)
	case !i.injectionURL.given():
		d := found.Add(v.pos, rules.GatewayHostname, "a remote needs the IP address of its primary's gateway, not the host name %q", v.text)
		d.Fix = "write its IP address, or add values.istiodRemote.injectionURL with the host name in it"
	}
}

// checkInjection checks what is in the injection path or URL.
func (c *cluster) checkInjection(i *install, found *diag.List) {
	in := i.injection()
	report := func(format string, args ...any) *diag.Diagnostic {
		return found.Add(in.pos, vagueInjection, format, args...)
	}
	switch {
	case i.misspelt.Have("spec.values.istiodRemote.injectionPath"), !in.given():
	case !strings.HasPrefix(in.path, "/inject"):
		report("the injection path %q does not begin with /inject", in.path)
	case in.oldSyntax && !in.url:
		report("the injection path %q is of the form that only an injectionURL takes", in.path).Why = "the API server refuses the webhook: this is not the path of a Service"
	case !in.url && refusedSegment(in.path) != "":
		d := found.Add(in.pos, rules.RemoteNetworkName, "Kubernetes does not take %q in the path of a webhook", refusedSegment(in.path))
		d.Why = "it refuses the webhook of the remote, and nothing is injected: the parts of its path are lower-case letters, digits, dashes and dots"
		d.Fix = "rename the network or cluster in every manifest that names it"
	case in.odd:
		report("the last key of the injection path %q has no value", in.path)
	case in.cluster.text == "":
		report("the injection path %q does not say the cluster", in.path)
	case i.clusterName.given() && i.clusterName.text != in.cluster.text:
		c.reportInjection(in.cluster, i.clusterName, found)
	case in.network.text == "" && i.network.given() && c.crossesNetworks():
		d := report("the injection path %q does not say the network", in.path)
		d.Why = "sidecars say that they are on the network of the primary: calls to them from there go to pod addresses that they cannot reach"
		return
	}
	for _, key := range in.unknown {
		if near := diag.Nearest(key, []string{"cluster", "net"}); near != "" {
			d := report("the key %q of the injection path is not one of Istio's", key)
			d.Severity, d.Fix = diag.Warning, "did you mean \""+near+"\"?"
		}
	}
}

// refusedSegment gives a part of an injection path that no webhook may have (apiserver/pkg/util/webhook/validation.go).
func refusedSegment(path string) string {
	for segment := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
		if segment != "" && !settings.IsSubdomain(segment) {
			return segment
		}
	}
	return ""
}

// reportInjection reports two names for one cluster, at the one that differs from the name of its directory.
func (c *cluster) reportInjection(path, name value, found *diag.List) {
	if path.text == c.name {
		d := found.Add(name.pos, injectionCluster, "clusterName is %q, but the injection path says cluster %q", name.text, path.text)
		d.Relate(path.pos, "the injection path")
		return
	}
	d := found.Add(path.pos, injectionCluster, "the injection path says cluster %q, but clusterName is %q", path.text, name.text)
	d.Relate(name.pos, "clusterName")
}
