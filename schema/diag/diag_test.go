package diag

import (
	"slices"
	"strings"
	"testing"
)

var rule = &Rule{Code: "rule", Severity: Error, Why: "why", Fix: "fix"}

func TestSorted(t *testing.T) {
	l := &List{}
	l.Add(Pos{File: "b", Line: 1, Col: 1}, rule, "last")
	l.Add(Pos{File: "a", Line: 10, Col: 1}, rule, "line 10")
	l.Add(Pos{File: "a", Line: 9, Col: 2}, rule, "column 2")
	l.Add(Pos{File: "a", Line: 9, Col: 1}, &Rule{Code: "z"}, "code z")
	l.Add(Pos{File: "a", Line: 9, Col: 1}, rule, "second")
	l.Add(Pos{File: "a", Line: 9, Col: 1}, rule, "first")
	l.Add(Pos{File: "a", Line: 9, Col: 1}, rule, "first")
	l.Add(Pos{File: "a"}, rule, "the file")
	var got []string
	for _, d := range l.Sorted() {
		got = append(got, d.Message)
	}
	want := []string{"the file", "first", "second", "code z", "column 2", "line 10", "last"}
	if !slices.Equal(got, want) {
		t.Errorf("Sorted gives %q, want %q", got, want)
	}
}

func TestCounts(t *testing.T) {
	l := &List{}
	at := Pos{File: "a", Line: 1, Col: 1}
	l.Add(at, &Rule{Severity: Info}, "note")
	l.Add(at, &Rule{Severity: Warning}, "warning")
	if l.HasErrors() || l.ErrorAt(at) || l.Count(Info) != 2 || l.Count(Warning) != 1 {
		t.Errorf("a note and a warning: errors %v, at %v, %d and %d", l.HasErrors(), l.ErrorAt(at), l.Count(Info), l.Count(Warning))
	}
	l.Add(at, rule, "error")
	if !l.HasErrors() || !l.ErrorAt(Pos{}, at) || l.ErrorAt(Pos{}) {
		t.Errorf("with an error: errors %v, at its place %v, elsewhere %v", l.HasErrors(), l.ErrorAt(at), l.ErrorAt(Pos{}))
	}
}

// TestAdjust proves that a list gives its findings the severities that are wanted, whenever they come and whatever
// asks for them, and forgets those to ignore.
func TestAdjust(t *testing.T) {
	at := Pos{File: "a", Line: 1, Col: 1}
	loud, quiet, raised := &Rule{Code: "loud", Severity: Error}, &Rule{Code: "quiet", Severity: Warning}, &Rule{Code: "raised", Severity: Info}
	l := &List{}
	l.Add(at, loud, "before")
	l.Adjust(map[string]Severity{"loud": Info, "quiet": Ignore, "raised": Error, "never": Ignore})
	l.Add(at, loud, "behind")
	l.Add(at, quiet, "nobody hears it")
	if l.HasErrors() || l.ErrorAt(at) || l.Len() != 2 || l.Count(Info) != 2 || l.Count(Warning) != 0 {
		t.Errorf("lowered: errors %v, at %v, %d and %d", l.HasErrors(), l.ErrorAt(at), l.Len(), l.Count(Warning))
	}
	other := &List{}
	other.Add(at, raised, "in another list")
	l.Append(other)
	if !l.HasErrors() || !l.ErrorAt(at) || l.Len() != 3 {
		t.Errorf("raised: errors %v, at %v, %d", l.HasErrors(), l.ErrorAt(at), l.Len())
	}
	whole := &List{}
	whole.Append(l)
	whole.Add(at, quiet, "nobody hears it there")
	for _, list := range []*List{l, whole} {
		var got []string
		for _, d := range list.Sorted() {
			got = append(got, d.Severity.String()+" "+d.Message)
		}
		if want := []string{"info before", "info behind", "error in another list"}; !slices.Equal(got, want) {
			t.Errorf("Sorted gives %q, want %q", got, want)
		}
		n := 0
		list.Each(func(*Diagnostic) { n++ })
		if n != 3 {
			t.Errorf("Each gives %d findings", n)
		}
	}
}

