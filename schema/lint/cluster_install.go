package lint

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/placeholder"
)

// isIstiod reports whether a host is one that a control plane of the cluster has.
func (c *cluster) isIstiod(host string) bool {
	host = strings.TrimSuffix(host, ".")
	return slices.ContainsFunc(c.installs, func(i *install) bool {
		return i.istiod() == host || i.anyRevision && strings.HasSuffix(host, "."+i.namespace+".svc."+i.domain())
	})
}

// external reports whether an installation is an external control plane: by its settings, or by the kubeconfig through
// which it reads the config cluster.
func (c *cluster) external(i *install) bool {
	return !i.remote() && (i.readsElsewhere || slices.ContainsFunc(c.kubeconfigs, func(r *remoteSecret) bool { return r.namespace == i.namespace }))
}

// runsExternal reports whether the cluster only runs an external control plane of other clusters, and is no part of
// their mesh. It may have a second control plane for its own gateways.
func (c *cluster) runsExternal() bool {
	i := c.install()
	return i != nil && c.external(i)
}

// configures reports whether the cluster is the config cluster of another's external control plane.
func (c *cluster) configures(host *cluster) bool {
	return host.runsExternal() && c != host && c.clusterName() == host.clusterName()
}

// install gives the installation that makes the cluster part of a mesh, or nil where the manifests have none: the first
// that has a name and is for the cluster itself, or else an external control plane, or else the first.
func (c *cluster) install() *install {
	for _, i := range c.installs {
		if i.name().given() && !c.external(i) {
			return i
		}
	}
	for _, i := range c.installs {
		if c.external(i) {
			return i
		}
	}
	if len(c.installs) == 0 {
		return nil
	}
	return c.installs[0]
}

// clusterName gives the name under which the control planes know the cluster, or "".
func (c *cluster) clusterName() string {
	i := c.install()
	switch {
	case c.called != "":
		return c.called
	case i == nil:
		return ""
	case i.remote() && i.injection().cluster.text == c.name: // the name that its sidecars use
		return c.name
	}
	return i.name().text
}

// primary reports whether a control plane runs in the cluster.
func (c *cluster) primary() bool {
	i := c.install()
	return i != nil && !i.remote()
}

// isGatewaysIstiod reports whether a host would be the control plane's if that had the revision of a gateway. Another
// finding reports that the two differ.
func (c *cluster) isGatewaysIstiod(host string) bool {
	i := *c.install()
	return slices.ContainsFunc(c.deployments, func(d *deployment) bool {
		i.revision = d.revision
		return d.eastWest() && d.written != nil && i.istiod() == strings.TrimSuffix(host, ".")
	})
}

// kubeconfigOptions gives what the control planes of the cluster allow in kubeconfigs in addition to the default.
func (c *cluster) kubeconfigOptions() []string {
	var all []string
	for _, i := range c.installs {
		for option := range strings.SplitSeq(i.kubeconfigOptions.text, ",") {
			all = append(all, strings.TrimSpace(option))
		}
	}
	return all
}

// namespaceIn gives the namespace of an object in a file: that of the nearest kustomization in its directory or above,
// or else its own.
func (c *cluster) namespaceIn(file, own string) string {
	nearest := -1
	for _, k := range c.kustomizations {
		dir := k.File[:strings.LastIndexByte(k.File, '/')+1]
		if k.Namespace != "" && strings.HasPrefix(file, dir) && len(dir) > nearest {
			nearest, own = len(dir), k.Namespace
		}
	}
	return own
}

// controlPlanes gives the names in the annotation of a remote's namespace.
func (c *cluster) controlPlanes() []string {
	for _, ns := range c.namespaces {
		if ns.controlPlanes.given() {
			return strings.FieldsFunc(ns.controlPlanes.text, func(r rune) bool { return r == ',' || r == ' ' })
		}
	}
	return nil
}

// namespaceOf gives the namespace of an installation, or nil where the manifests do not have it.
func (c *cluster) namespaceOf(i *install) *namespace {
	for _, ns := range c.namespaces {
		if ns.name == i.namespace {
			return ns
		}
	}
	return nil
}

func (c *cluster) controlPlaneNamespace() string {
	if i := c.install(); i != nil {
		return i.namespace
	}
	return "istio-system"
}

func (c *cluster) hasControlPlaneIn(namespace string) bool {
	if len(c.installs) == 0 {
		return namespace != "default"
	}
	return slices.ContainsFunc(c.installs, func(i *install) bool { return placeholder.MaySame(i.namespace, namespace) })
}

// pos gives the position of findings about the whole cluster: its installation, or else where its name was given.
func (c *cluster) pos() diag.Pos {
	if i := c.install(); i != nil {
		return i.pos
	}
	return c.fallback
}
