package render

import (
	"maps"
	"path"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/reader"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

// kubeContext names the shell variable with a cluster's kubectl context.
func kubeContext(c *schema.Cluster) string { return variable(contextVariable(c)) }

// variable uses a shell variable. ":?" stops a command where it is not set: without it kubectl would go on with
// whatever context is current.
func variable(name string) string { return `"${` + name + `:?}"` }

// removedVariable names the one of a cluster that has left the topology. No cluster's variable is called so: theirs
// begin with CTX_.
const removedVariable = "REMOVED_CTX"

// changedVariable names that of a cluster whose revision has changed, and revisionVariable the revision that it had.
const (
	changedVariable  = "CHANGED_CTX"
	revisionVariable = "OLD_REVISION"
)

func contextVariable(c *schema.Cluster) string {
	return "CTX_" + strings.ToUpper(strings.ReplaceAll(c.Name, "-", "_"))
}

func kubectl(c *schema.Cluster, arguments string) string {
	return "kubectl --context " + kubeContext(c) + " " + arguments
}

// kubectlIn works in the namespace of the control plane.
func kubectlIn(c *schema.Cluster, arguments string) string {
	return kubectl(c, "--namespace "+c.Istio.Namespace+" "+arguments)
}

// apply is server-side, because client-side apply copies the data of Secrets into an annotation.
func apply(c *schema.Cluster, layer string) string {
	return kubectl(c, "apply --server-side -k "+layout.Path(c.Name, layer))
}

// waitForControlPlane are the two signs that a primary runs a remote.
func waitForControlPlane(c *schema.Cluster) []string {
	return []string{
		kubectlIn(c, "wait --for=create --timeout=5m configmap/istio-ca-root-cert"),
		kubectl(c, "wait --for=jsonpath='{.webhooks[0].clientConfig.caBundle}' --timeout=5m "+
			"mutatingwebhookconfiguration/"+reader.Injector(c)),
	}
}

// fetchToken copies a reader's token to where the topology looks for it.
func fetchToken(c *schema.Cluster) []string {
	token := c.Istio.Reader.Secret()
	get := kubectlIn(c, "get secret "+token+" -o go-template='{{ .data.token | base64decode }}'")
	wait := kubectlIn(c, "wait --for=jsonpath='{.data.token}' --timeout=1m secret/"+token)
	place := tokenPlace(c)
	if place.Env != "" {
		return chain(wait, "export "+place.Env+`="$(`+get+`)"`)
	}
	return chain(wait, "(umask 077; "+get+" > "+inTopology(place.File)+")")
}

// fetchCA copies the CA of an API server, which is beside the token, to where the topology looks for it, or could.
func fetchCA(c *schema.Cluster) []string {
	file := "certs/" + c.Name + "/api.pem"
	if c.APIServer != nil {
		file = c.APIServer.CA
	}
	get := kubectlIn(c, "get secret "+c.Istio.Reader.Secret()+` -o go-template='{{ index .data "ca.crt" | base64decode }}' > `+inTopology(file))
	if path.Dir(file) == "." {
		return []string{get}
	}
	return chain("mkdir -p "+inTopology(path.Dir(file)), get)
}

// tokenDirectories makes the directories of token files.
func tokenDirectories(clusters ...*schema.Cluster) []string {
	directories := map[string]bool{}
	for _, c := range clusters {
		if place := tokenPlace(c); place.Env == "" && path.Dir(place.File) != "." {
			directories["mkdir -p "+inTopology(path.Dir(place.File))] = true
		}
	}
	return slices.Sorted(maps.Keys(directories))
}

// chain stops at the first command that fails, also where the lines are pasted into a terminal.
func chain(commands ...string) []string {
	for i := range commands[:len(commands)-1] {
		commands[i] += " &&"
	}
	return commands
}

// tokenPlace is where the topology keeps a cluster's token, or where it could while it does not say.
func tokenPlace(c *schema.Cluster) schema.Private {
	if c.Credential == nil {
		return schema.Private{File: "tokens/" + c.Name}
	}
	return c.Credential.Token
}

// topologyVariable is the directory of the topology, which paths in it are relative to. It is the directory that
// holds clusters/ only where render was not told otherwise.
const topologyVariable = "TOPOLOGY_DIR"

func inTopology(path string) string { return variable(topologyVariable) + "/" + word(path) }

var safe = diag.OnceRegexp(`^[-A-Za-z0-9_./@+,]+$`)

// word quotes a word for the shell where it has to be.
func word(s string) string {
	if safe().MatchString(s) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// gatewayAddress waits for the address of a cluster's gateway and prints it.
func gatewayAddress(c *schema.Cluster) []string {
	const address = "{.status.loadBalancer.ingress[0].ip}"
	return chain(
		kubectlIn(c, "wait --for=jsonpath='"+address+"' --timeout=10m service/istio-eastwestgateway"),
		kubectlIn(c, "get service istio-eastwestgateway -o jsonpath='"+address+`{"\n"}'`),
	)
}

// remoteClusters asks a control plane which clusters it reads.
func remoteClusters(c *schema.Cluster) string {
	command := "istioctl remote-clusters --context " + kubeContext(c) + " --istioNamespace " + c.Istio.Namespace
	if c.Istio.Revision != "" {
		command += " --revision " + c.Istio.Revision
	}
	return command
}

// ownedBy selects the objects of one topology.
func ownedBy(topology string) string {
	return "app.kubernetes.io/managed-by=meshtopo,meshtopo.dev/topology=" + topology
}

// deleteOthers deletes the objects of the given kinds that carry the labels, except for those named. It is no
// kubectl apply --prune: that refuses to work with --server-side.
func deleteOthers(kinds, labels string, keep []string) string {
	command := "delete " + kinds + " --selector '" + labels + "'"
	if len(keep) == 0 {
		return command
	}
	return command + " --field-selector 'metadata.name!=" + strings.Join(keep, ",metadata.name!=") + "'"
}
