package rotation

import (
	"reflect"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/trust"
)

// TestRecorded reads what Record writes, and passes over what somebody else may have written there.
func TestRecorded(t *testing.T) {
	one, two, cert := trust.Digest{1}, trust.Digest{2}, trust.Digest{3}
	c := &schema.Cluster{Name: "cluster-a", Role: schema.Primary}
	topology := &schema.Topology{
		Mesh:   schema.Mesh{TrustDomain: "new.example.com", TrustDomainAliases: []string{"old.example.com", "older.example.com"}},
		Public: schema.Public{Roots: []trust.Digest{one, two}, Signers: map[string]schema.Signer{"cluster-a": {Cert: cert, Root: two}}},
	}
	lines := Record(topology, c)
	want := State{Roots: []trust.Digest{one, two}, Signer: cert, Root: two, Domain: "new.example.com", Aliases: []string{"old.example.com", "older.example.com"}}
	if got := Recorded(lines); !reflect.DeepEqual(got, want) {
		t.Errorf("%q is read as %+v, want %+v", lines, got, want)
	}
	for _, line := range []string{
		"", "trust", "trust ", "trust root", "trust root 01", "trust root " + strings.Repeat("zz", 32), "trust domain \x1b[31m", "trust domain",
		"trust root root root", "trust signer x under y", "trust aliases ,", "istiod root " + text(one),
	} {
		if got := Recorded([]string{line}); got.Roots != nil || got.Root != (trust.Digest{}) || got.Signer != (trust.Digest{}) || strings.Contains(got.Domain, "\x1b") || len(got.Aliases) > 0 {
			t.Errorf("%q is read as %+v", line, got)
		}
	}
	if got := Recorded([]string{"trust root " + text(one)}); got.Root != one {
		t.Errorf("under the only root, %+v", got)
	}
	c.Role = schema.Remote
	if lines := Record(topology, c); lines != nil {
		t.Errorf("of a remote, %q is recorded", lines)
	}
}
