package settings

import (
	"encoding/json"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
)

var GatewayEndsTLS = &diag.Rule{
	Code: "gateway-ends-tls", Severity: diag.Error, Symptom: true,
	Title:  "a load balancer that does not pass the TLS of calls between clusters through to the gateway",
	Why:    "the gateway routes by the SNI of mutual TLS between sidecars, and so do the ports for istiod: a load balancer that ends TLS, speaks HTTP or leaves the port out breaks every call, with resets or certificates that nobody trusts",
	Fix:    "delete the annotation, or limit it to other ports",
	Source: "samples/multicluster/expose-services.yaml (AUTO_PASSTHROUGH); the documentation of the load balancers' annotations",
	Bad:    `clusters: {cluster-b: {eastWestGateway: {serviceAnnotations: {service.beta.kubernetes.io/aws-load-balancer-ssl-cert: "arn:aws:acm:eu-west-1:111122223333:certificate/x"}}}}`,
	Good:   `clusters: {cluster-b: {eastWestGateway: {serviceAnnotations: {service.beta.kubernetes.io/aws-load-balancer-type: nlb}}}}`,
}

var GatewayProxyProtocol = &diag.Rule{
	Code: "gateway-proxy-protocol", Severity: diag.Warning, Symptom: true,
	Title:  "a load balancer that puts a PROXY header before the TLS of calls between clusters",
	Why:    "the gateway waits for a TLS handshake and resets what begins with a PROXY header, unless its proxy config has gatewayTopology.proxyProtocol",
	Fix:    "delete the annotation, or set meshConfig.defaultConfig.gatewayTopology.proxyProtocol: {}",
	Source: "mesh/v1alpha1/proxy.proto in istio.io/api (Topology.proxyProtocol)",
	Bad:    `clusters: {cluster-b: {eastWestGateway: {serviceAnnotations: {service.beta.kubernetes.io/aws-load-balancer-proxy-protocol: "*"}}}}`,
	Good: `istio: {meshConfig: {defaultConfig: {gatewayTopology: {proxyProtocol: {}}}}}
clusters: {cluster-b: {eastWestGateway: {serviceAnnotations: {service.beta.kubernetes.io/aws-load-balancer-proxy-protocol: "*"}}}}`,
}

var NodePortForRemotes = &diag.Rule{
	Code: "node-port-for-remotes", Severity: diag.Warning, Symptom: true,
	Title:  "a primary with remotes whose gateway is a NodePort Service",
	Why:    "remotes call istiod at ports 15012 and 15017 of the gateway's address: nodes listen at ports from 30000 on, so nothing answers, no pod is injected and no sidecar gets a certificate",
	Fix:    "use serviceType LoadBalancer, unless something else at the address forwards the two ports to the nodes",
	Source: "manifests/charts/istio-control/istio-discovery/templates/remote-istiod-endpointslices.yaml",
	Bad: `clusters:
  cluster-a: {eastWestGateway: {addresses: [203.0.113.10], serviceType: NodePort, serviceAnnotations: {traffic.istio.io/nodeSelector: '{"kubernetes.io/os":"linux"}'}}}
  cluster-b: {primary: cluster-a}`,
	Good: `clusters:
  cluster-a: {eastWestGateway: {addresses: [203.0.113.10]}}
  cluster-b: {primary: cluster-a}`,
}

var RemoteTakesIPv4 = &diag.Rule{
	Code: "remote-takes-ipv4", Severity: diag.Error, Symptom: true,
	Title:  "a remote before Istio 1.30 whose primary has an IPv6 address",
	Why:    "the chart of that version takes an IPv6 address for a host name (`externalName: 2001:db8::10`), and the API server refuses the Service: the remote cannot be installed",
	Fix:    "give the primary's gateway an IPv4 address first, or raise istio.version to 1.30",
	Source: "manifests/charts/istio-control/istio-discovery/templates/remote-istiod-service.yaml, up to 1.29",
	Bad: `istio: {version: "1.29.2"}
clusters: {cluster-a: {eastWestGateway: {addresses: ["2001:db8::10"]}}, cluster-b: {primary: cluster-a}}`,
	Good: `istio: {version: "1.31.1"}
clusters: {cluster-a: {eastWestGateway: {addresses: ["2001:db8::10"]}}, cluster-b: {primary: cluster-a}}`,
}

