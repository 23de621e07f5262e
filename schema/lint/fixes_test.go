package lint

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"meshtopo.dev/meshtopo/schema/diag"
)

// fixed are the cases of TestCases in which --fix fixes every finding. Every rule with an edit has one.
var fixed = []string{
	"operator-unnamed", "remote-secret-unlabelled", "remote-secret-unlabelled_capital",
	"unknown-kind_misspelt", "cacerts-key", "misspelt-operator", "misspelt-operator_kind", "misspelt-operator_missing",
	"unknown-istio-field_misspelt", "ignored-istio-field_misspelt", "ignored-istio-field_sail", "ignored-istio-field_widens",
	"wrong-istio-value_quotes", "unknown-object-field", "wrong-object-value",
	"gateway-without-label", "gateway-without-label_no-labels", "gateway-without-network", "namespace-without-network",
	"spaced-control-planes", "old-gateway-version",
}

// TestFixes makes the edits of all cases until there are no more. In the cases above, only the codes of "also" are
// left. The good manifests get no edits.
func TestFixes(t *testing.T) {
	for name, a := range archives(t) {
		t.Run(name, func(t *testing.T) {
			bad, _ := sources(a, "bad/")
			after, edits := fixAll(t, Input{Clusters: bad, Now: now, Topology: topology(t, a, "bad/"), Edits: true})
			after = slices.DeleteFunc(after, func(d *diag.Diagnostic) bool { return slices.Contains(also(a), d.Code) })
			if slices.Contains(fixed, name) && (edits == 0 || len(after) > 0) {
				t.Errorf("%d edits leave %d findings", edits, len(after))
			}
			good, _ := sources(a, "good/")
			if _, edits := fixAll(t, Input{Clusters: good, Now: now, Topology: topology(t, a, "good/"), Edits: true}); edits > 0 {
				t.Errorf("%d edits of what is good", edits)
			}
		})
	}
	codes := slices.Concat(slices.Collect(maps.Keys(fixers)), slices.Collect(maps.Keys(correctors)))
	for _, code := range codes {
		if !slices.ContainsFunc(fixed, func(name string) bool { return name == code || strings.HasPrefix(name, code+"_") }) && code != "unquoted-scalar" {
			t.Errorf("no case shows that %s is fixed", code)
		}
	}
}

// TestFixesElsewhere makes the edits of all cases in other notations of the same.
func TestFixesElsewhere(t *testing.T) {
	notations := map[string]func(string) string{
		"CRLF":              func(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") },
		"a byte order mark": func(text string) string { return "\ufeff" + text },
		"no line end":       func(text string) string { return strings.TrimRight(text, "\n") },
		"later in the file": func(text string) string { return "# ä\n---\nkind: Namespace\napiVersion: v1\n---\n" + text },
	}
	for name, a := range archives(t) {
		for notation, write := range notations {
			t.Run(name+" with "+notation, func(t *testing.T) {
				bad, _ := sources(a, "bad/")
				_, want := fixAll(t, Input{Clusters: bad, Now: now, Topology: topology(t, a, "bad/"), Edits: true})
				bad, _ = sources(a, "bad/")
				rewrite(bad, write)
				if _, got := fixAll(t, Input{Clusters: bad, Now: now, Topology: topology(t, a, "bad/"), Edits: true}); got != want {
					t.Errorf("%d findings are fixed, want %d", got, want)
				}
			})
		}
	}
}

// rewrite changes the text of all files that can be read.
func rewrite(clusters []Source, write func(string) string) {
	for _, c := range clusters {
		for i, file := range c.Files {
			if text, err := file.Read(); err == nil {
				c.Files[i].Read = func() ([]byte, error) { return []byte(write(string(text))), nil }
			}
		}
	}
}

// archives gives the cases of TestCases by name.
func archives(t *testing.T) map[string]*txtar.Archive {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	all := map[string]*txtar.Archive{}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(file), ".txtar")] = a
	}
	return all
}

// fixAll makes edits until there are none, and gives the findings that are left and the number of those that were
// fixed. Each round changes only the text at the edits, removes the findings that it fixes, and adds none.
func fixAll(t *testing.T, in Input) (left []*diag.Diagnostic, fixed int) {
	t.Helper()
	return fixRounds(t, in, func(allowed, found map[string]int) {
		for what, n := range found {
			if n > allowed[what] {
				t.Errorf("%d findings of %s where %d were left to be found", n, what, allowed[what])
			}
		}
	})
}

