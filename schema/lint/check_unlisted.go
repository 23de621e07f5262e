package lint

import (
	"path"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
)

var unlisted = &diag.Rule{
	Code: "not-in-kustomization", Severity: diag.Warning,
	Title:  "a file beside a kustomization that does not list it",
	Why:    "kubectl apply -k applies what the kustomization lists and nothing else: what the other clusters need of the file is not there",
	Fix:    "add it to resources",
	Source: "https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/resource/",
	Bad:    "resources: [namespace.yaml] # beside remote-reader.yaml",
	Good:   "resources: [namespace.yaml, remote-reader.yaml]",
}

var unlistedGroup = group{rules: []*diag.Rule{unlisted}, check: (*cluster).checkUnlisted}

// checkUnlisted looks for files with objects that other clusters need, beside others that a kustomization lists.
func (c *cluster) checkUnlisted(found *diag.List) {
	if len(c.kustomizations) == 0 {
		return
	}
	reported := map[string]bool{}
	for _, o := range c.neededObjects() {
		file := o.pos.File
		if reported[file] || slices.ContainsFunc(c.kustomizations, func(k *kustomization) bool { return k.plugins || k.lists(file) }) {
			continue
		}
		if k := c.listing(file); k != nil {
			reported[file] = true
			name := strings.TrimPrefix(file, path.Dir(k.file)+"/")
			d := found.Add(k.pos, unlisted, "%s is not among the resources: its %s is not applied", name, o.text)
			d.Fix = "add - " + name
			d.Relate(o.pos, "what is not applied")
		}
	}
}

// listing gives the kustomization that should list a file: it lists others of its directory, or
// has a list without any. Remote Secrets may be in a
// directory of their own below it.
func (c *cluster) listing(file string) *kustomization {
	dir := path.Dir(file)
	for _, k := range c.kustomizations {
		own := path.Dir(k.file)
		if own != dir && (own != path.Dir(dir) || path.Base(dir) != "remote-secrets") {
			continue
		}
		isFile := func(r value) bool {
			return path.Ext(r.text) != "" && !strings.HasPrefix(r.text, "../") && !strings.Contains(r.text, ":")
		}
		if slices.ContainsFunc(k.resources, isFile) || k.empty {
			return k
		}
	}
	return nil
}

// neededObjects gives what other clusters need of a cluster, by the words for it.
func (c *cluster) neededObjects() []value {
	var all []value
	add := func(what string, pos diag.Pos) { all = append(all, value{what, pos}) }
	for _, b := range c.rights.Bindings {
		if slices.ContainsFunc(c.readerAccounts(), b.Binds) {
			add(b.Kind, b.Pos)
		}
	}
	for _, g := range c.gateways {
		if g.eastWest() {
			add("Gateway "+g.name, g.pos)
		}
	}
	for _, v := range c.virtualServices {
		if leadsToIstiod(v) {
			add("VirtualService "+v.name, v.pos)
		}
	}
	for _, l := range c.listeners {
		add("Gateway "+l.name, l.pos)
	}
	for _, r := range c.remoteSecrets {
		if !r.elsewhere {
			add(r.place.what, r.namePos)
		}
	}
	for _, s := range c.cacerts {
		if !s.elsewhere {
			add(s.place.what, s.pos)
		}
	}
	for _, ns := range c.namespaces {
		if ns.network.given() || ns.controlPlanes.given() {
			add("Namespace "+ns.name, ns.pos)
		}
	}
	return all
}
