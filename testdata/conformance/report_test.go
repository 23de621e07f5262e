package conformance

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"go/ast"
	"go/parser"
	"go/token"
	"net/url"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// eachReport runs f for every report of a format in testdata/report, which are what meshtopo writes: its own tests
// compare them.
func eachReport(t *testing.T, format string, f func(t *testing.T, report []byte)) {
	t.Helper()
	reports, err := filepath.Glob("../report/*." + format)
	if err != nil || len(reports) < 5 {
		t.Fatalf("Glob = %q, %v, want at least five reports", reports, err)
	}
	for _, report := range reports {
		t.Run(filepath.Base(report), func(t *testing.T) { f(t, read(t, report)) })
	}
}

// TestSARIF checks every log against the official schema, and what GitHub requires beyond it
// (https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning).
func TestSARIF(t *testing.T) {
	schema := compileSchema(t, decodeJSON(t, sarifSchema(t)))
	eachReport(t, "sarif", func(t *testing.T, report []byte) { checkSARIF(t, schema, report) })
}

func checkSARIF(t *testing.T, schema *jsonschema.Schema, report []byte) {
	t.Helper()
	if err := schema.Validate(decodeJSON(t, report)); err != nil {
		t.Errorf("the log does not follow the schema: %v", err)
	}
	log, err := sarif.FromBytes(report)
	if err != nil {
		t.Fatal(err)
	}
	if len(log.Runs) != 1 || log.Runs[0].Results == nil {
		t.Fatalf("the log has %d runs, or one without a list of results", len(log.Runs))
	}
	run := log.Runs[0]
	fingerprints := map[string]bool{}
	for _, result := range run.Results {
		rule := run.Tool.Driver.Rules[result.RuleIndex]
		if *rule.ID != *result.RuleID || *rule.ShortDescription.Text == "" || *rule.FullDescription.Text == "" || *rule.Help.Text == "" {
			t.Errorf("the rule of %s is not described", *result.RuleID)
		}
		place := result.Locations[0].PhysicalLocation
		if uri, err := url.Parse(*place.ArtifactLocation.URI); err != nil || uri.IsAbs() || strings.HasPrefix(uri.Path, "/") || strings.Contains(uri.Path, "\\") {
			t.Errorf("%s is not a relative path with slashes: %v", *place.ArtifactLocation.URI, err)
		}
		if *place.Region.StartLine < 1 {
			t.Errorf("a result is on line %d", *place.Region.StartLine)
		}
		for _, fingerprint := range result.PartialFingerprints {
			if fingerprints[fingerprint] {
				t.Errorf("two results have the fingerprint %s", fingerprint)
			}
			fingerprints[fingerprint] = true
		}
	}
	equal(t, "fingerprints", len(fingerprints), len(run.Results))
	if empty := regexp.MustCompile(`\{\s*\}`).Find(report); empty != nil {
		t.Errorf("the log has an empty object")
	}
}

// sarifSchema takes the official schema out of the source of go-sarif, which does not export it.
func sarifSchema(t *testing.T) []byte {
	t.Helper()
	dir := strings.TrimSpace(output(t, exec.Command("go", "list", "-f", "{{.Dir}}", "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif")))
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, "schema.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range file.Decls {
		constant, ok := d.(*ast.GenDecl).Specs[0].(*ast.ValueSpec)
		if !ok || constant.Names[0].Name != "schema" {
			continue
		}
		schema, err := strconv.Unquote(constant.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		return []byte(schema)
	}
	t.Fatal("go-sarif no longer carries the schema in schema.go")
	return nil
}

// TestJSONSchema checks every JSON report against the schema in the repository. A field that is not in the schema
// fails here, though a reader has to accept it.
func TestJSONSchema(t *testing.T) {
	doc := decodeJSON(t, read(t, "../../cmd/internal/report/report.v1.schema.json"))
	compileSchema(t, doc)
	closeObjects(doc)
	schema := compileSchema(t, doc)
	eachReport(t, "json", func(t *testing.T, report []byte) {
		if err := schema.Validate(decodeJSON(t, report)); err != nil {
			t.Errorf("the report does not follow the schema: %v", err)
		}
		for _, field := range []string{"version", "command", "findings", "summary"} {
			broken := decodeJSON(t, report).(map[string]any)
			broken[field] = "another"
			if schema.Validate(broken) == nil {
				t.Errorf("the schema takes another %s", field)
			}
		}
	})
}

// closeObjects lets a schema refuse what it does not describe.
func closeObjects(schema any) {
	switch s := schema.(type) {
	case []any:
		for _, item := range s {
			closeObjects(item)
		}
	case map[string]any:
		if s["type"] == "object" {
			s["additionalProperties"] = false
		}
		for _, value := range s {
			closeObjects(value)
		}
	}
}