// fixRounds makes edits until there are none. After each round it calls a function with how often each code may still
// be found in each file, and how often it is.
func fixRounds(t *testing.T, in Input, after func(allowed, found map[string]int)) (left []*diag.Diagnostic, fixed int) {
	t.Helper()
	found, err := Run(in)
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		edits, n := found.Mend()
		if n == 0 {
			return found.Sorted(), fixed
		}
		fixed += n
		allowed := counted(found)
		for _, d := range found.Sorted() {
			if isMade(d, edits) {
				allowed[d.Pos.File+" "+d.Code]--
			}
		}
		makeEdits(t, in, edits)
		if found, err = Run(in); err != nil {
			t.Fatal(err)
		}
		after(allowed, counted(found))
	}
	t.Fatal("there is always something to fix")
	return nil, 0
}

// counted gives how often each code is found in each file, by "FILE CODE".
func counted(found *diag.List) map[string]int {
	n := map[string]int{}
	for _, d := range found.Sorted() {
		n[d.Pos.File+" "+d.Code]++
	}
	return n
}

// isMade reports whether the edits of a finding are among those that are made.
func isMade(d *diag.Diagnostic, edits map[string][]diag.Edit) bool {
	return len(d.Edits) > 0 && !slices.ContainsFunc(d.Edits, func(e diag.Edit) bool { return !slices.Contains(edits[e.Pos.File], e) })
}

