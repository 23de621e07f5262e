// Package shell gives the commands of the rendered READMEs. Each names its cluster, and stops where that is not set.
package shell

import (
	"strings"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

// Context uses the shell variable with a cluster's kubectl context.
func Context(c *schema.Cluster) string { return Variable(ContextVariable(c)) }

// Variable uses a shell variable. ":?" stops a command where it is not set: without it kubectl would go on with
// whatever context is current.
func Variable(name string) string { return `"${` + name + `:?}"` }

// RemovedVariable names the one of a cluster that has left the topology. No cluster's variable is called so: theirs
// begin with CTX_.
const RemovedVariable = "REMOVED_CTX"

// ChangedVariable names that of a cluster whose revision has changed, and RevisionVariable the revision that it had.
const (
	ChangedVariable  = "CHANGED_CTX"
	RevisionVariable = "OLD_REVISION"
)

// EngineVariable names that of the cluster in which one GitOps engine for all clusters runs. NamedVariable is the name
// of a cluster that has left, and FormerVariable that of an object of an engine that has.
const (
	EngineVariable = "GITOPS_CTX"
	NamedVariable  = "REMOVED"
	FormerVariable = "OLD_NAME"
)

// TopologyVariable is the directory of the topology, which paths in it are relative to. It is the directory that
// holds clusters/ only where render was not told otherwise.
const TopologyVariable = "TOPOLOGY_DIR"

// ContextVariable names the shell variable with a cluster's kubectl context.
func ContextVariable(c *schema.Cluster) string {
	return "CTX_" + strings.ToUpper(strings.ReplaceAll(c.Name, "-", "_"))
}

// Kubectl runs kubectl in a cluster.
func Kubectl(c *schema.Cluster, arguments string) string {
	return "kubectl --context " + Context(c) + " " + arguments
}

// KubectlIn works in the namespace of the control plane.
func KubectlIn(c *schema.Cluster, arguments string) string {
	return Kubectl(c, "--namespace "+c.Istio.Namespace+" "+arguments)
}

// KubectlGateway works in the namespace of the east-west gateway.
func KubectlGateway(c *schema.Cluster, arguments string) string {
	return Kubectl(c, "--namespace "+c.EastWestGateway.Namespace+" "+arguments)
}

// Apply is server-side, because client-side apply copies the data of Secrets into an annotation.
func Apply(c *schema.Cluster, layer string) string {
	return Kubectl(c, "apply --server-side -k "+layout.Path(c.Name, layer))
}

// Chain stops at the first command that fails, also where the lines are pasted into a terminal.
func Chain(commands ...string) []string {
	for i := range commands[:len(commands)-1] {
		commands[i] += " &&"
	}
	return commands
}

// InTopology gives a path that the topology has.
func InTopology(path string) string { return Variable(TopologyVariable) + "/" + Word(path) }

var safe = diag.OnceRegexp(`^[-A-Za-z0-9_./@+,]+$`)

// Word quotes a word for the shell where it has to be.
func Word(s string) string {
	if safe().MatchString(s) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// OwnedBy selects the objects of one topology.
func OwnedBy(topology string) string {
	return "app.kubernetes.io/managed-by=meshtopo,meshtopo.dev/topology=" + topology
}

// DeleteOthers deletes the objects of the given kinds that carry the labels, except for those named. It is no
// kubectl apply --prune: that refuses to work with --server-side.
func DeleteOthers(kinds, labels string, keep []string) string {
	command := "delete " + kinds + " --selector '" + labels + "'"
	if len(keep) == 0 {
		return command
	}
	return command + " --field-selector 'metadata.name!=" + strings.Join(keep, ",metadata.name!=") + "'"
}

// Istioctl is the istioctl that installs a control plane of a cluster. Where there are several, each is installed with
// that of its version.
func Istioctl(c *schema.Cluster) string {
	if c.Istio.Listed.Revisions == nil {
		return "istioctl"
	}
	return Variable(IstioctlVariable(c.Istio.Version))
}

// IstioctlVariable is the variable that holds the istioctl of a version.
func IstioctlVariable(v schema.Version) string {
	return "ISTIOCTL_" + strings.ToUpper(strings.NewReplacer(".", "_", "-", "_").Replace(string(v)))
}

// RemoteClusters asks a control plane which clusters it reads.
func RemoteClusters(c *schema.Cluster) string { return ask(c, "remote-clusters") }

// ProxyStatus asks a control plane which proxies it serves.
func ProxyStatus(c *schema.Cluster) string { return ask(c, "proxy-status") }

func ask(c *schema.Cluster, what string) string {
	command := "istioctl " + what + " --context " + Context(c) + " --istioNamespace " + c.Istio.Namespace
	if c.Istio.Revision != "" {
		command += " --revision " + c.Istio.Revision
	}
	return command
}
