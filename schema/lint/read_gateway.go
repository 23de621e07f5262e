package lint

import (
	"slices"
	"strconv"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/placeholder"
	"meshtopo.dev/meshtopo/schema/rbac"
)

// gateway is a Gateway of networking.istio.io.
type gateway struct {
	name, namespace string
	pos             diag.Pos
	version         value // its apiVersion
	selector        map[string]value
	selectorPos     diag.Pos
	servers         []server
	unsure          bool // a field of it is misspelt
	rendered        bool // by meshtopo render
}

// server is one server of a Gateway.
type server struct {
	pos   diag.Pos
	port  port
	tls   bool // it has settings for TLS
	mode  value
	hosts []value

	unsure bool // a field of it is misspelt
}

// autoPassthrough reports whether the server passes connections of other networks on to the Services that they name.
func (s server) autoPassthrough() bool { return s.mode.text == "AUTO_PASSTHROUGH" && !s.global() }

// global reports whether the server is for names that end in .global, by which meshes were joined up to Istio 1.7: that
// needs neither networks nor remote Secrets.
func (s server) global() bool {
	return len(s.hosts) > 0 && !slices.ContainsFunc(s.hosts, func(h value) bool { return !strings.HasSuffix(h.text, ".global") })
}

// foreign reports whether the server is for no Service of the mesh: it ends TLS itself, for the names of a partner or
// another mesh.
func (s server) foreign() bool {
	return s.global() || s.mode.text != "AUTO_PASSTHROUGH" && len(s.hosts) > 0 && !slices.ContainsFunc(s.hosts, func(h value) bool {
		return strings.HasSuffix(h.text, "*") || strings.HasSuffix(h.text, "local") || strings.Contains(h.text, ".svc") || placeholder.In(h.text)
	})
}

// eastWest reports whether the Gateway is for traffic between clusters.
func (g *gateway) eastWest() bool {
	return slices.ContainsFunc(g.servers, func(s server) bool {
		return s.autoPassthrough() || !s.global() && slices.Contains([]string{istiodPort, webhookPort}, s.port.number.text) ||
			s.port.number.text == crossNetworkPort && !s.foreign()
	})
}

// selects reports whether the pods of a gateway have all labels of the selector.
func (g *gateway) selects(d *deployment) bool {
	for key, want := range g.selector {
		if d.named && (key == "app" || key == "istio") && !d.labels[key].given() {
			continue // it may be that value
		}
		if !placeholder.MaySame(d.labels[key].text, want.text) {
			return false
		}
	}
	return true
}

// pattern gives a host of a server without the namespace that may stand before it.
func pattern(host string) string {
	if _, name, ok := strings.Cut(host, "/"); ok {
		return name
	}
	return host
}

func sameSelector(a, b *gateway) bool {
	if len(a.selector) != len(b.selector) {
		return false
	}
	for key, v := range a.selector {
		if b.selector[key].text != v.text {
			return false
		}
	}
	return true
}

// overlap gives the first two patterns that can match the same name.
func overlap(a, b []value) (value, value, bool) {
	for _, x := range a {
		for _, y := range b {
			if covers(pattern(x.text), pattern(y.text)) || covers(pattern(y.text), pattern(x.text)) {
				return x, y, true
			}
		}
	}
	return value{}, value{}, false
}

// covers reports whether a pattern matches all names that another one does.
func covers(pattern, other string) bool {
	suffix, wild := strings.CutPrefix(pattern, "*")
	return pattern == other || wild && strings.HasSuffix(other, suffix)
}

func readGateway(o *object) *gateway {
	g := &gateway{
		name: o.Name, namespace: o.Namespace, pos: o.At("metadata", "name"), version: valueAt(o.Root, "apiVersion"),
		selector: labels(o.Root.At("spec", "selector")), selectorPos: o.At("spec", "selector"), unsure: len(o.misspelt) > 0, rendered: rbac.Rendered(o.Object),
	}
	for i, item := range o.Root.ItemsAt("spec", "servers") {
		s := server{
			pos:  o.At("spec", "servers", strconv.Itoa(i), "port"),
			port: port{number: valueAt(item, "port", "number"), name: valueAt(item, "port", "name"), protocol: valueAt(item, "port", "protocol")},
			tls:  item.At("tls") != nil, mode: valueAt(item, "tls", "mode"), unsure: o.misspelt.HaveBelow("spec", "servers", strconv.Itoa(i)),
		}
		s.hosts = texts(item, "hosts")
		g.servers = append(g.servers, s)
	}
	return g
}
