package schema

import (
	"strconv"
	"strings"
)

// Version is an Istio version such as 1.31.1. Its minor number selects rules and rendering.
type Version string

// Minor gives the second number: 31 for 1.31.1.
func (v Version) Minor() int {
	_, rest, _ := strings.Cut(string(v), ".")
	minor, _, _ := strings.Cut(rest, ".")
	n, err := strconv.Atoi(minor)
	if err != nil {
		return 0
	}
	return n
}

// Patch gives the third number: 1 for 1.31.1 and for 1.31.1-rc.0.
func (v Version) Patch() int {
	parts := strings.SplitN(string(v), ".", 3)
	number, _, _ := strings.Cut(parts[len(parts)-1], "-")
	n, err := strconv.Atoi(number)
	if err != nil || len(parts) < 3 {
		return 0
	}
	return n
}

// Newer reports whether a version is newer than another one. Of what follows a patch number nothing is known.
func (v Version) Newer(than Version) bool { return than.Before(v.Minor(), v.Patch()) }

// Before reports whether a version is older than 1.minor.patch.
func (v Version) Before(minor, patch int) bool {
	return v.Minor() < minor || v.Minor() == minor && v.Patch() < patch
}
