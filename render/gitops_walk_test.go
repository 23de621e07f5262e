package render

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/schema"
)

// engines are those that may apply a tree: Argo CD, a Flux in each cluster, and one Flux for all.
var engines = map[string]schema.GitOps{
	"argocd":   {Engine: schema.ArgoCD, Namespace: "argocd", Project: "default", Destination: "{cluster}", Plugin: "sops"},
	"flux":     {Engine: schema.Flux, Namespace: "flux-system"},
	"flux-hub": {Engine: schema.Flux, Namespace: "flux-system", KubeConfig: "{cluster}-kubeconfig"},
}

func appliedBy(t *schema.Topology, engine string) {
	g := engines[engine]
	g.Repository, g.Revision, g.Path = "https://git.example.com/mesh.git", "main", "fleet"
	t.GitOps = &g
}

// TestEngineOrder simulates the engines: of what they apply, nothing comes before what it needs.
func TestEngineOrder(t *testing.T) {
	eachEngine(t, func(t *testing.T, topology *schema.Topology, files map[string]string) {
		steps := stepsOf(t, files)
		if err := checkSteps(topology, files, steps); err != nil {
			t.Error(err)
		}
		if len(steps) < len(topology.Clusters) {
			t.Errorf("the engine applies %d things to %d clusters", len(steps), len(topology.Clusters))
		}
	})
}

// TestEngineOrderCanFail proves that the simulation would notice: without an order of any one step that waits for
// something, it finds it too early.
func TestEngineOrderCanFail(t *testing.T) {
	eachEngine(t, func(t *testing.T, topology *schema.Topology, files map[string]string) {
		for file, text := range files {
			var without string
			switch {
			case strings.Contains(text, "sync-wave: \"") && !strings.Contains(text, "sync-wave: \"0\""):
				without = strings.Replace(text, "sync-wave: \"", "sync-wave: \"-", 1)
			case strings.Contains(text, "  dependsOn: "):
				without = strings.Replace(text, "  dependsOn: ", "  ignored: ", 1)
			default:
				continue
			}
			if strings.Contains(text, "kind: HelmRelease") && strings.Contains(file, "ztunnel") {
				continue // it waits for istiod by itself
			}
			changed := maps.Clone(files)
			changed[file] = without
			if checkSteps(topology, changed, stepsOf(t, changed)) == nil {
				t.Errorf("nothing is found where %s waits for nothing", file)
			}
		}
	})
}

// eachEngine renders every example, with each installer, for each engine.
func eachEngine(t *testing.T, test func(t *testing.T, topology *schema.Topology, files map[string]string)) {
	eachExample(t, func(t *testing.T, dir string) {
		for _, installer := range []schema.Installer{schema.Istioctl, schema.Helm, schema.Sail} {
			for _, engine := range slices.Sorted(maps.Keys(engines)) {
				t.Run(string(installer)+"/"+engine, func(t *testing.T) {
					topology, store := load(t, dir)
					installWith(topology, installer)
					appliedBy(topology, engine)
					test(t, topology, contents(render(t, topology, store)))
				})
			}
		}
	})
}

// step is what an engine applies at once: a layer of a cluster, or a chart.
type step struct {
	name, cluster, layer string
	chart                string // the release, or ""
	wave                 int    // of Argo CD
	needs                []string
	by                   string // of a HelmRelease, the Kustomization that applies it
	tags                 bool   // it applies the webhooks of tags, which lead to control planes
}

// object is an object of an engine, as far as the simulation reads it.
type object struct {
	Kind     string
	Metadata struct {
		Name                string
		Labels, Annotations map[string]string
		Finalizers          []string
	}
	Spec struct {
		Path    string
		Source  struct{ Path string }
		Sources []struct {
			Chart string
			Helm  struct {
				ReleaseName string   `yaml:"releaseName"`
				ValueFiles  []string `yaml:"valueFiles"`
			}
		}
		DependsOn  []struct{ Name string } `yaml:"dependsOn"`
		Release    string                  `yaml:"releaseName"`
		Deletion   string                  `yaml:"deletionPolicy"`
		Wait       bool
		Prune      bool
		SyncPolicy struct {
			Automated struct {
				Prune      bool
				AllowEmpty bool `yaml:"allowEmpty"`
			}
		} `yaml:"syncPolicy"`
	}
}

