package protection

import (
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

var mountedTooEarly = &diag.Rule{
	Code: "mounted-too-early", Severity: diag.Error, Fixed: true, Symptom: true,
	Title:  "kubeconfigs are mounted for an istiod that does not read files",
	Why:    "before Istio 1.30 istiod reads labelled Secrets and no directory: the endpoints of other clusters never appear",
	Fix:    "write remote: secret for this cluster, or upgrade it to Istio 1.30 first",
	Source: "pkg/kube/multicluster/kubeconfig_files.go, from 1.30 on",
	Bad:    "secrets: {remote: mounted}\nistio: {version: \"1.29.0\"}",
	Good:   "secrets: {remote: mounted}\nistio: {version: \"1.30.0\"}",
}

// checkMounted looks for control planes that are too old, once for each place that says how they read.
func (t mesh) checkMounted(found *diag.List) {
	var places [][]string
	early := map[diag.Pos][]*schema.Cluster{}
	for _, c := range t.Clusters {
		path := t.SecretsPath(c, "remote")
		if len(t.Mounted(c)) == 0 || c.Oldest().Minor() >= schema.MountedSince || c.Oldest().Minor() == 0 ||
			t.Unsure(path...) || t.Unsure(t.IstioPath(c, "version")...) || t.Unsure(schema.ClusterPath(c, "primary")...) {
			continue
		}
		pos := t.Pos(path...)
		if early[pos] == nil {
			places = append(places, path)
		}
		early[pos] = append(early[pos], c)
	}
	for _, path := range places {
		clusters := early[t.Pos(path...)]
		d := found.Add(t.Pos(path...), mountedTooEarly, "the kubeconfigs for %s are to be mounted, and Istio is %s there", diag.NameClusters(schema.Names(clusters)), clusters[0].Oldest())
		d.Relate(t.Pos(t.IstioPath(clusters[0], "version")...), "the version")
	}
}
