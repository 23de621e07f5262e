package lint

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// TestLineOfAKubeconfig names the line of a kubeconfig where it is not a line of the manifest.
func TestLineOfAKubeconfig(t *testing.T) {
	config := fmt.Sprintf(istioctlKubeconfig, materials()["CA"], materials()["TOKEN_EXPIRED"])
	for data, want := range map[string]string{
		"data:\n  west: " + base64.StdEncoding.EncodeToString([]byte(config)) + "\n": "6:3 expired on 2026-10-31 (line 17 of the kubeconfig)",
		"stringData:\n  west: |\n" + indented(config):                                "23:9 expired on 2026-10-31",
		"stringData:\n  west: " + fmt.Sprintf("%q", config) + "\n":                   "6:3 expired on 2026-10-31 (line 17 of the kubeconfig)",
	} {
		text := leakSecret("istio-remote-secret-west", data)
		file := File{Name: "a.yaml", Read: func() ([]byte, error) { return []byte(text), nil }}
		for _, d := range run(t, []Source{{Cluster: "east", Files: []File{file}}}, nil) {
			if d.Code == "token-expired" {
				_, words, _ := strings.Cut(d.Message, "has a token that ")
				if got := fmt.Sprintf("%d:%d %s", d.Pos.Line, d.Pos.Col, words); got != want {
					t.Errorf("got %s, want %s", got, want)
				}
				want = ""
			}
		}
		if want != "" {
			t.Errorf("nothing is found, want %s", want)
		}
	}
}

// TestFacts reads a remote Secret and keeps what clusters are compared by.
func TestFacts(t *testing.T) {
	m := materials()
	c := &cluster{name: "east", now: now}
	for _, text := range []string{
		leakSecret("istio-remote-secret-west", "stringData:\n  west: |\n"+indented(fmt.Sprintf(istioctlKubeconfig, m["CA"], m["TOKEN_SOON"]))),
		expand("kind: Secret\nmetadata: {name: cacerts}\ndata: {tls.crt: ${INTERMEDIATE_64}, tls.key: ${KEY_64}, ca.crt: ${ROOT_64}}\n"),
	} {
		for _, o := range manifest.Read("a.yaml", []byte(text), &diag.List{}) {
			c.addSecret(&object{Object: o}, &diag.List{})
		}
	}
	c.readUnlabelled(&diag.List{})
	r, s := c.remoteSecrets[0], c.cacerts[0]
	if r.cluster.text != "west" || r.server.text != "https://192.0.2.1:6443" || r.ca == [32]byte{} || r.calls.text != "west" {
		t.Errorf("the remote Secret is kept as %q at %q with the name %q", r.cluster.text, r.server.text, r.calls.text)
	}
	if len(r.token.text) != 64 || strings.Contains(m["TOKEN_SOON"], r.token.text) {
		t.Errorf("its token is kept as %q", r.token.text)
	}
	if len(s.Roots) != 1 || s.Roots[0] != s.Anchor || s.Key == [32]byte{} || s.RootsPos.Line != 3 {
		t.Errorf("cacerts is kept with %d roots, a key %x and an anchor %x", len(s.Roots), s.Key, s.Anchor)
	}
}
