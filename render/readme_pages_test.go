package render

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/secret"
	"meshtopo.dev/meshtopo/schema"
)

// TestFleetReadmePages follows the page that a person holds, for a mesh of which nothing is known yet: each render
// replaces the page, and the person goes on in the new one behind the command that was run last. At the end every
// cluster has everything that the tree has for it.
func TestFleetReadmePages(t *testing.T) {
	eachExample(t, func(t *testing.T, dir string) {
		topology, store := load(t, dir)
		r := newPageReader(t, topology, store)
		for _, c := range r.topology.Clusters {
			c.State, c.EastWestGateway.Addresses = schema.Joining, nil
		}
		r.follow()
	})
}

// TestFleetReadmePagesJoin does the same for each cluster of each example that joins all the others. In the end every
// other has what it needs to read it.
func TestFleetReadmePagesJoin(t *testing.T) {
	eachExample(t, func(t *testing.T, dir string) {
		topology, store := load(t, dir)
		for i, c := range topology.Clusters {
			t.Run(c.Name, func(t *testing.T) {
				r := newPageReader(t, topology, store)
				r.topology.Clusters[i].State = schema.Joining
				if len(topology.Remotes(c.Name)) > 0 {
					r.topology.Clusters[i].EastWestGateway.Addresses = nil
					for _, remote := range r.topology.Remotes(c.Name) {
						remote.State = schema.Joining
					}
				}
				r.follow()
			})
		}
	})
}

// TestFleetReadmePagesCanFail proves that the walk notices what a render has brought and nobody applied.
func TestFleetReadmePagesCanFail(t *testing.T) {
	topology, store := load(t, "../testdata/mixed")
	for _, step := range []int{2, 4} {
		r := newPageReader(t, topology, store)
		for _, c := range r.topology.Clusters {
			c.State, c.EastWestGateway.Addresses = schema.Joining, nil
		}
		r.skip = func(e event) bool {
			return e.section == step && strings.HasSuffix(e.command, "/2-secrets")
		}
		if r.steps() == nil {
			t.Errorf("the walk does not notice that step %d applies no secrets", step)
		}
	}
}

// TestFleetReadmePagesNetwork moves each cluster with a gateway to another network and follows the page again. A
// gateway whose Deployment is there, with another network in its selector, cannot be installed before that is deleted.
func TestFleetReadmePagesNetwork(t *testing.T) {
	eachExample(t, func(t *testing.T, dir string) {
		topology, store := load(t, dir)
		for i, c := range topology.Clusters {
			if !c.EastWestGateway.Enabled || c.State == schema.Joining {
				continue
			}
			t.Run(c.Name, func(t *testing.T) {
				for _, skip := range []func(event) bool{nil, func(e event) bool { return moved.MatchString(e.command) }} {
					r := newPageReader(t, topology, store)
					r.follow()
					r.skip = skip
					for _, all := range []*schema.Topology{r.topology, r.final} {
						all.Clusters[i].Network = "moved"
						all.Networks = append(slices.Clone(all.Networks), "moved")
					}
					if err := r.steps(); (err != nil) != (skip != nil) {
						t.Errorf("with nothing left out: %v; the walk ends with %v", skip == nil, err)
					}
				}
			})
		}
	})
}

