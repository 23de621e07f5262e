package lint

import (
	"fmt"
	"path"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/manifest"
)

var operatorApplied = &diag.Rule{
	Code: "operator-in-kustomization", Severity: diag.Error,
	Title:  "an IstioOperator among the resources of a kustomization",
	Why:    `kubectl apply -k fails: no matches for kind "IstioOperator". It is a file for istioctl, and no cluster has known the kind since Istio 1.24`,
	Fix:    "take it out of resources, and give it to istioctl install -f",
	Source: "https://github.com/istio/istio/pull/52090",
	Bad:    "resources: [namespace.yaml, istio-operator.yaml]",
	Good:   "resources: [namespace.yaml]",
}

var kustomizationGroup = group{rules: []*diag.Rule{operatorApplied, patchSkipped}, check: (*cluster).checkKustomizations}

// checkApplied reports an IstioOperator among objects that kubectl gets.
func (c *cluster) checkApplied(o *manifest.Object, found *diag.List) {
	if !c.applied || keptLocal(o) {
		return
	}
	d := found.Add(o.Pos(), operatorApplied, "%s is among what kubectl gets", o)
	d.Fix = fmt.Sprintf("take it out of resources, and give it to istioctl install -f; or have kustomize leave it out by the annotation %s: \"true\"", localConfig)
}

// checkKustomizations looks for IstioOperators that would be applied. A directory among the resources speaks for itself if it has
// a kustomization.
func (c *cluster) checkKustomizations(found *diag.List) {
	own := map[string]bool{}
	for _, k := range c.kustomizations {
		own[path.Dir(k.file)] = true
	}
	for _, k := range c.kustomizations {
		for _, r := range k.resources {
			at := path.Join(path.Dir(k.file), r.text)
			for _, op := range c.operators {
				if op.local {
					continue
				}
				if at == op.pos.File || at == path.Dir(op.pos.File) && !own[at] && r.text != "" {
					found.Add(r.pos, operatorApplied, "%q is an IstioOperator", r.text).Relate(op.pos, "the IstioOperator")
					break
				}
			}
		}
	}
}
