package render

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"

	"meshtopo.dev/meshtopo/render/gitops"
	"meshtopo.dev/meshtopo/render/text"
	"meshtopo.dev/meshtopo/render/tree"
)

// sections are the parts of a README in their order. After an error they stay as they are.
type sections struct {
	texts *text.Templates
	parts [][]byte
	err   error
}

// add adds a section made from a template.
func (s *sections) add(template string, data any) {
	s.parts = append(s.parts, s.text("readme/"+template+".md", data))
}

// engine adds sections about a GitOps engine.
func (s *sections) engine(all ...gitops.Section) {
	for _, section := range all {
		s.parts = append(s.parts, s.text(section.Template, section.Data))
	}
}

// text fills the holes of a template.
func (s *sections) text(path string, data any) []byte {
	t, err := s.texts.Named(path)
	if err == nil {
		var text []byte
		if text, err = s.texts.Fill(t, data); err == nil {
			return text
		}
	}
	s.err = cmp.Or(s.err, err)
	return nil
}

// said gives what is said on a subject below the folders of installers.
func (s *sections) said(subject string, data any, folders ...string) []string {
	var all []string
	for _, folder := range folders {
		text := s.text(folder+"/readme/"+subject+".md", data)
		all = append(all, strings.TrimSuffix(string(text), "\n"))
	}
	return all
}

// commands adds a section that holds nothing but commands, a line for each.
func (s *sections) commands(template string, commands ...string) {
	s.add(template, struct{ Commands string }{lines(commands)})
}

// titled adds a section about one cluster.
func (s *sections) titled(template, title string, commands []string) {
	s.add(template, struct{ Title, Commands string }{title, lines(commands)})
}

// document gives the marked README.
func (s *sections) document(owner string) ([]byte, error) {
	mark := []byte("<!-- " + tree.Marker(owner) + " -->\n")
	return bytes.Join(append([][]byte{mark}, s.parts...), []byte("\n")), s.err
}

func lines(commands []string) string { return strings.Join(commands, "\n") }

// code gives a name as code in Markdown.
func code(name string) string { return "`" + name + "`" }

// count gives a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "one " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
