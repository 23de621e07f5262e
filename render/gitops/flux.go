package gitops

import (
	"bytes"
	"maps"
	"path"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/text"
	"meshtopo.dev/meshtopo/schema"
)

// fluxData is what the objects of Flux hold.
type fluxData struct {
	Topology, Cluster, Name, Namespace, Path   string
	Repository, Secret, KubeConfig, Decryption string
	Guard                                      string
	Ref                                        map[string]string
	DependsOn                                  []map[string]string
	Charts, URL, Chart, Version, Release, Into string
}

// step is what one Kustomization applies: the kustomization of a layer, or the HelmReleases of one.
type step struct {
	layer string
	units []unit
}

func (s step) releases() bool { return s.units[0].chart != nil }

// part names the step in its cluster.
func (s step) part() string {
	if s.releases() {
		return s.layer + "-charts"
	}
	return s.units[0].name()
}

// stepsOf joins the charts of a layer: a Kustomization cannot depend on a HelmRelease, but waits for those that it has.
func stepsOf(units []unit) []step {
	var all []step
	for _, u := range units {
		if last := len(all) - 1; last >= 0 && all[last].layer == u.layer && all[last].releases() && u.chart != nil {
			all[last].units = append(all[last].units, u)
			continue
		}
		all = append(all, step{u.layer, []unit{u}})
	}
	return all
}

// flux gives a Kustomization for each step, and for each chart a HelmRelease, which has its values: Flux reads no files
// of values from a repository.
func (c Cluster) flux() []File {
	var files []File
	add := func(file string, objects ...[]byte) { files = append(files, File{layout.Flux + "/" + file, objects}) }
	if g := c.Topology.GitOps; !g.Hub() {
		add("start.yaml", fluxStart(c.Topology, "./"+repository(g, c.Cluster.Name, layout.Flux), c.Compose)...)
	}
	var before, layer string
	for _, s := range stepsOf(c.units()) {
		after := []string{before}
		if s.layer == layout.ControlPlane && s.layer != layer {
			after = append(after, c.primaryNeeds())
		}
		add(s.part()+".yaml", c.kustomization(s, after...))
		before, layer = c.object(s.part()), s.layer
	}
	for _, f := range c.releases() {
		add(f.Path, f.Objects...)
	}
	return append(files, c.kustomizations(files)...)
}

// kustomizations list the files of each directory.
func (c Cluster) kustomizations(files []File) []File {
	var all []File
	names := map[string][]string{}
	for _, f := range files {
		dir, name := path.Split(f.Path)
		names[dir] = append(names[dir], name)
	}
	for _, dir := range slices.Sorted(maps.Keys(names)) {
		slices.Sort(names[dir])
		all = append(all, File{dir + layout.Kustomization, [][]byte{c.Compose(text.Composition{Object: "kustomization.yaml"}, struct{ Resources []string }{names[dir]})}})
	}
	return all
}

// releases gives what is behind the steps with charts: where the charts are, and the HelmReleases of each layer.
func (c Cluster) releases() []File {
	var files []File
	for _, s := range stepsOf(c.units()) {
		if !s.releases() {
			continue
		}
		if file := charts(s.layer) + ".yaml"; !slices.ContainsFunc(files, func(f File) bool { return f.Path == file }) {
			files = append(files, File{file, [][]byte{c.helmRepository(s.units[0])}})
		}
		var after string
		for _, u := range s.units {
			files = append(files, File{s.layer + "/" + u.chart.Release + ".yaml", [][]byte{c.release(u, after)}})
			after = c.object(u.name())
		}
	}
	return files
}

// primaryNeeds gives what the control plane of a remote waits for, where one Flux has both clusters.
func (c Cluster) primaryNeeds() string {
	g := c.Topology.GitOps
	primary := c.Topology.PrimaryOf(c.Cluster)
	if !g.Hub() || primary == nil {
		return ""
	}
	return g.Object(c.Topology.Name, primary.Name, layout.Expose)
}

func (c Cluster) data() fluxData {
	g := c.Topology.GitOps
	return fluxData{
		Topology: c.Topology.Name, Cluster: c.Cluster.Name, Namespace: g.Namespace, Decryption: g.Decryption, KubeConfig: g.Target(c.GitOpsName),
	}
}

