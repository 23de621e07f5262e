package lint

import "meshtopo.dev/meshtopo/schema/manifest"

// overlaid gives the IstioOperator in another file that one is put over by istioctl install -f a -f b, or nil: both are
// of one installation, neither contradicts the other, and neither is whole.
func (c *cluster) overlaid(o *manifest.Object) *operator {
	if o.Kind != "IstioOperator" || !installsControlPlane(o) || gatewaysOnly(o) {
		return nil
	}
	added := readOperatorInstall(o)
	for _, op := range c.operators {
		i := op.install
		if i == nil || op.gatewayOnly || op.pos.File == o.Pos().File || op.name != o.Name && op.name != "" && o.Name != "" {
			continue
		}
		whole := i.profile.given() && added.profile.given() || i.clusterName.given() && added.clusterName.given()
		if !whole && i.agrees(added) {
			return op
		}
	}
	return nil
}
