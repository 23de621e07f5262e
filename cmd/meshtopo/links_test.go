package main

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// pages lists the Markdown files of the repository that people wrote. What is rendered from an example has a test of
// its own, and a template is no page.
func pages(t *testing.T) []string {
	t.Helper()
	var found []string
	err := fs.WalkDir(os.DirFS("../.."), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (name == ".git" || name == "demo" || name == "dist" || name == "templates" || path.Base(name) == "want"):
			return fs.SkipDir
		case path.Ext(name) == ".md":
			found = append(found, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

var (
	fencedCode  = regexp.MustCompile("(?ms)^```.*?^```$")
	inlineCode  = regexp.MustCompile("`[^`]*`")
	linkTo      = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	headings    = regexp.MustCompile(`(?m)^#+ (.*)$`)
	notInAnchor = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// TestLinks follows every link of a page into the repository: the file is there, and has the heading.
func TestLinks(t *testing.T) {
	linked := 0
	for _, page := range pages(t) {
		text := inlineCode.ReplaceAllString(fencedCode.ReplaceAllString(read(t, "../../"+page), ""), "")
		for _, m := range linkTo.FindAllStringSubmatch(text, -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			linked++
			name, anchor, _ := strings.Cut(m[1], "#")
			file := page
			if name != "" {
				file = path.Join(path.Dir(page), name)
			}
			if _, err := os.Stat("../../" + file); err != nil {
				t.Errorf("%s: %s leads nowhere", page, m[1])
			} else if anchor != "" && !slices.Contains(anchors(t, file), anchor) {
				t.Errorf("%s: %s has no heading for %s", page, file, anchor)
			}
		}
	}
	if linked == 0 {
		t.Error("there is no link")
	}
}

// anchors gives the headings of a page as forges link to them:
// https://docs.gitlab.com/user/markdown/#heading-ids-and-links.
func anchors(t *testing.T, page string) []string {
	t.Helper()
	var found []string
	for _, m := range headings.FindAllStringSubmatch(fencedCode.ReplaceAllString(read(t, "../../"+page), ""), -1) {
		found = append(found, strings.ReplaceAll(notInAnchor.ReplaceAllString(strings.ToLower(m[1]), ""), " ", "-"))
	}
	return found
}
