package istio

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
)

// versionsText has what minor versions of Istio have otherwise than fields.txt and environment.txt, below the name of
// the type or of the program:
//
//	istio.operator.v1alpha1.GlobalConfig
//		not 24-26 nativeNftables
//		in 24-27 jwtPolicy string
//	pilot
//		not 24-29 PILOT_MULTICLUSTER_KUBECONFIG_PATH
//
// The versions 1.24 to 1.26 have no such field; 1.24 to 1.27 have one that the table lacks, or has otherwise. Types
// that Version lacks are there as well. Of the types of Kubernetes that istioctl decodes strictly, and of the
// components, the tables have one version.
//
//go:embed versions.txt
var versionsText string

// The minor versions that the tables are right for.
const (
	FirstMinor = 24
	LastMinor  = 31
)

// Covers reports whether the tables know what a minor version of Istio has.
func Covers(minor int) bool { return FirstMinor <= minor && minor <= LastMinor }

// In gives the type as a minor version of Istio has it. Of one that the tables do not cover, or 0, it is the type of
// Version.
func (t Type) In(minor int) Type {
	if t.minor = minor; !Covers(minor) {
		t.minor = 0
	}
	return t
}

// difference is one line of versions.txt.
type difference struct {
	from, to int
	has      bool
	name     string // of the field, the value of an enum or the variable
	line     string // as fields.txt would have it
}

// differences gives the lines of a type or program.
func differences(name string) []difference {
	var all []difference
	for _, line := range block(versionsText, name) {
		all = append(all, newDifference(line))
	}
	return all
}

func newDifference(text string) difference {
	words := strings.SplitN(text, " ", 3)
	from, to, _ := strings.Cut(words[1], "-")
	d := difference{has: words[0] == "in", line: words[2]}
	d.from, _ = strconv.Atoi(from)
	d.to, _ = strconv.Atoi(to)
	d.name, _, _ = strings.Cut(d.line, " ")
	return d
}

// adjusted gives the lines of a type or program as a minor version has them.
func adjusted(lines []string, name string, minor int) []string {
	if minor == 0 {
		return lines
	}
	var other []string
	changed := map[string]bool{}
	for _, d := range differences(name) {
		if d.from <= minor && minor <= d.to {
			changed[d.name] = true
			if d.has {
				other = append(other, d.line)
			}
		}
	}
	if len(changed) == 0 {
		return lines
	}
	same := slices.DeleteFunc(slices.Clone(lines), func(line string) bool {
		first, _, _ := strings.Cut(line, " ")
		return changed[first]
	})
	all := append(same, other...)
	slices.Sort(all)
	return all
}

// around gives the first minor version after the type's that has a field of a name, and the last one before it that
// has; each is 0 where there is none.
func (t Type) around(field string) (since, until int) {
	return around(t.minor, func(minor int) bool { return t.In(minor).message().field(field, t.reader) != nil })
}

func around(minor int, has func(minor int) bool) (since, until int) {
	if minor == 0 {
		minor = LastMinor
	}
	for later := minor + 1; later <= LastMinor && since == 0; later++ {
		if has(later) {
			since = later
		}
	}
	for earlier := minor - 1; earlier >= FirstMinor && until == 0; earlier-- {
		if has(earlier) {
			until = earlier
		}
	}
	return since, until
}