// kustomization applies a step. The HelmReleases are objects of Flux, so they are not applied to another cluster.
func (c Cluster) kustomization(s step, after ...string) []byte {
	data := c.data()
	data.Name, data.Path = c.object(s.part()), "./"+repository(c.Topology.GitOps, c.Cluster.Name, s.units[0].part)
	if s.releases() {
		data.Path = "./" + repository(c.Topology.GitOps, c.Cluster.Name, layout.Flux, s.layer)
	}
	data.DependsOn = dependencies(after...)
	var o options
	o.add(schema.Flux, len(data.DependsOn) > 0, "depends-on")
	o.add(schema.Flux, data.KubeConfig != "" && !s.releases(), "kube-config")
	objects := s.layer == layout.Secrets && !s.releases()
	sealed, issued := objects && c.Secrets.Protection == schema.Sealed, objects && c.awaitsIssued(s.layer)
	o.add(schema.Flux, c.decrypts(s.units[0]) && objects, "decryption")
	o.add(schema.Flux, sealed && !issued, "sealed")
	o.add(schema.Flux, issued && !sealed, "issued")
	o.add(schema.Flux, issued && sealed, "sealed-and-issued")
	return c.Compose(text.Composition{Object: "flux/kustomization.yaml", Options: o}, data)
}

func dependencies(on ...string) []map[string]string {
	var all []map[string]string
	for _, name := range on {
		if name != "" {
			all = append(all, map[string]string{"name": name})
		}
	}
	return all
}

func (c Cluster) helmRepository(u unit) []byte {
	data := c.data()
	data.Charts, data.URL = c.object(charts(u.layer)), u.chart.Repository
	var o options
	o.add(schema.Flux, strings.HasPrefix(data.URL, "oci://"), "oci")
	return c.Compose(text.Composition{Object: "flux/helm-repository.yaml", Options: o}, data)
}

// release is a HelmRelease with the values of its chart at its end.
func (c Cluster) release(u unit, after string) []byte {
	data := c.data()
	data.Name, data.Release, data.Into = c.object(u.name()), u.chart.Release, u.chart.Namespace
	data.Charts, data.Chart, data.Version = c.object(charts(u.layer)), u.chart.Name, u.chart.Version
	data.DependsOn = dependencies(after)
	var o options
	o.add(schema.Flux, len(data.DependsOn) > 0, "depends-on")
	o.add(schema.Flux, data.KubeConfig != "", "kube-config")
	o.add(schema.Flux, u.chart.SkipsSchema, "skip-schema")
	o.add(schema.Flux, !u.chart.Retires, "kept")
	release := c.Compose(text.Composition{Object: "flux/helm-release.yaml", Options: o}, data)
	return append(append(bytes.Clone(release), "  values:\n"...), indented(c.Values(u.chart.Values))...)
}

// indented gives a block of YAML as it stands below a field of spec.
func indented(block []byte) []byte {
	var out []byte
	for line := range bytes.Lines(block) {
		if len(bytes.TrimSpace(line)) > 0 {
			out = append(out, "    "...)
		}
		out = append(out, line...)
	}
	return out
}

// fluxStart is the source, and the Kustomization that applies the others and itself.
func fluxStart(t *schema.Topology, dir string, compose func(text.Composition, any) []byte) [][]byte {
	g := t.GitOps
	data := fluxData{Topology: t.Name, Namespace: g.Namespace, Path: dir, Repository: url(g.Repository), Secret: g.Secret, Ref: ref(g.Revision)}
	data.Guard = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: " + t.Name + "\n  namespace: " + g.Namespace + "\n"
	var source, root options
	source.add(schema.Flux, g.Secret != "", "secret")
	root.add(schema.Flux, g.Hub(), "guard")
	return [][]byte{
		compose(text.Composition{Object: "flux/source.yaml", Options: source}, data),
		compose(text.Composition{Object: "flux/root.yaml", Options: root}, data),
	}
}

// fluxHub is what one Flux for all clusters starts with, and what lists the directories of the clusters for it. Where a
// directory has no list, Flux makes one of all that is below it. Should this list go, with spec.gitops, that would be
// what is for every cluster, and it would be applied to the hub. So its Kustomization has a patch that changes nothing
// but has to find that Kustomization itself: without the list it does not, and nothing is applied.
func fluxHub(t *schema.Topology, compose func(text.Composition, any) []byte) []File {
	resources := struct{ Resources []string }{[]string{"flux.yaml"}}
	for _, c := range t.Clusters {
		resources.Resources = append(resources.Resources, c.Name+"/"+layout.Flux)
	}
	return []File{
		{startFile(t, nil), fluxStart(t, "./"+repository(t.GitOps), compose)},
		{layout.Kustomization, [][]byte{compose(text.Composition{Object: "kustomization.yaml"}, resources)}},
	}
}

// ref says what a revision is.
func ref(revision string) map[string]string {
	switch {
	case len(revision) == 40 && strings.Trim(revision, "0123456789abcdef") == "":
		return map[string]string{"commit": revision}
	case strings.HasPrefix(revision, "refs/"):
		return map[string]string{"name": revision}
	}
	return map[string]string{"branch": revision}
}

// url gives the address of a repository as Flux takes it: USER@HOST:PATH is one of ssh.
func url(address string) string {
	if strings.Contains(address, "://") {
		return address
	}
	return "ssh://" + strings.Replace(address, ":", "/", 1)
}
