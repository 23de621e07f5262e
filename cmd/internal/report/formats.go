package report

import (
	"fmt"
	"io"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
)

// Format writes reports in one notation.
type Format interface {
	Write(w io.Writer, r *Report) error
}

// Names lists the formats.
func Names() []string {
	return []string{"text", "json", "sarif", "junit", "github", "gitlab", "markdown"}
}

// New gives the format of that name. Only text has colours, where they are wanted.
func New(name string, colour bool) (Format, error) {
	switch name {
	case "text":
		return text{style{colour}}, nil
	case "json":
		return jsonFormat{}, nil
	case "sarif":
		return sarif{}, nil
	case "junit":
		return junit{}, nil
	case "github":
		return github{}, nil
	case "gitlab":
		return gitlab{}, nil
	case "markdown":
		return markdown{}, nil
	}
	if near := diag.Nearest(name, Names()); near != "" {
		return nil, fmt.Errorf("unknown format %q: did you mean %q?", name, near)
	}
	return nil, fmt.Errorf("unknown format %q: use one of %s", name, strings.Join(Names(), ", "))
}
