package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"fmt"
	"maps"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bitnami-labs/sealed-secrets/pkg/crypto"
	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/schema/trust/trusttest"
)

// protected is an example whose Secrets are encrypted, and how they are opened again.
type protected struct {
	dir  string
	open func(t *testing.T, file string) map[string][]byte // the data of the Secret in a file
}

const (
	ageOne = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
	ageTwo = "age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg"
)

// protections make an example with its Secrets encrypted in each way.
var protections = map[string]func(t *testing.T) *protected{
	"sops": func(t *testing.T) *protected {
		p := &protected{dir: copyExample(t, "multi-primary-multi-network"), open: openFakeSops}
		p.edit(t, "topology.yaml", "secrets: {protection: plaintext}", "secrets: {protection: sops}")
		write(t, filepath.Join(p.dir, ".sops.yaml"), "creation_rules:\n- path_regex: /2-secrets/\n  age: "+ageOne+"\n")
		return p
	},
	"sealed-secrets": func(t *testing.T) *protected {
		p := &protected{dir: copyExample(t, "multi-primary-multi-network")}
		key := sealingKey(t, filepath.Join(p.dir, "certs/sealing.pem"), 5*365*24*time.Hour)
		p.open = func(t *testing.T, file string) map[string][]byte { return openSealed(t, key, file) }
		p.edit(t, "topology.yaml", "secrets: {protection: plaintext}", "secrets: {protection: sealed-secrets, sealedSecrets: {certificate: certs/sealing.pem}}")
		return p
	},
}

// sealingKey writes the certificate of a new key, as a controller of Sealed Secrets makes it.
func sealingKey(t *testing.T, file string, lasts time.Duration) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	sealingCertificate(t, key, file, lasts)
	return key
}

// sealingCertificate writes a certificate of a key.
func sealingCertificate(t *testing.T, key *rsa.PrivateKey, file string, lasts time.Duration) {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{}, KeyUsage: x509.KeyUsageEncipherOnly,
		NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(lasts),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	write(t, file, trusttest.Block("CERTIFICATE", der))
}

// secretIn is a Secret, or what becomes one.
type secretIn struct {
	Kind     string
	Metadata struct {
		Name, Namespace string
		Annotations     map[string]string
	}
	Data map[string]string
	Spec struct {
		EncryptedData map[string]string `yaml:"encryptedData"`
	}
}

