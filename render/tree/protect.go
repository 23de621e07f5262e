package tree

import (
	"errors"
	"os"
	"runtime"
)

// Protect makes the private files of a tree, within scope, readable by their owner alone where others could read them:
// git and cp give them the mode of any file, and one that has not changed is not written again. It returns their paths.
func Protect(have *Dir, want *Tree, scope Scope) ([]string, error) {
	if have.root == nil || runtime.GOOS == "windows" { // which has no modes
		return nil, nil
	}
	var protected []string
	var errs []error
	for i := range want.Files {
		path := want.Files[i].Path
		if !want.Files[i].Private || !scope.Contains(path) {
			continue
		}
		found, err := have.lstat(path)
		if err != nil || found == nil || !found.Mode().IsRegular() || found.Mode().Perm()&^0o600 == 0 {
			errs = append(errs, err)
			continue
		}
		if err := have.root.Chmod(path, private); err != nil {
			errs = append(errs, have.failure("change the mode of", path, err))
			continue
		}
		protected = append(protected, path)
	}
	return protected, errors.Join(errs...)
}

// private is the mode of a file with a key or token, and public that of any other.
const (
	private os.FileMode = 0o600
	public  os.FileMode = 0o644
)
