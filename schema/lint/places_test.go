package lint

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"meshtopo.dev/meshtopo/schema/diag"
)

// TestOnePlaceOneFinding lints every bad case and the article.
func TestOnePlaceOneFinding(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		bad, _ := sources(a, "bad/")
		judge(t, file, run(t, bad, topology(t, a, "bad/")))
	}
	bad, _ := article(t, "bad")
	judge(t, "article", run(t, bad, nil))
}

func judge(t *testing.T, name string, found []*diag.Diagnostic) {
	at := map[diag.Pos][]string{}
	for _, d := range found {
		p := d.Pos
		p.Width = 0
		at[p] = append(at[p], d.Code)
	}
	for p, codes := range at {
		if len(codes) > 1 {
			slices.Sort(codes)
			fmt.Println(strings.Join(codes, " "), filepath.Base(name), p)
		}
	}
}
