package manifest

import (
	"bytes"
	"regexp"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

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
// with more text behind it.
var braces = diag.OnceRegexp(`^(?:[^#"']|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')*(?:\{[{%]|<%|\{[A-Za-z_][\w.]*\}[^\s,}\]])`)

// directive matches the lines by which ytt repeats or leaves out parts of a document.
var directive = diag.OnceRegexp(`^\s*#@ (?:if|for|def|while|end)\b`)
