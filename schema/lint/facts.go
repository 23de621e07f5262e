package lint

import (
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/kustomization"
	"meshtopo.dev/meshtopo/schema/manifest"
	"meshtopo.dev/meshtopo/schema/patched"
	"meshtopo.dev/meshtopo/schema/rbac"
	"meshtopo.dev/meshtopo/schema/sail"
)

// facts are what the manifests of one cluster say that other manifests are compared with. The files read_*.go read
// them; they report nothing.
type facts struct {
	patches  *patched.Patches // of kustomize
	unfilled map[spot]bool    // the placeholders

	installs        []*install // of control planes, or of what a remote has instead
	sail            sail.Resources
	tags            []string // of webhooks that stand for a revision
	operators       []*operator
	deployments     []*deployment // of gateways
	ztunnels        []*ztunnel
	namespaces      []*namespace
	services        []*service
	gateways        []*gateway
	virtualServices []*virtualService
	listeners       []*listenerGateway
	waypoints       []waypoint
	workloads       []*deployment // pods of which only the labels matter
	plaintexts      []plaintext
	remoteSecrets   []*remoteSecret
	kubeconfigs     []*remoteSecret    // in Secrets istio-kubeconfig
	otherSecrets    []*manifest.Object // Secrets that istiod may have in a volume
	cacerts         []*signer
	tokenSecrets    []*tokenSecret
	rights          rbac.Cluster
	kustomizations  []*kustomization.Kustomization

	cni           bool  // Istio's CNI plugin is installed
	otherRemotes  bool  // there are remote Secrets for clusters that are not known
	hashedCACerts value // a Secret cacerts to whose name kustomize adds a hash
}

// spot is where a text begins.
type spot struct {
	file      string
	line, col int
}

func spotOf(pos diag.Pos) spot { return spot{pos.File, pos.Line, pos.Col} }