// TestFleetReadmePagesRemove removes each cluster that no other needs. The page of the mesh that is left still says how
// to clear it, and the page of every cluster that read it deletes its token there.
func TestFleetReadmePagesRemove(t *testing.T) {
	eachExample(t, func(t *testing.T, dir string) {
		topology, store := load(t, dir)
		before := contents(render(t, topology, store))
		for i, c := range topology.Clusters {
			if len(topology.Remotes(c.Name)) > 0 || len(topology.Clusters) == 1 {
				continue
			}
			left := *topology
			left.Clusters = slices.Delete(slices.Clone(topology.Clusters), i, i+1)
			after := contents(render(t, &left, store))
			section := func(page string) string { _, text, _ := strings.Cut(page, "\n## Remove a cluster\n"); return text }
			if got := section(after["clusters/README.md"]); !strings.HasPrefix(got, strings.Split(section(before["clusters/README.md"]), "\n## ")[0][:200]) {
				t.Errorf("without %s the page says of removing it\n%s", c.Name, got)
			}
			for path := range before {
				other, read := strings.CutSuffix(strings.TrimPrefix(path, "clusters/"), "/2-secrets/remote-secrets/"+c.Name+".yaml")
				if !read || other == c.Name {
					continue
				}
				_, deletions, _ := strings.Cut(after["clusters/"+other+"/README.md"], "## Delete what has left the tree")
				if !strings.Contains(deletions, "delete secrets") || strings.Contains(deletions, "metadata.name!="+"istio-remote-secret-"+c.Name) {
					t.Errorf("without %s the page of %s keeps its token:\n%s", c.Name, other, deletions)
				}
			}
		}
	})
}

// pageReader is a person with a page.
type pageReader struct {
	t        *testing.T
	topology *schema.Topology // as it is written at the moment
	final    *schema.Topology // what is known of it in the end
	store    *secret.Store
	walk     *walk
	applied  map[string]string // the text of each file that was applied, by path
	skip     func(event) bool  // what is left out
}

func newPageReader(t *testing.T, topology *schema.Topology, store *secret.Store) *pageReader {
	now := *topology
	now.Clusters = nil
	for _, c := range topology.Clusters {
		cluster := *c
		now.Clusters = append(now.Clusters, &cluster)
	}
	final := *topology
	final.Clusters = nil
	for _, c := range topology.Clusters {
		cluster := *c
		cluster.State = schema.Active
		if len(cluster.EastWestGateway.Addresses) == 0 && len(topology.Remotes(c.Name)) > 0 {
			cluster.EastWestGateway.Addresses = []string{"203.0.113.99"}
		}
		final.Clusters = append(final.Clusters, &cluster)
	}
	return &pageReader{t: t, topology: &now, final: &final, store: store, walk: newWalk(&now, nil), applied: map[string]string{}}
}

func (r *pageReader) follow() {
	r.t.Helper()
	if err := r.steps(); err != nil {
		r.t.Error(err)
	}
}

// steps follows the pages to the end and compares what was applied with the last tree.
func (r *pageReader) steps() error {
	page := r.render()
	for at := 0; at < len(page); at++ {
		e := page[at]
		switch {
		case e.command == "meshtopo render":
			if err := r.walk.step(e.command); err != nil {
				return err
			}
			r.learn(e.section)
			page = r.render()
			at = slices.IndexFunc(page, func(other event) bool { return other.section > e.section }) - 1
			for i, other := range page {
				if other.section == e.section && other.command == e.command {
					at = i
				}
			}
			if at < 0 {
				return fmt.Errorf("the page ends with step %d", e.section)
			}
		case e.command == "":
			for _, name := range e.activated {
				r.topology.Cluster(name).State = schema.Active
			}
		case r.skip != nil && r.skip(e):
		default:
			if err := r.walk.step(e.command); err != nil {
				return fmt.Errorf("%s: %w", e.command, err)
			}
			if err := r.apply(e.command); err != nil {
				return fmt.Errorf("%s: %w", e.command, err)
			}
		}
	}
	return r.compare()
}

// learn writes what was fetched into the topology, and in step 3 what nobody can fetch: the addresses of what stands
// before a gateway. A token is in its file by then.
func (r *pageReader) learn(step int) {
	for i, c := range r.final.Clusters {
		if step == 3 && c.EastWestGateway.Discovery == schema.ByAddresses {
			r.topology.Clusters[i].EastWestGateway.Addresses = c.EastWestGateway.Addresses
		}
	}
	for _, fact := range r.walk.fetched {
		if name, ok := strings.CutPrefix(fact, "address "); ok {
			r.topology.Cluster(name).EastWestGateway.Addresses = r.final.Cluster(name).EastWestGateway.Addresses
		}
	}
}

