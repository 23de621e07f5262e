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

// take notes the objects of a file.
func (c *cluster) take(in Input, file string, objects []*manifest.Object) {
	if in.Taken == nil {
		return
	}
	if c.taken == nil {
		c.taken = &taken{as: map[string][]string{}}
	}
	c.taken.files = append(c.taken.files, file)
	for _, o := range objects {
		if o.Kind != "" {
			c.taken.as[file] = append(c.taken.as[file], o.String())
		}
	}
}

// takeRelease notes the files of a release.
func (c *cluster) takeRelease(r *carrier.Release) {
	if c.taken == nil {
		return
	}
	for _, file := range slices.Concat([]string{r.File}, r.Sources) {
		if what := "values of the chart " + string(r.Chart); !slices.Contains(c.taken.as[file], what) {
			c.taken.as[file] = append(c.taken.as[file], what)
		}
	}
}

// tell says what each file was taken for.
func (in Input) tell(clusters []*cluster) {
	for _, c := range clusters {
		if c.taken == nil {
			continue
		}
		for _, file := range c.taken.files {
			all := c.taken.as[file]
			more := ""
			if len(all) > maxTaken {
				all, more = all[:maxTaken], fmt.Sprintf(", and %d more", len(all)-maxTaken)
			}
			if len(all) == 0 {
				all = []string{"nothing of Istio"}
			}
			in.Taken(file, strings.Join(all, ", ")+more)
		}
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
