package installer

import (
	"meshtopo.dev/meshtopo/render/reader"
	"meshtopo.dev/meshtopo/render/shell"
	"meshtopo.dev/meshtopo/schema"
)

// WaitForControlPlane are the signs that a primary runs a remote: one of its own, and one for each control plane.
func WaitForControlPlane(c *schema.Cluster) []string {
	commands := []string{shell.KubectlIn(c, "wait --for=create --timeout=5m configmap/istio-ca-root-cert")}
	for _, p := range c.ControlPlanes() {
		commands = append(commands, shell.Kubectl(c, "wait --for=jsonpath='{.webhooks[0].clientConfig.caBundle}' --timeout=5m "+
			"mutatingwebhookconfiguration/"+reader.Injector(p)))
	}
	return commands
}

// GatewayAddress waits for the address of a cluster's gateway, an IP or a host name, and prints it.
func GatewayAddress(c *schema.Cluster, service string) []string {
	const address = "{.status.loadBalancer.ingress[0]['ip','hostname']}"
	return shell.Chain(
		shell.KubectlGateway(c, `wait --for=jsonpath="`+address+`" --timeout=10m service/`+service),
		shell.KubectlGateway(c, "get service "+service+` -o jsonpath="`+address+`{'\n'}"`),
	)
}