// marked gives a list with a text as its source "a": what stands in « and » may always be shown, what stands in ‹ and ›
// where it is marked.
func marked(text string) *List {
	var plain []rune
	var shown Open
	var from Pos
	pos := Pos{File: "a", Line: 1, Col: 1}
	for _, r := range text {
		switch r {
		case '«', '‹':
			from = pos
			continue
		case '»', '›':
			from.Width = pos.Col - from.Col
			if r == '»' {
				shown.Always = append(shown.Always, from)
			} else {
				shown.Marked = append(shown.Marked, from)
			}
			continue
		}
		plain = append(plain, r)
		if pos.Col++; r == '\n' {
			pos.Line, pos.Col = pos.Line+1, 1
		}
	}
	l := &List{}
	l.AddSource("a", []byte(string(plain)))
	l.Show(func(string, []byte) Open { return shown })
	return l
}

func TestExcerpt(t *testing.T) {
	tests := []struct {
		name, text   string
		pos          Pos
		line, marker string
	}{
		{"a word", "«a»: ‹word›\n", Pos{Line: 1, Col: 4, Width: 4}, "a: word", "   ^~~~"},
		{"no width", "«a»: ‹word›", Pos{Line: 1, Col: 4}, "a: word", "   ^"},
		{"the second line", "«a»:\r\n  «b»: ‹c›\r\n", Pos{Line: 2, Col: 6, Width: 1}, "  b: c", "     ^"},
		{"tabs", "\t«a»:\t‹b›", Pos{Line: 1, Col: 5, Width: 1}, " a: b", "    ^"},
		{"characters of several bytes", "{«ä»: ‹ö›, «ü»: ‹é›}", Pos{Line: 1, Col: 11, Width: 1}, "{ä: [redacted], ü: é}", "                   ^"},
		{"control characters", "«a: \x1b[31m\ufeff\u0085b»", Pos{Line: 1, Col: 1}, "a: ·[31m··b", "^"},
		{"what turns text around", "«a: \u202eb\u2028»", Pos{Line: 1, Col: 5}, "a: ·b·", "    ^"},
		{"wider than the line", "«a»: ‹b›", Pos{Line: 1, Col: 4, Width: 99}, "a: b", "   ^"},
		{"behind the line", "«a»: ‹b›", Pos{Line: 1, Col: 99, Width: 9}, "a: [redacted]", "             ^"},
		{"before the line", "«a»: ‹b›", Pos{Line: 1, Col: -3}, "a: [redacted]", "^"},
		{"a value that is not marked", "«a»: ‹b›", Pos{Line: 1, Col: 1, Width: 1}, "a: [redacted]", "^"},
		{"a comment", "«a»: ‹b› # hunter2", Pos{Line: 1, Col: 4, Width: 1}, "a: b # [redacted]", "   ^"},
		{"a value that is never shown", "{«x»: {«y»: hunter2, «z»: ‹1›}}", Pos{Line: 1, Col: 9, Width: 7}, "{x: {y: [redacted], z: [redacted]}}", "        ^~~~~~~~~~"},
		{"inside of it", "{«x»: {«y»: hunter2, «z»: ‹1›}}", Pos{Line: 1, Col: 11, Width: 2}, "{x: {y: [redacted], z: [redacted]}}", "        ^~~~~~~~~~"},
		{"behind it", "{«x»: {«y»: hunter2, «z»: ‹1›}}", Pos{Line: 1, Col: 21, Width: 1}, "{x: {y: [redacted], z: 1}}", "                       ^"},
		{"a key that is not known", "hunter2: ‹b›, «c»: d", Pos{Line: 1, Col: 10, Width: 1}, "[redacted] b, c: [redacted]", "           ^"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.pos.File = "a"
			line, marker, ok := marked(tt.text).Excerpt(tt.pos)
			if !ok || line != tt.line || marker != tt.marker {
				t.Errorf("Excerpt(%+v) =\n%s\n%s\nwant\n%s\n%s", tt.pos, line, marker, tt.line, tt.marker)
			}
		})
	}
}

// TestNoExcerpt gives none where the line is not known, and where nothing of it may be shown.
func TestNoExcerpt(t *testing.T) {
	l := marked("«one»\ntwo")
	for _, pos := range []Pos{{File: "b", Line: 1, Col: 1}, {File: "a"}, {File: "a", Line: 2, Col: 1}, {File: "a", Line: 3, Col: 1}, {File: "a", Line: -1}} {
		if line, _, ok := l.Excerpt(pos); ok {
			t.Errorf("Excerpt(%+v) = %q, want none", pos, line)
		}
	}
}

