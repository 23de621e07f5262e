package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/settings"
)

var remoteRules = group{[]*diag.Rule{RemoteNamespace, RemoteRevision, RemoteNewer, RemoteOlder, UnusedOnRemote, earlyGateway, RemoteNetworkName}, mesh.checkRemotes}

var RemoteNamespace = &diag.Rule{
	Code: "remote-namespace", Severity: diag.Error, Fixed: true, Symptom: true,
	Title:  "a remote whose control plane namespace is not its primary's",
	Why:    "istiod looks for the annotation that lets it manage the remote on a namespace with the name of its own: the remote would get no istio-ca-root-cert, and its pods stay in FailedMount",
	Fix:    "delete the remote's istio.namespace",
	Source: "pilot/pkg/serviceregistry/kube/controller/multicluster.go (checkShouldLead)",
	Bad: `clusters:
  cluster-a: {eastWestGateway: {addresses: [203.0.113.10]}}
  cluster-b: {primary: cluster-a, istio: {namespace: istio-remote}}`,
	Good: `clusters:
  cluster-a: {eastWestGateway: {addresses: [203.0.113.10]}}
  cluster-b: {primary: cluster-a}`,
}

var RemoteRevision = &diag.Rule{
	Code: "remote-revision", Severity: diag.Error, Fixed: true, Symptom: true,
	Title:  "a remote whose revision is not its primary's",
	Why:    "the primary tells sidecars to call the Service istiod-REVISION of its own revision, and the remote has a Service, and a webhook, of another: pods are not injected, or their sidecars never connect",
	Fix:    "delete the remote's istio.revision",
	Source: "manifests/charts/istio-control/istio-discovery/templates/remote-istiod-service.yaml (istio/istio#47552)",
	Bad: `clusters:
  cluster-a: {eastWestGateway: {addresses: [203.0.113.10]}}
  cluster-b: {primary: cluster-a, istio: {revision: canary}}`,
	Good: `clusters:
  cluster-a: {eastWestGateway: {addresses: [203.0.113.10]}}
  cluster-b: {primary: cluster-a}`,
}

var RemoteNewer = &diag.Rule{
	Code: "remote-newer", Severity: diag.Error,
	Title:  "a remote with a newer Istio than its primary",
	Why:    "Istio supports sidecars and gateways that are older than their control plane, never newer ones",
	Fix:    "raise the primary's version first",
	Source: "https://istio.io/latest/docs/releases/supported-releases/#control-planedata-plane-skew",
	Bad: `clusters:
  cluster-a: {eastWestGateway: {addresses: [203.0.113.10]}, istio: {version: "1.30.2"}}
  cluster-b: {primary: cluster-a, istio: {version: "1.31.1"}}`,
	Good: `clusters:
  cluster-a: {eastWestGateway: {addresses: [203.0.113.10]}, istio: {version: "1.31.1"}}
  cluster-b: {primary: cluster-a, istio: {version: "1.30.2"}}`,
}

var RemoteOlder = &diag.Rule{
	Code: "remote-older", Severity: diag.Error,
	Title:  "a remote with an Istio more than one minor version older than its primary",
	Why:    "Istio supports a control plane that is one minor version ahead of its sidecars and gateways, not more",
	Fix:    "raise the remote's version",
	Source: "https://istio.io/latest/docs/releases/supported-releases/#control-planedata-plane-skew",
	Bad: `clusters:
  cluster-a: {eastWestGateway: {addresses: [203.0.113.10]}}
  cluster-b: {primary: cluster-a, istio: {version: "1.29.2"}}`,
	Good: `clusters:
  cluster-a: {eastWestGateway: {addresses: [203.0.113.10]}}
  cluster-b: {primary: cluster-a, istio: {version: "1.30.2"}}`,
}

var UnusedOnRemote = &diag.Rule{
	Code: "unused-on-remote", Severity: diag.Error, Symptom: true,
	Title:  "a setting of a control plane on a cluster that has none",
	Why:    "a remote runs no istiod, has no mesh config and signs nothing: the setting would look as if it were in force and change nothing",
	Fix:    "move it to the primary, or delete it",
	Source: "manifests/helm-profiles/remote.yaml",
	Bad: `clusters:
  cluster-a: {eastWestGateway: {addresses: [203.0.113.10]}}
  cluster-b: {primary: cluster-a, istio: {meshConfig: {accessLogFile: /dev/stderr}}}`,
	Good: `clusters:
  cluster-a: {eastWestGateway: {addresses: [203.0.113.10]}, istio: {meshConfig: {accessLogFile: /dev/stderr}}}
  cluster-b: {primary: cluster-a}`,
}