func compileSchema(t *testing.T, doc any) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	const name = "file:///schema.json"
	if err := compiler.AddResource(name, doc); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func decodeJSON(t *testing.T, text []byte) any {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// element is any element of an XML document.
type element struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",chardata"`
	Children []element  `xml:",any"`
}

// junitShape says which attributes and children the elements of a JUnit report have: what kubeconform writes, and
// file, line and system-out, which other writers have. needs are the attributes that are always there.
var junitShape = map[string]struct{ needs, may, children string }{
	"testsuites": {"name time tests failures disabled errors", "", "testsuite"},
	"testsuite":  {"name id package time tests failures disabled errors skipped", "", "testcase"},
	"testcase":   {"name classname file time", "line", "failure system-out"},
	"failure":    {"message type", "", ""},
	"system-out": {"", "", ""},
}

// TestJUnit checks the shape of every JUnit report, and that its numbers are those of its tests.
func TestJUnit(t *testing.T) {
	eachReport(t, "junit", func(t *testing.T, report []byte) { checkJUnit(t, report) })
}

func checkJUnit(t *testing.T, report []byte) {
	t.Helper()
	var root element
	if err := xml.Unmarshal(report, &root); err != nil {
		t.Fatal(err)
	}
	equal(t, "root", root.XMLName.Local, "testsuites")
	root.checkShape(t)
	tests, failures := 0, 0
	for _, suite := range root.Children {
		failed := 0
		for _, test := range suite.Children {
			if strings.Contains(test.names(), "failure") {
				failed++
			}
		}
		equal(t, "tests of the suite", suite.number(t, "tests"), len(suite.Children))
		equal(t, "failures of the suite", suite.number(t, "failures"), failed)
		if len(suite.Children) == 0 {
			t.Errorf("the suite %s has no tests", suite.attr("name"))
		}
		tests, failures = tests+len(suite.Children), failures+failed
	}
	equal(t, "tests", root.number(t, "tests"), tests)
	equal(t, "failures", root.number(t, "failures"), failures)
}

func (e *element) checkShape(t *testing.T) {
	t.Helper()
	shape, known := junitShape[e.XMLName.Local]
	if !known {
		t.Errorf("there is no element %s", e.XMLName.Local)
	}
	have := map[string]bool{}
	for _, a := range e.Attrs {
		have[a.Name.Local] = true
		if !word(shape.needs+" "+shape.may, a.Name.Local) {
			t.Errorf("%s has an attribute %s", e.XMLName.Local, a.Name.Local)
		}
	}
	for _, need := range strings.Fields(shape.needs) {
		if !have[need] {
			t.Errorf("%s has no attribute %s", e.XMLName.Local, need)
		}
	}
	for i := range e.Children {
		if c := &e.Children[i]; word(shape.children, c.XMLName.Local) {
			c.checkShape(t)
		} else {
			t.Errorf("%s holds a %s", e.XMLName.Local, c.XMLName.Local)
		}
	}
}

func word(words, w string) bool { return strings.Contains(" "+words+" ", " "+w+" ") }

func (e *element) names() string {
	var names []string
	for _, c := range e.Children {
		names = append(names, c.XMLName.Local)
	}
	return strings.Join(names, " ")
}

func (e *element) attr(name string) string {
	for _, a := range e.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (e *element) number(t *testing.T, name string) int {
	t.Helper()
	n, err := strconv.Atoi(e.attr(name))
	if err != nil {
		t.Error(err)
	}
	return n
}

// TestGitLab checks every code quality report against what GitLab reads
// (https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format).
func TestGitLab(t *testing.T) {
	eachReport(t, "gitlab", func(t *testing.T, report []byte) { checkGitLab(t, report) })
}

func checkGitLab(t *testing.T, report []byte) {
	t.Helper()
	var issues []struct {
		Description string `json:"description"`
		CheckName   string `json:"check_name"`
		Fingerprint string `json:"fingerprint"`
		Severity    string `json:"severity"`
		Location    struct {
			Path  string `json:"path"`
			Lines struct {
				Begin int `json:"begin"`
			} `json:"lines"`
		} `json:"location"`
	}
	decoder := json.NewDecoder(bytes.NewReader(report))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&issues); err != nil {
		t.Fatal(err)
	}
	if issues == nil {
		t.Error("the report is no list")
	}
	fingerprints := map[string]bool{}
	for _, i := range issues {
		relative := i.Location.Path == path.Clean(i.Location.Path) && !path.IsAbs(i.Location.Path)
		if i.Description == "" || i.CheckName == "" || i.Fingerprint == "" || fingerprints[i.Fingerprint] || !relative || i.Location.Lines.Begin < 1 ||
			!word("info minor major critical blocker", i.Severity) {
			t.Errorf("an issue is incomplete, or there twice: %+v", i)
		}
		fingerprints[i.Fingerprint] = true
	}
}
