package schema

import (
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
)

// decode fills the model from a checked document. What is broken or missing stays at its zero value.
func decode(root *node, found *diag.List) *Topology {
	spec := root.at("spec")
	t := &Topology{
		Name:      root.string("metadata", "name"),
		Mesh:      decodeMesh(spec.at("mesh")),
		Istio:     decodeIstio(spec.at("istio"), Istio{}, "spec", "istio"),
		Secrets:   Secrets{Protection: Protection(spec.string("secrets", "protection"))},
		positions: positions{root},
	}
	if trust := spec.at("trust"); trust != nil && trust.kind == kindMap {
		t.Trust = &Trust{Roots: trust.strings("roots"), Intermediates: trust.string("intermediates")}
	}
	t.Networks = sortedKeys(spec.at("networks"))
	for _, name := range sortedKeys(spec.at("clusters")) {
		t.Clusters = append(t.Clusters, t.decodeCluster(name, spec.at("clusters", name), found))
	}
	for _, c := range t.Clusters {
		t.resolve(c, spec.at("clusters", c.Name))
	}
	return t
}

func sortedKeys(n *node) []string {
	if n == nil {
		return nil
	}
	keys := make([]string, 0, len(n.fields))
	for _, e := range n.fields {
		keys = append(keys, e.key)
	}
	slices.Sort(keys)
	return keys
}

func decodeMesh(n *node) Mesh {
	return Mesh{
		ID:                 n.string("id"),
		TrustDomain:        n.string("trustDomain"),
		TrustDomainAliases: n.strings("trustDomainAliases"),
		ClusterDomain:      n.string("clusterDomain"),
		DNSCapture:         n.bool("dnsCapture"),
		ExposedHosts:       n.strings("exposedHosts"),
	}
}

// decodeIstio gives the settings of n, which stands at a path, and those of base where n has none.
func decodeIstio(n *node, base Istio, at ...string) Istio {
	if n == nil || n.kind != kindMap {
		return base
	}
	set := func(field *string, name string) {
		if n.at(name) != nil {
			*field = n.string(name)
		}
	}
	set((*string)(&base.Version), "version")
	set(&base.Namespace, "namespace")
	set(&base.Revision, "revision")
	set(&base.Profile, "profile")
	set(&base.Hub, "hub")
	set(&base.Tag, "tag")
	if n.at("reader", "serviceAccount") != nil {
		base.Reader.ServiceAccount = n.string("reader", "serviceAccount")
	}
	base.MeshConfig = Merge(base.MeshConfig, n.object("meshConfig"))
	base.Values = Merge(base.Values, n.object("values"))
	base.Components = Merge(base.Components, n.object("components"))
	base.Patches = slices.Concat(base.Patches, decodePatches(n.at("patches"), at))
	return base
}

func decodePatches(n *node, at []string) []Patch {
	if n == nil || n.kind != kindList {
		return nil
	}
	var patches []Patch
	for i, item := range n.items {
		p := Patch{Text: item.string("patch"), Path: item.string("path"), At: slices.Concat(at, []string{"patches", strconv.Itoa(i)})}
		if target := item.at("target"); target != nil && target.kind == kindMap {
			p.Target = &Target{
				Group: target.string("group"), Version: target.string("version"), Kind: target.string("kind"),
				Name: target.string("name"), Namespace: target.string("namespace"),
				LabelSelector: target.string("labelSelector"), AnnotationSelector: target.string("annotationSelector"),
			}
		}
		patches = append(patches, p)
	}
	return patches
}

