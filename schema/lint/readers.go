package lint

import (
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/fields"
	"meshtopo.dev/meshtopo/schema/istio"
	"meshtopo.dev/meshtopo/schema/kinds"
	"meshtopo.dev/meshtopo/schema/kustomization"
	"meshtopo.dev/meshtopo/schema/manifest"
	"meshtopo.dev/meshtopo/schema/rbac"
)

// readers say how each kind of object is read.
var readers = map[string]func(*cluster, *object, *diag.List){
	"install.istio.io/IstioOperator":   (*cluster).addOperator,
	"sailoperator.io/Istio":            (*cluster).addSail,
	"sailoperator.io/ZTunnel":          (*cluster).addSailZTunnel,
	"sailoperator.io/IstioCNI":         func(c *cluster, _ *object, _ *diag.List) { c.cni = true },
	"sailoperator.io/IstioRevisionTag": func(c *cluster, o *object, _ *diag.List) { c.sail.Tags = append(c.sail.Tags, o.Object) },
	"networking.istio.io/Gateway":      func(c *cluster, o *object, _ *diag.List) { c.gateways = append(c.gateways, readGateway(o)) },
	"networking.istio.io/VirtualService": func(c *cluster, o *object, _ *diag.List) {
		c.virtualServices = append(c.virtualServices, readVirtualService(o))
	},
	"networking.istio.io/DestinationRule":  (*cluster).addDestinationRule,
	"security.istio.io/PeerAuthentication": (*cluster).addPeerAuthentication,
	"gateway.networking.k8s.io/Gateway":    (*cluster).addListenerGateway,
	"admissionregistration.k8s.io/MutatingWebhookConfiguration": func(c *cluster, o *object, _ *diag.List) {
		c.tags = append(c.tags, o.Root.StringAt("metadata", "labels", "istio.io/tag"))
	},
	"apps/Deployment":                    func(c *cluster, o *object, _ *diag.List) { c.workloads = append(c.workloads, readWorkload(o)) },
	"apps/DaemonSet":                     func(c *cluster, o *object, _ *diag.List) { c.workloads = append(c.workloads, readWorkload(o)) },
	"/Namespace":                         func(c *cluster, o *object, _ *diag.List) { c.namespaces = append(c.namespaces, readNamespace(o)) },
	"/Service":                           func(c *cluster, o *object, _ *diag.List) { c.services = append(c.services, readService(o)) },
	"/Secret":                            (*cluster).addSecret,
	"bitnami.com/SealedSecret":           (*cluster).addSealed,
	"external-secrets.io/ExternalSecret": (*cluster).addExternal,
	"cert-manager.io/Certificate":        (*cluster).addCertificate,
	"/ServiceAccount":                    (*cluster).addAccount,
	"rbac.authorization.k8s.io/ClusterRole": func(c *cluster, o *object, _ *diag.List) {
		c.rights.Roles = append(c.rights.Roles, rbac.ReadRole(o.Object, o.misspelt.Have("rules")))
	},
	"rbac.authorization.k8s.io/Role": func(c *cluster, o *object, _ *diag.List) {
		c.rights.Roles = append(c.rights.Roles, rbac.ReadRole(o.Object, o.misspelt.Have("rules")))
	},
	"rbac.authorization.k8s.io/ClusterRoleBinding": func(c *cluster, o *object, _ *diag.List) {
		c.rights.Bindings = append(c.rights.Bindings, rbac.ReadBinding(o.Object))
	},
	"rbac.authorization.k8s.io/RoleBinding": func(c *cluster, o *object, _ *diag.List) {
		c.rights.Bindings = append(c.rights.Bindings, rbac.ReadBinding(o.Object))
	},
	"kustomize.config.k8s.io/Kustomization": func(c *cluster, o *object, _ *diag.List) {
		c.kustomizations = append(c.kustomizations, kustomization.Read(o.Object))
		c.addGenerated(o.Object)
	},
}

// add checks an object by itself and keeps what others are compared with.
func (c *cluster) add(o *manifest.Object, found *diag.List) {
	if !kinds.CheckComplete(o, found) {
		c.unread = true
		return
	}
	if o.Kind == "" {
		c.carried.AddValues(o)
		return
	}
	if o.Encrypted {
		c.countSecret(o)
		return
	}
	if c.skip(o, found) {
		return
	}
	if c.carried.Add(o) {
		return
	}
	c.patches.Label(o)
	c.rendered = c.rendered || rbac.Rendered(o)
	fields.CorrectOperator(o, found)
	verdict := kinds.Check(o, found)
	c.joinsWrongly, c.unread = c.joinsWrongly || verdict.Joins, c.unread || verdict.Other
	problems := fields.Problems(o)
	fields.Report(o, problems, found)
	read := readers[o.Group()+"/"+o.Kind]
	c.noteUnfilled(o, read != nil && noteworthy(o), found)
	switch {
	case read != nil && (c.overlaid(o) != nil || !c.isCopy(o)):
		read(c, &object{o, fields.Misspelt(problems)}, found)
	case read == nil && !istio.KnowsGroup(o.Group()):
		c.carried.Pass(o)
	}
}

// noteworthy reports whether a placeholder in an object deserves a note. In a Secret it does if istiod reads that;
// objects that operators make Secrets of are skipped as a whole.
func noteworthy(o *manifest.Object) bool {
	switch o.Kind {
	case "Secret":
		return forControlPlane(o)
	case "SealedSecret", "ExternalSecret":
		return false
	case "Deployment", "DaemonSet": // Kubernetes itself fills in $(NAME) there
		return false
	}
	return true
}
