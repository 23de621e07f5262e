package rules

import (
	"fmt"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

var portableRules = group{[]*diag.Rule{windowsName}, mesh.checkWindowsNames}

var windowsName = &diag.Rule{
	Code: "windows-name", Severity: diag.Info,
	Title:  "a name that no file can have on Windows",
	Why:    "git cannot check the file out there, and meshtopo neither read nor write it",
	Fix:    "use another name, unless nobody will ever work with this repository on Windows",
	Source: "https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file",
	Bad:    `clusters: {cluster-b: null, aux: {network: network2, state: joining}}`,
	Good:   `clusters: {cluster-b: null, auxiliary: {network: network2, state: joining}}`,
}

// checkWindowsNames reports clusters, whose names become those of directories and files, and paths that exist on every
// system but Windows. It is reported on every system, so that a topology that was written on Linux works on Windows.
func (t mesh) checkWindowsNames(found *diag.List) {
	for _, c := range t.Clusters {
		if problem := windowsProblem(c.Name); problem != "" {
			found.Add(t.Pos(schema.ClusterPath(c)...), windowsName, "cluster %q gets a directory of that name, which cannot be on Windows: %s", c.Name, problem)
		}
	}
	for _, f := range t.namedFiles() {
		if problem := windowsProblem(f.path); problem != "" && t.Given(f.field...) && !t.Unsure(f.field...) {
			found.Add(t.Pos(f.field...), windowsName, "%q cannot be on Windows: %s", f.path, problem)
		}
	}
}

// namedFile is a path in the topology.
type namedFile struct {
	field []string
	path  string
}

// namedFiles gives the paths that the topology may name, whether or not it does.
func (t mesh) namedFiles() []namedFile {
	var all []namedFile
	if t.Trust != nil {
		for i, root := range t.Trust.Roots {
			all = append(all, namedFile{[]string{"spec", "trust", "roots", fmt.Sprint(i)}, root})
		}
		all = append(all, namedFile{[]string{"spec", "trust", "intermediates"}, t.Trust.Intermediates})
	}
	for _, c := range t.Clusters {
		if c.APIServer != nil {
			all = append(all, namedFile{schema.ClusterPath(c, "apiServer", "ca"), c.APIServer.CA})
		}
		if c.Credential != nil {
			all = append(all, namedFile{schema.PrivatePath(c, "file"), c.Credential.Private.File},
				namedFile{schema.ClusterPath(c, "credential", "clientCertificate", "cert"), c.Credential.Cert})
		}
		if ca := c.Intermediate; ca != nil {
			all = append(all,
				namedFile{schema.ClusterPath(c, "intermediate", "cert"), ca.Cert},
				namedFile{schema.ClusterPath(c, "intermediate", "key", "file"), ca.Key.File},
				namedFile{schema.ClusterPath(c, "intermediate", "chain"), ca.Chain},
				namedFile{schema.ClusterPath(c, "intermediate", "crl"), ca.CRL})
		}
	}
	return all
}

// windowsProblem says why a path with slashes cannot be one on Windows; nothing if it can.
func windowsProblem(path string) string {
	for name := range strings.SplitSeq(path, "/") {
		switch i := strings.IndexFunc(name, reservedOnWindows); {
		case name == "." || name == "..":
		case isDevice(name):
			return fmt.Sprintf("%q is a device there", name)
		case i >= 0:
			return fmt.Sprintf("%q holds %q, which no name may hold there", name, []rune(name[i:])[0])
		case strings.HasSuffix(name, ".") || strings.HasSuffix(name, " "):
			return fmt.Sprintf("%q ends with %q, which is dropped there", name, name[len(name)-1:])
		}
	}
	return ""
}

// reservedOnWindows tells the characters that Windows keeps for itself: a colon stands behind a drive, or before a
// stream of a file; the rest are wildcards, separators and control characters.
func reservedOnWindows(r rune) bool { return r < ' ' || strings.ContainsRune(`<>:"|?*\`, r) }

// isDevice tells the names of devices, which are such in every directory, in every case, and with any extension.
func isDevice(name string) bool {
	name, _, _ = strings.Cut(name, ".")
	name, _, _ = strings.Cut(name, ":")
	name = strings.ToUpper(strings.TrimRight(name, " "))
	if slices.Contains([]string{"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"}, name) {
		return true
	}
	number, numbered := strings.CutPrefix(name, "COM")
	if !numbered {
		number, numbered = strings.CutPrefix(name, "LPT")
	}
	return numbered && slices.Contains(strings.Split("0123456789¹²³", ""), number)
}
