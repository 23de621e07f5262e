// Package lint finds multicluster mistakes in manifests that people wrote or copied, cluster by cluster and across clusters.
//
// It reads files one after the other and keeps of each only what other files are compared with, so that memory does not grow
// with what is linted. What a document says by itself is judged when it is read; what the documents of one cluster say to each
// other when its files are read; and the clusters together at the end.
package lint

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// Input is what is linted.
type Input struct {
	Clusters []Source
	Now      time.Time        // the clock of expiry checks
	Topology *schema.Topology // what the manifests should say, or nil
	Part     bool             // the clusters are some of the topology's: nothing is said of the others
	Named    diag.Pos         // where the clusters are named; in place of a cluster's first file, for what no object speaks for
	Applied  bool             // kubectl gets all objects but those that kustomize keeps to itself
	Edits    bool             // give findings the edits that mend them
}

// Source is where the manifests of one cluster are.
type Source struct {
	Cluster string // how the cluster is called in messages; its manifests may give it another name
	Files   []File // in the order in which they are read
}

// unreadable is about a file that was found where manifests are. What somebody names is reported by whoever opens it.
var unreadable = &diag.Rule{
	Code: "unreadable-manifest", Severity: diag.Error,
	Title:  "a file or directory of manifests that cannot be read",
	Why:    "what is wrong in it is not found, and what is in it counts as missing",
	Fix:    "make it readable, or take it out of the directory",
	Source: "schema/lint/README.md of meshtopo",
}

// File is one file of manifests. It is read when its turn comes, and again if a finding of another file points into it. One that
// cannot be read is a finding.
type File struct {
	Name string // in positions
	Read func() ([]byte, error)
}

// Run reads all manifests and reports every problem in them. The error is about a file that could be read, and then could not.
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
	m := &mesh{clusters: clusters, topology: in.Topology, part: in.Part, found: found}
	m.check()
	if in.Topology != nil {
		in.Topology.Adjust(found)
		m.compareTopology()
	}
	dropUnfilled(clusters, found)
	if in.Edits {
		if err := addEdits(in, clusters, found); err != nil {
			return nil, err
		}
	}
	return found, addSources(in, found)
}

// read gives what the manifests of one cluster say.
func (in Input) read(source Source, found *diag.List) *cluster {
	c := &cluster{name: source.Cluster, place: in.Named, applied: in.Applied, now: in.Now, patches: readPatches(source.Files)}
	if c.place == (diag.Pos{}) {
		c.place = diag.Pos{File: source.Files[0].Name}
	}
	for _, file := range source.Files {
		text, err := file.Read()
		if err != nil {
			found.Add(diag.Pos{File: file.Name}, unreadable, "it is not checked: %s", err)
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
		if local.Len() > 0 {
			found.Append(local)
		}
	}
	c.check(found)
	return c
}

// addSources reads the files again that a finding points into and that nothing was found in when they were read.
func addSources(in Input, found *diag.List) error {
	wanted := map[string]bool{}
	found.Each(func(d *diag.Diagnostic) {
		if d.Code == unreadable.Code {
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

// Rules gives every rule of this package, by code.
func Rules() []*diag.Rule {
	rules := slices.Concat(manifest.Rules(), []*diag.Rule{unreadable, placeholderSkipped}, operatorRules, profileRules, controlPlaneRules, remoteRules, meshNetworksRules, networkRules, eastWestRules,
		portRules, gatewayRules, istiodRouteRules, gatewayAPIRules, policyRules, kustomizationRules, secretRules, kindRules, fieldRules, meshRules, ambientRules, topologyRules)
	slices.SortFunc(rules, func(a, b *diag.Rule) int { return strings.Compare(a.Code, b.Code) })
	return rules
}
