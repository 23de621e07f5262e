package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
)

// Format writes reports in one notation.
type Format func(w io.Writer, r *Report) error

// Names lists the formats.
func Names() []string {
	return []string{"text", "json", "sarif", "junit", "github", "gitlab", "markdown"}
}

// New gives the format of that name. Only text has colours, where they are wanted.
func New(name string, colour bool) (Format, error) {
	formats := map[string]Format{
		"text": text{style{colour}}.write, "json": visibly(jsonFormat, escapeJSON), "sarif": visibly(sarif, escapeJSON), "junit": visibly(junit, escape),
		"github": visibly(github, escape), "gitlab": visibly(gitlab, escapeJSON), "markdown": visibly(markdown, escape),
	}
	if format := formats[name]; format != nil {
		return format, nil
	}
	return nil, fmt.Errorf("unknown format %q: %s", name, diag.Hint(name, Names(), "use one of "+strings.Join(Names(), ", ")))
}

// visibly writes what a format gives with nothing hidden in it.
func visibly(format Format, escape func(rune) string) Format {
	return func(w io.Writer, r *Report) error {
		var text bytes.Buffer
		if err := format(&text, r); err != nil {
			return err
		}
		return show(w, text.Bytes(), escape)
	}
}
