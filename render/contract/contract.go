// Package contract says what somebody else has to make where a tree has no kubeconfigs for a control plane.
package contract

import (
	"fmt"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema"
)

// Contract fills the section of a README that says it.
type Contract struct {
	Place, Head, Columns string // where the kubeconfigs are, and the columns of the table
	Rows                 string // of the table: one for each cluster that is read
	Shape                string // of the first one, without what is private
}

// Of gives what a control plane needs of those who make its kubeconfigs, or nil where the tree has them or it reads
// nobody.
func Of(t *schema.Topology, c *schema.Cluster, read []*schema.Cluster) *Contract {
	if c.Secrets.WritesRemote() || len(read) == 0 {
		return nil
	}
	dir, shape := ownDirectory(c), kubeconfig(read[0].Name, written(t, read[0]))
	made := &Contract{placeOfSecrets(c.Istio.Namespace), "Secret | key", "---|---", "", secret(c, read[0].Name, shape)}
	if dir != "" {
		made = &Contract{placeOfFiles(dir), "file", "---", "", shape}
	}
	var rows []string
	for _, of := range read {
		at := "`" + c.Secrets.RemoteName(of.Name) + "` | `" + c.Secrets.RemoteKey(of.Name) + "`"
		if dir != "" {
			at = "`" + of.Name + ".yaml`"
		}
		rows = append(rows, fmt.Sprintf("| %s | %s | %s |", of.Name, at, server(written(t, of))))
	}
	made.Rows = strings.Join(rows, "\n")
	return made
}

// secret gives the Secret from which a control plane takes the kubeconfig of another cluster.
func secret(c *schema.Cluster, of, kubeconfig string) string {
	return fmt.Sprintf(`apiVersion: v1
kind: Secret
metadata:
  name: %q
  namespace: %q
  labels: {istio/multiCluster: "true"}
stringData:
  %q: |
    `, c.Secrets.RemoteName(of), c.Istio.Namespace, c.Secrets.RemoteKey(of)) + strings.ReplaceAll(kubeconfig, "\n", "\n    ")
}

func placeOfSecrets(namespace string) string {
	return "It is a Secret for each, in the namespace\n" + "`" + namespace + "`" + ", with the label `istio/multiCluster: \"true\"`. Its key is the name of the cluster, its value a\nkubeconfig:"
}

func placeOfFiles(dir string) string {
	return "It is a file for each in the directory\n" + "`" + dir + "`" + " of istiod's pod, as the settings of this cluster say. Its name ends with `.yaml` or\n" +
		"`.yml`, and the cluster of its current context has the name of the cluster:"
}

// ownDirectory gives the directory from which istiod takes kubeconfigs by the user's own settings, or "".
func ownDirectory(c *schema.Cluster) string {
	pilot, _ := c.Istio.Values["pilot"].(map[string]any)
	env, _ := pilot["env"].(map[string]any)
	dir, _ := env[schema.KubeconfigPath].(string)
	if c.Oldest().Minor() < schema.MountedSince {
		return ""
	}
	return dir
}

// written gives how an API server is reached by what the topology says itself: a page must not depend on a kubeconfig,
// which may not be here.
func written(t *schema.Topology, c *schema.Cluster) *schema.APIServer {
	if c.APIServer == nil {
		return &schema.APIServer{}
	}
	api := *c.APIServer
	for field, value := range map[string]*string{"url": &api.URL, "tlsServerName": &api.TLSServerName, "proxyURL": &api.ProxyURL} {
		if t.Taken(c, field) {
			*value = ""
		}
	}
	return &api
}

// server says how an API server is reached, as far as the topology does.
func server(api *schema.APIServer) string {
	if api.URL == "" {
		return "not known here: `apiServer` of the topology would say it"
	}
	said := []string{"`" + api.URL + "`"}
	if name := api.TLSServerName; name != "" {
		said = append(said, "tls-server-name "+"`"+name+"`")
	}
	if proxy := api.ProxyURL; proxy != "" {
		said = append(said, "proxy-url "+"`"+proxy+"`")
	}
	return strings.Join(said, ", ")
}

// kubeconfig is a kubeconfig for a cluster without what is private in it.
func kubeconfig(name string, api *schema.APIServer) string {
	server := []string{"certificate-authority-data: <the CA of the API server, in base64>"}
	switch {
	case api.URL == "":
		server = append(server, "server: <the URL of the API server>")
	default:
		server = append(server, "server: "+api.URL)
		if api.ProxyURL != "" {
			server = slices.Insert(server, 1, "proxy-url: "+api.ProxyURL)
		}
		if api.TLSServerName != "" {
			server = append(server, "tls-server-name: "+api.TLSServerName)
		}
	}
	return strings.NewReplacer("NAME", name, "SERVER", strings.Join(server, "\n    ")).Replace(`apiVersion: v1
kind: Config
clusters:
- name: NAME
  cluster:
    SERVER
contexts:
- name: NAME
  context: {cluster: NAME, user: NAME}
current-context: NAME
users:
- name: NAME
  user:
    token: <the token>`)
}
