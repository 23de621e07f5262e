package lint

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/txtar"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/grammar"
	"meshtopo.dev/meshtopo/schema/loader"
	"meshtopo.dev/meshtopo/schema/material"
	"meshtopo.dev/meshtopo/schema/rules"
	"meshtopo.dev/meshtopo/schema/sail"
	"meshtopo.dev/meshtopo/schema/settings"
)

// now is the clock of all cases.
var now = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// TestCases runs testdata/CODE.txtar and testdata/CODE_VARIANT.txtar. Below bad/CLUSTER/ are manifests with mistakes:
// each ‹place› has a finding of that code, and there are no others except of codes that a comment line "also: CODE"
// names. Below good/CLUSTER/ are the same manifests without the mistakes: nothing is found. If there is a
// topology.yaml, they are compared with it. ${NAME} stands for material: see material_test.go.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	tried := map[string]bool{}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		code, _, _ := strings.Cut(name, "_")
		tried[code] = true
		t.Run(name, func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			bad, places := sources(a, "bad/")
			if len(places) == 0 {
				t.Fatal("no place is marked")
			}
			var got []string
			for _, d := range run(t, bad, topology(t, a, "bad/")) {
				if !slices.Contains(also(a), d.Code) {
					got = append(got, fmt.Sprintf("%s:%d:%d+%d %s", d.Pos.File, d.Pos.Line, d.Pos.Col, max(d.Pos.Width, 1), d.Code))
				}
			}
			var want []string
			for _, p := range places {
				want = append(want, p+" "+code)
			}
			slices.Sort(want)
			if slices.Sort(got); !slices.Equal(got, want) {
				t.Errorf("found\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
			}
			good, _ := sources(a, "good/")
			if len(good) == 0 {
				t.Fatal("nothing is good")
			}
			for _, d := range run(t, good, topology(t, a, "good/")) {
				t.Errorf("good, but %s:%d:%d: %s [%s]", d.Pos.File, d.Pos.Line, d.Pos.Col, d.Message, d.Code)
			}
		})
	}
	for _, r := range slices.Concat(Rules(), sharedRules) {
		if !tried[r.Code] {
			t.Errorf("no case in testdata for %s", r.Code)
		}
		delete(tried, r.Code)
	}
}

func run(t *testing.T, clusters []Source, topology *schema.Topology) []*diag.Diagnostic {
	t.Helper()
	found, err := Run(Input{Clusters: clusters, Now: now, Topology: topology})
	if err != nil {
		t.Fatal(err)
	}
	return found.Sorted()
}

// topology gives the topology of an archive, or nil where it has none.
func topology(t *testing.T, a *txtar.Archive, prefix string) *schema.Topology {
	t.Helper()
	for _, f := range a.Files {
		if f.Name != prefix+topologyFile {
			continue
		}
		text, _ := unmark(topologyFile, string(f.Data))
		top, found, err := loader.Load(loader.Input{FS: fstest.MapFS{topologyFile: {Data: []byte(text)}}, Files: []string{topologyFile}, Now: now})
		if err != nil || top == nil {
			t.Fatal(err, found.Sorted())
		}
		return top
	}
	return nil
}

// topologyFile is a topology below bad/ or good/.
const topologyFile = "topology.yaml"

// unreadableText begins a file that cannot be read; behind it stands why.
const unreadableText = "cannot be read: "

// also gives the codes that may be found beside the one that a case is about.
func also(a *txtar.Archive) []string {
	var codes []string
	for line := range strings.Lines(string(a.Comment)) {
		if code, ok := strings.CutPrefix(strings.TrimSpace(line), "also: "); ok {
			codes = append(codes, code)
		}
	}
	return codes
}

// sources gives the clusters of an archive and the places that are marked in their files.
func sources(a *txtar.Archive, prefix string) (clusters []Source, places []string) {
	for _, f := range a.Files {
		name, ok := strings.CutPrefix(f.Name, prefix)
		if !ok {
			continue
		}
		cluster, _, _ := strings.Cut(name, "/")
		text, marks := unmark(name, expand(string(f.Data)))
		places = append(places, marks...)
		if name == topologyFile {
			continue
		}
		file := File{Name: name, Read: func() ([]byte, error) { return []byte(text), nil }}
		if reason, ok := strings.CutPrefix(text, unreadableText); ok {
			places = append(places, name+":0:0+1")
			file.Read = func() ([]byte, error) { return nil, errors.New(strings.TrimSpace(reason)) }
		}
		if i := slices.IndexFunc(clusters, func(s Source) bool { return s.Cluster == cluster }); i >= 0 {
			clusters[i].Files = append(clusters[i].Files, file)
			continue
		}
		clusters = append(clusters, Source{Cluster: cluster, Files: []File{file}})
	}
	slices.SortFunc(clusters, func(a, b Source) int { return cmp.Compare(a.Cluster, b.Cluster) })
	return clusters, places
}

// unmark takes the marks out of a text and gives their places, as FILE:LINE:COL+WIDTH.
func unmark(file, text string) (string, []string) {
	var places []string
	for {
		before, rest, ok := strings.Cut(text, "‹")
		if !ok {
			return text, places
		}
		marked, after, _ := strings.Cut(rest, "›")
		line := strings.Count(before, "\n") + 1
		col := utf8.RuneCountInString(before[strings.LastIndex(before, "\n")+1:]) + 1
		places = append(places, fmt.Sprintf("%s:%d:%d+%d", file, line, col, utf8.RuneCountInString(marked)))
		text = before + marked + after
	}
}

// sharedRules are those of topologies that manifests can break as well, with their codes.
var sharedRules = []*diag.Rule{
	rules.APIURLPrivate, rules.BadGatewayAddress, rules.GatewayHostname, grammar.InvalidName, grammar.InvalidValue, rules.LongRevision,
	rules.NetworkWithoutGateway, rules.PrimariesApart, rules.MeshNetworksForm, rules.MeshNetworksOverlap, rules.MeshNetworksRegistry, material.SharedIntermediateKey, rules.RemoteNamespace, rules.RemoteNetworkName, rules.RemoteNewer, rules.RemoteOlder,
	rules.RemoteRevision, rules.ReservedClusterName, rules.ReservedRevision, sail.RevisionTag, rules.SeveralNamespaces, material.SharedToken, material.ForeignCA,
	rules.UncoveredClusterDomain, rules.UndiscoverableGateway, rules.UnknownPrimary, rules.UnusedOnRemote,
	settings.AutoMTLSOff, settings.NothingShared, settings.ServicesNotExported, settings.AmbientFlagWithSidecars, settings.WebhookNotPatched,
	settings.WaitsForEveryCluster, settings.WatchesOneNamespace, settings.HostnameNotResolved, settings.SecretsNotRead, settings.CNIDiffers,
	settings.GatewayEndsTLS, settings.GatewayProxyProtocol, settings.NodePortForRemotes, settings.RemoteTakesIPv4, settings.HiddenFromDiscovery,
	settings.UnknownIstioField, settings.IgnoredIstioField, settings.WrongIstioValue, settings.UnreadVariable,
}
