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
