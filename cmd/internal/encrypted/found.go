package encrypted

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/cmd/internal/files"
	"meshtopo.dev/meshtopo/cmd/internal/report"
	"meshtopo.dev/meshtopo/render/protect"
	"meshtopo.dev/meshtopo/render/sealed"
	"meshtopo.dev/meshtopo/render/sops"
	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/trust"
)

// Places says how files are called: those of the tree in messages, and all of them in findings.
type Places struct {
	Path func(file string) string // of a file of the tree, from the working directory
	File func(file string) string // of a file of the tree, in findings
	Rel  func(file string) string // of any file, in findings
}

// PlacesOf says how the files of a tree in an output directory are called, whose paths a command shows in its way.
func PlacesOf(src *files.Topology, out string, path func(file string) string) Places {
	return Places{Path: path, Rel: src.Rel, File: func(file string) string {
		return src.Rel(filepath.Join(files.RealPath(out), filepath.FromSlash(file)))
	}}
}

// Explain turns what kept Secrets from being encrypted into findings, where it is about files of the user. Else it
// gives the error back.
func Explain(err error, at Places, found *diag.List) error {
	config, expired, missing := &sops.Error{}, &sealed.ExpiredError{}, &protect.MissingError{}
	switch {
	case errors.As(err, &config):
		d := found.Add(lineOf(at.Rel(config.Path), config.Line), sopsRule, "%s: %s", files.FromHere(config.Path), config.Message)
		d.Fix = config.Fix
	case errors.As(err, &expired):
		d := found.Add(diag.Pos{File: expired.File}, trust.SealingExpired, "a Secret has to be sealed, and %s", expired)
		d.Severity = diag.Error
	case errors.As(err, &missing):
		for n, i := range missing.Items {
			why := "it is not there yet"
			if stale := missing.Stale[n]; stale != nil {
				why = stale.Why
			}
			found.Add(diag.Pos{File: at.File(i.Path)}, withoutMaterialRule, "%s has to be encrypted, because %s, and %s is not here", at.Path(i.Path), why, i.Credential)
		}
	default:
		return err
	}
	return nil
}

// lineOf gives the place of a line; 0 is the file as a whole.
func lineOf(file string, line int) diag.Pos {
	return diag.Pos{File: file, Line: line, Col: min(line, 1)}
}

// Refuse reports the encrypted files of a tree that are not current, for commands that cannot encrypt them.
func Refuse(t *tree.Tree, within tree.Scope, at Places, found *diag.List) {
	for i := range t.Files {
		if f := &t.Files[i]; f.Stale != nil && within.Contains(f.Path) {
			found.Add(lineOf(at.File(f.Path), f.Stale.Line), staleRule, "%s is not current: %s", at.Path(f.Path), f.Stale.Why)
		}
	}
}

// Reasons says how many files were encrypted anew, by what was wrong with the old ones; "" where there were none.
func Reasons(changes []tree.Change) string {
	counts := map[string]int{}
	for _, c := range changes {
		if c.Stale != nil {
			counts[string(c.Kind)]++
		}
	}
	var parts []string
	for kind, n := range counts {
		parts = append(parts, fmt.Sprintf("%s: %s", kind, report.Count(n, "file")))
	}
	if len(parts) == 0 {
		return ""
	}
	slices.Sort(parts)
	return "encrypted anew, " + strings.Join(parts, ", ")
}

// Unproven names the encrypted files of which nobody can know without decrypting them whether they hold the token of
// today; "" where there are none.
func Unproven(t *tree.Tree, within tree.Scope) string {
	var paths []string
	for i := range t.Files {
		if f := &t.Files[i]; f.Unproven && within.Contains(f.Path) {
			paths = append(paths, f.Path)
		}
	}
	if len(paths) == 0 {
		return ""
	}
	return "cannot be known without decrypting: whether the token or key of today is in " + diag.Few(paths) +
		", which says no private-digest; meshtopo render --reencrypt NAME encrypts it anew"
}
