// Package sample chooses clusters that stand for all others of a mesh, by the objects that they get: whoever looks for
// mistakes finds in them what there is to be found.
package sample

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"

	"meshtopo.dev/meshtopo/render/patch"
	"meshtopo.dev/meshtopo/schema"
)

// Mesh are the objects of clusters as patches made them. Clusters whose objects differ in their own names and addresses
// only are alike.
type Mesh struct {
	topology *schema.Topology
	all      map[string]*Cluster
	alike    map[[sha256.Size]byte][]string
	gateways map[string]string // by network, a cluster that has one
	patched  bool
}

// Cluster is one that was chosen.
type Cluster struct {
	Name  string
	Alike []string // the names of all clusters that it stands for
	Reads []string // some of the chosen clusters that its control plane reads
	Files []File

	of  *schema.Cluster
	key [sha256.Size]byte
}

// File is a file of objects before and after the patches.
type File struct {
	Path          string
	Mark          []byte // what the text begins with
	Before, After [][]byte
	Patches       map[int][]*patch.Patch // of each object that is changed, by its number in the file
}

// New prepares the choice from the clusters of a topology.
func New(t *schema.Topology) *Mesh {
	return &Mesh{topology: t, all: map[string]*Cluster{}, alike: map[[sha256.Size]byte][]string{}, gateways: map[string]string{}}
}

// Add adds the files of a cluster, which may have a gateway. Its patches tell it apart from others.
func (m *Mesh) Add(c *schema.Cluster, gateway bool, files []File) {
	if gateway && m.gateways[c.Network] == "" {
		m.gateways[c.Network] = c.Name
	}
	hash, names := sha256.New(), m.names(c)
	for _, f := range files {
		for number := range len(f.After) {
			for _, p := range f.Patches[number] {
				fmt.Fprintf(hash, "%p ", p)
				m.patched = true
			}
			hash.Write(withoutVolume(hide(f.After[number], names)))
		}
	}
	made := &Cluster{Name: c.Name, Files: files, of: c}
	hash.Sum(made.key[:0])
	m.all[c.Name] = made
	m.alike[made.key] = append(m.alike[made.key], c.Name)
}

// word is one by which alike clusters differ, and what stands for it.
type word struct{ own, common []byte }

// names gives the words of a cluster as they stand in rendered objects.
func (m *Mesh) names(c *schema.Cluster) []word {
	own := append([]string{c.Name, c.Network}, c.EastWestGateway.Addresses...)
	if c.ServedByPrimary() {
		own = append(own, c.Primary)
		if p := m.topology.Cluster(c.Primary); p != nil {
			own = append(own, p.EastWestGateway.Addresses...)
		}
	}
	var words []word
	for _, name := range own {
		if quoted, err := json.Marshal(name); err == nil {
			words = append(words, word{quoted, fmt.Appendf(nil, "\x00%d", slices.Index(own, name))})
		}
	}
	return words
}

// withoutVolume takes the other clusters out of the volume of mounted kubeconfigs: each cluster has all but itself
// there.
func withoutVolume(text []byte) []byte {
	if !bytes.Contains(text, []byte(schema.MountedName)) {
		return text
	}
	var kept []byte
	for line := range bytes.Lines(text) {
		if !bytes.Contains(line, []byte(schema.MountedName)) {
			kept = append(kept, line...)
		}
	}
	return kept
}

func hide(text []byte, words []word) []byte {
	for _, w := range words {
		text = bytes.ReplaceAll(text, w.own, w.common)
	}
	return text
}

// standing is how many of the clusters that are alike are chosen: one reads the other.
const standing = 2

// Chosen gives the chosen clusters, with those that they need: the primary, and a gateway of the network. It gives none
// where no patch changes anything.
func (m *Mesh) Chosen() []*Cluster {
	if !m.patched {
		return nil
	}
	wanted := map[string]bool{}
	for _, alike := range m.alike {
		for _, name := range alike[:min(standing, len(alike))] {
			c := m.all[name].of
			wanted[name], wanted[m.gateways[c.Network]] = true, true
			if c.ServedByPrimary() {
				wanted[c.Primary] = true
			}
		}
	}
	var chosen []*Cluster
	for _, c := range m.topology.Clusters {
		if made := m.all[c.Name]; wanted[c.Name] {
			made.Alike = m.alike[made.key]
			chosen = append(chosen, made)
		}
	}
	read(chosen)
	return chosen
}

// mostRead is how many others each cluster is said to read. What a patch does to them is seen in a few.
const mostRead = 4

// read says which clusters each reads: some that come after it, in a ring.
func read(chosen []*Cluster) {
	for i, c := range chosen {
		if !c.of.RunsControlPlane() {
			continue
		}
		for n := range min(mostRead, len(chosen)-1) {
			if other := chosen[(i+n+1)%len(chosen)]; other.of.State != schema.Joining {
				c.Reads = append(c.Reads, other.Name)
			}
		}
	}
}
