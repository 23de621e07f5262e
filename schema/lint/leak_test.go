package lint

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/schema/diag"
)

// pasted are secrets as people paste them, each with a part that must not be shown.
var pasted = []struct{ name, text, part string }{
	{"password", `hunter2`, "hunter2"},
	{"token", `eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzeXN0ZW0ifQ.c2VjcmV0`, "c2VjcmV0"},
	{"key", `-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49\n-----END PRIVATE KEY-----\n`, "MIGHAgEA"},
	{"URL", `https://user:hunter2@192.0.2.1/?a=hunter2#hunter2`, "hunter2"},
	{"YAML", `hunter2: [hunter2, hunter2: &hunter2`, "hunter2"},
	{"address", `https://hunter2.svc`, "hunter2"},
}

// leakKubeconfig has a value in every field of a kubeconfig.
const leakKubeconfig = `apiVersion: v1
kind: Config
preferences: {colors: true}
clusters:
- name: west
  cluster:
    server: https://192.0.2.1:6443
    certificate-authority-data: aGVsbG8K
    certificate-authority: /ca.crt
    tls-server-name: kubernetes
    proxy-url: http://proxy:3128
    insecure-skip-tls-verify: true
contexts:
- name: west
  context:
    cluster: west
    user: west
    namespace: default
current-context: west
users:
- name: west
  user:
    token: opaque
    tokenFile: /token
    client-certificate: /cert
    client-certificate-data: aGVsbG8K
    client-key: /key
    client-key-data: aGVsbG8K
    username: me
    password: "1"
    auth-provider:
      name: gcp
    exec:
      command: aws
`

// TestNothingPastedComesOut puts secrets in every value of a Secret, and in every value and key of a kubeconfig in it,
// and looks for them in all that a report could print.
func TestNothingPastedComesOut(t *testing.T) {
	tried := 0
	for i, p := range pasted {
		shapes := []string{`"%s"`, `%s`, `["%s"]`, `{x: "%s"}`, `{"%s": 1}`, "|\n        %s", "*%s", "!%s x", `{"%[1]s": {"%[1]s": 1, "%[1]s": 2}}`}
		if i > 0 {
			shapes = shapes[:2]
		}
		for _, shape := range shapes {
			value := fmt.Sprintf(shape, p.text)
			for at, config := range kubeconfigsWith(value, p.text) {
				for _, text := range []string{
					leakSecret("istio-remote-secret-west", "stringData:\n  west: |\n"+indented(config)),
					leakSecret("istio-remote-secret-west", "data:\n  west: "+base64.StdEncoding.EncodeToString([]byte(config))+"\n"),
				} {
					tried++
					if leak := leaked(t, text, p.part); leak != "" {
						t.Errorf("a %s as %s in line %d of a kubeconfig comes out: %s", p.name, shape, at+1, leak)
					}
				}
			}
			for _, text := range secretsWith(value) {
				tried++
				if leak := leaked(t, text, p.part); leak != "" {
					t.Errorf("a %s as %s in a Secret comes out: %s\n%s", p.name, shape, leak, strings.SplitN(text, "\n", 4)[2])
				}
			}
		}
	}
	if tried < 1000 {
		t.Errorf("only %d places were tried", tried)
	}
}

// kubeconfigsWith gives kubeconfigs in each of which the value or the key of one line is replaced.
func kubeconfigsWith(value, key string) map[int]string {
	all := map[int]string{}
	lines := strings.Split(strings.TrimSuffix(leakKubeconfig, "\n"), "\n")
	for i, line := range lines {
		before, _, ok := strings.Cut(line, ": ")
		changed := append([]string{}, lines...)
		if changed[i] = before + ": " + value; !ok {
			changed[i] = strings.Repeat(" ", len(line)-len(strings.TrimLeft(line, " -"))) + `"` + key + `":`
		}
		all[i] = strings.Join(changed, "\n") + "\n"
	}
	return all
}

// secretsWith gives Secrets of every type with a value in every field of their data.
func secretsWith(value string) []string {
	var all []string
	for _, data := range []string{"data", "stringData"} {
		for name, keys := range map[string][]string{
			"istio-remote-secret-west": {"west"}, "istio-kubeconfig": {"config", "west"}, "some-token": {"token", "ca.crt"},
			"cacerts": {"ca-cert.pem", "ca-key.pem", "cert-chain.pem", "root-cert.pem", "tls.crt", "tls.key", "ca.crt", "key.pem"},
		} {
			for _, key := range keys {
				all = append(all, leakSecret(name, data+":\n  "+key+": "+value+"\n"))
			}
			if !strings.HasPrefix(value, `{"`) { // that is a key of the Secret, which is no secret
				all = append(all, leakSecret(name, data+": "+value+"\n"))
			}
		}
	}
	return append(all, leakSecret("cacerts", "stringData:\n  ca-cert.pem: [\n  ca-key.pem: "+value+"\n"))
}

func leakSecret(name, data string) string {
	return "apiVersion: v1\nkind: Secret\nmetadata: {name: " + name + ", namespace: default}\ntype: kubernetes.io/service-account-token\n" + data
}

func indented(text string) string {
	return "    " + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n    ") + "\n"
}

// leaked lints a file as a part of two clusters and gives the first text of the report that has the part in it.
func leaked(t *testing.T, text, part string) string {
	t.Helper()
	file := func(name, text string) File {
		return File{Name: name, Read: func() ([]byte, error) { return []byte(text), nil }}
	}
	clusters := []Source{
		{Cluster: "east", Files: []File{file("a.yaml", text), file("east.yaml", "kind: IstioOperator\napiVersion: install.istio.io/v1alpha1\nspec: {}\n")}},
		{Cluster: "west", Files: []File{file("b.yaml", text)}},
	}
	found, err := Run(Input{Clusters: clusters, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range found.Sorted() {
		all := []string{d.Message, d.Why, d.Fix, excerpt(found, d.Pos)}
		for _, r := range d.Related {
			all = append(all, r.Message, excerpt(found, r.Pos))
		}
		for _, shown := range all {
			if strings.Contains(shown, part) {
				return d.Code + ": " + shown
			}
		}
	}
	return ""
}

func excerpt(found *diag.List, pos diag.Pos) string {
	line, _, _ := found.Excerpt(pos)
	return line
}
