package render

import (
	"slices"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/patch"
	"meshtopo.dev/meshtopo/render/sample"
	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

// CheckPatches reports what is wrong with the patches: with themselves, and with what they do to the objects of each
// cluster. It needs no private material. The list should be the one that the topology was loaded with, which knows
// the text of its files. It gives what the patches make of the objects, of clusters that stand for all; none where they
// change nothing.
func (p *Plan) CheckPatches(found *diag.List) ([]*sample.Cluster, error) {
	if !p.patched() {
		return nil, nil
	}
	r, err := newRendering(p)
	if err != nil {
		return nil, err
	}
	r.placeholders, r.wanted = true, r.patches.mayPatchSecret
	mesh := sample.New(p.topology)
	for _, c := range p.topology.Clusters {
		d := r.directory(c)
		d.layers()
		before := slices.Clone(d.files)
		d.patch()
		if d.err != nil {
			return nil, d.err
		}
		mesh.Add(c, p.hasGateway(c), d.compared(before))
	}
	r.patches.checkFits()
	r.patches.report(found)
	return mesh.Chosen(), nil
}

// compared gives the files of objects before and after the patches, but for Secrets and what lists files for kubectl.
func (d *directory) compared(before []tree.File) []sample.File {
	var files []sample.File
	for i, f := range d.files {
		if f.Private || f.Unknown || !layout.HoldsObjects(f.Path) {
			continue
		}
		file := sample.File{Path: f.Path, Mark: d.mark, Before: objects(before[i].Body), After: objects(f.Body)}
		for _, c := range d.changes {
			if c.file != f.Path {
				continue
			}
			if file.Patches == nil {
				file.Patches = map[int][]*patch.Patch{}
			}
			file.Patches[c.piece/2] = c.patches // a mark or a separator comes before each
		}
		files = append(files, file)
	}
	return files
}

// objects gives the pieces of a body that are objects.
func objects(body [][]byte) [][]byte {
	var all [][]byte
	for i := 1; i < len(body); i += 2 {
		all = append(all, body[i])
	}
	return all
}

// mayPatchSecret reports whether a patch may be for the remote Secret of a cluster in one that reads it. There are as
// many of them as pairs of clusters: where only patches are checked, the others are not made.
func (ps *patches) mayPatchSecret(reader, of *schema.Cluster) bool {
	return slices.ContainsFunc(reader.Istio.Patches, func(entry schema.Patch) bool {
		u := ps.byPlace[place(entry)]
		return u.Patch != nil && u.secretsOf(ps.topology)[of]
	})
}

// remoteKinds are the kinds of what remote Secrets are, or are made of.
var remoteKinds = []string{"Secret", "SealedSecret", "ExternalSecret", "SecretStore"}

// secretsOf gives the clusters whose remote Secrets the patch may be for.
func (u *userPatch) secretsOf(t *schema.Topology) map[*schema.Cluster]bool {
	if u.secrets == nil {
		labelled := schema.Secrets{Remote: schema.LabelledSecrets}
		u.secrets = map[*schema.Cluster]bool{}
		for _, c := range t.Clusters {
			u.secrets[c] = slices.ContainsFunc(remoteKinds, func(kind string) bool {
				return u.MayFit(kind, labelled.RemoteName(c.Name)) || u.MayFit(kind, schema.MountedName+c.Name)
			})
		}
	}
	return u.secrets
}
