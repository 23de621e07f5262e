package lint

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// FuzzKubeconfig reads any text as the kubeconfig of a remote Secret: no message shows any of it.
func FuzzKubeconfig(f *testing.F) {
	for at, config := range kubeconfigsWith("hunter", "hunter") {
		f.Add([]byte(config), at%2 == 0)
	}
	f.Add([]byte(fmt.Sprintf(istioctlKubeconfig, materials()["ROOT_64"], "hunter")), true)
	f.Add([]byte("clusters: [{}]\ncontexts: [{}]\nusers: [{}]\n"), true)
	f.Add([]byte("clusters: {0: hunter}\ncontexts: [[hunter]]\nusers: hunter\n"), false)
	f.Add([]byte("clusters: &hunter\n- *hunter\n"), true)
	f.Fuzz(func(t *testing.T, config []byte, encoded bool) {
		data := "stringData:\n  west: |\n" + indented(string(config))
		if encoded {
			data = "data:\n  west: " + base64.StdEncoding.EncodeToString(config) + "\n"
		}
		text := leakSecret("istio-remote-secret-west", data)
		if !encoded && !soleItem(text) {
			t.Skip("the text ends the block and stands for itself")
		}
		if leak := leaked(t, text, "hunter"); leak != "" {
			t.Error(leak)
		}
	})
}

// soleItem reports whether a manifest is one Secret with exactly one key, as far as it can be read.
func soleItem(text string) bool {
	objects := manifest.Read("a.yaml", []byte(text), &diag.List{})
	return strings.Count(text, "\n---") == 0 && len(objects) == 1 && len(objects[0].Root.Fields) == 5 && len(objects[0].Items()) == 1
}