var earlyGateway = &diag.Rule{
	Code: "early-gateway", Severity: diag.Error,
	Title:  "a gateway in the components of a remote",
	Why:    "they are installed before the primary can inject anything in the remote: istioctl would wait for pods of the gateway that never become ready",
	Fix:    "delete it here, and install the gateway with a file of your own after 4-gateway",
	Source: "pkg/test/framework/components/istio/kube.go, which installs the gateways of remotes last",
	Bad: `clusters:
  cluster-a: {eastWestGateway: {addresses: [203.0.113.10]}}
  cluster-b: {primary: cluster-a, istio: {components: {ingressGateways: [{name: shop, enabled: true}]}}}`,
	Good: `clusters:
  cluster-a: {eastWestGateway: {addresses: [203.0.113.10]}, istio: {components: {ingressGateways: [{name: shop, enabled: true}]}}}
  cluster-b: {primary: cluster-a}`,
}

var RemoteNetworkName = &diag.Rule{
	Code: "remote-network-name", Severity: diag.Error, Fixed: true,
	Title:  "a remote on a network whose name cannot be in the path of a webhook",
	Why:    "the network is a part of the path at which the remote's webhook calls istiod, and Kubernetes takes only lower-case letters, digits, dashes and dots there: it refuses the webhook, and nothing is injected",
	Fix:    "give the network a name of lower-case letters, digits, dashes and dots",
	Source: "staging/src/k8s.io/apiserver/pkg/util/webhook/validation.go (ValidateWebhookService)",
	Bad: `networks: {Net_2: {}, network2: null}
clusters:
  cluster-a: {eastWestGateway: {addresses: [203.0.113.10]}}
  cluster-b: {primary: cluster-a, network: Net_2}`,
	Good: `networks: {net-2: {}, network2: null}
clusters:
  cluster-a: {eastWestGateway: {addresses: [203.0.113.10]}}
  cluster-b: {primary: cluster-a, network: net-2}`,
}

// checkRemotes reports remotes that do not go together with their primaries.
func (t mesh) checkRemotes(found *diag.List) {
	for _, c := range t.Clusters {
		if !c.ServedByPrimary() {
			continue
		}
		t.checkUnused(c, found)
		t.checkRemoteNetwork(c, found)
		if p := t.PrimaryOf(c); p != nil {
			t.checkShared(c, p, found)
			for _, r := range c.ControlPlanes() {
				t.checkRemoteRevision(r, p, found)
			}
		}
	}
}

// checkUnused reports what a remote says of a control plane that it does not have.
func (t mesh) checkUnused(c *schema.Cluster, found *diag.List) {
	for _, unused := range []struct {
		path []string
		why  string
	}{
		{schema.ClusterPath(c, "istio", "profile"), "a profile, but a remote's profile is always remote"},
		{schema.ClusterPath(c, "istio", "meshConfig"), "a meshConfig, but a remote takes its mesh config from its primary"},
		{schema.ClusterPath(c, "istio", "components", "pilot"), "settings of istiod, but a remote runs none"},
		{schema.ClusterPath(c, "intermediate"), "an intermediate CA, but the primary's istiod signs for a remote"},
	} {
		if t.Given(unused.path...) && !t.Unsure(unused.path...) {
			found.Add(t.Pos(unused.path...), UnusedOnRemote, "cluster %q is a remote and has %s", c.Name, unused.why)
		}
	}
	for _, gateways := range []string{"ingressGateways", "egressGateways"} {
		if path := schema.ClusterPath(c, "istio", "components", gateways); t.Given(path...) && !t.Unsure(path...) {
			found.Add(t.Pos(path...), earlyGateway, "cluster %q is a remote and has %s among its components", c.Name, gateways)
		}
	}
}

// checkRemoteNetwork reports a network that Kubernetes does not take in owned.InjectionPath.
func (t mesh) checkRemoteNetwork(c *schema.Cluster, found *diag.List) {
	path := schema.ClusterPath(c, "network")
	if !t.Unsure(path...) && t.onKnownNetwork(c) && !settings.IsSubdomain(c.Network) {
		found.Add(t.Pos(path...), RemoteNetworkName, "cluster %q is a remote, and its webhook cannot name the network %q", c.Name, c.Network)
	}
}

// checkShared reports settings that a remote has to share with its primary.
func (t mesh) checkShared(c, p *schema.Cluster, found *diag.List) {
	if c.Istio.Namespace != p.Istio.Namespace {
		t.reportShared(RemoteNamespace, c, p, "namespace", c.Istio.Namespace, orNone(p.Istio.Namespace), found)
	}
}

