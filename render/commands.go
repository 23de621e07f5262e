package render

import (
	"maps"
	"path"
	"slices"

	"meshtopo.dev/meshtopo/render/reader"
	"meshtopo.dev/meshtopo/render/shell"
	"meshtopo.dev/meshtopo/schema"
)

// waitForControlPlane are the two signs that a primary runs a remote.
func waitForControlPlane(c *schema.Cluster) []string {
	return []string{
		shell.KubectlIn(c, "wait --for=create --timeout=5m configmap/istio-ca-root-cert"),
		shell.Kubectl(c, "wait --for=jsonpath='{.webhooks[0].clientConfig.caBundle}' --timeout=5m "+
			"mutatingwebhookconfiguration/"+reader.Injector(c)),
	}
}

// fetchToken copies a reader's token to where the topology looks for it.
func fetchToken(c *schema.Cluster) []string {
	token := c.Istio.Reader.Secret()
	get := shell.KubectlIn(c, "get secret "+token+" -o go-template='{{ .data.token | base64decode }}'")
	wait := shell.KubectlIn(c, "wait --for=jsonpath='{.data.token}' --timeout=1m secret/"+token)
	place := tokenPlace(c)
	if place.Env != "" {
		return shell.Chain(wait, "export "+place.Env+`="$(`+get+`)"`)
	}
	return shell.Chain(wait, "(umask 077; "+get+" > "+shell.InTopology(place.File)+")")
}

// fetchCA copies the CA of an API server, which is beside the token, to where the topology looks for it, or could.
func fetchCA(c *schema.Cluster) []string {
	file := "certs/" + c.Name + "/api.pem"
	if c.APIServer != nil {
		file = c.APIServer.CA
	}
	get := shell.KubectlIn(c, "get secret "+c.Istio.Reader.Secret()+` -o go-template='{{ index .data "ca.crt" | base64decode }}' > `+shell.InTopology(file))
	if path.Dir(file) == "." {
		return []string{get}
	}
	return shell.Chain("mkdir -p "+shell.InTopology(path.Dir(file)), get)
}

// tokenDirectories makes the directories of token files.
func tokenDirectories(clusters ...*schema.Cluster) []string {
	directories := map[string]bool{}
	for _, c := range clusters {
		if place := tokenPlace(c); place.Env == "" && path.Dir(place.File) != "." {
			directories["mkdir -p "+shell.InTopology(path.Dir(place.File))] = true
		}
	}
	return slices.Sorted(maps.Keys(directories))
}

// tokenPlace is where the topology keeps a cluster's token, or where it could while it does not say.
func tokenPlace(c *schema.Cluster) schema.Private {
	if c.Credential == nil {
		return schema.Private{File: "tokens/" + c.Name}
	}
	return c.Credential.Token
}

// gatewayAddress waits for the address of a cluster's gateway and prints it.
func gatewayAddress(c *schema.Cluster) []string {
	const address = "{.status.loadBalancer.ingress[0].ip}"
	return shell.Chain(
		shell.KubectlIn(c, "wait --for=jsonpath='"+address+"' --timeout=10m service/istio-eastwestgateway"),
		shell.KubectlIn(c, "get service istio-eastwestgateway -o jsonpath='"+address+`{"\n"}'`),
	)
}
