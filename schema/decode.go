package schema

import (
	"cmp"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

// InvalidCIDR is the only rule about what cannot be decoded.
var InvalidCIDR = &diag.Rule{
	Code: "invalid-cidr", Severity: diag.Error, Fixed: true,
	Title: "an address range is not a CIDR",
	Why:   "overlaps with other clusters on the network could not be found",
	Fix:   "write an address, a slash and the length of the prefix, such as 10.0.0.0/16",
	Bad:   "clusters: {cluster-a: {podCIDRs: [10.0.0.0]}}",
	Good:  "clusters: {cluster-a: {podCIDRs: [10.0.0.0/16]}}",
}

// Decode fills the model from a checked document. What is broken or missing stays at its zero value.
func Decode(root *document.Node, found *diag.List) *Topology {
	spec := root.At("spec")
	t := &Topology{
		Name:      root.StringAt("metadata", "name"),
		Mesh:      decodeMesh(spec.At("mesh")),
		Istio:     decodeIstio(spec.At("istio"), Istio{}, ""),
		Secrets:   decodeSecrets(spec.At("secrets"), presetSecrets()),
		GitOps:    decodeGitOps(spec.At("gitops")),
		positions: document.Positions{Root: root},
	}
	t.Trust = decodeTrust(spec.At("trust"))
	t.Rules = decodeRules(spec.At("rules"))
	t.Networks = spec.At("networks").Keys()
	for _, name := range spec.At("clusters").Keys() {
		t.Clusters = append(t.Clusters, t.decodeCluster(name, spec.At("clusters", name), found))
	}
	t.resolve(spec.At("clusters"))
	return t
}

func decodeMesh(n *document.Node) Mesh {
	return Mesh{
		ID:                 n.StringAt("id"),
		TrustDomain:        n.StringAt("trustDomain"),
		TrustDomainAliases: n.StringsAt("trustDomainAliases"),
		ClusterDomain:      n.StringAt("clusterDomain"),
		DNSCapture:         n.BoolAt("dnsCapture"),
		ExposedHosts:       n.StringsAt("exposedHosts"),
	}
}

// decodeRules leaves out what has no severity that could be in force.
func decodeRules(n *document.Node) map[string]RuleSetting {
	rules := map[string]RuleSetting{}
	for _, code := range n.Keys() {
		word := n.StringAt(code, "severity")
		severity, err := diag.ParseSeverity(word)
		if err == nil || word == diag.Ignore.String() {
			rules[code] = RuleSetting{severity, n.StringAt(code, "reason")}
		}
	}
	return rules
}

// decodeIstio gives the settings of n, which are those of a cluster or of the mesh, and those of base where n has none.
func decodeIstio(n *document.Node, base Istio, cluster string) Istio {
	if n == nil || n.Kind != document.Map {
		return base
	}
	set := func(field *string, name string) {
		if n.At(name) != nil {
			*field = n.StringAt(name)
		}
	}
	set((*string)(&base.Installer), "installer")
	set(&base.Namespace, "namespace")
	base.decodeRevisions(n, cluster)
	set((*string)(&base.Update), "updateStrategy")
	set(&base.Profile, "profile")
	set(&base.Hub, "hub")
	set(&base.Tag, "tag")
	if n.At("charts", "repository") != nil {
		base.Charts = n.StringAt("charts", "repository")
	}
	if n.At("reader", "serviceAccount") != nil {
		base.Reader.ServiceAccount = n.StringAt("reader", "serviceAccount")
	}
	if n.At("reader", "tokenSecret") != nil {
		base.Reader.TokenSecret = n.StringAt("reader", "tokenSecret")
	}
	if n.At("reader", "formerTokenSecret") != nil {
		base.Reader.FormerSecret = n.StringAt("reader", "formerTokenSecret")
	}
	base.MeshConfig = Merge(base.MeshConfig, n.ObjectAt("meshConfig"))
	base.Values = Merge(base.Values, n.ObjectAt("values"))
	base.Components = Merge(base.Components, n.ObjectAt("components"))
	base.Patches = slices.Concat(base.Patches, decodePatches(n.At("patches"), cluster))
	return base
}

// decodePatches gives the patches of a cluster, or of the mesh, whose name is "".
func decodePatches(n *document.Node, cluster string) []Patch {
	if n == nil || n.Kind != document.List {
		return nil
	}
	at := istioPath(cluster, "patches")
	var patches []Patch
	for i, item := range n.Items {
		p := Patch{
			Cluster: cluster, Text: item.StringAt("patch"), Path: item.StringAt("path"),
			At: slices.Concat(at, []string{strconv.Itoa(i)}),
		}
		if target := item.At("target"); target != nil && target.Kind == document.Map {
			p.Target = &Target{
				Group: target.StringAt("group"), Version: target.StringAt("version"), Kind: target.StringAt("kind"),
				Name: target.StringAt("name"), Namespace: target.StringAt("namespace"),
				LabelSelector: target.StringAt("labelSelector"), AnnotationSelector: target.StringAt("annotationSelector"),
			}
		}
		patches = append(patches, p)
	}
	return patches
}

func (t *Topology) decodeCluster(name string, n *document.Node, found *diag.List) *Cluster {
	meshwide := t.Istio
	if n.At("primary") != nil {
		meshwide.Components = ofRemotes(meshwide.Components)
	}
	role, primary := Primary, n.StringAt("primary")
	if primary != "" {
		role = Remote
	}
	return &Cluster{
		Name:            name,
		Role:            role,
		Network:         n.StringAt("network"),
		Primary:         primary,
		State:           State(n.StringAt("state")),
		APIServer:       decodeAPIServer(n.At("apiServer")),
		Credential:      decodeCredential(n.At("credential")),
		Rotating:        n.BoolAt("credential", "rotating"),
		EastWestGateway: decodeGateway(n.At("eastWestGateway")),
		Intermediate:    decodeIntermediate(n.At("intermediate")),
		PodCIDRs:        t.decodeCIDRs(n.At("podCIDRs"), name, found),
		Istio:           decodeIstio(n.At("istio"), meshwide, name),
		Secrets:         decodeSecrets(n.At("secrets"), t.Secrets).of(name),
		GitOpsName:      cmp.Or(n.StringAt("gitops", "name"), name),
	}
}

// ofRemotes gives the mesh-wide components without those that a remote cannot have: istiod, and gateways that
// would be installed before anything can be injected.
func ofRemotes(components map[string]any) map[string]any {
	kept := maps.Clone(components)
	for _, name := range []string{"pilot", "ingressGateways", "egressGateways"} {
		delete(kept, name)
	}
	return kept
}

func decodeAPIServer(n *document.Node) *APIServer {
	if n == nil || n.Kind != document.Map {
		return nil
	}
	return &APIServer{URL: n.StringAt("url"), CA: n.StringAt("ca"), TLSServerName: n.StringAt("tlsServerName"), ProxyURL: n.StringAt("proxyURL")}
}

// decodeCredential gives a credential with the first of its ways. That there is one only is checked elsewhere. What
// says nothing but that a token is being replaced, which is in a store, is none.
func decodeCredential(n *document.Node) *Credential {
	if n == nil || n.Kind != document.Map || slices.Equal(n.Keys(), []string{"rotating"}) {
		return nil
	}
	c := &Credential{Way: ByToken, RefreshedBy: n.StringAt("refreshedBy"), InsecureOptions: n.StringsAt("insecureOptions")}
	for _, way := range Ways {
		if n.At(string(way)) != nil {
			c.Way = way
			break
		}
	}
	c.Private = decodePrivate(n.At(string(c.Way)))
	if c.Way == ByClientCertificate {
		c.Cert, c.Private = n.StringAt(string(c.Way), "cert"), decodePrivate(n.At(string(c.Way), "key"))
	}
	return c
}

func decodePrivate(n *document.Node) Private {
	return Private{File: n.StringAt("file"), Env: n.StringAt("env")}
}

func decodeIntermediate(n *document.Node) *Intermediate {
	if n == nil || n.Kind != document.Map {
		return nil
	}
	return &Intermediate{Cert: n.StringAt("cert"), Chain: n.StringAt("chain"), Key: decodePrivate(n.At("key")), CRL: n.StringAt("crl")}
}

// decodeCIDRs gives a prefix for each item, the zero one for what is none.
func (t *Topology) decodeCIDRs(n *document.Node, cluster string, found *diag.List) []netip.Prefix {
	var prefixes []netip.Prefix
	for i, text := range n.StringsAt() {
		prefix, err := netip.ParsePrefix(text)
		if err != nil && text != "" {
			pos := t.Pos("spec", "clusters", cluster, "podCIDRs", strconv.Itoa(i))
			found.Add(pos, InvalidCIDR, "%q is not a CIDR such as 10.0.0.0/16", text)
		}
		prefixes = append(prefixes, prefix)
	}
	return prefixes
}

// resolve fills in what follows from other clusters or from spec.trust.
func (t *Topology) resolve(written *document.Node) {
	networks, remotes := t.MultiNetwork(), t.RemotesByPrimary()
	for _, c := range t.Clusters {
		n := written.At(c.Name)
		if n.At("eastWestGateway", "enabled") == nil {
			c.EastWestGateway.Enabled = networks || c.RunsControlPlane() && len(remotes[c.Name]) > 0
		}
		t.resolveCluster(c, n)
	}
}

func (t *Topology) resolveCluster(c *Cluster, n *document.Node) {
	if c.EastWestGateway.Kind == "" {
		c.EastWestGateway.Kind = usualGateway(c)
	}
	if primary := t.Cluster(c.Primary); primary != nil && primary != c {
		c.Istio.inherit(primary.Istio, n.At("istio"))
	}
	if c.EastWestGateway.Namespace == "" {
		c.EastWestGateway.Namespace = c.Istio.Namespace
	}
	c.Istio.Revision = c.Istio.inForce()
	switch {
	case t.Trust != nil && !t.Trust.namesIntermediates():
		c.Intermediate = nil
	case c.Intermediate == nil && c.RunsControlPlane() && t.Trust != nil && t.Trust.Intermediates != "":
		dir := strings.ReplaceAll(t.Trust.Intermediates, "{cluster}", c.Name)
		c.Intermediate = &Intermediate{
			Cert: dir + "/ca-cert.pem", Chain: dir + "/cert-chain.pem", Key: Private{File: dir + "/ca-key.pem"},
		}
	}
}

// usualGateway gives the kind of gateway that goes with what installs a cluster. The istiod of a remote reads no
// Gateway there.
func usualGateway(c *Cluster) GatewayKind {
	switch {
	case c.Istio.Installer == Helm:
		return ChartGateway
	case c.Istio.Installer == Sail && c.ServedByPrimary():
		return DeploymentGateway
	case c.Istio.Installer == Sail:
		return GatewayAPI
	}
	return OperatorGateway
}

// inherit takes over from its primary what a remote shares with it, unless the remote sets it itself.
func (i *Istio) inherit(primary Istio, own *document.Node) {
	if own.At("revisions") == nil {
		i.inheritRevisions(primary, own)
	}
	if own.At("namespace") == nil {
		i.Namespace = primary.Namespace
	}
	if own.At("updateStrategy") == nil {
		i.Update = primary.Update
	}
}
