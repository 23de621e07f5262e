package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestPageRules pastes the settings of rules of schema/lint/README.md where it says, into the topology that
// schema/README.md shows, without the trust that they do without.
func TestPageRules(t *testing.T) {
	_, section, _ := strings.Cut(read(t, "../../schema/lint/README.md"), "\n## Diagnostic codes\n")
	block := fencedBlock(t, section, "yaml")
	dir := copyExample(t, "two-clusters")
	file := filepath.Join(dir, "topology.yaml")
	text := read(t, file)
	from, to := strings.Index(text, "  trust:\n"), strings.Index(text, "  secrets:")
	text = apply(t, text[:from]+text[to:], []edit{{"spec:\n", "spec:\n" + block}, {"https://192.0.2.1:", "https://10.0.0.1:"}})
	write(t, file, text)
	got := meshtopo(t, dir, "", "validate")
	if got.code != exitOK || !strings.Contains(got.out, ": info: ") || strings.Contains(got.out, "api-url-private") {
		t.Errorf("meshtopo exits with %d: %s%s", got.code, got.out, got.err)
	}
	write(t, file, apply(t, text, []edit{{"dnsCapture: true ", "dnsCapture: false "}}))
	got = meshtopo(t, dir, "", "validate")
	if got.code != exitFound || !strings.Contains(got.out, ": error: ") || !strings.Contains(got.out, "[dns-capture-off]") {
		t.Errorf("without DNS capture, meshtopo exits with %d: %s%s", got.code, got.out, got.err)
	}
}