// Port is one of a gateway's Service.
type Port struct{ Number, Name string }

// annotation is one of a load balancer that may spoil what passes it.
type annotation struct {
	key    string
	spoils func(value string, all map[string]string, ports []Port) bool
}

// endingTLS are those that end TLS, speak HTTP or leave a port out. The load balancers of Google have none: they pass
// everything through.
var endingTLS = []annotation{
	{"service.beta.kubernetes.io/aws-load-balancer-ssl-cert", func(_ string, all map[string]string, ports []Port) bool {
		list, limited := all["service.beta.kubernetes.io/aws-load-balancer-ssl-ports"]
		return !limited || hasPort(list, ports)
	}},
	{"service.beta.kubernetes.io/aws-load-balancer-backend-protocol", isHTTP},
	{"service.beta.kubernetes.io/do-loadbalancer-protocol", isHTTP},
	{"service.beta.kubernetes.io/do-loadbalancer-http-ports", listsPort},
	{"service.beta.kubernetes.io/do-loadbalancer-http2-ports", listsPort},
	{"service.beta.kubernetes.io/do-loadbalancer-http3-port", listsPort},
	{"service.beta.kubernetes.io/do-loadbalancer-tls-ports", func(list string, all map[string]string, ports []Port) bool {
		return hasPort(list, ports) && all["service.beta.kubernetes.io/do-loadbalancer-tls-passthrough"] != "true"
	}},
	{"service.beta.kubernetes.io/oci-load-balancer-ssl-ports", listsPort},
	{"service.beta.kubernetes.io/oci-load-balancer-backend-protocol", isHTTP},
	{"load-balancer.hetzner.cloud/protocol", isHTTP},
	{"service.beta.kubernetes.io/linode-loadbalancer-default-protocol", isHTTP},
	{"service.beta.kubernetes.io/scw-loadbalancer-protocol-http", listsPort},
	{"loadbalancer.openstack.org/default-tls-container-ref", isSet},
	{"loadbalancer.openstack.org/x-forwarded-for", isTrue},
	{"service.beta.kubernetes.io/alibaba-cloud-loadbalancer-protocol-port", pairsPort},
	{"kubernetes.io/elb.protocol-port", pairsPort},
	{"service.cloud.tencent.com/specify-protocol", specifiesPort},
}

// proxyHeaders are those that put a PROXY header before every connection.
var proxyHeaders = []annotation{
	{"service.beta.kubernetes.io/aws-load-balancer-proxy-protocol", isSet},
	{"service.beta.kubernetes.io/aws-load-balancer-target-group-attributes", func(value string, _ map[string]string, _ []Port) bool {
		return strings.Contains(strings.ReplaceAll(value, " ", ""), "proxy_protocol_v2.enabled=true")
	}},
	{"service.beta.kubernetes.io/do-loadbalancer-enable-proxy-protocol", isTrue},
	{"service.beta.kubernetes.io/linode-loadbalancer-proxy-protocol", func(value string, _ map[string]string, _ []Port) bool {
		return value == "v1" || value == "v2"
	}},
	{"service.beta.kubernetes.io/scw-loadbalancer-proxy-protocol-v1", isTrueOrAll},
	{"service.beta.kubernetes.io/scw-loadbalancer-proxy-protocol-v2", isTrueOrAll},
	{"service.beta.kubernetes.io/oci-load-balancer-connection-proxy-protocol-version", isSet},
	{"load-balancer.hetzner.cloud/uses-proxyprotocol", isTrue},
	{"loadbalancer.openstack.org/proxy-protocol", isTrue},
	{"service.beta.kubernetes.io/azure-pls-proxy-protocol", isTrue},
}

