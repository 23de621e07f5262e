package render

import (
	"fmt"
	"slices"
	"testing"
)

// TestOwnedVolume proves that patches cannot take the kubeconfigs away from istiod, and may give it another volume.
func TestOwnedVolume(t *testing.T) {
	const pilot = "/spec/values/pilot"
	for operation, want := range map[string][]string{
		`{op: remove, path: ` + pilot + `/volumes}`:                                                           {"patch-owned"},
		`{op: remove, path: ` + pilot + `/volumes/0/projected/sources/0}`:                                     {"patch-owned"},
		`{op: replace, path: ` + pilot + `/volumeMounts/0/mountPath, value: /other}`:                          {"patch-owned", "patch-owned"},
		`{op: replace, path: ` + pilot + `/env/PILOT_MULTICLUSTER_KUBECONFIG_PATH, value: /other}`:            {"patch-owned"},
		`{op: add, path: ` + pilot + `/volumes/-, value: {name: own, emptyDir: {}}}`:                          nil,
		`{op: add, path: ` + pilot + `/volumes/-, value: {name: istio-remote-kubeconfigs, emptyDir: {}}}`:     {"patch-owned"},
		`{op: add, path: ` + pilot + `/volumeMounts/-, value: {name: own, mountPath: /own}}`:                  nil,
		`{op: add, path: ` + pilot + `/volumes/0/projected/sources/-, value: {configMap: {name: something}}}`: {"patch-owned"},
	} {
		for istio, target := range map[string]string{`version: "1.31.1"`: "control-plane", `version: "1.30.3", installer: sail`: "default"} {
			t.Run(target+"/"+operation, func(t *testing.T) {
				_, _, found := checked(t, fmt.Sprintf(mountedTopology, istio, target, "["+operation+"]"))
				if got := codes(found); !slices.Equal(got, want) {
					t.Errorf("found %q, want %q", got, want)
				}
			})
		}
	}
}

// mountedTopology lacks what is set for Istio, and the patch of a cluster: its target's name and its operations.
const mountedTopology = `apiVersion: meshtopo.dev/v1alpha1
kind: Topology
metadata: {name: shop}
spec:
  istio: {%s}
  secrets: {protection: plaintext, remote: mounted}
  networks: {network1: {}}
  trust: {roots: [certs/root-cert.pem], intermediates: "certs/{cluster}"}
  clusters:
    cluster-a:
      network: network1
      apiServer: {url: "https://192.0.2.1:6443", ca: certs/cluster-a/api.pem}
      credential: {token: {file: tokens/cluster-a}}
    cluster-b:
      network: network1
      apiServer: {url: "https://198.51.100.1:6443", ca: certs/cluster-b/api.pem}
      credential: {token: {file: tokens/cluster-b}}
      istio: {patches: [{target: {name: %s}, patch: %q}]}
`
