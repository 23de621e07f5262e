package lint

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"meshtopo.dev/meshtopo/schema/diag"
)

// absences are the codes about something missing, and what it is. What is missing has no place of its own, so several
// of them may be at one place. No two are about the same thing.
var absences = map[string]string{
	"gateway-without-label":        "labels of the gateway",
	"gateway-without-network":      "the label topology.istio.io/network of the gateway",
	"gateway-without-network-view": "the variable ISTIO_META_REQUESTED_NETWORK_VIEW",
	"no-gateway-port":              "port 15443 of its Service",
	"missing-remote-secret":        "a remote Secret",
	"network-without-gateway":      "an east-west gateway",
	"no-cluster-name":              "values.global.multiCluster.clusterName",
	"no-mesh-id":                   "values.global.meshID",
	"no-network-name":              "values.global.network",
}

// TestOnePlaceOneCode lints every bad case and the article: no place has two findings of one code, nor of several
// codes, except about different things that are missing there.
func TestOnePlaceOneCode(t *testing.T) {
	things := slices.Sorted(maps.Values(absences))
	if len(slices.Compact(things)) < len(absences) {
		t.Errorf("two codes are about one thing: %q", things)
	}
	needed := map[string]bool{}
	for name, found := range allBad(t) {
		for place, codes := range byPlace(found) {
			if len(codes) == 1 {
				continue
			}
			for i, code := range codes {
				needed[code] = true
				if slices.Index(codes, code) < i || absences[code] == "" {
					t.Errorf("%s: %q at %s", name, codes, place)
				}
			}
		}
	}
	for code, thing := range absences {
		if !needed[code] {
			t.Errorf("%s is never at a place with another: %s", code, thing)
		}
	}
}

// allBad gives what is found in each bad case, and in the article.
func allBad(t *testing.T) map[string][]*diag.Diagnostic {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	all := map[string][]*diag.Diagnostic{}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		bad, _ := sources(a, "bad/")
		all[filepath.Base(file)] = run(t, bad, topology(t, a, "bad/"))
	}
	bad, _ := article(t, "bad")
	all["the article"] = run(t, bad, nil)
	return all
}

// byPlace gives the codes at each place.
func byPlace(found []*diag.Diagnostic) map[string][]string {
	at := map[string][]string{}
	for _, d := range found {
		place := fmt.Sprintf("%s:%d:%d", d.Pos.File, d.Pos.Line, d.Pos.Col)
		at[place] = append(at[place], d.Code)
	}
	return at
}
