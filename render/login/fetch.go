package login

import (
	"maps"
	"path"
	"slices"

	"meshtopo.dev/meshtopo/render/shell"
	"meshtopo.dev/meshtopo/schema"
)

// Fetched reports whether the credential of a cluster is fetched from it by the commands of the READMEs.
func Fetched(c *schema.Cluster) bool {
	return c.NeedsToken() && (c.Credential == nil || c.Credential.RefreshedBy == "")
}

// Fetch copies a reader's token, or a kubeconfig with it, to where the topology looks for it.
func Fetch(c *schema.Cluster) []string {
	if !Fetched(c) {
		return nil
	}
	token := c.Istio.Reader.Secret()
	get := shell.KubectlIn(c, "get secret "+token+" -o go-template='{{ .data.token | base64decode }}'")
	if c.HasKubeconfig() {
		get = "istioctl create-remote-secret --context " + shell.Context(c) + " --istioNamespace " + c.Istio.Namespace + " --name " + c.Name +
			" --service-account " + c.Istio.Reader.ServiceAccount + " --create-service-account=false --secret-name " + token
	}
	wait := shell.KubectlIn(c, "wait --for=jsonpath='{.data.token}' --timeout=1m secret/"+token)
	place := Place(c)
	if place.Env != "" {
		return shell.Chain(wait, "export "+place.Env+`="$(`+get+`)"`)
	}
	return shell.Chain(wait, "(umask 077; "+get+" > "+shell.InTopology(place.File)+")")
}

// FetchCA copies the CA of an API server, which is beside the token, to where the topology looks for it, or could.
func FetchCA(c *schema.Cluster) []string {
	if c.HasKubeconfig() { // which has it
		return nil
	}
	file := "certs/" + c.Name + "/api.pem"
	if c.APIServer != nil && c.APIServer.CA != "" {
		file = c.APIServer.CA
	}
	get := shell.KubectlIn(c, "get secret "+c.Istio.Reader.Secret()+` -o go-template='{{ index .data "ca.crt" | base64decode }}' > `+shell.InTopology(file))
	if path.Dir(file) == "." {
		return []string{get}
	}
	return shell.Chain("mkdir -p "+shell.InTopology(path.Dir(file)), get)
}

// Directories makes the directories of token files.
func Directories(clusters ...*schema.Cluster) []string {
	directories := map[string]bool{}
	for _, c := range clusters {
		if !Fetched(c) {
			continue
		}
		if place := Place(c); place.Env == "" && path.Dir(place.File) != "." {
			directories["mkdir -p "+shell.InTopology(path.Dir(place.File))] = true
		}
	}
	return slices.Sorted(maps.Keys(directories))
}

// Place is where the topology keeps a cluster's token, or where it could while it does not say.
func Place(c *schema.Cluster) schema.Private {
	if c.Credential == nil {
		return schema.Private{File: "tokens/" + c.Name}
	}
	return c.Credential.Private
}