func TestTextsAreRedacted(t *testing.T) {
	const token = "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"
	l := &List{}
	added := l.Add(Pos{}, rule, "%q is no token", token)
	added.Why, added.Fix = "because "+token, "replace "+token
	added.Related = []Related{{Message: "the other is " + token}}
	d := l.Sorted()[0]
	got := []string{d.Message, d.Why, d.Fix, d.Related[0].Message}
	want := []string{`"[redacted]" is no token`, "because [redacted]", "replace [redacted]", "the other is [redacted]"}
	if !slices.Equal(got, want) {
		t.Errorf("Sorted gives %q, want %q", got, want)
	}
}

func TestAppend(t *testing.T) {
	l, other := marked("«one»"), &List{}
	other.AddSource("b", []byte("token: two"))
	other.Add(Pos{File: "b", Line: 1, Col: 1}, rule, "there")
	l.Append(other)
	l.Append(&List{})
	if line, _, ok := l.Excerpt(Pos{File: "b", Line: 1, Col: 1}); l.Len() != 1 || ok {
		t.Errorf("after Append: %d findings, %q", l.Len(), line)
	}
	if line, _, _ := l.Excerpt(Pos{File: "a", Line: 1, Col: 1}); line != "one" {
		t.Errorf("after Append the first source has %q", line)
	}
}

func TestNearest(t *testing.T) {
	fields := []string{"network", "primary", "podCIDRs", "istio", "apiServer"}
	for word, want := range map[string]string{
		"netwrok": "network", "Network": "network", "pod_cidrs": "podCIDRs", "api-server": "apiServer",
		"prim": "", "istoi": "istio", "x": "", "": "", "gateway": "",
	} {
		if got := Nearest(word, fields); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
	if got := Nearest("a", []string{"bc"}); got != "" {
		t.Errorf("Nearest(a) = %q, want none: nothing is left of it", got)
	}
}

// TestSlip gives a word that no other is as near as, and that a finger could have missed: a short one by one letter
// only.
func TestSlip(t *testing.T) {
	for _, tt := range []struct{ word, candidates, want string }{
		{"trustdomain", "trustDomain trustDomains", "trustDomain"},
		{"trust_domain", "trustDomain", "trustDomain"},
		{"clusterNmae", "clusterName clusterDomain", "clusterName"},
		{"clsuterNmae", "clusterName", "clusterName"},
		{"autoscaleMix", "autoscaleMin autoscaleMax", ""},
		{"servers", "server serves", ""},
		{"nmae", "name", "name"},
		{"tsl", "tls", "tls"},
		{"tcp", "tls", ""},
		{"naem", "nine", ""},
		{"ho", "to", ""},
		{"", "to", ""},
		{"server", "", ""},
	} {
		if got := Slip(tt.word, strings.Fields(tt.candidates)); got != tt.want {
			t.Errorf("Slip(%q, %q) = %q, want %q", tt.word, tt.candidates, got, tt.want)
		}
	}
}

// TestSuggest tells words that can only be meant from those that somebody has to look at.
func TestSuggest(t *testing.T) {
	tests := []struct{ word, fix, instead string }{
		{"Gatway", "did you mean Gateway?", "Gateway"},
		{"gateway", "did you mean Gateway?", "Gateway"},
		{"DestinationPolicy", "did you mean DestinationRule?", ""},
		{"WorkloadEntri", "did you mean WorkloadEntry?", "WorkloadEntry"},
		{"ports", "did you mean port1?", ""},
		{"Unheard", "fix", ""},
	}
	for _, tt := range tests {
		d := &Diagnostic{Fix: "fix"}
		d.Suggest(tt.word, []string{"Gateway", "DestinationRule", "WorkloadEntry", "port1", "port2"})
		if d.Fix != tt.fix || d.Instead != tt.instead {
			t.Errorf("for %q the fix is %q, and %q needs no judgement, want %q and %q", tt.word, d.Fix, d.Instead, tt.fix, tt.instead)
		}
	}
}

func TestSeverities(t *testing.T) {
	for _, s := range []Severity{Info, Warning, Error} {
		if got, err := ParseSeverity(s.String()); got != s || err != nil {
			t.Errorf("ParseSeverity(%s) = %v, %v", s, got, err)
		}
	}
	for _, word := range []string{"fatal", "ignore"} {
		if _, err := ParseSeverity(word); err == nil {
			t.Errorf("ParseSeverity(%s) gives no error", word)
		}
	}
	if Severity(7).String() != "severity(7)" || Ignore.String() != "ignore" {
		t.Errorf("Severity(7) is %s, Ignore %s", Severity(7), Ignore)
	}
}
