package lint

import (
	"cmp"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/rbac"
)

const (
	readerLock      = "istio-namespace-controller-election"
	rootConfigMap   = "istio-ca-root-cert"
	revokedMap      = "istio-ca-crl"
	injectorWebhook = "istio-sidecar-injector"
)

// someMeshConfig is what a reader of 1.26 or from 1.29 on needs, whatever its revision is.
var someMeshConfig = rbac.Need{Policy: rbac.PolicyFor("", rbac.ListVerbs, "configmaps"), Fits: mayBeMeshConfig, InSystem: true}

// needed gives the rights that the reader of the cluster needs. The primary of a remote writes into it as well. Some
// depend on versions and settings that one cluster does not tell: a role that meshtopo rendered follows them.
func (c *cluster) needed(a account, allowed []rbac.Policy, rendered bool) []rbac.Need {
	all := []rbac.Need{
		rbac.EveryOf("", rbac.ListVerbs, "namespaces", "nodes", "pods", "services"),
		rbac.EveryOf("discovery.k8s.io", rbac.ListVerbs, "endpointslices"),
		rbac.EveryOf("apiextensions.k8s.io", rbac.ListVerbs, "customresourcedefinitions"),
		rbac.EveryOf("networking.istio.io", rbac.ListVerbs, "workloadentries"),
		rbac.EveryOf("gateway.networking.k8s.io", rbac.ListVerbs, "gateways"),
	}
	if !rendered {
		all = append(all, rbac.EveryOf("", rbac.ListVerbs, "secrets"),
			someMeshConfig)
	}
	if i := c.install(); i != nil && i.remote() {
		all = append(all, i.neededOnRemote(a)...)
		bundles := func(p rbac.Policy) bool {
			return p.Allows("certificates.k8s.io", "clustertrustbundles", "list", rbac.AnyName)
		}
		if !slices.ContainsFunc(allowed, bundles) {
			all = append(all, i.neededRoots(rendered)...)
		}
	}
	return all
}

// neededOnRemote gives what istiod of a primary asks of a remote to run it.
func (i *install) neededOnRemote(a account) []rbac.Need {
	namespace := rbac.OneOf("", []string{"get"}, "namespaces", cmp.Or(a.namespace, i.namespace, "istio-system"))
	namespace.Fits = rbac.AnyName
	lock := rbac.OneOf("", []string{"get", "update"}, "configmaps", readerLock)
	lock.InSystem = true
	return []rbac.Need{
		rbac.EveryOf("authentication.k8s.io", []string{"create"}, "tokenreviews"),
		rbac.EveryOf("", []string{"create"}, "configmaps"), lock, namespace,
		rbac.EveryOf("admissionregistration.k8s.io", rbac.ListVerbs, "mutatingwebhookconfigurations"), i.injectorUpdate(a),
	}
}

// neededRoots gives what istiod asks for to write the root certificate into every namespace, and from 1.27 on what has
// been revoked. A role that meshtopo rendered has what its readers' version asks for.
func (i *install) neededRoots(rendered bool) []rbac.Need {
	root := rbac.OneOf("", []string{"list", "watch", "update"}, "configmaps", rootConfigMap)
	root.Fits = mayBeRoot
	revoked := rbac.OneOf("", []string{"list", "watch", "update"}, "configmaps", revokedMap)
	revoked.Fits = mayBeRevoked
	if minor, known := i.minor(); rendered || known && minor < 27 {
		return []rbac.Need{root}
	}
	return []rbac.Need{root, revoked}
}

// injectorUpdate is what writes the CA into the webhooks of injection. They have the names that the charts give them
// (manifests/charts/istio-control/istio-discovery/templates/mutatingwebhook.yaml).
func (i *install) injectorUpdate(a account) rbac.Need {
	name := injectorWebhook
	if i.revision.text != "" {
		name += "-" + i.revision.text
	}
	names := []string{name}
	for _, namespace := range []string{a.namespace, i.namespace} {
		if namespace != "" && namespace != "istio-system" {
			names = append(names, name+"-"+namespace)
		}
	}
	update := rbac.OneOf("admissionregistration.k8s.io", []string{"update"}, "mutatingwebhookconfigurations", names[len(names)-1])
	update.Fits = func(name string) bool {
		return slices.Contains(names, name) || i.anyRevision && strings.HasPrefix(name, injectorWebhook)
	}
	return update
}

// otherConfigMaps are ConfigMaps of Istio whose names are none that a user chooses.
var otherConfigMaps = []string{readerLock, "istio-serviceexport-controller-election", "istio-leader", "istio-gateway-status-leader"}

// mayBeMeshConfig reports whether a ConfigMap may be the mesh config of some revision: a reading istiod asks for that
// of its own.
func mayBeMeshConfig(name string) bool {
	return (name == "istio" || strings.HasPrefix(name, "istio-")) && name != rootConfigMap && name != revokedMap &&
		!strings.HasPrefix(name, injectorWebhook) && !slices.Contains(otherConfigMaps, name)
}

// mayBeRoot reports whether a ConfigMap may hold the root certificate: from 1.27 on it can have another name
// (values.global.trustBundleName).
func mayBeRoot(name string) bool {
	return name == rootConfigMap || name != revokedMap && name != "istio" && !slices.Contains(otherConfigMaps, name)
}

// mayBeRevoked reports the same of the list of revoked certificates, from 1.29 on (values.pilot.crlConfigMapName).
func mayBeRevoked(name string) bool {
	return name == revokedMap || name != rootConfigMap && name != "istio" && !slices.Contains(otherConfigMaps, name)
}
