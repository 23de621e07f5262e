//go:build unix

package tree

import (
	"os"
	"slices"
	"testing"
)

// TestProtect proves that a private file that others can read, as in every clone, gets a mode of its own, and no other.
func TestProtect(t *testing.T) {
	want := small("net-1")
	g := rendered(t, want)
	const secret, stricter, other = "clusters/a/2-secrets/cacerts.yaml", "clusters/b/2-secrets/cacerts.yaml", "clusters/a/README.md"
	g.must(os.Chmod(g.at(secret), 0o644))
	g.must(os.Chmod(g.at(stricter), 0o400))
	for _, expected := range [][]string{{secret}, nil} {
		got, err := Protect(open(t, g.path), want, nil)
		if err != nil || !slices.Equal(got, expected) {
			t.Errorf("Protect = %q, %v, want %q", got, err, expected)
		}
	}
	for path, mode := range map[string]os.FileMode{secret: 0o600, stricter: 0o400, other: 0o644} {
		found, err := os.Lstat(g.at(path))
		g.must(err)
		if found.Mode().Perm() != mode {
			t.Errorf("%s has the mode %o, want %o", path, found.Mode().Perm(), mode)
		}
	}
	g.must(os.Chmod(g.at(secret), 0o640))
	if got, err := Protect(open(t, g.path), want, Clusters("b")); err != nil || len(got) > 0 {
		t.Errorf("Protect beyond the scope = %q, %v", got, err)
	}
}
