// Package hosts says what addresses and names of hosts mean to another cluster.
package hosts

import (
	"net/netip"
	"slices"
	"strings"
)

// Unreachable says why other clusters cannot reach a host, or "" where they may.
func Unreachable(host, clusterDomain string) string {
	if ip, err := netip.ParseAddr(host); err == nil {
		return UnreachableIP(ip.Unmap())
	}
	name := Canonical(host)
	switch {
	case name == "localhost" || strings.HasSuffix(name, ".localhost"):
		return "is always the machine that looks it up"
	case IsService(name, clusterDomain):
		return "is the name of a Service: another one in every cluster"
	case strings.Trim(name, "0123456789.") == "":
		return "looks like an IP address but is none"
	case EndsInNumber(name):
		return "ends in a number, as an IP address does: some resolvers make 127.0.0.1 of 0x7f.1, others look for a name"
	}
	return ""
}

// EndsInNumber reports whether the last label of a name is a decimal or hexadecimal number, which no domain of the top
// level is (https://url.spec.whatwg.org/#ends-in-a-number-checker).
func EndsInNumber(name string) bool {
	last := name[strings.LastIndexByte(name, '.')+1:]
	if hex, ok := strings.CutPrefix(last, "0x"); ok {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return last != "" && strings.Trim(last, "0123456789") == ""
}

// IsHost reports whether a text is an IP address, with or without a zone, or has the form of a domain name.
func IsHost(text string) bool {
	if _, err := netip.ParseAddr(text); err == nil {
		return true
	}
	name := strings.TrimSuffix(text, ".")
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > 63 || strings.Trim(label, "-") != label || strings.ContainsFunc(label, notInName) {
			return false
		}
	}
	return len(name) <= 253
}

func notInName(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-')
}

// UnreachableIP says why other clusters cannot reach an address, or "".
func UnreachableIP(ip netip.Addr) string {
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

// IsService reports whether only a cluster's own DNS knows the name.
func IsService(name, clusterDomain string) bool {
	name = Canonical(name)
	suffixes := []string{".svc", ".svc.cluster.local", ".svc." + strings.ToLower(clusterDomain)}
	return name == "kubernetes" || name == "kubernetes.default" ||
		slices.ContainsFunc(suffixes, func(suffix string) bool { return strings.HasSuffix(name, suffix) })
}

// IsPrivate reports whether a host is an address that only its own private network routes (RFC 1918, RFC 4193).
func IsPrivate(host string) bool {
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsPrivate()
}

// Canonical gives the same text for hosts that are the same.
func Canonical(host string) string {
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.Unmap().String()
	}
	return strings.TrimSuffix(strings.ToLower(host), ".")
}
