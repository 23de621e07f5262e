package lint

import (
	"fmt"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/schema/diag"
)

// growing are files of any size with very many places. Twice the size has to take twice the time. When it took four
// times the time, TestLargeFiles ran for minutes.
var growing = []struct {
	name, file string
	text       func(n int) string
	findings   func(n int) int
}{
	{"a line of JSON", "a.json", func(n int) string { return "[" + strings.Repeat(`{"a":{"b":[1,2,3]}},`, n) + "0]" }, func(int) int { return 0 }},
	{"unknown fields", "a.yaml", func(n int) string { return strings.Repeat(twoUnknown, n) }, func(n int) int { return 2 * n }},
	{"keys of a Secret", "a.yaml", func(n int) string {
		return leakSecret("istio-remote-secret-a", "stringData:\n"+repeated("  Key_%d: x\n", n))
	}, func(n int) int { return n }},
	{"Secrets", "a.yaml", func(n int) string {
		return repeated("---\nkind: Secret\napiVersion: v1\nmetadata: {name: a%d}\nstringData: {a: b, a: c}\n", n)
	}, func(n int) int { return n }},
}

const twoUnknown = `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: a, namespace: shop}
spec:
  hosts: [a]
  http:
  - route:
    - destination: {host: a, prot: {number: 80}}
  extra: 1
`

func repeated(format string, n int) string {
	var out strings.Builder
	for i := range n {
		fmt.Fprintf(&out, format, i)
	}
	return out.String()
}

// reportAll lints a file, goes through all that a report would print, and gives the number of findings.
func reportAll(file, text string) (int, error) {
	found, err := Run(Input{Now: now, Clusters: []Source{{Cluster: "east", Files: []File{{Name: file, Read: func() ([]byte, error) { return []byte(text), nil }}}}}})
	if err != nil {
		return 0, err
	}
	sorted := found.Sorted()
	for _, d := range sorted {
		excerpt(found, d.Pos)
	}
	return found.Count(diag.Info), nil
}

// TestLargeFiles reports every one of very many mistakes.
func TestLargeFiles(t *testing.T) {
	for _, tt := range growing {
		t.Run(tt.name, func(t *testing.T) {
			const n = 10_000
			if got, err := reportAll(tt.file, tt.text(n)); err != nil || got < tt.findings(n) {
				t.Errorf("%d findings, %v; want at least %d", got, err, tt.findings(n))
			}
		})
	}
}

// BenchmarkLargeFiles lints files of one size, and of twice and four times as much.
func BenchmarkLargeFiles(b *testing.B) {
	for _, bb := range growing {
		for _, n := range []int{5_000, 10_000, 20_000} {
			b.Run(fmt.Sprintf("%s/%d", strings.ReplaceAll(bb.name, " ", "-"), n), func(b *testing.B) {
				text := bb.text(n)
				for b.Loop() {
					if _, err := reportAll(bb.file, text); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
