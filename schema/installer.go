package schema

// Installer is what installs Istio in a cluster.
type Installer string

const (
	Istioctl Installer = "istioctl" // IstioOperators
	Helm     Installer = "helm"     // values of Istio's charts
	Sail     Installer = "sail"     // resources of the Sail operator
)

// UpdateStrategy is how the Sail operator brings a new version.
type UpdateStrategy string

const (
	InPlace       UpdateStrategy = "InPlace"       // it replaces istiod
	RevisionBased UpdateStrategy = "RevisionBased" // each version is a revision beside the old one
)

// ChartRefusesValues reports whether the schema of the chart gateway refuses the chart's own values, with a Helm that
// checks these: that was mended in 1.25.5, 1.26.4, 1.27.1 and 1.28.0.
func (v Version) ChartRefusesValues() bool {
	mended := map[int]int{25: 5, 26: 4, 27: 1}
	patch, ok := mended[v.Minor()]
	return v.Minor() != 0 && v.Minor() < 25 || ok && v.Patch() < patch
}
