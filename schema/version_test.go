package schema

import "testing"

func TestVersion(t *testing.T) {
	for _, tt := range []struct {
		version      Version
		minor, patch int
		before       bool // 1.26.3
	}{
		{"1.31.1", 31, 1, false}, {"1.26.3", 26, 3, false}, {"1.26.2", 26, 2, true}, {"1.24.10", 24, 10, true},
		{"1.26.3-rc.1", 26, 3, false}, {"1.30.0-alpha.ab12", 30, 0, false}, {"", 0, 0, true}, {"1.26", 26, 0, true},
	} {
		if minor, patch, before := tt.version.Minor(), tt.version.Patch(), tt.version.Before(26, 3); minor != tt.minor || patch != tt.patch || before != tt.before {
			t.Errorf("%q is 1.%d.%d, before 1.26.3: %v", tt.version, minor, patch, before)
		}
	}
}