// objectsOf reads the engine's objects in a tree, by file.
func objectsOf(t *testing.T, files map[string]string) map[string][]object {
	t.Helper()
	all := map[string][]object{}
	for file, text := range files {
		if !layout.ForEngine(file) || path.Ext(file) != ".yaml" || path.Base(file) == layout.Kustomization {
			continue
		}
		for document := range strings.SplitSeq(text, "\n---\n") {
			var o object
			if err := yaml.Unmarshal([]byte(document), &o); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			all[file] = append(all[file], o)
		}
	}
	return all
}

// layerOf gives the layer that a directory is, or is in, and whether it has the webhooks of tags.
func layerOf(dir string) (layer string, tags bool) {
	if path.Base(dir) == "tags" {
		return path.Base(path.Dir(dir)), true
	}
	return path.Base(dir), false
}

// stepsOf reads what the engine is told.
func stepsOf(t *testing.T, files map[string]string) []step {
	t.Helper()
	var steps []step
	by := map[string]string{} // the name of the Kustomization that applies a directory
	objects := objectsOf(t, files)
	for _, file := range slices.Sorted(maps.Keys(objects)) {
		for _, o := range objects[file] {
			cluster := o.Metadata.Labels["meshtopo.dev/cluster"]
			if cluster == "" || o.Kind == "HelmRepository" {
				continue // the root, and where things come from
			}
			s := step{name: o.Metadata.Name, cluster: cluster}
			for _, n := range o.Spec.DependsOn {
				s.needs = append(s.needs, n.Name)
			}
			switch o.Kind {
			case "Application":
				s.wave, _ = strconv.Atoi(o.Metadata.Annotations["argocd.argoproj.io/sync-wave"])
				s.layer, s.tags = layerOf(o.Spec.Source.Path)
				if len(o.Spec.Sources) > 0 {
					s.chart = o.Spec.Sources[0].Helm.ReleaseName
					values := strings.TrimPrefix(o.Spec.Sources[0].Helm.ValueFiles[0], "$values/fleet/")
					if files[values] == "" {
						t.Errorf("%s has values in %s, which is not there", s.name, values)
					}
					_, below, _ := layout.Split(values)
					s.layer, _, _ = strings.Cut(below, "/")
				}
			case "Kustomization":
				dir := strings.TrimPrefix(o.Spec.Path, "./fleet/")
				if files[dir+"/"+layout.Kustomization] == "" {
					t.Errorf("%s applies %s, which has no list", s.name, dir)
				}
				if !o.Spec.Wait {
					t.Errorf("%s does not wait for what it applies", s.name)
				}
				s.layer, s.tags = layerOf(dir)
				by[dir] = s.name
				if strings.Contains(dir, "/"+layout.Flux+"/") {
					s.layer = "" // its HelmReleases are steps
				}
			case "HelmRelease":
				s.layer, s.chart, s.by = path.Base(path.Dir(file)), o.Spec.Release, by[path.Dir(file)]
			}
			steps = append(steps, s)
		}
	}
	for i := range steps {
		if s := &steps[i]; s.chart != "" && s.wave == 0 && s.by == "" {
			s.by = by[layout.Path(s.cluster, layout.Flux, s.layer)]
		}
	}
	return steps
}

// before gives the steps that are certainly done before one begins. Each cluster with a Flux of its own is apart.
func before(g *schema.GitOps, steps []step, s step) []step {
	var all []step
	if !g.Hub() {
		steps = slices.DeleteFunc(slices.Clone(steps), func(o step) bool { return o.cluster != s.cluster })
	}
	if g.Engine == schema.ArgoCD {
		for _, o := range steps {
			if o.wave < s.wave {
				all = append(all, o)
			}
		}
		return all
	}
	var add func(names ...string)
	seen := map[string]bool{}
	add = func(names ...string) {
		for _, name := range names {
			for _, o := range steps {
				if o.name == name && !seen[name] {
					seen[name] = true
					all = append(all, o)
					add(o.needs...)
				}
				if o.by == name && o.by != "" && !seen[o.name] && o.name != s.name { // which waits for it
					seen[o.name] = true
					all = append(all, o)
				}
			}
		}
	}
	add(s.needs...)
	for _, o := range steps {
		if o.name == s.by {
			add(o.needs...)
		}
	}
	return all
}

