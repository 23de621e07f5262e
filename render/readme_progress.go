package render

import (
	"meshtopo.dev/meshtopo/render/gitops"
	"meshtopo.dev/meshtopo/render/progress"
)

// fleetProgress says where an upgrade, and a rotation of the root, stand.
func (r *rendering) fleetProgress(s *sections) {
	engine := ""
	if g := r.topology.GitOps; g != nil {
		engine = gitops.Engine(g)
	}
	for _, section := range progress.Sections(r.topology, engine) {
		s.add(section.Template, section.Data)
	}
}