func makeEdits(t *testing.T, in Input, edits map[string][]diag.Edit) {
	t.Helper()
	for _, c := range in.Clusters {
		for i, file := range c.Files {
			text, err := file.Read()
			if err != nil && len(edits[file.Name]) == 0 {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			after := diag.Apply(text, edits[file.Name])
			if want := spliced(text, edits[file.Name]); string(after) != want {
				t.Errorf("%s became\n%s\nwant\n%s", file.Name, after, want)
			}
			c.Files[i].Read = func() ([]byte, error) { return after, nil }
		}
	}
}

// spliced writes the text of each edit in the place of what it replaces, from the last one to the first.
func spliced(text []byte, edits []diag.Edit) string {
	edits = slices.Clone(edits)
	slices.SortFunc(edits, func(a, b diag.Edit) int { return b.Pos.Compare(a.Pos) })
	lines := strings.Split(string(text), "\n")
	lineEnd := "\n"
	if strings.HasSuffix(lines[0], "\r") {
		lineEnd = "\r\n"
	}
	for _, e := range edits {
		line, mark := strings.CutPrefix(lines[e.Pos.Line-1], "\ufeff")
		runes := []rune(line)
		from := e.Pos.Col - 1
		line = string(runes[:from]) + strings.ReplaceAll(e.Text, "\n", lineEnd) + string(runes[from+e.Pos.Width:])
		if mark {
			line = "\ufeff" + line
		}
		lines[e.Pos.Line-1] = line
	}
	return strings.Join(lines, "\n")
}

// TestUncertain gives no edit where a person has to decide, or where it could be the wrong one.
func TestUncertain(t *testing.T) {
	const operator = "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\n"
	const secret = "apiVersion: v1\nkind: Secret\n"
	const cacerts = secret + "metadata: {name: cacerts, namespace: istio-system}\nstringData: "
	const gateway = "apiVersion: networking.istio.io/v1beta1\nkind: Gateway\nmetadata: {name: a}\n"
	const v1 = "apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: a}\n"
	const servers = ", servers: [{port: {number: 15443, name: tls, protocol: TLS}, tls: {mode: AUTO_PASSTHROUGH}, hosts: [\"*.local\"]}]}\n"
	const destinationRule = "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: a}\nspec: {host: a, trafficPolicy: {"
	eastWest := func(label, network string) string {
		return operator + "metadata: {name: eastwest}\nspec:\n  profile: empty\n  components:\n    ingressGateways:\n    - name: istio-eastwestgateway\n      " + label +
			"\n      k8s: {service: {ports: [{name: tls, port: 15443, targetPort: 15443}]}}\n  values: {gateways: {istio-ingressgateway: {injectionTemplate: gateway}}, global: {network: " + network + "}}\n"
	}
	tests := []struct {
		name  string
		files []string
	}{
		{"two control planes", []string{operator + "metadata: {name: control-plane}\nspec: {profile: default}\n", operator + "spec: {profile: default}\n"}},
		{"the label says otherwise", []string{secret + "metadata: {name: istio-remote-secret-west, labels: {istio/multiCluster: \"false\"}}\nstringData: {}\n"}},
		{"anchors", []string{secret + "metadata: &m {name: istio-remote-secret-west}\nstringData: {}\n"}},
		{"a kind that does not exist", []string{"apiVersion: networking.istio.io/v1\nkind: RemoteCluster\n"}},
		{"a field that is given as well", []string{operator + "metadata: {name: a}\nspec: {meshConfig: {trustDomain: a, trustdomain: b}}\n"}},
		{"a field that is given by its other name", []string{operator + "metadata: {name: a}\nspec: {meshConfig: {trust_domain: a, trustdomain: b}}\n"}},
		{"two fields that would be one", []string{operator + "metadata: {name: a}\nspec: {meshConfig: {trustdomain: a, trustDomian: b}}\n"}},
		{"a field that could be two", []string{operator + "metadata: {name: a}\nspec: {values: {pilot: {autoscaleMix: 1}}}\n"}},
		{"a field with a value of another type", []string{operator + "metadata: {name: a}\nspec: {meshConfig: {trustdomain: [a]}}\n"}},
		{"a field that excludes one that is given", []string{destinationRule + "loadBalancer: {simple: RANDOM, consistentHsh: {useSourceIp: true}}}}\n"}},
		{"a field of another version", []string{operator + "metadata: {name: a}\nspec: {tag: 1.21.2, meshConfig: {trustdomain: a}}\n"}},
		{"a value of another version", []string{"pilot: {}\nglobal: {tag: 1.21.2}\nmeshConfig: {trustdomain: a}\n"}},
		{"a number that is no boolean", []string{operator + "metadata: {name: a}\nspec: {meshConfig: {enableAutoMtls: \"1\"}}\n"}},
		{"a number that is no port", []string{operator + "metadata: {name: a}\nspec: {values: {global: {proxy: {statusPort: \"-1x\"}}}, components: {pilot: {k8s: {service: {ports: [{name: a, port: \"99999999999\"}]}}}}}\n"}},
		{"what is missing may be misspelt", []string{operator + "metadata: {name: a}\n", operator + "metadata: {naming: eastwest}\n"}},
		{"a label that may be misspelt", []string{secret + "metadata: {name: istio-remote-secret-west, labelz: {istio/multiCluster: \"true\"}, labelss: {}}\nstringData: {}\n"}},
		{"an apiVersion that this Istio does not serve", []string{operator + "metadata: {name: a}\nspec: {tag: 1.21.0}\n", gateway + "spec: {selector: {istio: eastwestgateway}" + servers}},
		{"a Gateway that selects other labels", []string{eastWest("label: {topology.istio.io/network: network1}", "network1"), v1 + "spec: {selector: {istio: crossgateway}" + servers}},
		{"a gateway of another name", []string{strings.Replace(eastWest("label: {topology.istio.io/network: network1}", "network1"), "istio-eastwestgateway", "crossgateway", 1)}},
		{"a gateway between two networks", []string{eastWest("label: {istio: eastwestgateway}", "network1"), "apiVersion: v1\nkind: Service\nmetadata: {name: a, labels: {topology.istio.io/network: network2}}\n"}},
		{"a namespace whose cluster names two networks", []string{
			operator + "metadata: {name: control-plane}\nspec: {values: {global: {network: network1}}}\n",
			eastWest("label: {istio: eastwestgateway, topology.istio.io/network: network2}", "network2"), "apiVersion: v1\nkind: Namespace\nmetadata: {name: istio-system}\n",
		}},
		{"a space that may be a comma", []string{"apiVersion: v1\nkind: Namespace\nmetadata: {name: a, annotations: {topology.istio.io/controlPlaneClusters: a b}}\n"}},
		{"two files of one name", []string{cacerts + "{key.pem: \"${A}\", ca.key: \"${B}\", ca-cert.pem: \"${C}\", root-cert.pem: \"${D}\", cert-chain.pem: \"${E}\"}\n"}},
		{"a certificate as key", []string{cacerts + "\n  key.pem: |\n    ${ROOT}\n  ca-cert.pem: |\n    ${INTERMEDIATE}\n  root-cert.pem: |\n    ${ROOT}\n  cert-chain.pem: |\n    ${CHAIN}\n"}},
		{"another's key", []string{cacerts + "\n  key.pem: |\n    ${OTHER_KEY}\n  ca-cert.pem: |\n    ${INTERMEDIATE}\n  root-cert.pem: |\n    ${ROOT}\n  cert-chain.pem: |\n    ${CHAIN}\n"}},
		{"a certificate that may be the root", []string{cacerts + "\n  cert.pem: |\n    ${ROOT}\n  ca-key.pem: |\n    ${KEY}\n  cert-chain.pem: |\n    ${CHAIN}\n"}},
		{"a kind that could be several", []string{"apiVersion: networking.istio.io/v1\nkind: WorkloadPolicy\n"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var source Source
			for i, text := range tt.files {
				text := expandKnown(text)
				source.Files = append(source.Files, File{Name: string(rune('a'+i)) + ".yaml", Read: func() ([]byte, error) { return []byte(text), nil }})
			}
			if left, fixed := fixAll(t, Input{Clusters: []Source{source}, Now: now, Edits: true}); fixed > 0 || len(left) == 0 {
				t.Errorf("%d findings are fixed and %d are left", fixed, len(left))
			}
		})
	}
}

// expandKnown writes material in the place of ${NAME} where there is such material, and leaves other placeholders.
func expandKnown(text string) string {
	for name := range materials() {
		if strings.Contains(text, "${"+name+"}") {
			return expand(text)
		}
	}
	return text
}

// TestTwiceRead changes no file that is read for two clusters: an edit would be about both.
func TestTwiceRead(t *testing.T) {
	read := func() ([]byte, error) {
		return []byte("apiVersion: v1\nkind: Secret\nmetadata: {name: istio-remote-secret-west}\nstringData: {}\n"), nil
	}
	files := []File{{Name: "a.yaml", Read: read}}
	if _, fixed := fixAll(t, Input{Clusters: []Source{{Cluster: "east", Files: files}, {Cluster: "west", Files: files}}, Now: now, Edits: true}); fixed > 0 {
		t.Errorf("%d findings are fixed", fixed)
	}
	if _, fixed := fixAll(t, Input{Clusters: []Source{{Cluster: "east", Files: slices.Clone(files)}}, Now: now, Edits: true}); fixed != 1 {
		t.Errorf("read once, %d findings are fixed, want 1", fixed)
	}
}

// FuzzFixes makes all edits of any manifests: what could be read still can be, nothing else changes, and at some point
// there are no more edits. A correction may bring up further mistakes.
func FuzzFixes(f *testing.F) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, part := range a.Files {
			plain, _ := unmark(part.Name, string(part.Data))
			f.Add([]byte(plain), []byte("apiVersion: install.istio.io/v1alpha1\r\nkind: IstioOperator"))
		}
	}
	f.Add([]byte("0"), []byte("0: \nkind: IstioOperator"))
	f.Fuzz(func(t *testing.T, a, b []byte) {
		file := func(name string, text []byte) File {
			return File{Name: name, Read: func() ([]byte, error) { return text, nil }}
		}
		in := Input{Clusters: []Source{{Cluster: "east", Files: []File{file("a.yaml", a), file("b.yaml", b)}}}, Now: now, Edits: true}
		before, err := Run(in)
		if err != nil {
			t.Fatal(err)
		}
		unreadable := count(before.Sorted(), "invalid-yaml", "duplicate-key")
		if left, _ := fixRounds(t, in, func(map[string]int, map[string]int) {}); count(left, "invalid-yaml", "duplicate-key") > unreadable {
			t.Errorf("%q and %q cannot be read any more", a, b)
		}
	})
}

func count(findings []*diag.Diagnostic, codes ...string) int {
	n := 0
	for _, d := range findings {
		if slices.Contains(codes, d.Code) {
			n++
		}
	}
	return n
}
