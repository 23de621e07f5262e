package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/trust"
)

var expiryNow = time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)

// expiring is what ends in a mesh, in no order.
func expiring() []Expiry {
	ends := func(what schema.Dated, days int, place schema.Private, subject string, clusters ...string) schema.Expiry {
		end := expiryNow.AddDate(0, 0, days)
		return schema.Expiry{What: what, Clusters: clusters, Place: place, Span: trust.Span{Subject: subject, Begin: expiryNow.AddDate(0, 0, -100), End: end}}
	}
	return NewExpiries([]schema.Expiry{
		ends(schema.DatedRoot, 400, schema.Private{File: "root.pem"}, "CN=Root | CA\n::error::x"),
		ends(schema.DatedToken, -1, schema.Private{Env: "TOKEN_A"}, "", "a"),
		ends(schema.DatedServerCA, 10, schema.Private{File: "api.pem"}, "CN=api", "a", "b"),
		ends(schema.DatedCRL, 45, schema.Private{File: "crl.pem"}, ""),
	}, func(file string) string { return "mesh/" + file }, expiryNow, 45*24*time.Hour)
}

func TestExpiriesAreInOrder(t *testing.T) {
	want := []string{
		"2027-02-28, expired 1 day ago: token of a ($TOKEN_A)",
		"2027-03-11, 10 days left: API server CA of a, b (mesh/api.pem), CN=api",
		"2027-04-15, 45 days left: CRL of all clusters (mesh/crl.pem)",
		"2028-04-04, 400 days left: root of all clusters (mesh/root.pem), CN=Root | CA\n::error::x",
	}
	states := []State{Expired, Soon, Lasting, Lasting}
	bars := []string{"░░░░░░░░░░", "█░░░░░░░░░", "███░░░░░░░", "████████░░"}
	for i, e := range expiring() {
		if e.line() != want[i] || e.State != states[i] || e.bar() != bars[i] {
			t.Errorf("%d: %q, %s, %s; want %q, %s, %s", i, e.line(), e.State, e.bar(), want[i], states[i], bars[i])
		}
	}
}

// Every format has all that ends, and none lets a subject be a command or a cell.
func TestExpiriesInEveryFormat(t *testing.T) {
	r := &Report{Command: "validate", Findings: &diag.List{}, FailOn: diag.Error, Name: func(file string) string { return file }, Checked: []string{"topology.yaml"}, Expiries: expiring()}
	for _, name := range Names() {
		for _, colour := range []bool{false, true} {
			format, err := New(name, colour)
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			if err := format(&out, r); err != nil {
				t.Fatal(err)
			}
			text := strings.ReplaceAll(out.String(), `\$`, "$")
			for _, place := range []string{"TOKEN", "mesh/api.pem", "mesh/crl.pem", "mesh/root.pem", "2027-02-28"} {
				if !strings.Contains(strings.ReplaceAll(text, `\_`, "_"), place) {
					t.Errorf("%s has no %s:\n%s", name, place, text)
				}
			}
			if strings.Contains(text, "\n::error") || strings.Contains(text, "Root | CA\n") {
				t.Errorf("%s lets a subject be more than text:\n%s", name, text)
			}
			if bars := strings.Contains(text, "░"); bars != (name == "text" && colour) {
				t.Errorf("%s, coloured %v, has bars: %v", name, colour, bars)
			}
		}
	}
}

// A list that nobody has asked for is absent, and one that is empty is there.
func TestExpiriesInJSON(t *testing.T) {
	for _, list := range [][]Expiry{nil, {}} {
		var out bytes.Buffer
		if err := jsonFormat(&out, &Report{Findings: &diag.List{}, Expiries: list}); err != nil {
			t.Fatal(err)
		}
		var doc map[string]any
		if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
			t.Fatal(err)
		}
		if _, there := doc["expiries"]; there != (list != nil) {
			t.Errorf("%v is written as %s", list, &out)
		}
	}
}