func (t *Topology) decodeCluster(name string, n *node, found *diag.List) *Cluster {
	meshwide := t.Istio
	if n.at("primary") != nil {
		meshwide.Components = ofRemotes(meshwide.Components)
	}
	return &Cluster{
		Name:            name,
		Network:         n.string("network"),
		Primary:         n.string("primary"),
		State:           State(n.string("state")),
		APIServer:       decodeAPIServer(n.at("apiServer")),
		Credential:      decodeCredential(n.at("credential")),
		EastWestGateway: decodeGateway(n.at("eastWestGateway")),
		Intermediate:    decodeIntermediate(n.at("intermediate")),
		PodCIDRs:        t.decodeCIDRs(n.at("podCIDRs"), name, found),
		Istio:           decodeIstio(n.at("istio"), meshwide, "spec", "clusters", name, "istio"),
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

func decodeAPIServer(n *node) *APIServer {
	if n == nil || n.kind != kindMap {
		return nil
	}
	return &APIServer{URL: n.string("url"), CA: n.string("ca"), TLSServerName: n.string("tlsServerName")}
}

func decodeCredential(n *node) *Credential {
	if n == nil || n.kind != kindMap {
		return nil
	}
	return &Credential{Token: decodePrivate(n.at("token"))}
}

func decodePrivate(n *node) Private {
	return Private{File: n.string("file"), Env: n.string("env")}
}

func decodeIntermediate(n *node) *Intermediate {
	if n == nil || n.kind != kindMap {
		return nil
	}
	return &Intermediate{Cert: n.string("cert"), Chain: n.string("chain"), Key: decodePrivate(n.at("key"))}
}

func decodeGateway(n *node) EastWestGateway {
	return EastWestGateway{
		Enabled:            n.bool("enabled"),
		Addresses:          n.strings("addresses"),
		ServiceType:        n.string("serviceType"),
		ServiceAnnotations: n.stringMap("serviceAnnotations"),
		Limits:             n.stringMap("resources", "limits"),
		Requests:           n.stringMap("resources", "requests"),
	}
}

// decodeCIDRs gives a prefix for each item, the zero one for what is none.
func (t *Topology) decodeCIDRs(n *node, cluster string, found *diag.List) []netip.Prefix {
	var prefixes []netip.Prefix
	for i, text := range n.strings() {
		prefix, err := netip.ParsePrefix(text)
		if err != nil && text != "" {
			pos := t.Pos("spec", "clusters", cluster, "podCIDRs", strconv.Itoa(i))
			found.Add(pos, invalidCIDR, "%q is not a CIDR such as 10.0.0.0/16", text)
		}
		prefixes = append(prefixes, prefix)
	}
	return prefixes
}

// resolve fills in what follows from other clusters or from spec.trust.
func (t *Topology) resolve(c *Cluster, n *node) {
	if primary := t.Cluster(c.Primary); primary != nil && primary != c {
		c.Istio.inherit(primary.Istio, n.at("istio"))
	}
	if n.at("eastWestGateway", "enabled") == nil {
		c.EastWestGateway.Enabled = t.MultiNetwork() || !c.Remote() && len(t.Remotes(c.Name)) > 0
	}
	if c.Intermediate == nil && !c.Remote() && t.Trust != nil && t.Trust.Intermediates != "" {
		dir := strings.ReplaceAll(t.Trust.Intermediates, "{cluster}", c.Name)
		c.Intermediate = &Intermediate{
			Cert: dir + "/ca-cert.pem", Chain: dir + "/cert-chain.pem", Key: Private{File: dir + "/ca-key.pem"},
		}
	}
}

// inherit takes over from its primary what a remote shares with it, unless the remote sets it itself.
func (i *Istio) inherit(primary Istio, own *node) {
	if own.at("version") == nil {
		i.Version = primary.Version
	}
	if own.at("namespace") == nil {
		i.Namespace = primary.Namespace
	}
	if own.at("revision") == nil {
		i.Revision = primary.Revision
	}
}

// broken reports whether a problem of the field at path, or of what holds it, has been reported.
func (t *Topology) broken(path ...string) bool { return t.positions.broken(path) }

// given reports whether the user wrote the field at path.
func (t *Topology) given(path ...string) bool { return t.positions.given(path) }
