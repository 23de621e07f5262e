package settings

import (
	"net/netip"
	"slices"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/istio"
)

// Installation is what the settings of a control plane stand in: each list has the maps that say them, the one that
// counts first.
type Installation struct {
	MeshConfig, Values, Pilot, Components []*document.Node
	Minor                                 int // the minor version of Istio, or 0
}

// setting is a value that a user gave.
type setting struct {
	*document.Node
	at diag.Pos
}

// find gives the first value at a path that is right by itself. A key of a map may have other spellings.
func find(in []*document.Node, spellings func(key string) []string, path ...string) (setting, bool) {
	for _, n := range in {
		var at diag.Pos
		for _, key := range path {
			e := entry(n, spellings(key))
			if e == nil {
				n = nil
				break
			}
			n, at = e.Value, e.KeyPos
		}
		if n == nil || n.Broken || n.Defaulted || n.Kind == document.Null {
			continue
		}
		if n.Kind != document.Map && n.Kind != document.List {
			at = n.Pos
		}
		return setting{n, at}, true
	}
	return setting{}, false
}

func entry(n *document.Node, keys []string) *document.Entry {
	for _, key := range keys {
		if e := n.Entry(key); e != nil {
			return e
		}
	}
	return nil
}

func once(key string) []string { return []string{key} }

// meshConfig gives a setting of the mesh config, in either spelling that protobuf reads.
func (i Installation) meshConfig(path ...string) (setting, bool) {
	maps := slices.Clone(i.MeshConfig)
	for _, values := range i.Values {
		maps = append(maps, values.At("meshConfig"))
	}
	return find(maps, func(key string) []string { return []string{key, document.SnakeCase(key)} }, path...)
}

// variable gives a variable of istiod, if its version reads that. What stands in the list of the component is put over
// what the values say.
func (i Installation) variable(name string) (setting, bool) {
	if !istio.Pilot.Reads(name, i.Minor) {
		return setting{}, false
	}
	for _, components := range i.Components {
		if list := components.At("pilot", "k8s", "env"); list != nil {
			for _, item := range list.Items {
				if v := item.At("value"); item.StringAt("name") == name && v != nil && !v.Broken {
					return setting{v, v.Pos}, true
				}
			}
		}
	}
	return find(i.Pilot, once, "env", name)
}

// on reports whether a switch of istiod is on (strconv.ParseBool, as pkg/env reads it).
func (i Installation) on(name string) (setting, bool) {
	s, ok := i.variable(name)
	return s, ok && slices.Contains([]string{"1", "t", "T", "TRUE", "true", "True"}, s.Text)
}

// off reports whether a switch of istiod is off.
func (i Installation) off(name string) (setting, bool) {
	s, ok := i.variable(name)
	return s, ok && slices.Contains([]string{"0", "f", "F", "FALSE", "false", "False"}, s.Text)
}

// Variable gives what a variable of istiod is set to, or "".
func (i Installation) Variable(name string) string {
	s, _ := i.variable(name)
	return s.text()
}

// On reports whether a switch of istiod is on.
func (i Installation) On(name string) bool {
	_, on := i.on(name)
	return on
}

func (s setting) text() string {
	if s.Node == nil {
		return ""
	}
	return s.Text
}

// GatewayHost gives the address of a gateway in meshNetworks that is a host name, or nil.
func (i Installation) GatewayHost() *Place {
	networks, ok := find(i.Values, once, "global", "meshNetworks")
	if !ok {
		return nil
	}
	for _, network := range networks.Fields {
		gateways := network.Value.At("gateways")
		if gateways == nil {
			continue
		}
		for _, gateway := range gateways.Items {
			if address := gateway.At("address"); address != nil && address.Text != "" {
				if _, err := netip.ParseAddr(address.Text); err != nil {
					return &Place{address.Pos, "a host name"}
				}
			}
		}
	}
	return nil
}
