package main

import (
	"crypto/rand"
	mathrand "math/rand/v2"

	"encoding/base64"
	"encoding/pem"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestPlaintextCanaries plants private things with canaries in them, and looks for these in all that is
// shown of them, in every format.
func TestPlaintextCanaries(t *testing.T) {
	c := &canaries{random: mathrand.New(mathrand.NewPCG(3, 4)), places: map[string]string{}, leaks: map[string]string{}}
	encoded := func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
	key := func(place string) string {
		der := append(make([]byte, 8), c.at(place, false)...)
		random := make([]byte, 400)
		rand.Read(random)
		return string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE " + "KEY", Bytes: append(random, der...)}))
	}
	token := func(place string) string {
		part := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
		return part(`{"alg":"HS256"}`) + "." + part(`{"sub":"`+c.at(place+", claims", false)+`"}`) + "." + part(c.at(place, false)+c.at(place, false))
	}
	kubeconfig := func(token string) string {
		return "kind: Config\nclusters: []\ncontexts: []\nusers:\n- name: a\n  user: {token: " + token + "}\n"
	}
	for file, text := range map[string]string{
		"key.pem":     key("a key"),
		"key.md":      "> " + strings.ReplaceAll(encoded(key("a key in base64")), "\n", "\n> ") + "\n",
		"twice.txt":   encoded(encoded(key("a key in base64 of base64"))) + "\n",
		"token":       token("a JWT") + "\n",
		"token.sh":    "curl -H 'Authorization: Bearer " + token("a JWT in a script") + "'\n",
		".env":        "API_TOKEN=A1b2C3d4E5f6G7h8J9" + c.at("a token", true) + "A1b2C3d4E5f6G7h8J9k1L2m3N4p5\n",
		"secret.yaml": "kind: Secret\nstringData:\n  a: 1" + c.at("a Secret", false) + "\n",
		"data.json":   `{"kind": "Secret", "data": {"a": "` + encoded("1"+c.at("a Secret in base64", false)) + `"}}`,
		"config":      kubeconfig("a1." + c.at("a kubeconfig", true) + "b2c3d4e5f6g7h8j9"),
		"config.b64":  encoded(kubeconfig("a1."+c.at("a kubeconfig in base64", true)+"b2c3d4e5f6g7h8j9")) + "\n",
		"url":         "https://robot:A1b2C3" + c.at("a URL", false) + "@example.com\n",
		"docker.json": `{"auths": {"example.com": {"auth": "` + encoded("robot:1"+c.at("a login", false)) + `"}}}`,
		"key.der":     "\x00\x01\n" + key("a key in a binary file"),
	} {
		dir := t.TempDir()
		write(t, filepath.Join(dir, file), text)
		c.runs = 0
		shown := c.shownOf(t, dir, "", "lint", "--no-plaintext", ".")
		if !strings.Contains(shown, "plaintext-") {
			t.Errorf("nothing is found in %s:\n%s", file, shown)
		}
		if places := c.in(shown); len(places) > 0 {
			t.Errorf("of %s, this is shown: %q", file, places)
		}
		if strings.HasPrefix(file, "key") {
			continue
		}
		c.runs = 0
		if places := c.in(c.shownOf(t, dir, text, "lint", "--no-plaintext", "-v", "-")); len(places) > 0 {
			t.Errorf("of %s on standard input, this is shown: %q", file, places)
		}
	}
}

// TestPlaintextFast looks at a repository of five thousand files within some seconds.
func TestPlaintextFast(t *testing.T) {
	if testing.Short() {
		t.Skip("it writes five thousand files")
	}
	dir := t.TempDir()
	text := read(t, "../../testdata/two-clusters/want/clusters/cluster-a/2-secrets/cacerts.yaml")
	for i := range 5000 {
		write(t, filepath.Join(dir, string(rune('a'+i%26)), strings.Repeat("x", 1+i/26)), text)
	}
	start := time.Now()
	got := meshtopo(t, dir, "", "lint", "--no-plaintext")
	if got.code != exitOK || !strings.HasPrefix(got.err, "meshtopo: 5000 files: ") {
		t.Errorf("meshtopo exits with %d: %s%s", got.code, got.out, got.err)
	}
	t.Logf("5000 files of %d bytes in %v", len(text), time.Since(start))
	if took := time.Since(start); took > 30*time.Second {
		t.Errorf("it took %v", took)
	}
}