// EndsTLS gives the annotations of a gateway's Service by which its load balancer does not pass TLS through at one of
// the ports.
func EndsTLS(all map[string]string, ports []Port) []string {
	keys := spoiling(endingTLS, all, ports)
	for _, p := range ports {
		// Azure leaves ports out one by one, and so does Linode say their protocols.
		for key, spoils := range map[string]func(string, map[string]string, []Port) bool{
			"service.beta.kubernetes.io/port_" + p.Number + "_no_lb_rule": isTrue,
			"service.beta.kubernetes.io/linode-loadbalancer-port-" + p.Number: func(value string, _ map[string]string, _ []Port) bool {
				var of struct{ Protocol string }
				return json.Unmarshal([]byte(value), &of) == nil && isHTTP(of.Protocol, nil, nil)
			},
		} {
			if value, ok := all[key]; ok && spoils(value, all, ports) {
				keys = append(keys, key)
			}
		}
	}
	return keys
}

// SendsProxyHeader gives the annotations by which a load balancer puts a PROXY header before every connection.
func SendsProxyHeader(all map[string]string) []string { return spoiling(proxyHeaders, all, nil) }

func spoiling(list []annotation, all map[string]string, ports []Port) []string {
	var keys []string
	for _, a := range list {
		if value, ok := all[a.key]; ok && a.spoils(value, all, ports) {
			keys = append(keys, a.key)
		}
	}
	return keys
}

// ScopesGateways reports whether, and where, istiod is told that a Gateway is for pods of its own namespace only.
func (i Installation) ScopesGateways() (at diag.Pos, scopes bool) {
	s, on := i.on("PILOT_SCOPE_GATEWAY_TO_NAMESPACE")
	return s.at, on
}

// TakesProxyHeader reports whether the mesh config makes gateways take a PROXY header.
func (i Installation) TakesProxyHeader() bool {
	_, ok := i.meshConfig("defaultConfig", "gatewayTopology", "proxyProtocol")
	return ok
}

func isSet(value string, _ map[string]string, _ []Port) bool  { return value != "" }
func isTrue(value string, _ map[string]string, _ []Port) bool { return value == "true" }

func isTrueOrAll(value string, _ map[string]string, _ []Port) bool {
	return value == "true" || value == "*"
}

func isHTTP(value string, _ map[string]string, _ []Port) bool {
	return strings.HasPrefix(strings.ToLower(value), "http")
}

func listsPort(list string, _ map[string]string, ports []Port) bool { return hasPort(list, ports) }

// hasPort reports whether a list has one of the ports, by number or by name, or all.
func hasPort(list string, ports []Port) bool {
	for one := range strings.SplitSeq(list, ",") {
		one = strings.TrimSpace(one)
		if one == "*" || slices.ContainsFunc(ports, func(p Port) bool { return one != "" && (one == p.Number || one == p.Name) }) {
			return true
		}
	}
	return false
}

// pairsPort reports whether pairs such as https:443,tcp:15443 give one of the ports another protocol than TCP.
func pairsPort(list string, _ map[string]string, ports []Port) bool {
	for pair := range strings.SplitSeq(list, ",") {
		protocol, number, _ := strings.Cut(strings.ToLower(strings.TrimSpace(pair)), ":")
		if (isHTTP(protocol, nil, nil) || protocol == "tls" || protocol == "tcpssl") && hasPort(number, ports) {
			return true
		}
	}
	return false
}

// specifiesPort reports whether JSON such as {"15443":{"protocol":["HTTPS"]}} gives one of the ports another protocol
// than TCP.
func specifiesPort(value string, _ map[string]string, ports []Port) bool {
	var of map[string]struct{ Protocol []string }
	if json.Unmarshal([]byte(value), &of) != nil {
		return false
	}
	return slices.ContainsFunc(ports, func(p Port) bool {
		return slices.ContainsFunc(of[p.Number].Protocol, func(protocol string) bool {
			return isHTTP(protocol, nil, nil) || protocol == "TCP_SSL"
		})
	})
}
