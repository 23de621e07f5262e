package plaintext

import (
	"os"
	"testing"

	"meshtopo.dev/meshtopo/schema/diag"
)

// BenchmarkCheck looks at a Secret of an example, which is base64 for the most part, and at a page.
func BenchmarkCheck(b *testing.B) {
	for _, file := range []string{"../../testdata/two-clusters/want/clusters/cluster-a/2-secrets/cacerts.yaml", "../../README.md"} {
		text, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(file[6:], func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				Check("a", text, &diag.List{})
			}
		})
	}
}
