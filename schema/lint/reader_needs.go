package lint

import (
	"cmp"
	"slices"
	"strings"
)

const (
	readerLock      = "istio-namespace-controller-election"
	rootConfigMap   = "istio-ca-root-cert"
	revokedMap      = "istio-ca-crl"
	injectorWebhook = "istio-sidecar-injector"
)

// someMeshConfig is what a reader of 1.26 or from 1.29 on needs, whatever its revision is.
var someMeshConfig = need{policy: policyFor("", listVerbs, "configmaps"), fits: mayBeMeshConfig, inSystem: true}

// needed gives the rights that the reader of the cluster needs. The primary of a remote writes into it as well. Some
// depend on versions and settings that one cluster does not tell: a role that meshtopo rendered follows them.
func (c *cluster) needed(a account, allowed []policy, rendered bool) []need {
	all := []need{
		everyOf("", listVerbs, "namespaces", "nodes", "pods", "services"),
		everyOf("discovery.k8s.io", listVerbs, "endpointslices"),
		everyOf("apiextensions.k8s.io", listVerbs, "customresourcedefinitions"),
		everyOf("networking.istio.io", listVerbs, "workloadentries"),
		everyOf("gateway.networking.k8s.io", listVerbs, "gateways"),
	}
	if !rendered {
		all = append(all, everyOf("", listVerbs, "secrets"),
			someMeshConfig)
	}
	if i := c.install(); i != nil && i.remote() {
		all = append(all, i.neededOnRemote(a)...)
		bundles := func(p policy) bool { return p.allows("certificates.k8s.io", "clustertrustbundles", "list", anyName) }
		if !slices.ContainsFunc(allowed, bundles) {
			all = append(all, i.neededRoots(rendered)...)
		}
	}
	return all
}

// neededOnRemote gives what istiod of a primary asks of a remote to run it.
func (i *install) neededOnRemote(a account) []need {
	namespace := oneOf("", []string{"get"}, "namespaces", cmp.Or(a.namespace, i.namespace, "istio-system"))
	namespace.fits = anyName
	lock := oneOf("", []string{"get", "update"}, "configmaps", readerLock)
	lock.inSystem = true
	return []need{
		everyOf("authentication.k8s.io", []string{"create"}, "tokenreviews"),
		everyOf("", []string{"create"}, "configmaps"), lock, namespace,
		everyOf("admissionregistration.k8s.io", listVerbs, "mutatingwebhookconfigurations"), i.injectorUpdate(a),
	}
}

// neededRoots gives what istiod asks for to write the root certificate into every namespace, and from 1.27 on what has
// been revoked. A role that meshtopo rendered has what its readers' version asks for.
func (i *install) neededRoots(rendered bool) []need {
	root := oneOf("", []string{"list", "watch", "update"}, "configmaps", rootConfigMap)
	root.fits = mayBeRoot
	revoked := oneOf("", []string{"list", "watch", "update"}, "configmaps", revokedMap)
	revoked.fits = mayBeRevoked
	if minor, known := i.minor(); rendered || known && minor < 27 {
		return []need{root}
	}
	return []need{root, revoked}
}

// injectorUpdate is what writes the CA into the webhooks of injection. They have the names that the charts give them
// (manifests/charts/istio-control/istio-discovery/templates/mutatingwebhook.yaml).
func (i *install) injectorUpdate(a account) need {
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
	update := oneOf("admissionregistration.k8s.io", []string{"update"}, "mutatingwebhookconfigurations", names[len(names)-1])
	update.fits = func(name string) bool {
		return slices.Contains(names, name) || i.anyRevision && strings.HasPrefix(name, injectorWebhook)
	}
	return update
}

func anyName(string) bool { return true }

func policyFor(group string, verbs []string, resources ...string) policy {
	return policy{groups: []string{group}, resources: resources, verbs: verbs}
}

// everyOf needs all objects of some kinds.
func everyOf(group string, verbs []string, resources ...string) need {
	return need{policy: policyFor(group, verbs, resources...)}
}

// oneOf needs the object of that name.
func oneOf(group string, verbs []string, resource, name string) need {
	p := policyFor(group, verbs, resource)
	p.names = []string{name}
	return need{policy: p, fits: func(allowed string) bool { return allowed == name }}
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
