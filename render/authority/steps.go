package authority

import (
	"strings"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/shell"
	"meshtopo.dev/meshtopo/schema"
)

// Chart is the name of istio-csr's chart, of its release, and usually of its Service.
const Chart = schema.CSRChart

// Install installs istio-csr, and waits until it has given istiod its certificate and every namespace the root.
func (c Cluster) Install() []string {
	if !c.Topology.TrustFrom(schema.IstioCSR) {
		return nil
	}
	signer := c.Topology.Trust.IstioCSR
	_, namespace, _ := signer.Service()
	chart := Chart + " --repo " + shell.Word(signer.Chart.Repository)
	if strings.HasPrefix(signer.Chart.Repository, "oci://") {
		chart = shell.Word(strings.TrimRight(signer.Chart.Repository, "/") + "/" + Chart)
	}
	commands := []string{
		"helm upgrade --install " + Chart + " " + chart + " --version " + signer.Chart.Version + " --kube-context " + shell.Context(c.Cluster) +
			" --namespace " + namespace + " --values " + layout.Path(c.Name, Values) + " --wait",
		shell.KubectlIn(c.Cluster, "wait --for=create --timeout=5m configmap/istio-ca-root-cert"),
	}
	if c.RunsControlPlane() {
		commands = append(commands, shell.KubectlIn(c.Cluster, "wait --for=condition=Ready --timeout=5m certificates.cert-manager.io/"+istiod))
	}
	return commands
}

// Wait waits until the Secret cacerts is there, whoever makes it of what the tree has, or without it. cert-manager
// writes ca.crt only where its issuer knows its root; istiod takes no CA without it.
func (c Cluster) Wait() []string {
	switch {
	case c.issued():
		return []string{
			shell.KubectlIn(c.Cluster, "wait --for=condition=Ready --timeout=5m certificates.cert-manager.io/"+certificate),
			shell.KubectlIn(c.Cluster, `wait --for=jsonpath='{.data.ca\.crt}' --timeout=1m secret/cacerts`),
		}
	case c.existing():
		return []string{shell.KubectlIn(c.Cluster, "wait --for=create --timeout=10m secret/cacerts")}
	}
	return nil
}

func (c Cluster) existing() bool {
	return c.Topology.TrustFrom(schema.Existing) && c.RunsControlPlane()
}

// Gone are the commands that delete what earlier trees may have told cert-manager, where it is sure to be.
func (c Cluster) Gone() []string {
	if !c.Topology.TrustFrom(schema.IstioCSR) {
		return nil
	}
	return []string{shell.KubectlIn(c.Cluster, shell.DeleteOthers("certificates.cert-manager.io", shell.OwnedBy(c.Topology.Name), nil))}
}

// Held says what the layer of secrets has for it, or "".
func (c Cluster) Held() string {
	switch {
	case c.issued():
		return "A Certificate, of which cert-manager of this cluster makes the Secret `cacerts`: the signing CA, which istiod looks for when it\n" +
			"starts, and of which only the cluster has the key. It is signed by the " + c.named(c.Topology.Trust.CertManager.Issuer) + ", which has to be there before."
	case c.Topology.TrustFrom(schema.IstioCSR):
		_, namespace, _ := c.Topology.Trust.IstioCSR.Service()
		return "The values of istio-csr, which has cert-manager of this cluster sign for its workloads, by the " + c.named(c.Topology.Trust.IstioCSR.Issuer) + ".\n" +
			"cert-manager, that issuer and the namespace `" + namespace + "` have to be there before. Without istio-csr no workload gets a certificate."
	}
	return ""
}

// named says which issuer of the cluster is meant.
func (c Cluster) named(i schema.Issuer) string {
	i = i.For(c.Name)
	return i.Kind + " `" + i.Name + "`"
}

// Section is a part of the README of the cluster: the path of its template, and what fills that.
type Section struct {
	Template string
	Data     any
}

// Check shows what has to be true of the Secret cacerts that somebody else makes, and how it is looked at; nothing
// where the tree has it, or no istiod needs one.
func (c Cluster) Check() []Section {
	template := "issued"
	switch {
	case c.existing():
		template = "existing"
	case !c.issued():
		return nil
	}
	root := "the same in every cluster"
	if files := c.Topology.Trust.Roots; len(files) > 0 {
		root = "that of `" + strings.Join(files, "` and `") + "`, which the topology names"
	}
	const (
		keys = "describe secret cacerts"
		pem  = `get secret cacerts -o go-template='{{ or (index .data "ca.crt") (index .data "root-cert.pem") | base64decode }}' | `
	)
	commands := []string{shell.KubectlIn(c.Cluster, keys), shell.KubectlIn(c.Cluster, pem+"openssl x509 -noout -subject -issuer -enddate -fingerprint -sha256")}
	return []Section{{"authority/readme/" + template + ".md", struct{ Namespace, Root, Commands string }{c.Istio.Namespace, root, strings.Join(commands, "\n")}}}
}
