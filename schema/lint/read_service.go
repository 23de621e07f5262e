package lint

import (
	"slices"
	"strconv"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/placeholder"
)

// differs says how another Service of the same name differs, or "". Of the types only ExternalName matters: it is
// another name for something elsewhere, the other types all are the same Pods.
func (s *service) differs(other *service) string {
	switch {
	case (s.kind.text == "ExternalName") != (other.kind.text == "ExternalName"):
		return "has another type"
	case s.portList() != other.portList():
		return "has other ports"
	case s.headless != other.headless:
		return "is differently headless"
	}
	return ""
}

// portList gives the ports as one text, whatever their order.
func (s *service) portList() string {
	var ports []string
	for _, p := range s.ports {
		ports = append(ports, p.name.text+"="+p.number.text)
	}
	slices.Sort(ports)
	return strings.Join(ports, ",")
}

// crossingPort gives the port that istiod looks for on the Service of a gateway: it takes that of the label if it is a
// number.
func crossingPort(labels map[string]value) string {
	if other := labels[gatewayPort].text; placeholder.In(other) || isNumber(other) {
		return other
	}
	return crossNetworkPort
}

// isNumber reports whether a text is a number as strconv.Atoi reads it.
func isNumber(text string) bool {
	_, err := strconv.Atoi(text)
	return err == nil
}

// listens reports whether istiod finds a port for other networks on the Service.
func listens(ports []port, labels map[string]value) bool {
	wanted := []string{crossingPort(labels), ambientPort}
	if placeholder.In(wanted[0]) {
		return true
	}
	return slices.ContainsFunc(ports, func(p port) bool { return slices.Contains(wanted, p.number.text) || placeholder.In(p.number.text) })
}

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

func readPorts(list *document.Node) []port {
	var ports []port
	for _, item := range list.ItemsAt() {
		ports = append(ports, port{
			number: valueAt(item, "port"), target: valueAt(item, "targetPort"), name: valueAt(item, "name"), protocol: valueAt(item, "protocol"),
		})
	}
	return ports
}

func readService(o *object) *service {
	return &service{
		name: o.Name, namespace: o.Namespace, pos: o.At("metadata", "name"),
		kind: valueAt(o.Root, "spec", "type"), headless: o.Root.StringAt("spec", "clusterIP") == "None",
		external: len(o.Root.ItemsAt("spec", "externalIPs")) > 0,
		labels:   labels(o.Root.At("metadata", "labels")), annotations: labels(o.Root.At("metadata", "annotations")),
		selector: labels(o.Root.At("spec", "selector")), ports: readPorts(o.Root.At("spec", "ports")),
	}
}
