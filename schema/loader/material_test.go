package loader

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/material"
	"meshtopo.dev/meshtopo/schema/trust/trusttest"
)

// materialNow is a time at which the material of the examples is valid.
var materialNow = time.Date(2026, time.June, 1, 0, 0, 0, 0, time.UTC)

// filesMaterial reads material as the command does, and counts the reading.
type filesMaterial struct {
	files fs.FS
	env   map[string]string
	read  map[string]int
}

func (m filesMaterial) Public(path string) ([]byte, error) {
	m.read[path]++
	return fs.ReadFile(m.files, path)
}

func (m filesMaterial) Private(place schema.Private) ([]byte, error) {
	if place.Env == "" {
		return m.Public(place.File)
	}
	if value, ok := m.env[place.Env]; ok {
		return []byte(value), nil
	}
	return nil, fmt.Errorf("environment variable %s: %w", place.Env, fs.ErrNotExist)
}

// example gives the files of an example that may be changed.
func example(t *testing.T, name string) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	dir := os.DirFS(filepath.Join("..", "..", "testdata", name))
	for _, pattern := range []string{"topology.yaml", "certs/*.pem", "certs/*/*.pem", "tokens/*", "patches/*"} {
		found, err := fs.Glob(dir, pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			text, err := fs.ReadFile(dir, f)
			if err != nil {
				t.Fatal(err)
			}
			files[f] = &fstest.MapFile{Data: text}
		}
	}
	return files
}

// loading is a topology to load with its material.
type loading struct {
	files   fstest.MapFS
	env     map[string]string
	lenient bool // private material need not be there
	read    map[string]int
}

func (l *loading) load(t testing.TB) (*schema.Topology, *diag.List) {
	t.Helper()
	l.read = map[string]int{}
	top, found, err := Load(Input{
		FS: l.files, Files: []string{"topology.yaml"}, Now: materialNow, RequireMaterial: !l.lenient,
		Material: filesMaterial{l.files, l.env, l.read},
	})
	if err != nil {
		t.Fatal(err)
	}
	return top, found
}

// replace edits the topology, which must have the old text.
func (l *loading) replace(t *testing.T, old, text string) {
	t.Helper()
	data := string(l.files["topology.yaml"].Data)
	if !strings.Contains(data, old) {
		t.Fatalf("the topology has no %q", old)
	}
	l.files["topology.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(data, old, text, 1))}
}

func (l *loading) copy(from, to string) { l.files[to] = l.files[from] }
func (l *loading) write(name, text string) {
	l.files[name] = &fstest.MapFile{Data: []byte(text)}
}

// finding writes a finding as "code @marked text: message", where the marked text is what the excerpt underlines.
func finding(l *loading, d *diag.Diagnostic) string {
	lines := strings.Split(string(l.files["topology.yaml"].Data), "\n")
	text := "?"
	if d.Pos.Line >= 1 && d.Pos.Line <= len(lines) {
		line := []rune(lines[d.Pos.Line-1])
		from := min(d.Pos.Col-1, len(line))
		text = string(line[from:min(from+max(d.Pos.Width, 1), len(line))])
	}
	return fmt.Sprintf("%s @%s: %s", d.Code, text, d.Message)
}

func TestExamplesHaveSoundMaterial(t *testing.T) {
	for _, name := range exampleNames(t) {
		l := loading{files: example(t, name)}
		top, found := l.load(t)
		if top == nil || len(top.Unread) > 0 {
			t.Errorf("%s: Load found %q", name, places(found.Sorted()))
		}
		for _, d := range found.Sorted() {
			if isMaterialRule(d.Code) {
				t.Errorf("%s: %s", name, finding(&l, d))
			}
		}
	}
}

func isMaterialRule(code string) bool {
	return slices.ContainsFunc(material.Rules, func(r *diag.Rule) bool { return r.Code == code })
}

// TestExampleMaterialSaysWhatItIs proves that nobody can take the keys of the examples for real ones.
func TestExampleMaterialSaysWhatItIs(t *testing.T) {
	var files []string
	for _, pattern := range []string{"../../testdata/*/certs/*.pem", "../../testdata/*/certs/*/*.pem"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("Glob(%q) = %d files, %v", pattern, len(found), err)
		}
		files = append(files, found...)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if first, _, _ := strings.Cut(string(text), "\n"); !strings.HasPrefix(first, "TEST ") || !strings.Contains(first, "testdata/generate") {
			t.Errorf("%s begins with %q", file, first)
		}
	}
}

