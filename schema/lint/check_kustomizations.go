package lint

import (
	"fmt"
	"path"
	"strings"

	"meshtopo.dev/meshtopo/schema/carrier"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/manifest"
)

var operatorApplied = &diag.Rule{
	Code: "operator-in-kustomization", Severity: diag.Error,
	Title:  "an IstioOperator among what kubectl, Argo CD or Flux applies",
	Why:    `kubectl apply -k fails: no matches for kind "IstioOperator". It is a file for istioctl, and no cluster has known the kind since Istio 1.24`,
	Fix:    "take it out of resources, and give it to istioctl install -f",
	Source: "https://github.com/istio/istio/pull/52090",
	Bad:    "resources: [namespace.yaml, istio-operator.yaml]",
	Good:   "resources: [namespace.yaml]",
}

var kustomizationGroup = group{rules: []*diag.Rule{operatorApplied, patchSkipped}, check: (*cluster).checkKustomizations}

// checkApplied reports an IstioOperator among the objects that are applied by kubectl.
func (c *cluster) checkApplied(o *manifest.Object, found *diag.List) {
	if !c.applied || keptLocal(o) {
		return
	}
	d := found.Add(o.Pos(), operatorApplied, "%s would be applied by kubectl", o)
	d.Fix = fmt.Sprintf("take it out of resources, and give it to istioctl install -f; or have kustomize leave it out by the annotation %s: \"true\"", localConfig)
}

// checkKustomizations looks for IstioOperators that would be applied. A directory among the resources is skipped if it
// has a kustomization: that one is checked by itself.
func (c *cluster) checkKustomizations(found *diag.List) {
	own := map[string]bool{}
	for _, k := range c.kustomizations {
		own[path.Dir(k.File)] = true
	}
	for _, a := range c.carried.Applied() {
		for _, op := range c.operators {
			if dir := path.Dir(op.pos.File); !op.local && !own[dir] && a.Has(op.pos.File) {
				d := found.Add(a.Pos, operatorApplied, "%s applies the IstioOperator of %s", a.Holder, op.pos.File)
				d.Fix = "keep it out of the directory, and give it to istioctl install -f; or install by Helm's charts, which Argo CD and Flux know"
				d.Relate(op.pos, "the IstioOperator")
				break
			}
		}
	}
	for _, k := range c.kustomizations {
		for _, r := range k.Resources {
			at := path.Join(path.Dir(k.File), r.Text)
			for _, op := range c.operators {
				if op.local {
					continue
				}
				if at == op.pos.File || at == path.Dir(op.pos.File) && !own[at] && r.Text != "" {
					found.Add(r.Pos, operatorApplied, "%q is an IstioOperator", r.Text).Relate(op.pos, "the IstioOperator")
					break
				}
			}
		}
	}
}

var patchSkipped = &diag.Rule{
	Code: "patch-skipped", Severity: diag.Info,
	Title:  "a patch, or an object that a patch changes, is not checked",
	Why:    "only the two together are what is applied: what seems to be missing in one may be in the other",
	Fix:    "check what kustomize makes of them: kustomize build DIR | meshtopo lint -",
	Source: "https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/",
	Bad:    "patches: [{path: network.yaml}] # of a kustomization beside it",
	Good:   "kind: Namespace\nmetadata: {name: istio-system, labels: {topology.istio.io/network: network1}}",
}

// skip reports whether an object is a patch, or is changed by one, and notes that it is not checked. Of workloads only
// the labels matter, which patches rarely change.
func (c *cluster) skip(o *manifest.Object, found *diag.List) bool {
	note := func(cause, one, many string) bool {
		carries := carrier.Carries(o)
		c.unread = c.unread || carries
		if carries || readers[o.Group()+"/"+o.Kind] != nil {
			c.noteOnce(cause, o.Pos(), patchSkipped, o.String(), one, many, found)
		}
		return true
	}
	if file := o.Pos().File; c.patches.Files[file] {
		return note(file, "%s is a patch and is not checked", "%s are patches and are not checked")
	}
	if o.Kind == "Kustomization" || o.Is("apps", o.Kind) {
		return false
	}
	by, certain := c.patches.Of(o.Kind, o.Name, o.Pos().File)
	if by == "" {
		return false
	}
	c.countSecret(o)
	of := "changed by a patch of " + strings.ReplaceAll(by, "%", "%%")
	if !certain {
		of = "perhaps " + of + ", whose targets are too large to be compared with it,"
	}
	return note(of, "%s is "+of+" and is not checked", "%s are "+of+" and are not checked")
}