func (r *pageReader) render() []event {
	r.walk.files = contents(render(r.t, r.topology, r.store))
	return events(r.walk.files["clusters/README.md"])
}

func (r *pageReader) apply(command string) error {
	if m := moved.FindStringSubmatch(command); m != nil {
		maps.DeleteFunc(r.applied, func(path, text string) bool {
			ours := strings.HasPrefix(path, "clusters/"+r.walk.cluster(command).Name+"/4-gateway/") && networkOf(text) != ""
			return ours && strings.Contains(command, "network!=") && networkOf(text) != `"`+m[1]+`"`
		})
		return nil
	}
	if m := pushing.FindStringSubmatch(command); m != nil {
		pushed := "clusters/" + m[1] + "/2-secrets/"
		r.applied[pushed+"push-secret.yaml"] = r.walk.files[pushed+"push-secret.yaml"]
		if r.walk.cluster(command).ServedByPrimary() {
			r.applied[pushed+layout.Kustomization] = r.walk.files[pushed+layout.Kustomization]
		}
		return nil
	}
	m := target.FindStringSubmatch(command)
	if m == nil {
		if m = charted.FindStringSubmatch(command); m != nil {
			values := layout.Path(m[1], layout.Values(m[2]+m[3], m[4]))
			r.applied[values] = r.walk.files[values]
		}
		return nil
	}
	for path, text := range r.walk.files {
		if !strings.HasPrefix(path, "clusters/"+m[1]+"/"+m[2]+"/") {
			continue
		}
		if before, there := r.applied[path]; there && m[2] == layout.Gateway && networkOf(before) != networkOf(text) {
			return fmt.Errorf("the selector of the Deployment holds %s and cannot change", networkOf(before))
		}
		r.applied[path] = text
	}
	return nil
}

const networkLabel = "topology.istio.io/network: "

// networkOf gives the network in the labels of a gateway, which are the selector of its Deployment.
func networkOf(text string) string {
	_, after, _ := strings.Cut(text, networkLabel)
	network, _, _ := strings.Cut(after, "\n")
	return network
}

// compare expects every object of the last tree, which is that of the whole topology, to be applied as it is now.
func (r *pageReader) compare() error {
	want := contents(render(r.t, r.final, r.store))
	for _, path := range slices.Sorted(maps.Keys(want)) {
		if strings.Count(path, "/") > 2 && r.applied[path] != want[path] {
			return fmt.Errorf("at the end %s is not applied as it is in the last tree", path)
		}
	}
	return nil
}

// event is a command of a page, or an instruction to activate clusters.
type event struct {
	section   int
	command   string
	activated []string
}

var (
	stepTitle = regexp.MustCompile(`(?m)^## ([0-9])\. `)
	activate  = regexp.MustCompile("set `state: active` for ([^.]*), with `apiServer`")
	quoted    = regexp.MustCompile("`([^`]+)`")
)

// events gives the numbered steps of a page.
func events(page string) []event {
	page, _, _ = strings.Cut(page, "\n## Change the mesh\n")
	var all []event
	titles := append(stepTitle.FindAllStringIndex(page, -1), []int{len(page), 0})
	for _, command := range commands(page[:titles[0][0]]) {
		all = append(all, event{command: command})
	}
	for i := range titles[:len(titles)-1] {
		text := page[titles[i][0]:titles[i+1][0]]
		for part := range strings.SplitSeq(text, "\n\n") {
			for _, m := range activate.FindAllStringSubmatch(part, -1) {
				e := event{section: i + 1}
				for _, name := range quoted.FindAllStringSubmatch(m[1], -1) {
					e.activated = append(e.activated, name[1])
				}
				all = append(all, e)
			}
			for _, command := range commands(part + "\n") {
				all = append(all, event{section: i + 1, command: command})
			}
		}
	}
	return all
}
