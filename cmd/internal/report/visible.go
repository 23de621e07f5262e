package report

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Visible gives text in one line of a terminal or of a CI job's log where it stands for itself: names, and what a
// topology says, may be anything. What would end the line, move the cursor, colour it or turn it around is shown as an
// escape; what a runner would take for a command gets a backslash. Our own colours and commands are put around it.
func Visible(line string) string { return guarded(escaped(line)) }

// escaped gives text for the middle of a line.
func escaped(text string) string {
	if !strings.ContainsFunc(text, hidden) && !strings.Contains(text, "##") {
		return text
	}
	var out strings.Builder
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		switch {
		case strings.HasPrefix(text, "##") && commands(text[2:]):
			out.WriteString(`##\`)
			size = 2
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&out, `\x%02x`, text[0])
		case hidden(r):
			out.WriteString(escape(r))
		default:
			out.WriteString(text[:size])
		}
		text = text[size:]
	}
	return out.String()
}

// hidden tells what is not shown as itself: control characters, those that format or turn text around (Cf), and ends of
// lines. What is no UTF-8 decodes as utf8.RuneError. A tab does no harm.
func hidden(r rune) bool {
	switch {
	case r == '\t':
		return false
	case r < utf8.RuneSelf:
		return r < ' ' || r == 0x7f
	}
	return r == utf8.RuneError || unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)
}

func escape(r rune) string {
	switch {
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r == utf8.RuneError:
		return string(r) // written as that character
	case r < utf8.RuneSelf:
		return fmt.Sprintf(`\x%02x`, r)
	case r < 0x10000:
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
}

// escapeJSON is escape for the inside of a string of JSON.
func escapeJSON(r rune) string {
	if r < 0x10000 {
		return fmt.Sprintf(`\u%04x`, r)
	}
	high, low := utf16.EncodeRune(r)
	return fmt.Sprintf(`\u%04x\u%04x`, high, low)
}

// show writes the text of a report with nothing hidden in it, whatever a topology says. The notation of the report has
// ends of lines of its own, and what is no UTF-8 is a mark of that by then.
func show(w io.Writer, text []byte, escape func(rune) string) error {
	out := bufio.NewWriter(w)
	for len(text) > 0 {
		end := bytes.IndexFunc(text, func(r rune) bool { return r != '\n' && r != utf8.RuneError && hidden(r) })
		if end < 0 {
			break
		}
		r, size := utf8.DecodeRune(text[end:])
		out.Write(text[:end])
		out.WriteString(escape(r))
		text = text[end+size:]
	}
	out.Write(text)
	return out.Flush()
}

// commands reports whether ## and what is behind it is a command, which runners find anywhere in a line: ##[error] is
// one of GitHub (ActionCommand.TryParse in github.com/actions/runner), ##vso[task.complete] of Azure Pipelines.
func commands(rest string) bool {
	return strings.HasPrefix(strings.TrimLeftFunc(rest, unicode.IsLetter), "[")
}

// guarded keeps a line from being a command of GitHub's, which has :: at its start or behind white space
// (ActionCommand.TryParseV2).
func guarded(line string) string {
	text := strings.TrimLeftFunc(line, unicode.IsSpace)
	if !strings.HasPrefix(text, "::") {
		return line
	}
	return line[:len(line)-len(text)] + `\` + text
}
