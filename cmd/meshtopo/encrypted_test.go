package main

import (
	"encoding/base64"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

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
			if r := p.run(t, 2, "render", "--reencrypt", "west-1"); !strings.Contains(r.err, "no encrypted Secret of this name") {
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
	if r := p.run(t, 1, "render", "--reencrypt", "cacerts"); !strings.Contains(r.out+r.err, "certs/sealing.pem: error: a Secret has to be sealed, and certs/sealing.pem expired on") {
		t.Errorf("render says %s", r.out+r.err)
	}
	if diff := changed(before, p.tree(t)); len(diff) > 0 {
		t.Errorf("render changed %q", diff)
	}
}

// TestOtherLayers builds a layer without Secrets where nothing is there by which they would be encrypted or judged.
func TestOtherLayers(t *testing.T) {
	p := protections["sops"](t)
	list := resourceList(t, read(t, p.file("topology.yaml")))
	if r := inProcess(t, p.dir, list, "fn", "--cluster", "west-1"); r.code != 1 || !strings.Contains(r.out, "stale-ciphertext") {
		t.Errorf("Secrets that are not there are given: exit code %d", r.code)
	}
	if err := os.Remove(p.file(".sops.yaml")); err != nil {
		t.Fatal(err)
	}
	r := inProcess(t, p.dir, list, "fn", "--cluster", "west-1", "--layer", "expose")
	if r.code != 0 || !strings.Contains(r.out, "kind: Gateway") {
		t.Errorf("exit code %d: %s", r.code, r.err)
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
