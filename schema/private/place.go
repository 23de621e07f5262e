package private

import (
	"path"
	"slices"
	"strings"
)

// IsPath reports whether a path of a topology leads to, or through, a field under which material might have been
// pasted: what stands there is neither quoted in a message nor shown in an excerpt when it is wrong.
func IsPath(path []string) bool {
	return slices.ContainsFunc(path, pathNames.Has)
}

// IsFile reports whether what lies at a path is, or once was, private: all that is in the directory of Secrets but the
// file that lists their names.
func IsFile(file, secrets, list string) bool {
	return strings.Contains(file, "/"+secrets+"/") && path.Base(file) != list
}
