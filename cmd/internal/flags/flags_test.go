package flags

import (
	"testing"
	"time"
)

func TestWithin(t *testing.T) {
	for text, want := range map[string]time.Duration{"45d": 45 * day, "0d": 0, "12h": 12 * time.Hour, "36525d": 36525 * day} {
		var f Within
		if err := f.Set(text); err != nil || time.Duration(f) != want {
			t.Errorf("Set(%q) gives %v, %v, want %v", text, time.Duration(f), err, want)
		}
	}
	for _, text := range []string{"", "45", "d", "-1d", "-5h", "36526d", "99999999999999d", "1w", "soon", "876601h", "1.5d"} {
		var f Within
		if err := f.Set(text); err == nil {
			t.Errorf("Set(%q) gives %v, want an error", text, time.Duration(f))
		}
	}
}

func TestDate(t *testing.T) {
	for text, want := range map[string]string{"2027-03-31": "2027-03-31T00:00:00Z", "2027-03-31T12:00:00+02:00": "2027-03-31T12:00:00+02:00"} {
		var f Date
		if err := f.Set(text); err != nil || f.String() != want {
			t.Errorf("Set(%q) gives %s, %v, want %s", text, f.String(), err, want)
		}
	}
	for _, text := range []string{"", "31.3.2027", "2027-13-01", "tomorrow", "2027-03-31 12:00"} {
		var f Date
		if err := f.Set(text); err == nil {
			t.Errorf("Set(%q) gives %s, want an error", text, f.String())
		}
	}
}
