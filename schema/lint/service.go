package lint

import (
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

// service is a Service.
type service struct {
	name, namespace string
	pos             diag.Pos
	kind            value // its type
	headless        bool
	external        bool // it has addresses of its own
	labels          map[string]value
	annotations     map[string]value
	selector        map[string]value
	ports           []port
}

// port is one port of a Service or a server.
type port struct {
	number, target, name, protocol value
}

func (c *cluster) addService(o *object, _ *diag.List) {
	c.services = append(c.services, &service{
		name: o.Name, namespace: o.Namespace, pos: o.At("metadata", "name"),
		kind: valueAt(o.Root, "spec", "type"), headless: o.Root.StringAt("spec", "clusterIP") == "None",
		external: len(items(o.Root, "spec", "externalIPs")) > 0,
		labels:   labels(o.Root.At("metadata", "labels")), annotations: labels(o.Root.At("metadata", "annotations")),
		selector: labels(o.Root.At("spec", "selector")), ports: readPorts(o.Root.At("spec", "ports")),
	})
}

// labels gives a map of strings with the place of each value.
func labels(n *document.Node) map[string]value {
	m := map[string]value{}
	if n == nil {
		return m
	}
	for _, e := range n.Fields {
		m[e.Key] = value{e.Value.Text, e.Value.Pos}
	}
	return m
}

func readPorts(list *document.Node) []port {
	var ports []port
	for _, item := range items(list) {
		ports = append(ports, port{
			number: valueAt(item, "port"), target: valueAt(item, "targetPort"), name: valueAt(item, "name"), protocol: valueAt(item, "protocol"),
		})
	}
	return ports
}
