package report

import (
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
		"text": text{style{colour}}.write, "json": jsonFormat, "sarif": sarif, "junit": junit,
		"github": github, "gitlab": gitlab, "markdown": markdown,
	}
	if format := formats[name]; format != nil {
		return format, nil
	}
	return nil, fmt.Errorf("unknown format %q: %s", name, diag.Hint(name, Names(), "use one of "+strings.Join(Names(), ", ")))
}
