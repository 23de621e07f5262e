package conformance

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"istio.io/istio/security/pkg/pki/ca"

	"meshtopo.dev/meshtopo/render/secret"
	"meshtopo.dev/meshtopo/schema/loader"
)

const checksPage = "../../docs/certificate-checks.md"

// TestBundles proves that the page says what meshtopo and what istiod make of each bundle. What ends soon is left out:
// istiod goes by the clock of the machine.
func TestBundles(t *testing.T) {
	var text bytes.Buffer
	for _, kind := range []string{"broken", "good"} {
		files, err := filepath.Glob("../bundles/" + kind + "/*.txtar")
		if err != nil || len(files) < 15 {
			t.Fatalf("there are %d %s bundles: %v", len(files), kind, err)
		}
		fmt.Fprintf(&text, "\n### %s%s\n\n| bundle | meshtopo | istiod |\n|---|---|---|\n", strings.ToUpper(kind[:1]), kind[1:])
		for _, file := range files {
			name := strings.TrimSuffix(filepath.Base(file), ".txtar")
			if name == "ends-soon" {
				continue
			}
			dir := unpackBundle(t, read(t, file))
			found, refused := foundInBundle(t, dir), refusedByIstiod(dir)
			if kind == "good" && (found != "" || refused != "") {
				t.Errorf("%s: meshtopo finds %q, istiod says %q", name, found, refused)
			}
			if found == "" && refused != "" {
				t.Errorf("%s: only istiod refuses it: %s", name, refused)
			}
			fmt.Fprintf(&text, "| %s | %s | %s |\n", name, orElse(found, "finds nothing"), orElse(refused, "accepts it"))
		}
	}
	page := read(t, checksPage)
	head, rest, begins := bytes.Cut(page, []byte("<!-- begin: what is made of the bundles -->\n"))
	_, tail, ends := bytes.Cut(rest, []byte("<!-- end: what is made of the bundles -->\n"))
	if !begins || !ends {
		t.Fatalf("%s has no place for the table", checksPage)
	}
	want := fmt.Sprintf("%s<!-- begin: what is made of the bundles -->\n%s\n<!-- end: what is made of the bundles -->\n%s", head, text.Bytes(), tail)
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(checksPage, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
	} else if want != string(page) {
		t.Errorf("%s is not what is true: UPDATE=1 writes it anew; read the diff\n%s", checksPage, text.Bytes())
	}
}

var bundleFile = regexp.MustCompile(`(?m)^-- (\S+) --\n`)

// unpackBundle writes the files of a bundle to a directory.
func unpackBundle(t *testing.T, text []byte) string {
	t.Helper()
	dir, marks := t.TempDir(), bundleFile.FindAllSubmatchIndex(text, -1)
	for n, m := range marks {
		end := len(text)
		if n+1 < len(marks) {
			end = marks[n+1][0]
		}
		put(t, filepath.Join(dir, string(text[m[2]:m[3]])), string(text[m[1]:end]))
	}
	return dir
}

// foundInBundle gives the codes that meshtopo finds.
func foundInBundle(t *testing.T, dir string) string {
	t.Helper()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = root.Close() }()
	_, found, err := loader.Load(loader.Input{
		FS: root.FS(), Files: []string{"topology.yaml"}, Material: secret.NewStore(root.FS(), os.LookupEnv), RequireMaterial: true,
		Now: time.Date(2026, time.June, 1, 0, 0, 0, 0, time.UTC),
	})
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	for _, d := range found.Sorted() {
		codes = append(codes, "`"+d.Code+"`")
	}
	return strings.Join(codes, " ")
}

// refusedByIstiod gives the error with which istiod stops, or "". All roots go into its one file.
func refusedByIstiod(dir string) string {
	roots, err := os.ReadFile(filepath.Join(dir, "root-cert.pem"))
	if err != nil {
		return err.Error()
	}
	if other, err := os.ReadFile(filepath.Join(dir, "other-root.pem")); err == nil {
		roots = append(roots, other...)
	}
	file := func(name string) string { return filepath.Join(dir, name) }
	if err := os.WriteFile(file("all-roots.pem"), roots, 0o600); err != nil {
		return err.Error()
	}
	crls := file("ca-crl.pem")
	if _, err := os.Stat(crls); err != nil {
		crls = ""
	}
	_, err = ca.NewPluggedCertIstioCAOptions(ca.SigningCAFileBundle{
		RootCertFile: file("all-roots.pem"), CertChainFiles: []string{file(certChain)}, SigningCertFile: file(caCert), SigningKeyFile: file(caKey), CRLFile: crls,
	}, time.Hour, time.Hour, 2048)
	if err == nil {
		return ""
	}
	text := strings.TrimSuffix(strings.TrimPrefix(err.Error(), "failed to create CA KeyCertBundle ("), ")")
	text, _, _ = strings.Cut(text, ": current time ")
	return "`" + strings.NewReplacer("\n", " ", "|", "/", "`", "'").Replace(text) + "`"
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}
