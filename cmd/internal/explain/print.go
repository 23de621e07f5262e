package explain

import (
	"fmt"
	"io"
	"strings"
)

// paragraph prints a text behind its label, wrapped so that it can be read.
func paragraph(w io.Writer, label, text string) {
	const width = 88
	label += ":"
	for text != "" {
		line := text
		if len(text) > width {
			if cut := strings.LastIndexByte(text[:width+1], ' '); cut > 0 {
				line = text[:cut]
			}
		}
		fmt.Fprintf(w, "%-9s%s\n", label, line)
		label, text = "", strings.TrimLeft(text[len(line):], " ")
	}
}

func fragment(w io.Writer, label, text string) {
	if text == "" {
		return
	}
	fmt.Fprintf(w, "\n%s:\n", label)
	for line := range strings.Lines(strings.TrimRight(text, "\n") + "\n") {
		if line != "\n" {
			line = "    " + line
		}
		fmt.Fprint(w, line)
	}
}

// Sentence gives the first sentence of a text.
func Sentence(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if end := strings.Index(text, ". "); end >= 0 {
		return text[:end+1]
	}
	return text
}
