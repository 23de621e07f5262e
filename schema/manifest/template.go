package manifest

import (
	"bytes"
	"path"
	"regexp"
	"slices"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/private"
)

// templateEndings are those of files that a generator reads.
var templateEndings = []string{".tmpl", ".tpl", ".gotmpl", ".tftpl", ".template", ".j2", ".jinja", ".jinja2", ".erb", ".mustache", ".ytt"}

// IsTemplate reports whether the name of a file says that a generator reads it.
func IsTemplate(file string) bool { return slices.Contains(templateEndings, path.Ext(file)) }

// reportTemplate reports a file that a generator reads, if what it gives is looked at.
func reportTemplate(file string, text []byte, found *diag.List) {
	if looksOurs(private.Legible(text)) {
		found.Add(diag.Pos{File: file}, templateSkipped, "the file is a template, by its name, and is not checked")
	}
}

// template gives the line at which a document that YAML cannot read, or reads as no string where a key must be, is a
// template of Helm, Jinja, ytt or the like: the first that only its generator can read. It is 0 for others.
func template(part document.Part, root *document.Node, problems *diag.List) int {
	if bytes.Contains(part.Text, []byte("#@ ")) {
		if at := lineOf(part, directive()); at > 0 {
			return at
		}
	}
	unread := root == nil
	problems.Each(func(d *diag.Diagnostic) { unread = unread || d.Code == document.KeyNotString.Code })
	if !unread || problems.Len() == 0 {
		return 0
	}
	return lineOf(part, braces())
}

// lineOf gives the first line of a document that an expression matches, or 0.
func lineOf(part document.Part, expression *regexp.Regexp) int {
	line := part.Line
	for text := range bytes.Lines(part.Text) {
		if expression.Match(text) {
			return line
		}
		line++
	}
	return 0
}

// braces match what only a generator can read, outside of comments and quotes: {{ … }}, {% … %}, <% … %>, and {name}
// with more text behind it, and ${name} within braces.
var braces = diag.OnceRegexp(`^(?:[^#"']|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')*(?:\{[{%]|<%|\{[A-Za-z_][\w.]*\}[^\s,}\]]|\{[^#"'{}\n]*[:,\[]\s*\$\{[\w.]+\})`)

// directive matches the lines by which ytt repeats or leaves out parts of a document.
var directive = diag.OnceRegexp(`^\s*#@ (?:if|for|def|while|end)\b`)