func secretOf(t *testing.T, text string) secretIn {
	t.Helper()
	var s secretIn
	if err := yaml.Unmarshal([]byte(text), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

func openFakeSops(t *testing.T, file string) map[string][]byte {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(read(t, file)), &doc); err != nil {
		t.Fatal(err)
	}
	fakeDecrypt(&doc)
	text, err := yaml.Marshal(&doc)
	if err != nil {
		t.Fatal(err)
	}
	return plainData(t, secretOf(t, string(text)).Data)
}

func openSealed(t *testing.T, key *rsa.PrivateKey, file string) map[string][]byte {
	t.Helper()
	s := secretOf(t, read(t, file))
	data := plainData(t, s.Spec.EncryptedData)
	for name, text := range data {
		plain, err := crypto.HybridDecrypt(rand.Reader, map[string]*rsa.PrivateKey{"": key}, text, []byte(s.Metadata.Namespace+"/"+s.Metadata.Name))
		if err != nil {
			t.Fatalf("%s: %s: %v", file, name, err)
		}
		data[name] = plain
	}
	return data
}

func plainData(t *testing.T, encoded map[string]string) map[string][]byte {
	t.Helper()
	data := map[string][]byte{}
	for name, text := range encoded {
		plain, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		data[name] = plain
	}
	return data
}

func (p *protected) file(name string) string { return filepath.Join(p.dir, filepath.FromSlash(name)) }

func (p *protected) edit(t *testing.T, file, old, new string) {
	t.Helper()
	text := read(t, p.file(file))
	if !strings.Contains(text, old) {
		t.Fatalf("%s has no %q", file, old)
	}
	write(t, p.file(file), strings.Replace(text, old, new, 1))
}

func (p *protected) run(t *testing.T, code int, args ...string) result {
	t.Helper()
	r := inProcess(t, p.dir, "", args...)
	if r.code != code {
		t.Fatalf("meshtopo %s exits with %d, want %d:\n%s%s", strings.Join(args, " "), r.code, code, r.out, r.err)
	}
	return r
}

// tree gives the files below clusters.
func (p *protected) tree(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	matches, err := filepath.Glob(p.file("clusters/*/*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, pattern := range []string{"clusters/*/2-secrets/*", "clusters/*/2-secrets/remote-secrets/*"} {
		more, _ := filepath.Glob(p.file(pattern))
		matches = append(matches, more...)
	}
	for _, m := range matches {
		if info, err := os.Stat(m); err == nil && info.Mode().IsRegular() {
			rel, _ := filepath.Rel(p.dir, m)
			files[filepath.ToSlash(rel)] = read(t, m)
		}
	}
	return files
}

// secrets gives the paths of the encrypted files.
func (p *protected) secrets(t *testing.T) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(p.tree(t))), func(name string) bool {
		return !strings.Contains(name, "/2-secrets/") || strings.HasSuffix(name, "kustomization.yaml")
	})
}

// withoutKeys takes away what a machine without secrets has not: keys, tokens, and sops.
func (p *protected) withoutKeys(t *testing.T) {
	t.Helper()
	keys, _ := filepath.Glob(p.file("certs/*/ca-key.pem"))
	for _, file := range append(keys, p.file("tokens")) {
		if err := os.RemoveAll(file); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", t.TempDir())
}

// changed gives the paths of files that differ.
func changed(before, after map[string]string) []string {
	var all []string
	for name, text := range after {
		if before[name] != text {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}

func signedToken(t *testing.T, cluster string) string {
	t.Helper()
	signature := make([]byte, 256)
	_, _ = rand.Read(signature)
	part := base64.RawURLEncoding.EncodeToString
	return part([]byte(`{"alg":"RS256","kid":"test"}`)) + "." + part([]byte(`{"sub":"system:serviceaccount:istio-system:istio-remote-reader","iss":"`+cluster+`"}`)) + "." + part(signature)
}

// TestEncryptedTrees renders with each protection that encrypts: what comes out opens to what plaintext would give, and
// nothing of it stands there in clear; it stays as it is, without a key, until something changes.
func TestEncryptedTrees(t *testing.T) {
	plain := copyExample(t, "multi-primary-multi-network")
	if r := inProcess(t, plain, "", "render"); r.code != 0 {
		t.Fatal(r.err)
	}
	for name, prepare := range protections {
		t.Run(name, func(t *testing.T) {
			p := prepare(t)
			runs := filepath.Join(t.TempDir(), "runs")
			t.Setenv("SOPS_RUNS", runs)
			p.run(t, 0, "render")
			first := p.tree(t)
			for _, file := range p.secrets(t) {
				want := plainData(t, secretOf(t, read(t, filepath.Join(plain, file))).Data)
				if got := p.open(t, p.file(file)); !maps.EqualFunc(got, want, slices.Equal) {
					t.Errorf("%s opens to another Secret than plaintext gives: it has %v", file, slices.Collect(maps.Keys(got)))
				}
				for key, value := range want {
					if text := first[file]; strings.Contains(text, base64.StdEncoding.EncodeToString(value)) || strings.Contains(text, string(value)) {
						t.Errorf("%s has %s in clear", file, key)
					}
				}
			}
			if name == "sops" {
				if n := strings.Count(read(t, runs), "--filename-override"); n != 6 {
					t.Errorf("%d runs of sops for 3 tokens and 3 keys", n)
				}
			}
			_ = os.Remove(runs)
			p.run(t, 0, "render")
			if diff := changed(first, p.tree(t)); len(diff) > 0 {
				t.Errorf("a second render changed %q", diff)
			}
			if _, err := os.Stat(runs); err == nil {
				t.Error("a second render ran sops")
			}
			p.withoutKeys(t)
			p.run(t, 0, "validate")
			if r := p.run(t, 0, "diff"); r.out != "" {
				t.Errorf("diff without keys says %s", r.out)
			}
			p.run(t, 0, "render")
			if diff := changed(first, p.tree(t)); len(diff) > 0 {
				t.Errorf("a render without keys changed %q", diff)
			}
		})
	}
}

// staleCases are what makes ciphertext stale, and what diff says of which files without any key.
var staleCases = []struct {
	name, kind string
	only       string // the protection, or "" for all
	edit       func(t *testing.T, p *protected)
	files      string // an expression
	line       string // what the line of the finding holds
}{
	{"a server", "server-changed", "", func(t *testing.T, p *protected) {
		p.edit(t, "topology.yaml", "https://east-1.example.com:6443", "https://east-one.example.com:6443")
	}, `remote-secrets/east-1\.yaml`, "public-digest"},
	{"the CA of a server", "server-changed", "", func(t *testing.T, p *protected) {
		write(t, p.file("certs/east-2/api.pem"), trusttest.PEM(trusttest.New(nil, trusttest.Named("kubernetes"), trusttest.Until(time.Now().AddDate(9, 0, 0)))))
	}, `remote-secrets/east-2\.yaml`, "public-digest"},
	{"a root more", "certificate-changed", "", func(t *testing.T, p *protected) {
		write(t, p.file("certs/new-root.pem"), trusttest.PEM(trusttest.New(nil, trusttest.Named("new"), trusttest.Until(time.Now().AddDate(9, 0, 0)))))
		p.edit(t, "topology.yaml", "roots: [certs/root-cert.pem]", "roots: [certs/root-cert.pem, certs/new-root.pem]")
	}, `cacerts\.yaml`, "public-digest"},
	{"a recipient more", "recipients-changed", "sops", func(t *testing.T, p *protected) {
		p.edit(t, ".sops.yaml", ageOne, ageOne+","+ageTwo)
	}, `\.yaml`, "sops:"},
	{"another option of the rule", "protection-changed", "sops", func(t *testing.T, p *protected) {
		p.edit(t, ".sops.yaml", "  age:", "  mac_only_encrypted: true\n  age:")
	}, `\.yaml`, "protection-digest"},
	{"an edit of the ciphertext", "hand-edited", "", func(t *testing.T, p *protected) {
		file := "clusters/west-1/2-secrets/cacerts.yaml"
		text := read(t, p.file(file))
		at := strings.Index(text, "ca-key.pem") + 60
		write(t, p.file(file), text[:at]+map[bool]string{true: "A", false: "B"}[text[at] == 'B']+text[at+1:])
	}, `west-1/2-secrets/cacerts\.yaml`, "Generated by"},
	{"an edit of a label", "changed", "", func(t *testing.T, p *protected) {
		p.edit(t, "clusters/west-1/2-secrets/cacerts.yaml", "managed-by: meshtopo", "managed-by: somebody")
	}, `west-1/2-secrets/cacerts\.yaml`, "somebody"},
	{"a Secret in clear", "not-encrypted", "", func(t *testing.T, p *protected) {
		write(t, p.file("clusters/west-1/2-secrets/cacerts.yaml"), "# Generated by meshtopo from Topology/mesh. Do not edit.\napiVersion: v1\nkind: Secret\nmetadata: {name: cacerts, namespace: istio-system}\ndata: {a: YQ==}\n")
	}, `west-1/2-secrets/cacerts\.yaml`, ""},
	{"another sealing key", "sealing-key-changed", "sealed-secrets", func(t *testing.T, p *protected) {
		sealingKey(t, p.file("certs/sealing.pem"), 5*365*24*time.Hour)
	}, `\.yaml`, "sealing-key"},
	{"another scope", "scope-changed", "sealed-secrets", func(t *testing.T, p *protected) {
		p.edit(t, "topology.yaml", "certs/sealing.pem}", "certs/sealing.pem, scope: cluster-wide}")
	}, `\.yaml`, "annotations"},
}

// TestStaleCiphertext proves that diff names what is stale, and why, on a machine without keys.
func TestStaleCiphertext(t *testing.T) {
	for name, prepare := range protections {
		for _, tt := range staleCases {
			if tt.only != "" && tt.only != name {
				continue
			}
			t.Run(name+", "+tt.name, func(t *testing.T) {
				p := prepare(t)
				p.run(t, 0, "render")
				before := p.tree(t)
				tt.edit(t, p)
				if tt.name == "a Secret in clear" {
					p.edit(t, "clusters/west-1/2-secrets/cacerts.yaml", "Topology/mesh", "Topology/"+nameOf(t, p))
				}
				now := p.tree(t)
				restore := p.keys(t)
				p.withoutKeys(t)
				r := p.run(t, 1, "diff", "--format", "github")
				want := 0
				for _, file := range p.secrets(t) {
					m := regexp.MustCompile(`file=` + regexp.QuoteMeta(file) + `(?:,line=(\d+))?[^\n]*drift-([a-z-]+)`).FindStringSubmatch(r.out)
					if !regexp.MustCompile(tt.files + "$").MatchString(file) {
						if m != nil {
							t.Errorf("%s is %s", file, m[2])
						}
						continue
					}
					want++
					if m == nil || m[2] != tt.kind {
						t.Errorf("%s: %q, want drift-%s", file, m, tt.kind)
						continue
					}
					line := 0
					fmt.Sscan(m[1], &line)
					if lines := strings.Split(now[file], "\n"); line < 1 || !strings.Contains(lines[line-1], tt.line) {
						t.Errorf("%s:%d is not where %q stands", file, line, tt.line)
					}
				}
				if want == 0 {
					t.Fatal("no file is meant")
				}
				p.run(t, 1, "render") // what is stale cannot be made without the keys
				restore()
				p.run(t, 0, "render")
				p.run(t, 0, "diff")
				for _, file := range changed(before, p.tree(t)) {
					if strings.Contains(file, "/2-secrets/") && !regexp.MustCompile(tt.files+"$").MatchString(file) {
						t.Errorf("%s was encrypted anew", file)
					}
				}
			})
		}
	}
}

func nameOf(t *testing.T, p *protected) string {
	t.Helper()
	return regexp.MustCompile(`metadata: \{name: ([a-z-]+)`).FindStringSubmatch(read(t, p.file("topology.yaml")))[1]
}

// keys gives a function that puts back what withoutKeys takes away.
func (p *protected) keys(t *testing.T) func() {
	t.Helper()
	texts := map[string]string{}
	for _, pattern := range []string{"certs/*/ca-key.pem", "tokens/*"} {
		matches, _ := filepath.Glob(p.file(pattern))
		for _, m := range matches {
			texts[m] = read(t, m)
		}
	}
	path := os.Getenv("PATH")
	return func() {
		for file, text := range texts {
			write(t, file, text)
		}
		t.Setenv("PATH", path)
	}
}

// TestNewTokens changes a token: one file for each cluster that reads it changes, and nothing else.
func TestNewTokens(t *testing.T) {
	for name, prepare := range protections {
		t.Run(name, func(t *testing.T) {
			p := prepare(t)
			write(t, p.file("tokens/west-1"), signedToken(t, "west-1"))
			p.run(t, 0, "render")
			before := p.tree(t)
			write(t, p.file("tokens/west-1"), signedToken(t, "west-1"))
			r := p.run(t, 1, "diff")
			if n := strings.Count(r.out, "new-material"); n != 2 {
				t.Errorf("diff says %s", r.out)
			}
			p.run(t, 0, "render")
			want := []string{
				"clusters/east-1/2-secrets/remote-secrets/west-1.yaml", "clusters/east-1/meshtopo.sum",
				"clusters/east-2/2-secrets/remote-secrets/west-1.yaml", "clusters/east-2/meshtopo.sum",
			}
			if got := changed(before, p.tree(t)); !slices.Equal(got, want) {
				t.Errorf("render changed %q", got)
			}
			// One copy is put back, with the digest that was recorded of it.
			for _, file := range want[:2] {
				write(t, p.file(file), before[file])
			}
			p.withoutKeys(t)
			if r := p.run(t, 1, "diff"); strings.Count(r.out, "copies-differ") != 2 {
				t.Errorf("diff says %s", r.out)
			}
		})
	}
}

// TestReencrypt encrypts what is named anew, and refuses other names.
func TestReencrypt(t *testing.T) {
	for name, prepare := range protections {
		t.Run(name, func(t *testing.T) {
			p := prepare(t)
			p.run(t, 0, "render")
			before := p.tree(t)
			p.run(t, 0, "render", "--reencrypt", "istio-remote-secret-west-1")
			want := []string{
				"clusters/east-1/2-secrets/remote-secrets/west-1.yaml", "clusters/east-1/meshtopo.sum",
				"clusters/east-2/2-secrets/remote-secrets/west-1.yaml", "clusters/east-2/meshtopo.sum",
			}
			if got := changed(before, p.tree(t)); !slices.Equal(got, want) {
				t.Errorf("render changed %q", got)
			}
			if r := p.run(t, 2, "render", "--reencrypt", "west-1"); !strings.Contains(r.err, "no current encrypted Secret") {
				t.Errorf("it says %s", r.err)
			}
		})
	}
}

// TestExpiredSealing keeps what was sealed with a certificate that has ended, says so, and seals nothing new.
func TestExpiredSealing(t *testing.T) {
	p := protections["sealed-secrets"](t)
	dir := t.TempDir()
	key := sealingKey(t, filepath.Join(dir, "seal.pem"), 5*365*24*time.Hour)
	write(t, p.file("certs/sealing.pem"), read(t, filepath.Join(dir, "seal.pem")))
	p.run(t, 0, "render")
	before := p.tree(t)
	sealingCertificate(t, key, p.file("certs/sealing.pem"), -24*time.Hour)
	if r := p.run(t, 0, "validate"); !strings.Contains(r.out, "[sealing-certificate-expired]") {
		t.Errorf("validate says %s", r.out)
	}
	if r := p.run(t, 1, "diff"); strings.Count(r.out, "sealing-key-expired") != 9 {
		t.Errorf("diff says %s", r.out)
	}
	p.run(t, 0, "render")
	if diff := changed(before, p.tree(t)); len(diff) > 0 {
		t.Errorf("render changed %q", diff)
	}
	if r := p.run(t, 3, "render", "--reencrypt", "cacerts"); !strings.Contains(r.err, "certs/sealing.pem expired on") {
		t.Errorf("render says %s", r.err)
	}
}

// TestFailingSops proves that nothing is written where sops is missing, fails, or would not encrypt what it should.
func TestFailingSops(t *testing.T) {
	for _, tt := range []struct {
		name string
		code int
		edit func(t *testing.T, p *protected)
		says string
	}{
		{"no sops", 3, func(t *testing.T, p *protected) { t.Setenv("PATH", t.TempDir()) }, "there is no sops on the PATH"},
		{"a key that is not there", 3, func(t *testing.T, p *protected) { p.edit(t, ".sops.yaml", ageOne, "age1broken") }, "Failed to get the data key"},
		{"no rules", 1, func(t *testing.T, p *protected) { _ = os.Remove(p.file(".sops.yaml")) }, "[sops-config]"},
		{"no rule that fits", 1, func(t *testing.T, p *protected) { p.edit(t, ".sops.yaml", "/2-secrets/", "elsewhere") }, "no creation rule is for clusters/"},
		{"a rule that encrypts metadata", 1, func(t *testing.T, p *protected) {
			p.edit(t, ".sops.yaml", "  age:", "  encrypted_regex: ^(data|metadata)$\n  age:")
		}, "encrypts metadata."},
		{"a rule that leaves data in clear", 1, func(t *testing.T, p *protected) {
			p.edit(t, ".sops.yaml", "  age:", "  encrypted_regex: ^stringData$\n  age:")
		}, "leaves data of a Secret in clear"},
		{"a suffix that leaves all encrypted", 1, func(t *testing.T, p *protected) {
			p.edit(t, ".sops.yaml", "  age:", "  unencrypted_suffix: _clear\n  age:")
		}, "encrypts apiVersion"},
		{"nobody to decrypt", 1, func(t *testing.T, p *protected) { p.edit(t, ".sops.yaml", "  age: "+ageOne, "  age: ''") }, "names nobody"},
		{"no YAML", 1, func(t *testing.T, p *protected) { write(t, p.file(".sops.yaml"), "creation_rules: {") }, "no YAML"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := protections["sops"](t)
			tt.edit(t, p)
			r := p.run(t, tt.code, "render")
			if !strings.Contains(r.out+r.err, tt.says) {
				t.Errorf("it says %s%s", r.out, r.err)
			}
			if files := p.tree(t); len(files) > 0 {
				t.Errorf("it wrote %d files", len(files))
			}
		})
	}
}

// TestSopsSeesNothing looks into the arguments and the environment of sops for keys and tokens.
func TestSopsSeesNothing(t *testing.T) {
	dir := copyExample(t, "mixed")
	p := &protected{dir: dir, open: openFakeSops}
	p.edit(t, "topology.yaml", "protection: plaintext", "protection: sops")
	write(t, p.file(".sops.yaml"), "creation_rules:\n- age: "+ageOne+"\n")
	private := []string{}
	for _, pattern := range []string{"certs/*/ca-key.pem", "tokens/*"} {
		matches, _ := filepath.Glob(p.file(pattern))
		for _, m := range matches {
			private = append(private, strings.TrimSpace(read(t, m)))
		}
	}
	const token = "TOKEN_US_1"
	t.Setenv(token, read(t, p.file("tokens/us-1")))
	runs := filepath.Join(t.TempDir(), "runs")
	t.Setenv("SOPS_RUNS", runs)
	p.edit(t, "topology.yaml", "{file: tokens/us-1}", "{env: "+token+"}")
	p.run(t, 0, "render")
	seen := read(t, runs)
	if !strings.Contains(seen, "env PATH=") || len(private) < 6 {
		t.Fatal("nothing was noted")
	}
	for _, text := range private {
		for line := range strings.Lines(text) {
			if line = strings.TrimSpace(line); len(line) > 30 && !strings.HasPrefix(line, "---") && strings.Contains(seen, line) {
				t.Error("sops got a key or token in an argument or a variable")
			}
		}
	}
	if strings.Contains(seen, "env "+token) {
		t.Error("sops got the variable of the token")
	}
}
