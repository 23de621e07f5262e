package networkgateway

import "meshtopo.dev/meshtopo/schema/diag"

// PortRules are the rules of the ports of a gateway.
var PortRules = []*diag.Rule{NoPort, PrivilegedPort, PortTwice, PortNotOpen}

var (
	NoPort = &diag.Rule{
		Code: "no-gateway-port", Severity: diag.Error, Symptom: true,
		Title:  "a gateway of a network that does not listen at 15443",
		Why:    "istiod takes no notice of it (\"is labeled as gateway, but does not listen\"), and calls to the network time out",
		Fix:    "add the port 15443, or name another in the label networking.istio.io/gatewayPort",
		Source: "pilot/pkg/serviceregistry/kube/controller/network.go",
		Bad:    "service: {ports: [{name: tls, port: 443, targetPort: 8443}]}",
		Good:   "service: {ports: [{name: tls, port: 15443, targetPort: 15443}]}",
	}
	PrivilegedPort = &diag.Rule{
		Code: "privileged-port", Severity: diag.Error,
		Title:  "a port of a gateway that only root may open",
		Why:    "istioctl refuses the file: the gateway's pods do not run as root",
		Fix:    "give the port a targetPort of 1024 or more",
		Source: "operator/pkg/apis/validation/validation.go (checkServicePorts)",
		Bad:    "ports: [{name: tls, port: 443}]",
		Good:   "ports: [{name: tls, port: 443, targetPort: 8443}]",
	}
	PortTwice = &diag.Rule{
		Code: "port-twice", Severity: diag.Error,
		Title:  "two ports of a gateway with one number or one name",
		Why:    "the API server refuses the Service, and the gateway gets no address",
		Fix:    "give each port a number and a name of its own",
		Source: "pkg/apis/core/validation/validation.go in kubernetes/kubernetes (ValidateService)",
		Bad:    "ports: [{name: tls, port: 15443}, {name: tls, port: 15012}]",
		Good:   "ports: [{name: tls, port: 15443}, {name: tls-istiod, port: 15012}]",
	}
	PortNotOpen = &diag.Rule{
		Code: "port-not-open", Severity: diag.Error, Symptom: true,
		Title:  "a Gateway with a port that the Service of its gateway does not have",
		Why:    "the proxy listens, but nothing leads there: other clusters cannot connect",
		Fix:    "add the port to k8s.service.ports of the gateway",
		Source: Source,
		Bad:    "ports: [{name: tls, port: 15443, targetPort: 15443}] # and a Gateway with a server at 15012",
		Good:   "ports: [{name: tls, port: 15443, targetPort: 15443}, {name: tls-istiod, port: 15012, targetPort: 15012}]",
	}
)
