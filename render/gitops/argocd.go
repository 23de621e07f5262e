package gitops

import (
	"strconv"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/text"
	"meshtopo.dev/meshtopo/schema"
)

// argocd gives an Application for each unit, and none that selects directories: each is a file in the diff, and each is
// synced by itself as soon as something of it changes. Waves order them over the whole mesh at the first installation.
func (c Cluster) argocd() []File {
	var files []File
	units := c.units()
	waves := c.waves(units)
	for i, u := range units {
		file := u.name()
		if u.chart != nil {
			file = u.layer + "-" + file
		}
		files = append(files, File{layout.ArgoCD + "/" + file + ".yaml", [][]byte{c.application(u, waves[i])}})
	}
	return files
}

// waves put what every cluster needs first, then the primaries, which run the remotes. What waits for people is last,
// so that nothing waits for it. Units of a layer come one after the other.
func (c Cluster) waves(units []unit) []int {
	const layer, last = 100, 8 // more than a layer has charts; after all layers of remotes
	numbers := map[string]int{layout.Prepare: 0, layout.Secrets: 1, layout.ControlPlane: 2, layout.Gateway: 3, layout.Expose: 4}
	places := map[string]int{} // how many units of a layer there were
	var all []int
	for _, u := range units {
		wave := numbers[u.layer]
		switch {
		case u.waits:
			wave = last
		case c.ServedByPrimary() && wave > numbers[layout.Secrets]:
			wave += 3
		}
		all = append(all, wave*layer+places[u.layer])
		places[u.layer]++
	}
	return all
}

// argoData is what the Applications of a cluster hold.
type argoData struct {
	Topology, Cluster, Name, Wave, Namespace, Project string
	Destination, Into                                 string
	Repository, Revision, Path, Plugin                string
	Charts, Chart, Version, Release, Values           string
	SkipsSchema, Prunes                               bool
}

func (c Cluster) application(u unit, wave int) []byte {
	g := c.Topology.GitOps
	data := argoData{
		Topology: c.Topology.Name, Cluster: c.Cluster.Name, Name: c.object(u.name()), Wave: strconv.Itoa(wave),
		Namespace: g.Namespace, Project: g.Project, Destination: g.Target(c.GitOpsName), Into: c.Istio.Namespace,
		Repository: g.Repository, Revision: g.Revision, Path: repository(g, c.Cluster.Name, u.part), Plugin: g.Plugin,
	}
	if u.chart == nil {
		var o options
		o.add(schema.ArgoCD, c.decrypts(u), "plugin")
		return c.Compose(text.Composition{Object: "argocd/application.yaml", Options: o}, data)
	}
	data.Into, data.Release, data.SkipsSchema = u.chart.Namespace, u.chart.Release, u.chart.SkipsSchema
	data.Charts, data.Chart, data.Version = withoutScheme(u.chart.Repository), u.chart.Name, u.chart.Version
	data.Values = "$values/" + repository(g, c.Cluster.Name, u.chart.Values)
	data.Prunes = u.chart.Name != "base" // whose CRDs would go, and with them all that is of these kinds
	var o options
	o.add(schema.ArgoCD, !u.chart.Retires, "kept")
	o.add(schema.ArgoCD, u.chart.Retires, "retires")
	return c.Compose(text.Composition{Object: "argocd/chart.yaml", Options: o}, data)
}

// decrypts reports whether what a unit applies is encrypted with sops.
func (c Cluster) decrypts(u unit) bool {
	return u.layer == layout.Secrets && c.Secrets.Protection == schema.Sops
}

// argoRoot is the Application of the Applications. It is not among them: it would wait for itself to be healthy.
func argoRoot(t *schema.Topology, compose func(text.Composition, any) []byte) []byte {
	g := t.GitOps
	return compose(text.Composition{Object: "argocd/root.yaml"}, argoData{
		Topology: t.Name, Namespace: g.Namespace, Project: g.Project,
		Repository: g.Repository, Revision: g.Revision, Path: repository(g),
	})
}
