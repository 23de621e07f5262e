package lint

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/manifest"
)

var objectTwice = &diag.Rule{
	Code: "object-twice", Severity: diag.Info,
	Title:  "an object that two files of a cluster have",
	Why:    "where both are applied, the later one replaces the other. Only the first is compared with other objects here",
	Fix:    "delete one of them; if the files are for different clusters, say which: --cluster NAME=PATH",
	Source: "https://kubernetes.io/docs/concepts/overview/working-with-objects/names/",
	Bad:    "kind: Gateway   # and in another file the same\nmetadata: {name: cross-network-gateway, namespace: istio-system}",
	Good:   "kind: Gateway\nmetadata: {name: cross-network-gateway, namespace: istio-system}",
}

var copyGroup = group{rules: []*diag.Rule{objectTwice}, check: (*cluster).noteCopies}

// compared are the kinds whose objects are compared with others, so that two of one name would be taken for two.
var compared = []string{"IstioOperator", "Istio", "Gateway", "VirtualService", "Namespace", "Secret", "ServiceAccount", "ClusterRole", "Role", "ClusterRoleBinding", "RoleBinding"}

// isCopy reports whether another file has an object already: of the same kind, namespace and name. Those of one file
// are not compared, nor are patches. An IstioOperator is a copy of another if both would install the same.
func (c *cluster) isCopy(o *manifest.Object) bool {
	file := o.Pos().File
	if o.Name == "" && o.Kind != "IstioOperator" || !slices.Contains(compared, o.Kind) || c.patches.Files[file] {
		return false
	}
	if c.originals == nil {
		c.originals = map[string]original{}
	}
	key := strings.Join([]string{o.Group(), o.Kind, c.patches.PlaceOf(file), o.Namespace, o.Name}, "/")
	own := original{object: o.String(), pos: o.At("metadata", "name"), digest: o.Root.Digest()}
	if o.Kind == "IstioOperator" {
		own.installs = installed(o)
	}
	first, has := c.originals[key]
	if !has {
		c.originals[key] = own
	}
	if !has || first.pos.File == file || o.Kind == "IstioOperator" && own.digest != first.digest && !share(own.installs, first.installs) {
		return false
	}
	c.copies = append(c.copies, copied{own, first})
	return true
}

// installed says what an IstioOperator installs: the control plane of a revision, and gateways.
func installed(o *manifest.Object) []string {
	var all []string
	if installsControlPlane(o) {
		all = append(all, "revision "+o.Root.StringAt("spec", "revision"))
	}
	for _, d := range readDeployments(o.Root.At("spec")) {
		all = append(all, "gateway "+d.name)
	}
	return all
}

func share(a, b []string) bool {
	return slices.ContainsFunc(a, func(text string) bool { return slices.Contains(b, text) })
}

// noteCopies says of which objects there are several, once for all.
func (c *cluster) noteCopies(found *diag.List) {
	if len(c.copies) == 0 {
		return
	}
	first := c.copies[0]
	var names []string
	differ := false
	for _, each := range c.copies {
		names = append(names, each.object)
		differ = differ || each.digest != each.of.digest
	}
	slices.Sort(names[1:])
	names = slices.Compact(names)
	words := "several files have %s"
	if differ {
		words += ", and they differ"
	}
	found.Add(first.pos, objectTwice, words, diag.Few(names)).Relate(first.of.pos, "the first one")
}
