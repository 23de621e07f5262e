package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/cmd/internal/console"
)

// result is what a run of the command left.
type result struct {
	code     int
	out, err string
}

// meshtopo runs the command as a process of its own.
func meshtopo(t *testing.T, dir, stdin string, args ...string) result {
	t.Helper()
	var out, talk bytes.Buffer
	c := exec.Command("meshtopo", args...)
	c.Dir, c.Stdin, c.Stdout, c.Stderr = dir, strings.NewReader(stdin), &out, &talk
	if err := c.Run(); c.ProcessState == nil {
		t.Fatal(err)
	}
	return result{c.ProcessState.ExitCode(), out.String(), talk.String()}
}

// inProcess runs the command in this process, which takes a third of the time of another one. Tests that use it are not
// parallel: the working directory is the process's.
func inProcess(t *testing.T, dir, stdin string, args ...string) result {
	t.Helper()
	back, err := os.Getwd()
	if err != nil || os.Chdir(dir) != nil {
		t.Fatal(err)
	}
	defer os.Chdir(back)
	var out, talk bytes.Buffer
	code := run(args, console.IO{In: strings.NewReader(stdin), Out: &out, Err: &talk, Talk: console.NewTalk(&talk)})
	return result{code, out.String(), talk.String()}
}

// headline is the first line of a finding.
var headline = regexp.MustCompile(`(?m)^(\S+): (?:error|warning|info): (.*) \[([a-z0-9-]+)\]$`)

// findings gives the places and codes of a report.
func (r result) findings() []string {
	var found []string
	for _, m := range headline.FindAllStringSubmatch(r.out, -1) {
		found = append(found, m[1]+" "+m[3])
	}
	return found
}

// check compares exit code, findings and what their excerpts underline.
func (r result) check(t *testing.T, code int, want expected) {
	t.Helper()
	if r.code != code {
		t.Errorf("meshtopo exits with %d, want %d", r.code, code)
	}
	if found := r.findings(); !slices.Equal(found, want.findings) {
		t.Errorf("meshtopo finds\n  %s\nwant\n  %s\n%s", strings.Join(found, "\n  "), strings.Join(want.findings, "\n  "), r.out)
	}
	for _, m := range excerpt.FindAllStringSubmatch(r.out, -1) {
		line, marker := []rune(m[2]), m[3]
		from := strings.IndexByte(marker, '^')
		underlined := string(line[min(from, len(line)):min(len(marker), len(line))])
		if text := want.marked[m[1]]; text != "" && !maskedText(underlined).MatchString(text) {
			t.Errorf("%s underlines %q, want %q", m[1], underlined, text)
		}
	}
}

// maskedText matches what a text with masks may stand for.
func maskedText(text string) *regexp.Regexp {
	return regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(text), regexp.QuoteMeta("[redacted]"), ".*") + "$")
}

// excerpt is the beginning of a finding: its place, the line there and what marks a part of the line.
var excerpt = regexp.MustCompile(`(?m)^(\S+:\d+:\d+): .*\n +\d+ \| (.*)\n +\| ( *\^~*)$`)

// foreign is what no reader should meet: the words of CUE, of Go and of the YAML reader.
var foreign = regexp.MustCompile(`#[A-Z]|=~|empty disjunction|conflicting values|incomplete value|mismatched types|cannot use value` +
	`|not allowed in|field not allowed|goroutine|panic|runtime error|internal error|yaml: (?:line|unmarshal)|json: (?:cannot|unknown)|asn1: |%!|<nil>`)

// checkFit proves that a report can be shown to anybody: every finding says why and how to fix it, in our words and
// without a piece of the keys and tokens that were read.
func (r result) checkFit(t *testing.T, dir string) {
	t.Helper()
	all := r.out + r.err
	if m := foreign.FindString(all); m != "" {
		t.Errorf("the report says %q:\n%s", m, all)
	}
	for finding := range strings.SplitSeq(r.out, "\n\n") {
		m := headline.FindStringSubmatch(finding)
		if m == nil || strings.HasPrefix(m[2], " ") || !strings.Contains(finding, "\n  why: ") || !strings.Contains(finding, "\n  fix: ") {
			t.Errorf("a finding without subject, why or fix:\n%s", finding)
		}
	}
	if !regexp.MustCompile(`^meshtopo: \d+ (error|warning|note)[^\n]*\n$`).MatchString(r.err) {
		t.Errorf("stderr is %q", r.err)
	}
	for _, secret := range privateWords(t, dir) {
		if strings.Contains(all, secret) {
			t.Errorf("the report shows %q of the material:\n%s", secret, all)
		}
	}
}

// privateWords gives the lines of every key and token below a directory.
func privateWords(t *testing.T, dir string) []string {
	t.Helper()
	var words []string
	for _, pattern := range []string{"tokens/*", "certs/*/ca-key.pem"} {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if info, err := os.Stat(file); err != nil || info.IsDir() {
				continue
			}
			for word := range strings.FieldsSeq(read(t, file)) {
				if len(word) > 20 && !strings.Contains(word, "testdata") {
					words = append(words, word)
				}
			}
		}
	}
	return words
}
