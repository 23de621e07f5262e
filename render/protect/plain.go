package protect

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// readPlain reads YAML as this project, sops and most people write it, at a fraction of the cost: maps and lists in
// blocks, texts on one line without escapes, and literal blocks. It gives the nodes that the library gives, but for
// their columns and tags, and nothing for all else, a text that is wrong in particular.
func readPlain(text []byte) *yaml.Node {
	p := plainReader{rest: string(text)}
	if below, ok := strings.CutPrefix(p.rest, "\n"); ok { // where the mark was
		p.rest, p.line = below, 1
	}
	if !strings.HasSuffix(p.rest, "\n") || !p.next() || p.indent != 0 {
		return nil
	}
	root := p.mapping(0, 0)
	if root == nil || !p.done {
		return nil
	}
	return root
}

// plainReader stands at a line.
type plainReader struct {
	rest string
	line int

	indent int
	text   string // the line without its indentation
	done   bool   // there is no line any more
}

// maxDepth is far deeper than a Secret of Kubernetes is.
const maxDepth = 16

// next goes to the next line. It fails at one that has anything but printable ASCII, at an empty one, at one with a
// space at its end, and where there is a comment or may be one.
func (p *plainReader) next() bool {
	if p.done = len(p.rest) == 0; p.done {
		return true
	}
	line, rest, _ := strings.Cut(p.rest, "\n")
	p.rest, p.line = rest, p.line+1
	for i := range len(line) {
		if c := line[i]; c < ' ' || c > '~' || c == '#' {
			return false
		}
	}
	if len(line) == 0 || line[len(line)-1] == ' ' {
		return false
	}
	p.indent = 0
	for line[p.indent] == ' ' {
		p.indent++
	}
	p.text = line[p.indent:]
	return true
}

// mapping reads a map whose keys are so far to the right, and stops at the first line that is further to the left.
func (p *plainReader) mapping(indent, depth int) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode, Line: p.line}
	for !p.done && p.indent == indent {
		key, value := p.key()
		if key == nil {
			return nil
		}
		n.Content = append(n.Content, key)
		child := p.value(value, indent, depth+1)
		if child == nil {
			return nil
		}
		n.Content = append(n.Content, child)
	}
	if len(n.Content) == 0 || !p.done && p.indent > indent {
		return nil
	}
	return n
}

// value reads what stands behind a key, and goes to the line behind it.
func (p *plainReader) value(text string, indent, depth int) *yaml.Node {
	line := p.line
	switch {
	case depth > maxDepth:
		return nil
	case text == "|":
		return p.literal(indent)
	case text != "":
		n := scalar(text, line)
		if n == nil || !p.next() || !p.done && p.indent > indent { // or it goes on in the next line
			return nil
		}
		return n
	case !p.next() || p.done || p.indent <= indent:
		return nil
	case strings.HasPrefix(p.text, "- "):
		return p.list(p.indent, depth)
	}
	return p.mapping(p.indent, depth)
}

// list reads a list of maps.
func (p *plainReader) list(indent, depth int) *yaml.Node {
	n := &yaml.Node{Kind: yaml.SequenceNode, Line: p.line}
	for !p.done && p.indent == indent {
		item, ok := strings.CutPrefix(p.text, "- ")
		if !ok {
			return nil
		}
		p.text, p.indent = item, indent+len("- ")
		child := p.mapping(p.indent, depth+1)
		if child == nil {
			return nil
		}
		n.Content = append(n.Content, child)
	}
	if !p.done && p.indent > indent {
		return nil
	}
	return n
}

// literal reads a block of lines that are at least as far to the right as its first.
func (p *plainReader) literal(indent int) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Style: yaml.LiteralStyle, Line: p.line}
	if !p.next() || p.done || p.indent <= indent {
		return nil
	}
	left := p.indent
	var text strings.Builder
	for !p.done && p.indent >= left {
		text.WriteString(strings.Repeat(" ", p.indent-left) + p.text + "\n")
		if !p.next() {
			return nil
		}
	}
	if n.Value = text.String(); !p.done && p.indent > indent {
		return nil
	}
	return n
}

// key reads a key, and gives what stands behind it: "" where that is in the lines below.
func (p *plainReader) key() (n *yaml.Node, value string) {
	at := strings.IndexByte(p.text, ':')
	if at < 1 || at > maxKey {
		return nil, ""
	}
	if value = p.text[at+1:]; value != "" {
		if value = value[1:]; p.text[at+1] != ' ' || value[0] == ' ' { // no line ends with a space
			return nil, ""
		}
	}
	n = scalar(p.text[:at], p.line)
	if n == nil || n.Kind != yaml.ScalarNode || n.Value == "" || !isLetterOrDigit(n.Value[0]) || strings.IndexFunc(n.Value, isOutsideKey) >= 0 {
		return nil, ""
	}
	return n, value
}

// maxKey is longer than the name of any field, and far shorter than what YAML takes for a key.
const maxKey = 256

func isOutsideKey(c rune) bool { return !isLetterOrDigit(byte(c)) && !strings.ContainsRune("-_./", c) }

func isLetterOrDigit(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// scalar reads a value of one line, which may also be an empty list.
func scalar(text string, line int) *yaml.Node {
	if text == "[]" {
		return &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle, Line: line}
	}
	n := &yaml.Node{Kind: yaml.ScalarNode, Value: text, Line: line}
	if inner, ok := strings.CutPrefix(text, `"`); ok {
		n.Style = yaml.DoubleQuotedStyle
		n.Value, ok = strings.CutSuffix(inner, `"`)
		if !ok || strings.ContainsAny(n.Value, `"\`) {
			return nil
		}
		return n
	}
	if !isLetterOrDigit(text[0]) && text[0] != '^' && text[0] != '/' || strings.Contains(text, ": ") || text[len(text)-1] == ':' {
		return nil
	}
	return n
}
