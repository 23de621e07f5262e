package lint

import (
	"path"
	"slices"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/fields"
)

const operatorSource = "operator/pkg/install/install.go (getOwnerLabels, prune)"

var (
	operatorUnnamed = &diag.Rule{
		Code: "operator-unnamed", Severity: diag.Error,
		Title:  "an IstioOperator without a name, beside another of the same cluster",
		Why:    "istioctl install deletes the objects of an IstioOperator that it does not render any more. Without a name these are the objects of all: each install deletes the other's gateways",
		Fix:    "give every IstioOperator of a cluster a metadata.name of its own",
		Source: operatorSource,
	}
	operatorTwice = &diag.Rule{
		Code: "operator-name-twice", Severity: diag.Error,
		Title:  "two IstioOperators of a cluster with one name",
		Why:    "istioctl install deletes the objects of that name that it does not render any more: each install deletes the other's gateways",
		Fix:    "give every IstioOperator of a cluster a metadata.name of its own",
		Source: operatorSource,
	}
	operatorsInOneFile = &diag.Rule{
		Code: "operators-in-one-file", Severity: diag.Error,
		Title:  "a file with several IstioOperators",
		Why:    `istioctl refuses it: "contains multiple IstioOperator CRs, only one per file is supported"`,
		Fix:    "keep one IstioOperator in a file, and give each to an istioctl call of its own",
		Source: "operator/pkg/render/manifest.go (checkNoMultipleIOPs)",
	}
	eastWestProfile = &diag.Rule{
		Code: "east-west-without-empty-profile", Severity: diag.Error, Symptom: true,
		Title:  "an IstioOperator for an east-west gateway that installs a control plane as well",
		Why:    "without profile: empty a second default control plane is rendered over the first, without its meshConfig",
		Fix:    "add profile: empty below spec",
		Source: "samples/multicluster/gen-eastwest-gateway.sh",
	}
)

var operatorGroup = group{rules: []*diag.Rule{operatorUnnamed, operatorTwice, operatorsInOneFile, eastWestProfile}, check: (*cluster).checkOperators}

// addOperator reads an IstioOperator: its installation of a control plane, and its gateways.
func (c *cluster) addOperator(o *object, found *diag.List) {
	op := &operator{name: o.Name, profile: valueAt(o.Root, "spec", "profile"), pos: o.Pos(), namePos: o.At("metadata", "name"), local: keptLocal(o.Object)}
	c.operators = append(c.operators, op)
	c.checkApplied(o.Object, found)
	fields.CheckProfile(o.Object, found)
	c.cni = c.cni || o.Root.BoolAt("spec", "components", "cni", "enabled") || slices.Contains(fields.WithCNI, op.profile.text)
	op.unsure = o.misspelt.HaveBelow("spec", "components")
	deployments := readDeployments(o.Root.At("spec"))
	for _, d := range deployments {
		d.unsure = op.unsure
	}
	c.deployments = append(c.deployments, deployments...)
	if d := profileGateway(o.Object); d != nil {
		c.deployments = append(c.deployments, d)
	}
	if forgotEmptyProfile(o.Object) && !o.misspelt.Have("spec.profile") {
		found.Add(o.At("spec"), eastWestProfile, "%s has an east-west gateway and no profile: empty", o)
	}
	if installsControlPlane(o.Object) {
		i := readOperatorInstall(o.Object)
		op.gatewayOnly, i.misspelt = gatewaysOnly(o.Object), o.misspelt
		c.addInstall(i, o.Object, first(valueAt(o.Root, "spec", "namespace"), valueAt(o.Root, "metadata", "namespace")).text, found)
		op.install = i
		c.otherRemotes = c.otherRemotes || o.Root.StringAt("metadata", "annotations", schema.RemoteAnnotation) == string(schema.ExistingSecrets)
	}
	if base := c.overlaid(o.Object); base != nil && op.install != nil {
		base.install.complete(op.install)
		c.installs, c.operators = c.installs[:len(c.installs)-1], c.operators[:len(c.operators)-1]
	}
}

var emptyProfileGroup = group{check: (*cluster).checkProfiles}

// checkProfiles reports IstioOperators that have only gateways but a profile with a control plane, beside the
// IstioOperator of the control plane.
func (c *cluster) checkProfiles(found *diag.List) {
	for _, op := range c.operators {
		i := slices.IndexFunc(c.installs, func(i *install) bool { return i == op.install && op.gatewayOnly })
		if i < 0 || len(c.installs) < 2 {
			continue
		}
		c.installs = slices.Delete(c.installs, i, i+1)
		found.Add(first(op.profile, value{pos: op.pos}).pos, eastWestProfile, "the IstioOperator of an east-west gateway has the profile %s, which installs a control plane over that of another file", op.profile.text)
	}
}

// isBeside reports whether two IstioOperators are for one cluster at a time. Two whole control planes in different
// directories are a choice, such as samples.
func (op *operator) isBeside(other *operator) bool {
	whole := func(o *operator) bool { return o.install != nil && !o.gatewayOnly }
	return op != other && (!whole(op) || !whole(other) || path.Dir(op.pos.File) == path.Dir(other.pos.File))
}

func (c *cluster) checkOperators(found *diag.List) {
	names, files := map[string]*operator{}, map[string]*operator{}
	for _, op := range c.operators {
		if earlier := files[op.pos.File]; earlier != nil {
			d := found.Add(op.pos, operatorsInOneFile, "the file has a second IstioOperator")
			d.Relate(earlier.pos, "the first one")
		} else {
			files[op.pos.File] = op
		}
		if op.name == "" {
			if slices.ContainsFunc(c.operators, op.isBeside) {
				found.Add(op.namePos, operatorUnnamed, "the IstioOperator has no name, and cluster %q has %d of them", c.name, len(c.operators))
			}
			continue
		}
		if earlier := names[op.name]; earlier != nil {
			d := found.Add(op.namePos, operatorTwice, "cluster %q has two IstioOperators called %q", c.name, op.name)
			d.Relate(earlier.namePos, "the first one")
			continue
		}
		names[op.name] = op
	}
}
