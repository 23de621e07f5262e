package schema

import (
	"net/netip"
	"strings"
)

// unreachable says why other clusters cannot reach a host, or "" where nothing speaks against it.
func (t *Topology) unreachable(host string) string {
	if ip, err := netip.ParseAddr(host); err == nil {
		return unreachableIP(ip.Unmap())
	}
	name := strings.TrimSuffix(strings.ToLower(host), ".")
	switch {
	case name == "localhost" || strings.HasSuffix(name, ".localhost"):
		return "is always the machine that looks it up"
	case t.inCluster(name):
		return "is the name of a Service: another one in every cluster"
	case strings.Trim(name, "0123456789.") == "":
		return "looks like an IP address but is none"
	}
	return ""
}

func unreachableIP(ip netip.Addr) string {
	switch {
	case ip.IsLoopback():
		return "is a loopback address: always the machine that calls it"
	case ip.IsUnspecified():
		return "is the unspecified address, to which nothing can be sent"
	case ip.IsLinkLocalUnicast():
		return "is a link-local address: it is not routed"
	case ip.IsMulticast() || ip == netip.AddrFrom4([4]byte{255, 255, 255, 255}):
		return "is a multicast or broadcast address"
	}
	return ""
}

// inCluster reports whether only a cluster's own DNS knows the name.
func (t *Topology) inCluster(name string) bool {
	for _, suffix := range []string{".svc", ".svc.cluster.local", ".svc." + strings.ToLower(t.Mesh.ClusterDomain)} {
		if strings.HasSuffix(name, suffix) {
			return true
		}
	}
	return name == "kubernetes" || name == "kubernetes.default"
}

// privateHost reports whether a host is an address that only its own private network routes (RFC 1918, RFC 4193).
func privateHost(host string) bool {
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsPrivate()
}

// canonicalHost gives the same text for hosts that are the same.
func canonicalHost(host string) string {
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.Unmap().String()
	}
	return strings.TrimSuffix(strings.ToLower(host), ".")
}