// checkSteps wants everything that a step needs to be there before.
func checkSteps(t *schema.Topology, files map[string]string, steps []step) error {
	hub := t.GitOps.Hub()
	for _, s := range steps {
		c := t.Cluster(s.cluster)
		done := before(t.GitOps, steps, s)
		missing := func(cluster, layer string) bool {
			there := slices.ContainsFunc(steps, func(o step) bool { return o.cluster == cluster && o.layer == layer })
			for _, o := range steps {
				if o.cluster == cluster && o.layer == layer && !slices.ContainsFunc(done, func(d step) bool { return d.name == o.name && d.cluster == o.cluster }) {
					return true
				}
			}
			return !there && layer != layout.Secrets
		}
		byHand := c.Istio.Installer == schema.Istioctl
		need := func(cluster, layer string) error {
			if missing(cluster, layer) {
				return fmt.Errorf("%s comes before %s of %s", s.name, layer, cluster)
			}
			return nil
		}
		var errs []error
		switch s.layer {
		case layout.Secrets:
			errs = append(errs, need(c.Name, layout.Prepare))
		case layout.ControlPlane:
			errs = append(errs, need(c.Name, layout.Prepare), need(c.Name, layout.Secrets))
			if s.chart != "" && s.chart != "istio-base" && !slices.ContainsFunc(done, func(d step) bool { return d.cluster == c.Name && d.chart == "istio-base" }) {
				errs = append(errs, fmt.Errorf("%s comes before the CRDs", s.name))
			}
			for _, o := range steps {
				led := s.tags && o.cluster == c.Name && o.layer == s.layer && o.chart != ""
				if led && !slices.ContainsFunc(done, func(d step) bool { return d.name == o.name && d.cluster == o.cluster }) {
					errs = append(errs, fmt.Errorf("%s comes before %s", s.name, o.name))
				}
			}
			if primary := t.PrimaryOf(c); primary != nil && hub {
				errs = append(errs, need(primary.Name, layout.Gateway), need(primary.Name, layout.Expose))
			}
		case layout.Gateway:
			if !byHand {
				errs = append(errs, need(c.Name, layout.ControlPlane))
			} else if c.EastWestGateway.Kind != schema.GatewayAPI {
				errs = append(errs, fmt.Errorf("%s makes pods that nobody may have injected yet", s.name))
			}
		case layout.Expose:
			errs = append(errs, need(c.Name, layout.Prepare))
			if !byHand {
				errs = append(errs, need(c.Name, layout.ControlPlane))
			} else {
				for _, o := range steps { // nothing waits for people but what has to
					if slices.ContainsFunc(before(t.GitOps, steps, o), func(d step) bool { return d.name == s.name }) && o.layer != layout.ControlPlane {
						errs = append(errs, fmt.Errorf("%s waits for %s, which waits for people", o.name, s.name))
					}
				}
			}
		}
		for _, err := range errs {
			if err != nil {
				return err
			}
		}
	}
	for file := range files { // each layer with a list is applied
		cluster, below, ok := layout.Split(file)
		layer, name, _ := strings.Cut(below, "/")
		if !ok || name != layout.Kustomization || layout.ForEngine(file) {
			continue
		}
		operated := layer == layout.Gateway && t.Cluster(cluster).Istio.Installer == schema.Istioctl
		if !operated && !slices.ContainsFunc(steps, func(s step) bool { return s.cluster == cluster && s.layer == layer }) {
			return fmt.Errorf("nothing applies %s of %s", layer, cluster)
		}
	}
	return nil
}
