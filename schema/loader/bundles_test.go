package loader

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"
)

// The lines of the topology of a bundle where its files are named.
const (
	certLine  = 12
	keyLine   = 13
	chainLine = 14
	crlLine   = 15 // where there is one; what follows is a line lower then
	rootLine  = 17
	otherLine = 18
)

// loadBundle gives what the loader finds in a bundle, as "code line", in order.
func loadBundle(t *testing.T, file string) []string {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	l := loading{files: fstest.MapFS{}}
	for _, f := range archive.Files {
		l.write(f.Name, string(f.Data))
	}
	top, found := l.load(t)
	var all []string
	for _, d := range found.Sorted() {
		all = append(all, fmt.Sprintf("%s %d", d.Code, d.Pos.Line))
	}
	if len(all) == 0 && top == nil {
		t.Error("nothing was loaded")
	}
	return all
}

// bundleNames gives the names of the bundles of a kind, of which there are so many at least.
func bundleNames(t *testing.T, kind string, least int) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "testdata", "bundles", kind, "*.txtar"))
	if err != nil || len(files) < least {
		t.Fatalf("there are %d %s bundles, want %d at least: %v", len(files), kind, least, err)
	}
	for n, f := range files {
		files[n] = strings.TrimSuffix(filepath.Base(f), ".txtar")
	}
	return files
}

func bundleFile(kind, name string) string {
	return filepath.Join("..", "..", "testdata", "bundles", kind, name+".txtar")
}

// TestGoodBundles proves that nothing is found in bundles that openssl made and that are sound.
func TestGoodBundles(t *testing.T) {
	for _, name := range bundleNames(t, "good", 15) {
		t.Run(name, func(t *testing.T) {
			if got := loadBundle(t, bundleFile("good", name)); len(got) > 0 {
				t.Errorf("Load found %q", got)
			}
		})
	}
}

// TestBrokenBundles proves that each mistake in a bundle that openssl made is found, at the line that names the file,
// and that nothing else is.
func TestBrokenBundles(t *testing.T) {
	names := bundleNames(t, "broken", 40)
	for name := range brokenBundles {
		if !slices.Contains(names, name) {
			t.Errorf("there is no bundle %s", name)
		}
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			var want []string
			for _, m := range brokenBundles[name] {
				want = append(want, fmt.Sprintf("%s %d", m.code, m.line))
			}
			if got := loadBundle(t, bundleFile("broken", name)); len(want) == 0 || !slices.Equal(got, want) {
				t.Errorf("Load found %q, want %q", got, want)
			}
		})
	}
}

// mistake is what is found in a broken bundle.
type mistake struct {
	code string
	line int
}

// brokenBundles has one mistake each. That the only intermediate is the only root is wrong in both places.
var brokenBundles = map[string][]mistake{
	"ambiguous-roots":                 {{"ambiguous-root", rootLine}},
	"cert-of-another":                 {{"key-mismatch", certLine}},
	"certificate-for-key":             {{"certificate-for-key", keyLine}},
	"chain-order":                     {{"chain-order", chainLine}},
	"chain-order-of-three":            {{"chain-order", chainLine}},
	"chain-without-intermediate":      {{"chain-without-intermediate", chainLine}},
	"chain-without-root":              {{"chain-without-root", chainLine}},
	"crl-expired":                     {{"crl-expired", crlLine}},
	"crl-incomplete":                  {{"crl-incomplete", crlLine}},
	"crl-is-certificate":              {{"malformed-crl", crlLine}},
	"crl-of-root-made-twice":          {{"crl-not-verified", crlLine}},
	"crl-of-version-1":                {{"malformed-crl", crlLine}},
	"crl-revokes-ca":                  {{"crl-revokes-ca", crlLine}},
	"duplicate-root":                  {{"duplicate-root", rootLine}},
	"duplicate-root-file":             {{"duplicate-root", otherLine}},
	"ed25519":                         {{"unsupported-key", keyLine}},
	"empty-chain":                     {{"malformed-pem", chainLine}},
	"encrypted-key":                   {{"encrypted-key", keyLine}},
	"ends-soon":                       {{"certificate-expires-soon", certLine}},
	"expired":                         {{"certificate-expired", certLine}},
	"expired-root-in-bundle":          {{"expired-in-bundle", rootLine}},
	"key-in-chain":                    {{"private-key-exposed", chainLine}},
	"key-in-root":                     {{"private-key-exposed", rootLine}},
	"key-of-another":                  {{"key-mismatch", keyLine}},
	"key-of-the-root":                 {{"key-mismatch", keyLine}},
	"key-with-wrong-label":            {{"malformed-key", keyLine}},
	"malformed-certificate":           {{"malformed-certificate", certLine}},
	"middle-expired":                  {{"certificate-expired", chainLine}},
	"middle-name-constraints":         {{"name-constraints", chainLine}},
	"middle-pathlen":                  {{"path-length", chainLine}},
	"middle-sha1":                     {{"weak-signature", chainLine}},
	"name-constraints-exclude":        {{"name-constraints", certLine}},
	"name-constraints-permit-another": {{"name-constraints", certLine}},
	"no-cert-sign":                    {{"no-cert-sign", certLine}},
	"no-client-auth":                  {{"incompatible-extended-key-usage", certLine}},
	"no-server-auth":                  {{"incompatible-extended-key-usage", certLine}},
	"not-a-ca":                        {{"not-a-ca", certLine}},
	"not-yet-valid":                   {{"certificate-not-yet-valid", certLine}},
	"outlives-root":                   {{"intermediate-outlives-root", chainLine}},
	"pkcs7":                           {{"unexpected-pem-block", certLine}},
	"request-for-certificate":         {{"unexpected-pem-block", certLine}},
	"root-cut-off":                    {{"malformed-pem", rootLine}},
	"root-expired":                    {{"certificate-expired", rootLine}},
	"root-first":                      {{"intermediate-is-root", certLine}},
	"root-is-intermediate":            {{"intermediate-is-root", certLine}, {"root-not-self-signed", rootLine}},
	"root-made-twice":                 {{"unknown-root", chainLine}},
	"root-no-cert-sign":               {{"no-cert-sign", rootLine}},
	"root-not-a-ca":                   {{"not-a-ca", rootLine}},
	"root-not-yet-valid":              {{"certificate-not-yet-valid", rootLine}},
	"root-of-three-levels-is-middle":  {{"root-not-self-signed", rootLine}},
	"root-pathlen":                    {{"path-length", rootLine}},
	"root-signs":                      {{"intermediate-is-root", certLine}},
	"root-weak-key":                   {{"weak-key", rootLine}},
	"sha1":                            {{"weak-signature", certLine}},
	"stray-certificate":               {{"stray-certificate", chainLine}},
	"trusted-certificate":             {{"unexpected-pem-block", rootLine}},
	"unknown-root":                    {{"unknown-root", chainLine}},
	"weak-key":                        {{"weak-key", certLine}},
	"without-middle":                  {{"chain-incomplete", chainLine}},
}
