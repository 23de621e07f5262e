package report

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRecognizes proves that every report is known by its beginning, and that nothing else is.
func TestRecognizes(t *testing.T) {
	reports, err := filepath.Glob("../../../testdata/report/*.*")
	if err != nil || len(reports) == 0 {
		t.Fatalf("Glob = %q, %v", reports, err)
	}
	for _, file := range reports {
		text := readFile(t, file)
		if len(text) > 0 && (!Recognizes(text[:min(len(text), HeadSize)]) || !Recognizes([]byte(strings.ReplaceAll(string(text), "\n", "\r\n")))) {
			t.Errorf("Recognizes(%s) = false", file)
		}
	}
	for _, pattern := range []string{"*/topology.*", "*/certs/*.pem", "*/tokens/*", "*/want/clusters/*.md", "*/want/clusters/*/*", "*/want/clusters/*/*/*", "../*.md", "../*.yml", "../go.*"} {
		files, err := filepath.Glob(filepath.Join("../../../testdata", pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("Glob(%s) = %q, %v", pattern, files, err)
		}
		for _, file := range files {
			if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() && Recognizes(readFile(t, file)) {
				t.Errorf("Recognizes(%s) = true", file)
			}
		}
	}
	for _, text := range []string{
		"", "\n", "{}", "[]", "[\n  \"a\"\n]\n", `{"version": 1, "command": "x"}`, "{\n  \"version\": 1\n}\n", "# notes\n", "error: a\n", "an error: this is not [one\n",
		"changed: true\n", "added a file\n", "::stop-commands::x\n", "opaque-token-of-a-cluster\n", "\ufeff-----BEGIN PRIVATE KEY-----\n", "### meshtopology\n",
		"{\n  \"$schema\": \"" + sarifSchema + "\",\n  \"runs\": [{\"tool\": {\"driver\": {\"name\": \"other\"}}}]\n}\n",
	} {
		if Recognizes([]byte(text)) {
			t.Errorf("Recognizes(%q) = true", text)
		}
	}
}

func readFile(t *testing.T, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
