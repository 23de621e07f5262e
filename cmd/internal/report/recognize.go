package report

import (
	"regexp"
	"strings"
)

// HeadSize is how much of a file Recognizes wants to see at most.
const HeadSize = 64 << 10

// Recognizes reports whether a file that begins so is a report, in whichever format, that a run can make again. The
// beginning is that of a document as we write it; of text and github it is the first line.
func Recognizes(head []byte) bool {
	text := strings.ReplaceAll(string(head), "\r\n", "\n") // as git checks it out
	for _, beginning := range []string{
		"{\n  \"version\": 1,\n  \"command\": \"",
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"meshtopo ",
		"[\n  {\n    \"description\": \"",
		"### meshtopo ",
	} {
		if strings.HasPrefix(text, beginning) {
			return true
		}
	}
	line, _, _ := strings.Cut(text, "\n")
	return text == "[]\n" || isSARIF(text) || firstLine().MatchString(line)
}

func isSARIF(text string) bool {
	driver := strings.Index(text, "\"driver\": {\n          \"name\": \"meshtopo\",")
	return strings.HasPrefix(text, "{\n  \"$schema\": \""+sarifSchema+"\",") && driver > 0 && driver < 400
}

// firstLine matches how text begins: with a finding, a file that differs or what was written; and how github does.
func firstLine() *regexp.Regexp {
	return regexp.MustCompile(`^(.+: (error|warning|info): .+ \[[a-z0-9-]+\]|` +
		`(added|changed|removed|hand-edited|interrupted) {2,}\S.*|` +
		`.*clusters: (\d+ files? written|unchanged, \d+ file).*|` +
		`::(error|warning|notice) (file|title)=.*)$`)
}
