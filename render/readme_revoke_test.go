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

// TestReplaceTokens follows the pages that a person holds when tokens are replaced: the one of the tree as it is, the
// one that the first render puts in its place, and the one of the last render. Nobody is cut off on the way, and no old
// token is good at the end.
func TestReplaceTokens(t *testing.T) {
	eachExample(t, func(t *testing.T, dir string) {
		topology, store := load(t, dir)
		section, found := replaceTokens(t, topology, store)
		if !found {
			if len(topology.Clusters) > 1 {
				t.Error("the page does not say how tokens are replaced")
			}
			return
		}
		w := newTokenWalk(topology)
		if err := w.ended(section); err == nil && len(w.used) > 0 {
			t.Error("with the page of the old names everything ends well: the walk notices nothing")
		}
		w = newTokenWalk(topology)
		name := regexp.MustCompile("`spec.istio.reader.tokenSecret` to `([^`]+)`").FindStringSubmatch(section)
		for _, c := range topology.Clusters {
			c.Istio.Reader.TokenSecret, c.Rotating = name[1], true
		}
		topology.Istio.Reader.TokenSecret = name[1]
		section, _ = replaceTokens(t, topology, store)
		if err := w.follow(section); err != nil {
			t.Error(err)
		}
		for _, c := range topology.Clusters {
			if secrets := w.secrets[c.Name]; len(topology.ReadBy(c)) > 0 && len(secrets) != 2 {
				t.Errorf("while the tokens are replaced %s has the Secrets %s", c.Name, secrets)
			}
			c.Rotating = false
		}
		section, _ = replaceTokens(t, topology, store)
		if err := w.ended(section); err != nil {
			t.Error(err)
		}
		if strings.Contains(section, "reader.tokenSecret` to `"+name[1]+"`") {
			t.Errorf("the page proposes the name that the Secrets have, %s", name[1])
		}
	})
}

// replaceTokens gives the section of the page of the mesh that says how tokens are replaced.
func replaceTokens(t *testing.T, topology *schema.Topology, store *secret.Store) (section string, found bool) {
	t.Helper()
	_, section, found = strings.Cut(contents(render(t, topology, store))["clusters/README.md"], "\n## Replace the tokens\n")
	return section, found
}

// tokenWalk knows which Secrets each cluster has, and with the token of which of them each reader reads it.
type tokenWalk struct {
	topology *schema.Topology
	secrets  map[string][]string // the names, by cluster
	file     map[string]string   // the Secret whose token is beside the topology
	rendered map[string]string   // in the remote Secrets of the tree
	pushed   map[string]string   // in the stores
	used     map[string]string   // by READER CLUSTER
	before   map[string]string   // what was used when the walk began
}

func newTokenWalk(topology *schema.Topology) *tokenWalk {
	w := &tokenWalk{topology: topology, secrets: map[string][]string{}, file: map[string]string{}, rendered: map[string]string{}, pushed: map[string]string{}, used: map[string]string{}}
	for _, c := range topology.Clusters {
		old := c.Istio.Reader.Secret()
		w.secrets[c.Name], w.file[c.Name], w.rendered[c.Name], w.pushed[c.Name] = []string{old}, old, old, old
		for _, reader := range topology.ReadBy(c) {
			w.used[reader.Name+" "+c.Name] = old
		}
	}
	w.before = maps.Clone(w.used)
	return w
}

var (
	applies       = regexp.MustCompile(` apply --server-side -k clusters/([^/]+)/(\S+)$`)
	fetches       = regexp.MustCompile(` get secret (\S+) -o `)
	deletesTokens = regexp.MustCompile(` delete secrets --selector '[^']+' --field-selector 'type=kubernetes.io/service-account-token,metadata.name!=(\S+)'$`)
)

var refreshes = regexp.MustCompile(` annotate externalsecrets --selector '[^']+' --overwrite force-sync="\$\(date \+%s\)"$`)

// refresh has External Secrets of a cluster take the tokens again.
func (w *tokenWalk) refresh(c *schema.Cluster) {
	for use := range w.used {
		reader, read, _ := strings.Cut(use, " ")
		switch {
		case reader != c.Name:
		case c.Filled(schema.FillPush):
			w.used[use] = w.pushed[read]
		case c.Filled(schema.FillKubernetes):
			w.used[use] = w.topology.Cluster(read).Istio.Reader.Secret()
		}
	}
}

// ended makes every command. At the end no reader may use a token of before, and none of them may be good.
func (w *tokenWalk) ended(section string) error {
	if err := w.follow(section); err != nil {
		return err
	}
	for use, secret := range w.used {
		if c := strings.Fields(use)[1]; secret == w.before[use] || slices.Contains(w.secrets[c], w.before[use]) {
			return fmt.Errorf("the old token of %s is good", use)
		}
	}
	return nil
}

// follow makes every command. No reader may use the token of a Secret that is gone.
func (w *tokenWalk) follow(section string) error {
	for _, command := range commands(section) {
		if err := w.step(command); err != nil {
			return fmt.Errorf("%s: %w", command, err)
		}
		for use, secret := range w.used {
			if c := strings.Fields(use)[1]; !slices.Contains(w.secrets[c], secret) {
				return fmt.Errorf("%s: %s is cut off", command, use)
			}
		}
	}
	return nil
}

func (w *tokenWalk) step(command string) error {
	if command == "meshtopo render" {
		for c, secret := range w.file {
			w.rendered[c] = secret
		}
		return nil
	}
	if strings.HasPrefix(command, "istioctl remote-clusters ") || strings.Contains(command, " wait --for=") || strings.HasSuffix(command, " get pushsecrets,externalsecrets") {
		return nil
	}
	walk := walk{topology: w.topology}
	c := walk.cluster(strings.TrimPrefix(command, "export "))
	if c == nil {
		return fmt.Errorf("names no cluster")
	}
	if pushing.MatchString(command) {
		w.pushed[c.Name] = c.Istio.Reader.Secret()
		return nil
	}
	if refreshes.MatchString(command) {
		w.refresh(c)
		return nil
	}
	if m := applies.FindStringSubmatch(command); m != nil {
		w.apply(c, m[2])
		return nil
	}
	if m := deletesTokens.FindStringSubmatch(command); m != nil {
		kept := strings.Split(m[1], ",metadata.name!=")
		w.secrets[c.Name] = slices.DeleteFunc(w.secrets[c.Name], func(name string) bool { return !slices.Contains(kept, name) })
		return nil
	}
	if m := fetches.FindStringSubmatch(command); m != nil {
		if !slices.Contains(w.secrets[c.Name], m[1]) {
			return fmt.Errorf("there is no such Secret")
		}
		w.file[c.Name] = m[1]
		return nil
	}
	return fmt.Errorf("unknown command")
}

func (w *tokenWalk) apply(c *schema.Cluster, layer string) {
	switch layer {
	case layout.Prepare:
		if name := c.Istio.Reader.Secret(); !slices.Contains(w.secrets[c.Name], name) {
			w.secrets[c.Name] = append(w.secrets[c.Name], name)
		}
	case layout.Secrets:
		for use := range w.used {
			if reader, read, _ := strings.Cut(use, " "); reader == c.Name && c.Secrets.Protection.HoldsMaterial() {
				w.used[use] = w.rendered[read]
			}
		}
	}
}