func TestMaterial(t *testing.T) {
	const tokenA = "tokens/cluster-a"
	token := func(claims string) string { return trusttest.Token(`{"alg":"RS256"}`, json.RawMessage(claims)) }
	tests := []struct {
		name string
		edit func(t *testing.T, l *loading)
		want []string
	}{
		{"sound", func(*testing.T, *loading) {}, nil},

		{"root missing", func(_ *testing.T, l *loading) { delete(l.files, "certs/root-cert.pem") },
			[]string{"missing-file @certs/root-cert.pem: the root (certs/root-cert.pem) is not there"}},
		{"root is a key", func(_ *testing.T, l *loading) { l.copy("certs/cluster-a/ca-key.pem", "certs/root-cert.pem") },
			[]string{"private-key-exposed @certs/root-cert.pem: the root (certs/root-cert.pem) holds a private key at line 2"}},
		{"second root missing", func(t *testing.T, l *loading) {
			l.replace(t, "[certs/root-cert.pem]", "[certs/root-cert.pem, certs/old.pem]")
		},
			[]string{"missing-file @certs/old.pem: the root (certs/old.pem) is not there"}},
		{"the root in force cannot be read", func(t *testing.T, l *loading) {
			l.replace(t, "[certs/root-cert.pem]", "[certs/root-cert.pem, certs/cluster-a/api.pem]")
			l.write("certs/root-cert.pem", "")
		}, []string{"malformed-pem @certs/root-cert.pem: the root (certs/root-cert.pem) is empty"}},
		{"root is a directory", func(t *testing.T, l *loading) { l.replace(t, "[certs/root-cert.pem]", "[certs]") },
			[]string{"unreadable-file @certs: the root (certs) cannot be read: invalid argument"}},

		{"intermediate missing", func(_ *testing.T, l *loading) { delete(l.files, "certs/cluster-b/ca-cert.pem") },
			[]string{`missing-file @certs/{cluster}: the intermediate of cluster "cluster-b" (certs/cluster-b/ca-cert.pem) is not there`}},
		{"chain missing", func(_ *testing.T, l *loading) { delete(l.files, "certs/cluster-b/cert-chain.pem") },
			[]string{`missing-file @certs/{cluster}: the chain of cluster "cluster-b" (certs/cluster-b/cert-chain.pem) is not there`}},
		{"CA key missing", func(_ *testing.T, l *loading) { delete(l.files, "certs/cluster-b/ca-key.pem") },
			[]string{`missing-private-file @certs/{cluster}: the CA key of cluster "cluster-b" (certs/cluster-b/ca-key.pem) is not there`}},
		{"CA key of another cluster", func(_ *testing.T, l *loading) { l.copy("certs/cluster-a/ca-key.pem", "certs/cluster-b/ca-key.pem") },
			[]string{`key-mismatch @certs/{cluster}: the CA key of cluster "cluster-b" (certs/cluster-b/ca-key.pem) does not belong to the certificate of the intermediate`}},
		{"chain is the root alone", func(_ *testing.T, l *loading) { l.copy("certs/root-cert.pem", "certs/cluster-b/cert-chain.pem") },
			[]string{`chain-without-intermediate @certs/{cluster}: the chain of cluster "cluster-b" (certs/cluster-b/cert-chain.pem) does not hold the certificate of the intermediate (CN=Intermediate CA,O=Istio,L=cluster-b, serial 80EA1A313B23DC28A7B55D9DB653ED21)`}},
		{"intermediate is the API server's CA", func(_ *testing.T, l *loading) { l.copy("certs/cluster-a/api.pem", "certs/cluster-a/ca-cert.pem") },
			[]string{`intermediate-is-root @certs/{cluster}: the intermediate of cluster "cluster-a" (certs/cluster-a/ca-cert.pem) is a root: it signed itself (CN=kubernetes,L=cluster-a, serial 6AEA5BA4A45FABF7265F30A464001C90)`}},
		{"intermediate of its own", func(t *testing.T, l *loading) {
			l.replace(t, "  cluster-b:\n", "  cluster-b:\n      intermediate: {cert: certs/b.pem, chain: certs/cluster-b/cert-chain.pem, key: {env: CA_KEY}}\n")
		}, []string{
			`missing-file @certs/b.pem: the intermediate of cluster "cluster-b" (certs/b.pem) is not there`,
			`missing-private-file @CA_KEY: the CA key of cluster "cluster-b" ($CA_KEY) is not set, or empty`,
		}},
		{"revocation lists missing", func(t *testing.T, l *loading) {
			l.replace(t, "  cluster-b:\n", "  cluster-b:\n      intermediate: {cert: certs/cluster-b/ca-cert.pem, chain: certs/cluster-b/cert-chain.pem, key: {file: certs/cluster-b/ca-key.pem}, crl: certs/crl.pem}\n")
		}, []string{`missing-file @certs/crl.pem: the file of revocation lists of cluster "cluster-b" (certs/crl.pem) is not there`}},
		{"revocation lists are a certificate", func(_ *testing.T, l *loading) { l.copy("certs/root-cert.pem", "certs/cluster-b/ca-crl.pem") },
			[]string{`malformed-crl @certs/{cluster}: the file of revocation lists of cluster "cluster-b" (certs/cluster-b/ca-crl.pem) holds a certificate at line 2, where a revocation list is wanted`}},
		{"API server CA missing", func(_ *testing.T, l *loading) { delete(l.files, "certs/cluster-a/api.pem") },
			[]string{`missing-file @certs/cluster-a/api.pem: the API server CA of cluster "cluster-a" (certs/cluster-a/api.pem) is not there`}},
		{"one API server CA for both, no PEM", func(t *testing.T, l *loading) {
			l.replace(t, "certs/cluster-a/api.pem", "certs/api.pem")
			l.replace(t, "certs/cluster-b/api.pem", "certs/api.pem")
			l.write("certs/api.pem", "hello")
		}, []string{`malformed-pem @certs/api.pem: the API server CA of clusters "cluster-a" and "cluster-b" (certs/api.pem) holds no PEM block`}},

		{"token missing", func(_ *testing.T, l *loading) { delete(l.files, tokenA) },
			[]string{`missing-private-file @tokens/cluster-a: the token of cluster "cluster-a" (tokens/cluster-a) is not there`}},
		{"token in a variable that is not set", func(t *testing.T, l *loading) { l.replace(t, "{file: tokens/cluster-a}", "{env: TOKEN_A}") },
			[]string{`missing-private-file @TOKEN_A: the token of cluster "cluster-a" ($TOKEN_A) is not set, or empty`}},
		{"token in a variable, empty", func(t *testing.T, l *loading) {
			l.replace(t, "{file: tokens/cluster-a}", "{env: TOKEN_A}")
			l.env = map[string]string{"TOKEN_A": " "}
		}, []string{`malformed-token @TOKEN_A: the token of cluster "cluster-a" ($TOKEN_A) is empty`}},
		{"token expired", func(_ *testing.T, l *loading) {
			l.write(tokenA, token(`{"sub":"system:serviceaccount:istio-system:istio-remote-reader","exp":1700000000}`))
		}, []string{`token-expired @tokens/cluster-a: the token of cluster "cluster-a" (tokens/cluster-a) expired on 2023-11-14`}},
		{"token of another account", func(_ *testing.T, l *loading) {
			l.write(tokenA, token(`{"sub":"system:serviceaccount:istio-system:istio-reader-service-account"}`))
		}, []string{`token-of-another-account @tokens/cluster-a: the token of cluster "cluster-a" (tokens/cluster-a) is not the token of system:serviceaccount:istio-system:istio-remote-reader`}},
		{"token of the other cluster", func(_ *testing.T, l *loading) { l.copy(tokenA, "tokens/cluster-b") },
			[]string{`shared-token @tokens/cluster-b: the token of cluster "cluster-b" (tokens/cluster-b) is the token of cluster "cluster-a" too`}},

		{"one intermediate for both", func(t *testing.T, l *loading) { l.replace(t, "certs/{cluster}", "certs/cluster-a") },
			[]string{`shared-intermediate-key @certs/cluster-a: clusters "cluster-a" and "cluster-b" sign with one intermediate key`}},
		{"copies of one intermediate", func(_ *testing.T, l *loading) {
			for _, name := range []string{"ca-cert.pem", "ca-key.pem", "cert-chain.pem"} {
				l.copy("certs/cluster-a/"+name, "certs/cluster-b/"+name)
			}
		}, []string{`shared-intermediate-key @certs/{cluster}: clusters "cluster-a" and "cluster-b" sign with one intermediate key`}},

		{"the token itself", func(t *testing.T, l *loading) {
			l.replace(t, "tokens/cluster-a", token(`{"hunter2":"hunter2"}`))
		}, []string{`inline-material @TOKEN: the token of cluster "cluster-a" stands in the topology itself`}},
		{"what may be a token", func(t *testing.T, l *loading) { l.replace(t, "tokens/cluster-a", "07401b.f395accd246ae52d") },
			[]string{`inline-material @07401b.f395accd246ae52d: the token of cluster "cluster-a" stands in the topology itself`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := &loading{files: example(t, "two-clusters")}
			tt.edit(t, l)
			_, found := l.load(t)
			var got []string
			for _, d := range found.Sorted() {
				got = append(got, finding(l, d))
			}
			for n := range got {
				got[n] = strings.Replace(got[n], token(`{"hunter2":"hunter2"}`), "TOKEN", 1)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("Load found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

// TestPastedMaterialStaysHidden proves that what stands in the place of a path shows in no excerpt.
func TestPastedMaterialStaysHidden(t *testing.T) {
	for _, pasted := range []string{"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl", "07401b.f395accd246ae52d", "31adafd4adec460c809a9e56ceb75269"} {
		l := &loading{files: example(t, "two-clusters")}
		l.replace(t, "tokens/cluster-a", pasted)
		_, found := l.load(t)
		if found.Len() != 1 {
			t.Fatalf("Load found %q", places(found.Sorted()))
		}
		d := found.Sorted()[0]
		line, _, ok := found.Excerpt(d.Pos)
		if !ok || strings.Contains(line+d.Message+d.Fix, pasted) {
			t.Errorf("%s\n%s\nshows %q", d.Message, line, pasted)
		}
	}
}

func TestLinkLeavesRoot(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, example(t, "two-clusters")); err != nil {
		t.Fatal(err)
	}
	outside := filepath.Join(t.TempDir(), "hunter2")
	link := filepath.Join(dir, "tokens", "cluster-a")
	for _, err := range []error{os.WriteFile(outside, []byte("hunter2"), 0o600), os.Remove(link), os.Symlink(outside, link)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	l := &loading{files: example(t, "two-clusters")}
	_, found, err := Load(Input{
		FS: root.FS(), Files: []string{"topology.yaml"}, Now: materialNow, Material: filesMaterial{root.FS(), nil, map[string]int{}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := `link-leaves-root @tokens/cluster-a: the token of cluster "cluster-a" (tokens/cluster-a) leads out of the topology's root through a symbolic link`
	if got := found.Sorted(); len(got) != 1 || finding(l, got[0]) != want {
		t.Errorf("Load found %q, want %q", places(got), want)
	}
}

func TestUnread(t *testing.T) {
	l := &loading{files: example(t, "two-clusters"), lenient: true}
	l.replace(t, "{file: tokens/cluster-a}", "{env: TOKEN_A}")
	for name := range l.files {
		if strings.HasPrefix(name, "tokens/") || strings.HasSuffix(name, "ca-key.pem") {
			delete(l.files, name)
		}
	}
	top, found := l.load(t)
	if top == nil {
		t.Fatalf("Load found %q", places(found.Sorted()))
	}
	var got []string
	for _, u := range top.Unread {
		got = append(got, fmt.Sprintf("%s of %s", u.Place, u.Holders))
	}
	want := []string{"certs/cluster-a/ca-key.pem of [cluster-a]", "certs/cluster-b/ca-key.pem of [cluster-b]", "$TOKEN_A of [cluster-b]", "tokens/cluster-b of [cluster-a]"}
	if !slices.Equal(got, want) {
		t.Errorf("Unread() = %q, want %q", got, want)
	}
}

// TestJoiningNeedsNoMaterial proves that neither the token nor the API server's CA of a joining cluster, which come
// from one Secret, need be there; what is there is checked.
func TestJoiningNeedsNoMaterial(t *testing.T) {
	l := &loading{files: example(t, "joining")}
	delete(l.files, "certs/cluster-b/api.pem")
	delete(l.files, "tokens/cluster-b")
	if top, found := l.load(t); top == nil || len(top.Unread) > 0 {
		t.Errorf("Load found %q", places(found.Sorted()))
	}
	l.write("tokens/cluster-b", "two\nlines")
	if _, found := l.load(t); !found.HasErrors() {
		t.Error("a token of two lines is not reported")
	}
}

func TestDifferentRoots(t *testing.T) {
	l := &loading{files: example(t, "two-clusters")}
	l.replace(t, "[certs/root-cert.pem]", "[certs/root-cert.pem, certs/other.pem]")
	other := otherTrust()
	l.write("certs/other.pem", other["root-cert.pem"])
	if _, found := l.load(t); found.Len() > 0 {
		t.Errorf("with a root that signed nothing yet Load found %q", places(found.Sorted()))
	}
	for _, name := range []string{"ca-cert.pem", "ca-key.pem", "cert-chain.pem"} {
		l.write("certs/cluster-b/"+name, other[name])
	}
	_, found := l.load(t)
	want := `different-roots @roots: the control planes of cluster "cluster-a" and of cluster "cluster-b" are under different roots`
	if got := found.Sorted(); len(got) != 1 || finding(l, got[0]) != want {
		t.Errorf("Load found %q, want %q", places(got), want)
	}
}

// TestCRLs proves that revocation lists are found in the directory of the mesh or where a cluster names them, that when
// they end is known, and that those of the other clusters have to be among them.
func TestCRLs(t *testing.T) {
	around := trusttest.Around(materialNow)
	root := trusttest.New(nil, around, trusttest.SigningCRLs)
	a := trusttest.New(root, around, trusttest.SigningCRLs, trusttest.Named("A"))
	b := trusttest.New(root, around, trusttest.SigningCRLs, trusttest.Named("B"))
	list := func(ca *trusttest.Authority, revoked ...*trusttest.Authority) string {
		return ca.CRL(materialNow.AddDate(0, 0, -1), materialNow.AddDate(1, 0, 0), revoked...)
	}
	all := list(root) + list(a) + list(b)
	own := "  cluster-b:\n      intermediate: {cert: certs/cluster-b/ca-cert.pem, chain: certs/cluster-b/cert-chain.pem, key: {file: certs/cluster-b/ca-key.pem}, crl: certs/crl.pem}\n"
	const notThere = "%s the file of revocation lists of cluster %q (%s) holds no revocation list of the CA of cluster %q, so that proxies here refuse what comes from there"
	for _, tt := range []struct {
		name  string
		files map[string]string
		own   bool // cluster-b names its file
		ends  int
		want  []string
	}{
		{"none", nil, false, 0, nil},
		{"all in both", map[string]string{"certs/cluster-a/ca-crl.pem": all, "certs/cluster-b/ca-crl.pem": all}, false, 6, nil},
		{"all in one", map[string]string{"certs/cluster-a/ca-crl.pem": all}, false, 3, nil},
		{"named by one", map[string]string{"certs/crl.pem": all, "certs/cluster-b/ca-crl.pem": "not read"}, true, 3, nil},
		{"without the other cluster's", map[string]string{"certs/cluster-a/ca-crl.pem": list(root) + list(a)}, false, 2,
			[]string{fmt.Sprintf(notThere, "crl-incomplete @certs/{cluster}:", "cluster-a", "certs/cluster-a/ca-crl.pem", "cluster-b")}},
		{"without the other cluster's, named", map[string]string{"certs/crl.pem": list(root) + list(b)}, true, 2,
			[]string{fmt.Sprintf(notThere, "crl-incomplete @certs/crl.pem:", "cluster-b", "certs/crl.pem", "cluster-a")}},
		{"revokes the intermediate", map[string]string{"certs/cluster-a/ca-crl.pem": list(root, a) + list(a) + list(b)}, false, 3,
			[]string{`crl-revokes-ca @certs/{cluster}: the file of revocation lists of cluster "cluster-a" (certs/cluster-a/ca-crl.pem) holds a revocation list at line 1 that revokes the intermediate`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := &loading{files: example(t, "two-clusters")}
			l.write("certs/root-cert.pem", trusttest.PEM(root))
			for dir, ca := range map[string]*trusttest.Authority{"certs/cluster-a/": a, "certs/cluster-b/": b} {
				l.write(dir+"ca-cert.pem", trusttest.PEM(ca))
				l.write(dir+"ca-key.pem", ca.KeyPEM())
				l.write(dir+"cert-chain.pem", trusttest.PEM(ca, root))
			}
			for name, text := range tt.files {
				l.write(name, text)
			}
			if tt.own {
				l.replace(t, "  cluster-b:\n", own)
			}
			top, found := l.load(t)
			var got []string
			for _, d := range found.Sorted() {
				got = append(got, finding(l, d))
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("Load found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
			if len(got) > 0 {
				return
			}
			for _, cl := range top.Clusters {
				if file := cl.Intermediate.CRL; file != "" && tt.files[file] == "" || file == "" && tt.files["certs/"+cl.Name+"/ca-crl.pem"] != "" {
					t.Errorf("%s takes %q", cl.Name, file)
				}
			}
			ends := slices.DeleteFunc(slices.Clone(top.Public.Expiries), func(e schema.Expiry) bool { return e.What != schema.DatedCRL })
			if len(ends) != tt.ends {
				t.Errorf("the ends of %d lists are known, want %d", len(ends), tt.ends)
			}
		})
	}
}

// otherTrust makes the files of an intermediate under a root of its own.
func otherTrust() map[string]string {
	around := trusttest.Around(materialNow)
	root := trusttest.New(nil, around, trusttest.Named("Other root"))
	ca := trusttest.New(root, around, trusttest.Named("Other intermediate"))
	return map[string]string{
		"root-cert.pem": trusttest.PEM(root), "ca-cert.pem": trusttest.PEM(ca), "ca-key.pem": ca.KeyPEM(), "cert-chain.pem": trusttest.PEM(ca, root),
	}
}

// TestEachFileIsReadOnce proves that what 300 clusters share is read and parsed once.
func TestEachFileIsReadOnce(t *testing.T) {
	l := &loading{files: example(t, "two-clusters")}
	var clusters strings.Builder
	for n := range 300 {
		fmt.Fprintf(&clusters, "    c%d: {network: network1, apiServer: {url: \"https://192.0.2.1:%d\", ca: certs/cluster-a/api.pem}, credential: {token: {env: T%d}}}\n", n, 7000+n, n)
	}
	text := string(l.files["topology.yaml"].Data)
	text = strings.Replace(text[:strings.Index(text, "  clusters:")], "certs/{cluster}", "certs/cluster-a", 1) + "  clusters:\n" + clusters.String()
	text = strings.Replace(text, "network2: {}", "", 1)
	l.write("topology.yaml", text)
	l.lenient = true
	if top, found := l.load(t); top == nil {
		t.Fatalf("Load found %q", places(found.Sorted()))
	}
	for name, n := range l.read {
		if n != 1 {
			t.Errorf("%s was read %d times", name, n)
		}
	}
	if len(l.read) != 6 { // and of those one is not there: the revocation lists
		t.Errorf("%d files were read, want 6: %v", len(l.read), l.read)
	}
}

// TestMaterialOfPartialTopology proves that a topology of which hardly anything is known is checked without panic
// and without noise.
func TestMaterialOfPartialTopology(t *testing.T) {
	for _, spec := range []string{
		`{}`,
		`{trust: null}`,
		`{trust: {roots: [3, "", null, ../x.pem]}}`,
		`{trust: {intermediates: 7}, clusters: {a: {}}}`,
		`{trust: {roots: x}, clusters: {a: null, b: [], c: {intermediate: 3, apiServer: {ca: 1}, credential: {token: x}}}}`,
		`{clusters: {a: {intermediate: {cert: 1, key: {}}, credential: {token: {}}}}}`,
		`{clusters: {a: {intermediate: {key: {file: x, env: X}}, credential: {token: {file: x, env: X}}}}}`,
	} {
		l := &loading{files: fstest.MapFS{}}
		l.write("topology.yaml", "apiVersion: meshtopo.dev/v1alpha1\nkind: Topology\nmetadata: {name: x}\nspec: "+spec+"\n")
		_, found := l.load(t)
		for _, d := range found.Sorted() {
			if isMaterialRule(d.Code) {
				t.Errorf("%s gives %s", spec, finding(l, d))
			}
		}
	}
}

// TestMaterialRuleExamples proves that the examples that `meshtopo explain` shows are what it says they are.
func TestMaterialRuleExamples(t *testing.T) {
	codes := func(fragment string) []string {
		l := &loading{files: example(t, "two-clusters")}
		doc := overlay(decodeYAML(t, string(l.files["topology.yaml"].Data)), map[string]any{"spec": decodeYAML(t, fragment)})
		text, err := json.Marshal(doc) // JSON is YAML
		if err != nil {
			t.Fatal(err)
		}
		l.write("topology.yaml", string(text))
		_, found := l.load(t)
		var codes []string
		for _, d := range found.Sorted() {
			codes = append(codes, d.Code)
		}
		return codes
	}
	for _, r := range material.Rules {
		if r.Title == "" || r.Why == "" || r.Fix == "" {
			t.Errorf("rule %s has an empty field", r.Code)
		}
		if r.Bad == "" { // it is in a file, not in the topology
			continue
		}
		if bad := codes(r.Bad); !slices.Equal(bad, []string{r.Code}) {
			t.Errorf("the bad example of %s gives %q", r.Code, bad)
		}
		if good := codes(r.Good); slices.Contains(good, r.Code) {
			t.Errorf("the good example of %s gives %q", r.Code, good)
		}
	}
}
