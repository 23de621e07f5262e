package lint

import (
	"slices"

	"meshtopo.dev/meshtopo/schema/cacerts"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/manifest"
)

var cacertsUnused = &diag.Rule{
	Code: "cacerts-unused", Severity: diag.Info, Symptom: true,
	Title:  "a Secret cacerts in a cluster where no istiod signs",
	Why:    "the workloads of a remote get their certificates from its primary: nothing reads the Secret, and it has the private key of a CA",
	Fix:    "delete it",
	Source: "https://istio.io/latest/docs/setup/install/multicluster/primary-remote/",
	Bad:    "kind: Secret   # beside an IstioOperator with profile: remote\nmetadata: {name: cacerts}",
	Good:   "kind: Secret   # beside a control plane\nmetadata: {name: cacerts}",
}

var cacertsGroup = group{rules: slices.Concat(cacerts.Rules(), []*diag.Rule{cacertsUnused}), check: (*cluster).checkCACerts}

func (c *cluster) addCACerts(o *manifest.Object, found *diag.List) {
	s := &signer{namespace: o.Namespace, pos: o.At("metadata", "name"), place: placeOf(o)}
	s.Facts = cacerts.New(o, o.Items(), found).Check(c.now)
	c.cacerts = append(c.cacerts, s)
}

// checkCACerts compares the Secret with the control plane that reads it.
func (c *cluster) checkCACerts(found *diag.List) {
	for _, s := range c.cacerts {
		if len(c.installs) > 0 && !slices.ContainsFunc(c.installs, func(i *install) bool { return !i.remote() }) {
			found.Add(s.pos, cacertsUnused, "%s is in a cluster whose control plane runs elsewhere", s.place.what)
			continue
		}
		c.checkNamespace(s.place, found)
	}
}
