package lint

import (
	"fmt"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/carrier"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// taken is what the files of a cluster were taken for.
type taken struct {
	files []string
	as    map[string][]string
}

// maxTaken is how many objects of a file are named.
const maxTaken = 5

// objects notes those of a file.
func (t *taken) objects(file string, objects []*manifest.Object) {
	if t == nil {
		return
	}
	t.files = append(t.files, file)
	for _, o := range objects {
		if o.Kind != "" {
			t.as[file] = append(t.as[file], o.String())
		}
	}
}

// release notes the files of a release.
func (t *taken) release(r *carrier.Release) {
	if t == nil {
		return
	}
	for _, file := range slices.Concat([]string{r.File}, r.Sources) {
		if what := "values of the chart " + string(r.Chart); !slices.Contains(t.as[file], what) {
			t.as[file] = append(t.as[file], what)
		}
	}
}

// tell says what each file was taken for.
func (t *taken) tell(say func(file, as string)) {
	if t == nil {
		return
	}
	for _, file := range t.files {
		all, more := t.as[file], ""
		if len(all) > maxTaken {
			all, more = all[:maxTaken], fmt.Sprintf(", and %d more", len(all)-maxTaken)
		}
		if len(all) == 0 {
			all = []string{"nothing of Istio"}
		}
		say(file, strings.Join(all, ", ")+more)
	}
}

// Unread tells of how many files it was noted that something of Istio in them is not read.
func Unread(found *diag.List) int {
	files := map[string]bool{}
	found.Each(func(d *diag.Diagnostic) {
		if d.Code == carrier.Skipped.Code {
			files[d.Pos.File] = true
		}
	})
	return len(files)
}
