package target

import (
	"strings"
	"testing"
)

// TestOf compares targets with a Service a-1. What is too large may be for it.
func TestOf(t *testing.T) {
	for _, tt := range []struct {
		kind, name string
		fits, sure bool
	}{
		{"Service", "", true, true},
		{"Service", "a-1", true, true},
		{"Serv", "a-1", false, false},
		{"Service|Pod", "a-[0-9]", true, true},
		{"", "a-", false, false},
		{"", "(", false, false},
		{"", "a{1001}", false, false},
		{"", "", false, false},
		{"Pod", strings.Repeat("(a?){1000}", 60), false, false},
		{"", strings.Repeat("(a?){1000}", 60), true, false},
	} {
		l := &List{}
		l.Add(l.Expression(tt.kind), l.Expression(tt.name), "k")
		if by, sure := l.Of("Service", "a-1"); by == "k" != tt.fits || sure != tt.sure {
			t.Errorf("Of(%q, %.20q) = %q, %v", tt.kind, tt.name, by, sure)
		}
	}
}
