package rbac

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

const (
	readerLock      = "istio-namespace-controller-election"
	rootConfigMap   = "istio-ca-root-cert"
	revokedMap      = "istio-ca-crl"
	injectorWebhook = "istio-sidecar-injector"
)

// Istiod is a control plane, as far as its manifests say what it asks of other clusters.
// testdata/conformance/testdata/requests.tsv has every request with the line of Istio's source that makes it.
type Istiod struct {
	Minor       int // of its version, or 0 where that is not known
	Revision    string
	AnyRevision bool // its revision depends on a version that is not known
	SignsNone   bool // another CA signs, and it writes nothing into its remotes
	Variable    func(name string) string
}

// String gives what two that ask for the same have in common.
func (i Istiod) String() string {
	text := fmt.Sprint(i.Minor, i.Revision, i.AnyRevision)
	for _, variable := range asked {
		text += " " + i.Variable(variable)
	}
	return text
}

// asked are the variables on which it depends what istiod asks for.
var asked = []string{
	"PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER", "MCS_API_GROUP", "ENABLE_MCS_SERVICE_DISCOVERY", "ENABLE_MCS_HOST", "ENABLE_MCS_AUTO_EXPORT",
}

func (i Istiod) on(variable string) bool {
	return slices.Contains([]string{"1", "t", "T", "TRUE", "true", "True"}, i.Variable(variable))
}

func (i Istiod) off(variable string) bool {
	return slices.Contains([]string{"0", "f", "F", "FALSE", "false", "False"}, i.Variable(variable))
}

// Always is what every istiod asks of a cluster that it reads.
func Always() []Need {
	return []Need{
		everyOf("", ListVerbs, "namespaces", "nodes", "pods", "services"),
		everyOf("discovery.k8s.io", ListVerbs, "endpointslices"),
		everyOf("apiextensions.k8s.io", ListVerbs, "customresourcedefinitions"),
		everyOf("networking.istio.io", ListVerbs, "workloadentries"),
	}
}

// Gateways is what istiod asks of a cluster with the Gateway API. That it has that is not always known.
func Gateways(sure bool) Need {
	n := everyOf("gateway.networking.k8s.io", ListVerbs, "gateways")
	n.Unsure = !sure
	return n
}

// Secrets is what istiod asks for gateways of the cluster. Without a reader that is known, it is not certain.
func Secrets(readers []Istiod) []Need {
	n := everyOf("", ListVerbs, "secrets")
	n.Unsure = true
	asked := len(readers) == 0
	for _, i := range readers {
		off := i.off("PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER")
		asked = asked || !off || 0 < i.Minor && i.Minor < 31
		n.Unsure = n.Unsure && (i.Minor == 0 || off && i.Minor >= 31)
	}
	if !asked {
		return nil
	}
	return []Need{n}
}

// Reads gives what a control plane asks by its version and its variables: all ConfigMaps in 1.26, its own mesh config
// from 1.29 on, and the API of multi-cluster Services. Of ConfigMaps nothing is certain where the version is not known.
func (i Istiod) Reads() []Need {
	var all []Need
	switch {
	case i.Minor == 26:
		all = append(all, everyOf("", ListVerbs, "configmaps"))
	case i.Minor >= 29 && !i.AnyRevision:
		name := "istio"
		if i.Revision != "" && i.Revision != "default" {
			name += "-" + i.Revision
		}
		all = append(all, inSystem(ListVerbs, name))
	}
	group := cmp.Or(i.Variable("MCS_API_GROUP"), "multicluster.x-k8s.io")
	for _, s := range []struct {
		variable, resource string
		verbs              []string
	}{
		{"ENABLE_MCS_SERVICE_DISCOVERY", "serviceexports", ListVerbs},
		{"ENABLE_MCS_HOST", "serviceimports", ListVerbs},
		{"ENABLE_MCS_AUTO_EXPORT", "serviceexports", []string{"create"}},
	} {
		if i.on(s.variable) {
			all = append(all, everyOf(group, s.verbs, s.resource))
		}
	}
	return all
}

// ReadsBundles reports whether an account may read trust bundles.
func ReadsBundles(r Rights) bool {
	return slices.ContainsFunc(r.Everywhere, func(p Policy) bool { return p.Allows("certificates.k8s.io", "clustertrustbundles", "list", AnyName) })
}

// Remote is a cluster that a control plane elsewhere runs.
type Remote struct {
	Namespaces  []string // that its control plane may be in
	Revision    string
	AnyRevision bool
	Bundles     bool // its reader may read trust bundles, in which the root is then
}

// Needs gives what the control plane of a remote asks of it, to run it. That is zero where it is not known.
func (r Remote) Needs(primary Istiod) []Need {
	review := everyOf("authentication.k8s.io", []string{"create"}, "tokenreviews")
	namespace := oneOf("", []string{"get"}, "namespaces", cmp.Or(append(r.Namespaces, "istio-system")...))
	namespace.Fits = AnyName
	all := []Need{review, namespace}
	if primary.SignsNone {
		return all
	}
	all = append(all,
		everyOf("", []string{"create"}, "configmaps"), inSystem([]string{"get", "update"}, readerLock),
		everyOf("admissionregistration.k8s.io", ListVerbs, "mutatingwebhookconfigurations"), r.injectorUpdate())
	if r.Bundles {
		return all
	}
	root := oneOf("", []string{"list", "watch", "update"}, "configmaps", rootConfigMap)
	root.Fits = mayBeRoot
	revoked := oneOf("", []string{"list", "watch", "update"}, "configmaps", revokedMap)
	revoked.Fits = mayBeRevoked
	if all = append(all, root); primary.Minor >= 27 && !primary.off("PILOT_ENABLE_CA_CRL") {
		all = append(all, revoked)
	}
	return all
}

// injectorUpdate is what writes the CA into the webhooks of injection. They have the names that the charts give them
// (manifests/charts/istio-control/istio-discovery/templates/mutatingwebhook.yaml).
func (r Remote) injectorUpdate() Need {
	name := injectorWebhook
	if r.Revision != "" {
		name += "-" + r.Revision
	}
	names := []string{name}
	for _, namespace := range r.Namespaces {
		if namespace != "" && namespace != "istio-system" {
			names = append(names, name+"-"+namespace)
		}
	}
	update := oneOf("admissionregistration.k8s.io", []string{"update"}, "mutatingwebhookconfigurations", names[len(names)-1])
	update.Fits = func(name string) bool {
		return slices.Contains(names, name) || r.AnyRevision && strings.HasPrefix(name, injectorWebhook)
	}
	return update
}

// otherConfigMaps are ConfigMaps of Istio whose names are none that a user chooses.
var otherConfigMaps = []string{readerLock, "istio-serviceexport-controller-election", "istio-leader", "istio-gateway-status-leader"}

// mayBeRoot reports whether a ConfigMap may hold the root certificate: from 1.27 on it can have another name
// (values.global.trustBundleName).
func mayBeRoot(name string) bool {
	return name == rootConfigMap || name != revokedMap && name != "istio" && !slices.Contains(otherConfigMaps, name)
}

// mayBeRevoked reports the same of the list of revoked certificates, from 1.29 on (values.pilot.crlConfigMapName).
func mayBeRevoked(name string) bool {
	return name == revokedMap || name != rootConfigMap && name != "istio" && !slices.Contains(otherConfigMaps, name)
}
