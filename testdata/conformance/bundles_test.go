package conformance

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	pki "istio.io/istio/security/pkg/pki/util"
)

const (
	bundlesDir  = "../bundles"
	bundlesPage = "../../docs/certificate-checks.md"
	bundlesFrom = "<!-- What stands from here to the next mark is made by UPDATE=1 go test -run TestBundles . in testdata/conformance. -->\n"
	bundlesTo   = "<!-- the end of it -->\n"
)

// TestBundles gives each of the CAs of testdata/bundles to the code with which istiod reads its own, and compares what
// it says with the page that shows it beside what meshtopo finds.
func TestBundles(t *testing.T) {
	rows, err := os.ReadFile(filepath.Join(bundlesDir, "bundles.txt"))
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(bundlesPage)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, found := strings.Cut(string(page), bundlesFrom)
	_, tail, ended := strings.Cut(rest, bundlesTo)
	if !found || !ended {
		t.Fatalf("%s has no marks", bundlesPage)
	}
	table := &strings.Builder{}
	table.WriteString("| Bundle | What it is, or what is wrong | meshtopo | istiod |\n|---|---|---|---|\n")
	for row := range strings.Lines(string(rows)) {
		if strings.HasPrefix(row, "#") {
			continue
		}
		columns := strings.Split(strings.TrimSpace(row), " | ")
		if len(columns) != 3 {
			t.Fatalf("%q has %d columns, want 3", row, len(columns))
		}
		fmt.Fprintf(table, "| %s | %s | %s | %s |\n", columns[0], columns[2], findings(columns[1]), istiodSays(columns[0]))
	}
	want := head + bundlesFrom + table.String() + bundlesTo + tail
	switch {
	case want == string(page):
	case os.Getenv("UPDATE") == "":
		t.Errorf("%s is not what Istio says: UPDATE=1 writes it anew; read the diff\n%s", bundlesPage, table)
	default:
		if err := os.WriteFile(bundlesPage, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// findings writes what meshtopo finds as a cell of the table.
func findings(column string) string {
	var cells []string
	for _, f := range strings.Fields(column) {
		code, _, _ := strings.Cut(f, "@")
		cells = append(cells, "`"+code+"`")
	}
	if len(cells) == 0 {
		return "nothing"
	}
	return strings.Join(cells, " ")
}

// now is the time at which the code ran, in what it says of the age of a certificate.
var now = regexp.MustCompile(`current time \S+`)

// istiodSays gives what istiod says of the files of a bundle, chosen as in pilot/pkg/bootstrap/istio_ca.go.
func istiodSays(name string) string {
	in := func(file string) string { return filepath.Join(bundlesDir, name, file) }
	cert, key, root, chain, crl := in(caCert), in(caKey), in(rootCert), []string{in(certChain)}, ""
	if _, err := os.Stat(in("ca-crl.pem")); err == nil {
		crl = in("ca-crl.pem")
	}
	if _, err := os.Stat(in("tls.crt")); err == nil {
		cert, key, root, crl = in("tls.crt"), in("tls.key"), in("ca.crt"), ""
		chain = []string{cert, root}
	}
	if _, err := pki.NewVerifiedKeyCertBundleFromFile(cert, key, chain, root, crl); err != nil {
		text := now.ReplaceAllString(err.Error(), "current time …")
		return strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;").Replace(text)
	}
	return "takes it"
}
