// Package rotation says which steps from one tree to the next would cut traffic while the mesh gets another root
// certificate or another trust domain, and which step comes first instead.
//
// Clusters are never all applied in one moment, and certificates live on for a day. So each cluster has to accept what
// every other one shows, before the step and after it, in whatever order they are applied.
package rotation

import (
	"encoding/hex"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/trust"
)

// State is what a control plane has its workloads trust, and what these show of themselves.
type State struct {
	Roots   []trust.Digest // of the certificates that are trusted
	Signer  trust.Digest   // of the certificate that signs, or zero where that is not known
	Root    trust.Digest   // of the root that the signer is under, or zero where that is not known
	Domain  string         // the trust domain, or "" where it is not known
	Aliases []string       // other trust domains that are accepted
}

// Of gives the state of a cluster with a control plane, as a topology has it.
func Of(t *schema.Topology, c *schema.Cluster) State {
	s := State{Roots: t.Public.Roots, Domain: t.Mesh.TrustDomain, Aliases: t.Mesh.TrustDomainAliases}
	if signer, ok := t.Public.Signers[c.Name]; ok {
		s.Signer, s.Root = signer.Cert, signer.Root
	}
	if s.Root == (trust.Digest{}) && len(s.Roots) == 1 { // whoever issues it, there is no other
		s.Root = s.Roots[0]
	}
	return s
}

// record begins a line about the trust of a control plane in the sum file of a cluster.
const record = "trust "

// Record gives the lines by which a later run knows the state of a cluster. All that is in them is public.
func Record(t *schema.Topology, c *schema.Cluster) []string {
	if !c.RunsControlPlane() {
		return nil
	}
	s := Of(t, c)
	var lines []string
	for _, root := range s.Roots {
		lines = append(lines, record+"root "+text(root))
	}
	if s.Signer != (trust.Digest{}) {
		lines = append(lines, record+"signer "+text(s.Signer)+" under "+text(s.Root))
	}
	line := record + "domain " + s.Domain
	if len(s.Aliases) > 0 {
		line += " aliases " + strings.Join(s.Aliases, ",")
	}
	return append(lines, line)
}

// Recorded reads such lines. Others are passed over: somebody may have written anything there.
func Recorded(lines []string) State {
	var s State
	for _, line := range lines {
		fields, ok := strings.CutPrefix(line, record)
		if !ok {
			continue
		}
		for words := range slices.Chunk(strings.Fields(fields), 2) {
			s.read(words[0], words[len(words)-1])
		}
	}
	if s.Root == (trust.Digest{}) && len(s.Roots) == 1 {
		s.Root = s.Roots[0]
	}
	return s
}

func (s *State) read(name, value string) {
	switch digest, isDigest := digest(value); {
	case name == "root" && isDigest:
		s.Roots = append(s.Roots, digest)
	case name == "signer" && isDigest:
		s.Signer = digest
	case name == "under" && isDigest:
		s.Root = digest
	case name == "domain" && domain().MatchString(value):
		s.Domain = value
	case name == "aliases":
		s.Aliases = slices.DeleteFunc(strings.Split(value, ","), func(alias string) bool { return !domain().MatchString(alias) })
	}
}

// domain is what a trust domain in such a line looks like.
var domain = diag.OnceRegexp(`^[a-zA-Z0-9]([-a-zA-Z0-9.]{0,252})$`)

// text writes a fingerprint in the form that is known to be public.
func text(d trust.Digest) string { return algorithm + hex.EncodeToString(d[:]) }

const algorithm = "sha256:"

func digest(text string) (d trust.Digest, ok bool) {
	text, ok = strings.CutPrefix(text, algorithm)
	b, err := hex.DecodeString(text)
	if !ok || err != nil || len(b) != len(d) {
		return d, false
	}
	return trust.Digest(b), true
}
