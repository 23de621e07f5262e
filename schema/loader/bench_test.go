package loader

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"meshtopo.dev/meshtopo/schema/diag"
)

// benchmarks runs with meshes of one primary and its joining remotes, which need no material: whole processes with
// certificates and tokens are what make bench measures.
func benchmarks(b *testing.B, run func(b *testing.B, in Input)) {
	for _, n := range []int{3, 10, 100, 300} {
		var text strings.Builder
		text.WriteString(`apiVersion: meshtopo.dev/v1alpha1
kind: Topology
metadata: {name: shop}
spec:
  istio: {version: "1.31.1"}
  secrets: {protection: plaintext}
  networks: {network1: {}}
  clusters:
    cluster-0: {network: network1, eastWestGateway: {addresses: [203.0.113.10]}}
`)
		for i := 1; i < n; i++ {
			fmt.Fprintf(&text, "    cluster-%d: {network: network1, primary: cluster-0, state: joining}\n", i)
		}
		fsys := fstest.MapFS{"topology.yaml": {Data: []byte(text.String())}}
		b.Run(fmt.Sprintf("clusters=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			run(b, Input{FS: fsys, Files: []string{"topology.yaml"}, Material: noMaterial{}, Now: time.Unix(1_800_000_000, 0)})
		})
	}
}

// BenchmarkRead parses the file, with the places of everything in it.
func BenchmarkRead(b *testing.B) {
	benchmarks(b, func(b *testing.B, in Input) {
		for b.Loop() {
			found := &diag.List{}
			if _, err := readAll(in, found); err != nil || found.HasErrors() {
				b.Fatal(err, found)
			}
		}
	})
}

// BenchmarkLoad checks it as well.
func BenchmarkLoad(b *testing.B) {
	benchmarks(b, func(b *testing.B, in Input) {
		for b.Loop() {
			if t, found, err := Load(in); err != nil || t == nil {
				b.Fatal(err, found)
			}
		}
	})
}
