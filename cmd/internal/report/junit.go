package report

import (
	"cmp"
	"encoding/xml"
	"io"
	"slices"
	"strings"
)

type junitSuites struct {
	XMLName xml.Name `xml:"testsuites"`
	Name    string   `xml:"name,attr"`
	junitCounts
	Suites []*junitSuite `xml:"testsuite"`
}

type junitCounts struct {
	Time     string `xml:"time,attr"`
	Tests    int    `xml:"tests,attr"`
	Failures int    `xml:"failures,attr"`
	Disabled int    `xml:"disabled,attr"`
	Errors   int    `xml:"errors,attr"`
}

type junitSuite struct {
	Name    string `xml:"name,attr"`
	ID      int    `xml:"id,attr"`
	Package string `xml:"package,attr"`
	junitCounts
	Skipped    int              `xml:"skipped,attr"`
	Properties *junitProperties `xml:"properties"`
	Cases      []junitCase      `xml:"testcase"`
}

type junitProperties struct {
	List []junitProperty `xml:"property"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	File    string        `xml:"file,attr"`
	Line    int           `xml:"line,attr,omitempty"`
	Time    string        `xml:"time,attr"`
	Failure *junitFailure `xml:"failure"`
	Output  string        `xml:"system-out,omitempty"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

// junit is for test reports, in the shape that kubeconform writes: a suite for each cluster or file that was looked
// at. What fails the command is a test that failed; a lesser finding is one that passed and says something. A suite
// without a problem has one test that passed, because some readers take a suite without tests for a mistake.
//
// Every time is 0: the same input gives the same report. The attribute is there for readers that insist on it.
func junit(w io.Writer, r *Report) error {
	all, err := problems(r)
	if err != nil {
		return err
	}
	doc := junitSuites{Name: "meshtopo " + r.Command, junitCounts: junitCounts{Time: "0"}, Suites: newSuites(r, all)}
	for i, s := range doc.Suites {
		s.ID = i + 1
		doc.Tests += s.Tests
		doc.Failures += s.Failures
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	out := xml.NewEncoder(w)
	out.Indent("", "  ")
	if err := out.Encode(doc); err != nil {
		return err
	}
	_, err = io.WriteString(w, "\n")
	return err
}

// newSuites sorts the problems into suites, which are sorted by name.
func newSuites(r *Report, all []problem) []*junitSuite {
	var suites []*junitSuite
	for _, name := range r.Checked {
		suites = append(suites, &junitSuite{Name: name})
	}
	if lines := expiryLines(r); len(lines) > 0 && len(suites) > 0 {
		suites[0].Properties = &junitProperties{}
		for _, line := range lines {
			suites[0].Properties.List = append(suites[0].Properties.List, junitProperty{"expiry", line})
		}
	}
	for i := range all {
		p := &all[i]
		suiteOf(&suites, p.File).add(newCase(r, p))
	}
	for _, s := range suites {
		s.Package, s.Time = "meshtopo", "0"
		if len(s.Cases) == 0 {
			s.add(junitCase{Name: "meshtopo " + r.Command, Class: s.Name, File: s.Name, Time: "0"})
		}
	}
	slices.SortFunc(suites, func(a, b *junitSuite) int { return cmp.Compare(a.Name, b.Name) })
	return suites
}

// suiteOf finds the closest suite that a file is in, or makes one.
func suiteOf(suites *[]*junitSuite, file string) *junitSuite {
	var closest *junitSuite
	for _, s := range *suites {
		holds := s.Name == file || s.Name == "." || strings.HasPrefix(file, s.Name+"/")
		if holds && (closest == nil || len(s.Name) > len(closest.Name)) {
			closest = s
		}
	}
	if closest == nil {
		closest = &junitSuite{Name: file}
		*suites = append(*suites, closest)
	}
	return closest
}

func (s *junitSuite) add(c junitCase) {
	s.Cases = append(s.Cases, c)
	s.Tests++
	if c.Failure != nil {
		s.Failures++
	}
}

// caseName tells a case from the others of its suite.
func (p *problem) caseName() string {
	if p.drift {
		return p.File + ": " + p.Message
	}
	return p.Message
}

func newCase(r *Report, p *problem) junitCase {
	text := joinLines(p.place()+": "+p.Severity+": "+p.Message, p.advice())
	c := junitCase{Name: p.caseName(), Class: p.Code, File: p.File, Line: p.Line, Time: "0"}
	if p.severity >= r.FailOn {
		c.Failure = &junitFailure{p.Message, p.Severity, text}
	} else {
		c.Output = text
	}
	return c
}
