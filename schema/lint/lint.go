// Package lint finds multicluster mistakes in manifests that people wrote or copied, within a cluster and across
// clusters.
//
// It reads one file after the other and keeps only what other files are compared with, so that memory does not grow
// with the size of the input. A document by itself is checked when it is read, the documents of one cluster together
// when all its files are read, and all clusters together at the end.
package lint

import (
	"fmt"
	"runtime"
	"sync"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
	"meshtopo.dev/meshtopo/schema/patched"
)

// Run reads all manifests and reports every problem in them. The error is about a file that can be opened but not read
// to its end.
func Run(in Input) (*diag.List, error) {
	clusters := make([]*cluster, len(in.Clusters))
	lists := make([]*diag.List, len(in.Clusters))
	var group sync.WaitGroup
	turns := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, source := range in.Clusters {
		turns <- struct{}{}
		group.Go(func() {
			defer func() { <-turns }()
			lists[i] = &diag.List{}
			clusters[i] = in.read(source, lists[i])
		})
	}
	group.Wait()
	found := &diag.List{}
	for _, list := range lists {
		found.Append(list)
	}
	in.checkMeshes(clusters, found)
	for _, c := range clusters {
		c.taken.tell(in.Taken)
	}
	dropUnfilled(clusters, found)
	if in.Edits {
		if err := addEdits(in, clusters, found); err != nil {
			return nil, err
		}
	}
	return found, addSources(in, found)
}

// checkMeshes compares the clusters of each mesh. Those of a topology are one.
func (in Input) checkMeshes(clusters []*cluster, found *diag.List) {
	if in.Topology != nil {
		m := &mesh{clusters: clusters, topology: in.Topology, part: in.Part, found: found}
		m.check()
		in.Topology.Adjust(found)
		m.compareTopology()
		return
	}
	for _, together := range in.apart(clusters) {
		all := parts(together)
		for _, part := range all {
			m := &mesh{clusters: part, found: found}
			m.check()
		}
		noteParts(all, found)
	}
}

// apart gives the clusters of each mesh that the input keeps apart.
func (in Input) apart(clusters []*cluster) [][]*cluster {
	var all [][]*cluster
	at := map[string]int{}
	for i, c := range clusters {
		mesh := in.Clusters[i].Mesh
		if _, ok := at[mesh]; !ok {
			at[mesh] = len(all)
			all = append(all, nil)
		}
		all[at[mesh]] = append(all[at[mesh]], c)
	}
	return all
}

func (in Input) read(source Source, found *diag.List) *cluster {
	c := &cluster{name: source.Cluster, unread: source.Partial, fallback: in.Named, applied: in.Applied, now: in.Now, topology: in.Topology, files: map[string]bool{}}
	c.patches = patched.Read(source.Files)
	if in.Taken != nil {
		c.taken = &taken{as: map[string][]string{}}
	}
	if c.fallback == (diag.Pos{}) {
		c.fallback = diag.Pos{File: source.Files[0].Name}
	}
	for _, file := range source.Files {
		c.files[file.Name] = true
		text, err := file.Read()
		if err != nil {
			found.Add(diag.Pos{File: file.Name}, manifest.Unreadable, "it is not checked: %s", err)
			continue
		}
		local := &diag.List{}
		if len(text) > document.MaxFileSize {
			d := local.Add(diag.Pos{File: file.Name}, document.FileTooLarge, "the file is larger than %d MiB and is not checked", document.MaxFileSize>>20)
			d.Why, d.Fix = "what is wrong in it is not found", "split it, or give nothing but the manifests of Istio"
			found.Append(local)
			continue
		}
		objects := manifest.Read(file.Name, text, local)
		c.unread = c.unread || local.HasErrors() || manifest.HasTemplate(local)
		for _, o := range objects {
			c.add(o, local)
		}
		c.taken.objects(file.Name, objects)
		if local.Len() > 0 {
			found.Append(local)
		}
	}
	c.addReleases(found)
	c.check(found)
	return c
}

// addSources reads files again that a finding points into, if nothing was found when they were first read.
func addSources(in Input, found *diag.List) error {
	wanted := map[string]bool{}
	found.Each(func(d *diag.Diagnostic) {
		if d.Code == manifest.Unreadable.Code {
			return
		}
		wanted[d.Pos.File] = true
		for _, r := range d.Related {
			wanted[r.Pos.File] = true
		}
	})
	for _, s := range in.Clusters {
		for _, file := range s.Files {
			if !wanted[file.Name] || found.HasSource(file.Name) {
				continue
			}
			text, err := file.Read()
			if err != nil {
				return fmt.Errorf("%s: %w", file.Name, err)
			}
			again := &diag.List{}
			manifest.Read(file.Name, text, again)
			found.AppendSources(again)
		}
	}
	return nil
}
