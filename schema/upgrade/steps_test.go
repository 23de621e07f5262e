package upgrade

import (
	"reflect"
	"testing"

	"meshtopo.dev/meshtopo/schema"
)

// TestRecorded reads what Record writes, and passes over what somebody else may have written there.
func TestRecorded(t *testing.T) {
	c := &schema.Cluster{EastWestGateway: schema.EastWestGateway{Enabled: true, Revision: "default"}, Istio: schema.Istio{Version: "1.30.3", Revision: "1-30-3", Listed: schema.Listed{Revisions: []schema.Revision{
		{Name: "1-30-3", Version: "1.30.3", Default: true, Tags: []string{"prod", "stable"}}, {Version: "1.31.1"},
	}}}}
	lines := Record(c)
	want := []Installed{
		{Revision: schema.Revision{Name: "1-30-3", Version: "1.30.3", Default: true, Tags: []string{"prod", "stable"}}},
		{Revision: schema.Revision{Name: "default", Version: "1.31.1"}, Gateway: true},
	}
	if got := Recorded(lines); !reflect.DeepEqual(got, want) {
		t.Errorf("%q is read as %+v, want %+v", lines, got, want)
	}
	for _, line := range []string{
		"", "istiod", "istiod ", "istiod revision= version=1.30.3", "istiod revision=a version=", "istiod version=1.30.3 default",
		"istiod revision=\x1b[31m version=1.30.3", "istiod revision=a version=1.30.3 tags=a,", "ztunnel revision=a version=1.30.3",
	} {
		if got := Recorded([]string{line}); got != nil {
			t.Errorf("%q is read as %+v", line, got)
		}
	}
}

// TestRecordIsALine leaves out what would end the line, or be no name.
func TestRecordIsALine(t *testing.T) {
	c := &schema.Cluster{Istio: schema.Istio{Version: "1.31.1", Values: map[string]any{"revisionTags": []any{"prod", "a\nb", "c d", "e,f", "Canary"}}}}
	want := []string{"istiod revision=default version=1.31.1 default tags=prod"}
	if got := Record(c); !reflect.DeepEqual(got, want) {
		t.Errorf("%q is recorded, want %q", got, want)
	}
}
