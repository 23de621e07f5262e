package lint

import "slices"

// A cluster that stands alone needs none of what clusters of a mesh must say, so that rules about it look for evidence first.

// joined reports whether an installation is of a cluster that shares a mesh with others.
func (c *cluster) joined(i *install) bool {
	return i.remote() || i.externalIstiod.text == "true" ||
		slices.ContainsFunc(c.remoteSecrets, func(s *remoteSecret) bool { return s.namespace == "" || s.namespace == i.namespace }) ||
		len(c.installs) == 1 && c.crossesNetworks()
}

// crossesNetworks reports whether something in the cluster takes part in traffic between networks.
func (c *cluster) crossesNetworks() bool {
	return slices.ContainsFunc(c.deployments, (*deployment).crosses) ||
		slices.ContainsFunc(c.services, func(s *service) bool { return s.labels[networkLabel].given() }) ||
		slices.ContainsFunc(c.gateways, func(g *gateway) bool { return slices.ContainsFunc(g.servers, server.autoPassthrough) }) ||
		slices.ContainsFunc(c.listeners, func(l *listenerGateway) bool { return l.network.given() })
}