// reportShared reports what a remote has and its primary has not.
func (t mesh) reportShared(r *diag.Rule, c, p *schema.Cluster, field, value, wanted string, found *diag.List) {
	if t.brokenIstio(c, field) || t.brokenIstio(p, field) {
		return
	}
	d := found.Add(t.pairPos(c, p, field), r, "cluster %q has as its %s %s, but its primary %q has %s", c.Name, field, orNone(value), p.Name, wanted)
	switch {
	case c.Istio.Listed.Revisions != nil || p.Istio.Listed.Revisions != nil:
		if field == "revision" {
			d.Fix = fmt.Sprintf("keep it in the list of cluster %q until nothing in cluster %q runs under it; then take it out of cluster %q first", p.Name, c.Name, c.Name)
		}
	case !t.Given(schema.ClusterPath(c, "istio", field)...):
		d.Fix = fmt.Sprintf("give cluster %q istio.%s: %s too", c.Name, field, cmp.Or(strings.TrimPrefix(wanted, "none"), `""`))
	}
	d.Relate(t.Pos(schema.ClusterPath(c, "primary")...), fmt.Sprintf("cluster %q is a remote of %q", c.Name, p.Name))
}

// checkRemoteRevision compares one control plane that a remote is given with that of its primary.
func (t mesh) checkRemoteRevision(c, p *schema.Cluster, found *diag.List) {
	own, of := c.Istio.Listed, p.Istio.Listed
	alone := t.Given(schema.ClusterPath(c, "istio", "version")...) && !t.Given(schema.ClusterPath(c, "istio", "revision")...)
	if own.Revisions == nil && of.Revisions != nil && alone {
		return // which is a finding of its own
	}
	if own.Revisions != nil && slices.Equal(own.At, of.At) || own.Revisions != nil && t.UnsureRevisions(c) || of.Revisions != nil && t.UnsureRevisions(p) {
		return
	}
	for _, one := range p.ControlPlanes() {
		if one.Istio.Revision == c.Istio.Revision {
			t.checkRemoteVersion(c, one, found)
			return
		}
	}
	if c.Istio.Named == p.Istio.Named { // with another strategy, which is a finding of its own
		t.checkRemoteVersion(c, p, found)
		return
	}
	t.reportShared(RemoteRevision, c, p, "revision", c.Istio.Revision, revisions(p), found)
	if p.Istio.Listed.Revisions == nil {
		t.checkRemoteVersion(c, p, found)
	}
}

// revisions gives those of a primary as one text.
func revisions(p *schema.Cluster) string {
	var names []string
	for _, one := range p.ControlPlanes() {
		names = append(names, orNone(one.Istio.Revision))
	}
	return diag.Enumerate(names, "and")
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return strconv.Quote(s)
}

// pairPos gives the place of the setting that makes a remote differ from its primary: the remote's own, or the
// primary's where the remote has the mesh's.
func (t mesh) pairPos(c, p *schema.Cluster, field string) diag.Pos {
	if c.Istio.Listed.Revisions != nil && !slices.Equal(c.Istio.Listed.At, p.Istio.Listed.At) {
		return t.Pos(t.IstioPath(c, field)...)
	}
	if own := schema.ClusterPath(c, "istio", field); t.Given(own...) {
		return t.Pos(own...)
	}
	return t.Pos(t.IstioPath(p, field)...)
}

// brokenIstio reports whether the setting that is in force for a cluster was reported already.
func (t mesh) brokenIstio(c *schema.Cluster, field string) bool {
	return t.Unsure(t.IstioPath(c, field)...)
}

func (t mesh) checkRemoteVersion(c, p *schema.Cluster, found *diag.List) {
	if !t.versionKnown(c) || !t.versionKnown(p) {
		return
	}
	ahead := c.Istio.Version.Minor() - p.Istio.Version.Minor()
	switch pos := t.pairPos(c, p, "version"); {
	case ahead > 0:
		d := found.Add(pos, RemoteNewer, "cluster %q has Istio %s, but its primary %q only %s", c.Name, c.Istio.Version, p.Name, p.Istio.Version)
		d.Fix = fmt.Sprintf("raise the version of cluster %q first", p.Name)
		d.Relate(t.Pos(t.IstioPath(p, "version")...), fmt.Sprintf("the version of cluster %q", p.Name))
	case ahead < -1:
		d := found.Add(pos, RemoteOlder, "cluster %q has Istio %s, but its primary %q %s", c.Name, c.Istio.Version, p.Name, p.Istio.Version)
		d.Relate(t.Pos(t.IstioPath(p, "version")...), fmt.Sprintf("the version of cluster %q", p.Name))
	}
}

// versionKnown reports whether a cluster has a version that can be compared.
func (t mesh) versionKnown(c *schema.Cluster) bool {
	return c.Istio.Version.Minor() > 0 && !t.brokenIstio(c, "version")
}
