// Package schema says what a topology is: topology.cue, the model that its documents are decoded to, and what their
// users wrote of it.
//
// Whether a topology is right is left to the packages around it (grammar, evaluator, rules, material), and the way
// there to package loader. What each cluster gets from it is the business of package render.
package schema

import (
	"net/netip"
	"path"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

// Topology is a mesh as its user described it, with every default filled in. One that Load returns is valid:
// nobody downstream checks again.
type Topology struct {
	Name     string // metadata.name
	Mesh     Mesh
	Istio    Istio // mesh-wide; Cluster.Istio has the settings that are in force
	Trust    *Trust
	Secrets  Secrets
	GitOps   *GitOps    // nil where people apply the tree
	Networks []string   // sorted
	Clusters []*Cluster // sorted by name
	Rules    map[string]RuleSetting
	Unread   []Unread // private material that was not there; what depends on it cannot be rendered
	Public   Public

	positions document.Positions
	taken     map[string]diag.Pos // the places of what other files say, by path
}

// Mesh is what all clusters have in common.
type Mesh struct {
	ID                 string
	TrustDomain        string
	TrustDomainAliases []string
	ClusterDomain      string
	DNSCapture         bool
	ExposedHosts       []string
}

// Istio is how Istio is installed.
type Istio struct {
	Version    Version
	Installer  Installer
	Charts     string // the URL of the repository
	Namespace  string
	Named      string // istio.revision as it is written, or "" for none
	Update     UpdateStrategy
	Revision   string // that of istiod, which follows from Named: "" for none
	Listed     Listed // istio.revisions, of which Version and Revision are one
	Profile    string
	Hub, Tag   string         // "" for Istio's own
	MeshConfig map[string]any // as decoded from JSON: map[string]any, []any, string, bool, int64, float64, nil
	Values     map[string]any
	Components map[string]any
	Reader     Reader
	Patches    []Patch // those of the mesh before the cluster's own
}

// Patch is a change to rendered objects, in the words of kustomize.
type Patch struct {
	Cluster string // whose it is, or "" for one of the mesh
	Text    string // the change itself, or "" where it is in a file
	Path    string // the file, or ""
	Target  *Target
	At      []string // the path of the entry in the document
}

// Patches gives every patch once: those of the mesh, then those of each cluster.
func (t *Topology) Patches() []Patch {
	all := slices.Clone(t.Istio.Patches)
	for _, c := range t.Clusters {
		for _, p := range c.Istio.Patches {
			if p.Cluster == c.Name {
				all = append(all, p)
			}
		}
	}
	return all
}

// Target says which objects a patch changes. What is empty fits all.
type Target struct {
	Group, Version, Kind, Name, Namespace string // regular expressions
	LabelSelector, AnnotationSelector     string
}

// Reader is the account with which other control planes read a cluster.
type Reader struct {
	ServiceAccount string
	TokenSecret    string // "" for the name that follows from the account
	FormerSecret   string // the same of the token of before
}

// Former names the Secret with the token of before.
func (r Reader) Former() string {
	return Reader{ServiceAccount: r.ServiceAccount, TokenSecret: r.FormerSecret}.Secret()
}

// Secret names the Secret with the token: without a name of its own as istioctl would
// (istioctl/pkg/multicluster/remote_secret.go).
func (r Reader) Secret() string {
	if r.TokenSecret != "" {
		return r.TokenSecret
	}
	return r.ServiceAccount + "-istio-remote-secret-token"
}

// RuleSetting says what the findings of a rule count as in a mesh, and why.
type RuleSetting struct {
	Severity diag.Severity // diag.Ignore drops them
	Reason   string
}

// Adjust gives findings the severities that the topology sets.
func (t *Topology) Adjust(found *diag.List) {
	if len(t.Rules) == 0 {
		return
	}
	severities := map[string]diag.Severity{}
	for code, setting := range t.Rules {
		severities[code] = setting.Severity
	}
	found.Adjust(severities)
}

// Unread is private material that was not there and was not required.
type Unread struct {
	Pos     diag.Pos
	Place   Private
	Holders []string // the clusters whose files it goes into
}

// Cluster is one Kubernetes cluster of the mesh.
type Cluster struct {
	Name            string
	Network         string
	Role            Role
	Primary         string // the cluster whose control plane runs this one; "" for a primary
	State           State
	APIServer       *APIServer
	Credential      *Credential
	Rotating        bool // the token is being replaced, and that of before is still good
	EastWestGateway EastWestGateway
	Intermediate    *Intermediate // from trust.intermediates or the cluster's own; nil for remotes and without trust
	PodCIDRs        []netip.Prefix
	Istio           Istio   // spec.istio with this cluster's overrides merged over it
	Secrets         Secrets // spec.secrets with this cluster's overrides merged over it
	GitOpsName      string  // what {cluster} stands for where an engine calls the cluster by a name
}

// TokenSecrets names the Secrets with tokens of the reader: the one in use, and while it is being replaced that of
// before.
func (c *Cluster) TokenSecrets() []string {
	names := []string{c.Istio.Reader.Secret()}
	if former := c.Istio.Reader.Former(); c.Rotating && former != names[0] {
		names = append(names, former)
	}
	return names
}

// NeedsToken reports whether control planes read a cluster with the token of its reader, as far as that is known.
func (c *Cluster) NeedsToken() bool {
	return c.Credential == nil || c.Credential.Way != ByClientCertificate
}

// ServerKnown reports whether all is known of how the API server of a cluster is reached.
func (c *Cluster) ServerKnown() bool {
	return c.APIServer != nil && (!c.HasKubeconfig() || c.Credential.Read)
}

// CAPlace says where the CA of a known API server is: in a file of its own, or in a kubeconfig.
func (c *Cluster) CAPlace() string {
	if c.APIServer.CA == "" && c.HasKubeconfig() {
		return c.Credential.Private.String()
	}
	return c.APIServer.CA
}

// HasKubeconfig reports whether a kubeconfig says how the API server of a cluster is reached.
func (c *Cluster) HasKubeconfig() bool {
	return c.Credential != nil && c.Credential.Way == ByKubeconfig
}

// Role is what a cluster is in the mesh.
type Role string

// The roles of a cluster.
const (
	Primary Role = "primary" // it has a control plane of its own
	Remote  Role = "remote"  // the control plane of its primary runs it
)

// RunsControlPlane reports whether istiod runs in the cluster: it signs certificates, reads other clusters, and Istio's
// resources from this one.
func (c *Cluster) RunsControlPlane() bool { return c.Role == Primary }

// HasMeshConfig reports whether a mesh config is installed in the cluster. Proxies of a remote get their primary's.
func (c *Cluster) HasMeshConfig() bool { return c.Role == Primary }

// ServedByPrimary reports whether the cluster's proxies and webhook call istiod in its primary, at the address of the
// gateway there.
func (c *Cluster) ServedByPrimary() bool { return c.Role == Remote }

// State is where a cluster stands in its lifecycle.
type State string

// The states of a cluster.
const (
	Active  State = "active"
	Joining State = "joining"
)

// APIServer is how other clusters reach a cluster's API server.
type APIServer struct {
	URL           string
	CA            string // path of a PEM file, or "" where a kubeconfig has it
	CAData        []byte // PEM, from a kubeconfig
	TLSServerName string
	ProxyURL      string // the proxy before it, or ""
}

// Intermediate is the signing CA of one primary.
type Intermediate struct {
	Cert, Chain string // paths of PEM files
	Issuers     string // that of the CAs above it, where they are not in the chain; or ""
	Key         Private
	CRL         string // that of the revocation lists, or ""
}

// CRLs gives the path of the file of revocation lists, if there is one.
func (i *Intermediate) CRLs() []string {
	if i.CRL == "" {
		return nil
	}
	return []string{i.CRL}
}

// The files of a Secret of type kubernetes.io/tls with a CA, as cert-manager makes it and istiod reads it, too.
const (
	TLSCert       = "tls.crt"
	tlsKey, tlsCA = "tls.key", "ca.crt"
)

// TLSForm gives the intermediate that such files in a directory are.
func TLSForm(dir string) *Intermediate {
	in := func(name string) string { return path.Join(dir, name) }
	return &Intermediate{Cert: in(TLSCert), Chain: in(TLSCert), Issuers: in(tlsCA), Key: Private{File: in(tlsKey)}}
}

// ChainFiles gives the files that make up the chain, from the intermediate to the root.
func (i Intermediate) ChainFiles() []string {
	if i.Issuers == "" {
		return []string{i.Chain}
	}
	return []string{i.Chain, i.Issuers}
}

// IstiodName is the name of the Service of the cluster's istiod.
func (c *Cluster) IstiodName() string {
	if c.Istio.Revision != "" {
		return "istiod-" + c.Istio.Revision
	}
	return "istiod"
}

// IstiodService is that name with its namespace.
func (c *Cluster) IstiodService() string { return c.IstiodName() + "." + c.Istio.Namespace + ".svc" }

// Cluster gives the cluster of that name, or nil.
func (t *Topology) Cluster(name string) *Cluster {
	at, found := slices.BinarySearchFunc(t.Clusters, name, func(c *Cluster, name string) int { return strings.Compare(c.Name, name) })
	if !found {
		return nil
	}
	return t.Clusters[at]
}

// Names gives the names of clusters.
func Names(clusters []*Cluster) []string {
	var names []string
	for _, c := range clusters {
		names = append(names, c.Name)
	}
	return names
}

// Remotes gives the clusters that the control plane of the named cluster runs, joining ones included.
func (t *Topology) Remotes(primary string) []*Cluster {
	var remotes []*Cluster
	for _, c := range t.Clusters {
		if c.Primary == primary && primary != "" {
			remotes = append(remotes, c)
		}
	}
	return remotes
}

// RemotesByPrimary gives the clusters that name a primary by its name, joining ones included.
func (t *Topology) RemotesByPrimary() map[string][]*Cluster {
	remotes := map[string][]*Cluster{}
	for _, c := range t.Clusters {
		if c.Primary != "" {
			remotes[c.Primary] = append(remotes[c.Primary], c)
		}
	}
	return remotes
}

// ServesRemotes reports whether a cluster's control plane runs other clusters too, or will once they have joined.
func (t *Topology) ServesRemotes(c *Cluster) bool {
	return c.RunsControlPlane() && len(t.Remotes(c.Name)) > 0
}

// PrimaryOf gives the primary of a remote, or nil where it names none that is one.
func (t *Topology) PrimaryOf(c *Cluster) *Cluster {
	if p := t.Cluster(c.Primary); p != nil && p.RunsControlPlane() {
		return p
	}
	return nil
}

// Federates reports whether workloads of other meshes are accepted.
func (t *Topology) Federates() bool { return t.Trust != nil && len(t.Trust.FederatesWith) > 0 }

// SeveralRoots reports whether proxies are given more than one root, as far as that is known.
func (t *Topology) SeveralRoots() bool {
	return t.Trust != nil && len(t.Trust.Roots) > 1 || len(t.Public.Roots) > 1 || t.Federates()
}

// Ambient reports whether a cluster has ztunnel in the place of sidecars.
func (c *Cluster) Ambient() bool {
	on := func(settings map[string]any, path ...string) bool {
		var at any = settings
		for _, key := range path {
			m, _ := at.(map[string]any)
			at = m[key]
		}
		return at == true || at == "true" || at == "ambient"
	}
	return c.Istio.Profile == "ambient" || on(c.Istio.Values, "profile") || on(c.Istio.Values, "global", "profile") ||
		on(c.Istio.Values, "pilot", "env", "PILOT_ENABLE_AMBIENT") || on(c.Istio.Components, "ztunnel", "enabled")
}

// AmbientClusters gives those of the mesh.
func (t *Topology) AmbientClusters() []*Cluster {
	return slices.DeleteFunc(slices.Clone(t.Clusters), func(c *Cluster) bool { return !c.Ambient() })
}

// TrustFrom reports whether a provider is the mesh's.
func (t *Topology) TrustFrom(p Provider) bool { return t.Trust != nil && t.Trust.Provider == p }

// MultiNetwork reports whether clusters are on more than one network.
func (t *Topology) MultiNetwork() bool {
	return slices.ContainsFunc(t.Clusters, func(c *Cluster) bool { return c.Network != t.Clusters[0].Network })
}

// ReadBy gives the primaries whose control planes read cluster c: every primary but itself. A joining cluster
// is read by nobody yet.
func (t *Topology) ReadBy(c *Cluster) []*Cluster {
	if c.State == Joining {
		return nil
	}
	var readers []*Cluster
	for _, p := range t.Clusters {
		if p.RunsControlPlane() && p.Name != c.Name {
			readers = append(readers, p)
		}
	}
	return readers
}

// Pos gives the place of a field in the user's file: the marker of a scalar covers the value, that of a map or
// list its key. A field that the user did not write, such as a defaulted one, is placed at its nearest parent.
// The path starts at the document: "spec", "clusters", "cluster-a", "network"; a list's items are "0", "1", ….
// What was taken from another file is placed there.
func (t *Topology) Pos(path ...string) diag.Pos {
	if len(t.taken) > 0 {
		if pos, ok := t.taken[strings.Join(path, "\x00")]; ok {
			return pos
		}
	}
	return t.positions.Pos(path)
}

// LinePos gives the place of a line, counted from 1, of the text at a path. It reports false where the notation does
// not keep the lines of a text apart: only YAML's literal block ("|") and CUE's multi-line string do.
func (t *Topology) LinePos(line int, path ...string) (diag.Pos, bool) {
	n := t.positions.Root.At(path...)
	if n == nil || n.Block == nil {
		return diag.Pos{}, false
	}
	return n.Block.Pos(n.Pos.File, line), true
}

// PrivateVariables are the environment variables that hold private material of the topology.
func (t *Topology) PrivateVariables() []string {
	var names []string
	add := func(p Private) {
		if p.Env != "" {
			names = append(names, p.Env)
		}
	}
	for _, c := range t.Clusters {
		if c.Credential != nil {
			add(c.Credential.Private)
		}
		if c.Intermediate != nil {
			add(c.Intermediate.Key)
		}
	}
	return names
}

// Holding gives those of some clusters whose directories hold private material.
func Holding(clusters []*Cluster) []*Cluster {
	return slices.DeleteFunc(slices.Clone(clusters), func(c *Cluster) bool { return !c.Secrets.Protection.HoldsMaterial() })
}

// Writing gives those of some clusters whose directories have the kubeconfigs of other clusters, or what makes them.
func Writing(clusters []*Cluster) []*Cluster {
	return slices.DeleteFunc(slices.Clone(clusters), func(c *Cluster) bool { return !c.Secrets.WritesRemote() })
}

// HoldingTokens gives those of some clusters whose directories hold tokens of other clusters.
func HoldingTokens(clusters []*Cluster) []*Cluster {
	return slices.DeleteFunc(slices.Clone(clusters), func(c *Cluster) bool { return !c.Secrets.HoldsTokens() })
}

// Filled reports whether External Secrets of this cluster gets the tokens of other clusters in that way.
func (c *Cluster) Filled(by Fill) bool {
	return c.Secrets.WritesRemote() && c.Secrets.Protection == External && c.Secrets.External.Fill == by
}
