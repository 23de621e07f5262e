package render

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/schema"
)

// difference is what a minor version of Istio may change of what the one before has, in files by their end. Each is a
// row of docs/installers.md; all other lines are the same but for the version itself.
type difference struct {
	file, lines string // a regular expression
	minors      []int
}

var byVersion = []difference{
	{"1-prepare/remote-reader.yaml", `.`, []int{26, 27, 29}}, // what the account needs to be allowed
	{"README.md", `^- read every ConfigMap$| delete roles,rolebindings `, []int{26, 27, 29}},
	{"README.md", `^- read every Secret of the cluster:?$|PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER|` +
		`^  that away(, and the certificates that gateways here name by .credentialName.)?$`, []int{31}},
	{"README.md", `/gateway-api/releases/download/`, []int{26, 28, 30, 31}},
	{"README.md", `^helm upgrade --install istio-eastwestgateway `, []int{25}}, // 1.25.99 takes its own values
}

// TestVersionMatrix renders every example for each minor version of Istio with each installer.
func TestVersionMatrix(t *testing.T) {
	eachExample(t, func(t *testing.T, dir string) {
		for _, installer := range []schema.Installer{schema.Istioctl, schema.Helm, schema.Sail} {
			if installer != schema.Istioctl && strings.HasSuffix(dir, "/patches") {
				continue // they are made on IstioOperators
			}
			want := ofVersion(t, dir, installer, 24)
			for minor := 25; minor <= 31; minor++ {
				got := ofVersion(t, dir, installer, minor)
				who := fmt.Sprintf("1.%d with %s", minor, installer)
				for path := range want {
					if _, ok := got[path]; !ok {
						t.Errorf("%s has no %s", who, path)
					}
				}
				for path, text := range got {
					sameButForVersion(t, who, path, minor, text, want[path])
				}
				want = got
			}
		}
	})
}

// sameButForVersion reports the lines of one of two texts that the other does not have, and may not lack.
func sameButForVersion(t *testing.T, who, path string, minor int, a, b string) {
	t.Helper()
	lines := func(text string) map[string]bool {
		all := map[string]bool{}
		for line := range strings.Lines(text) {
			all[strings.TrimSuffix(line, "\n")] = true
		}
		return all
	}
	allowed := func(line string) bool {
		return slices.ContainsFunc(byVersion, func(d difference) bool {
			return strings.HasSuffix(path, d.file) && slices.Contains(d.minors, minor) && regexp.MustCompile(d.lines).MatchString(line)
		})
	}
	for _, pair := range [][2]map[string]bool{{lines(a), lines(b)}, {lines(b), lines(a)}} {
		for line := range pair[0] {
			if !pair[1][line] && !allowed(line) {
				t.Errorf("%s: %s differs in %q", who, path, line)
			}
		}
	}
}

// ofVersion renders an example for a version, which is called VERSION in what it gives.
func ofVersion(t *testing.T, dir string, installer schema.Installer, minor int) map[string]string {
	t.Helper()
	topology, store := load(t, dir)
	for _, c := range topology.Clusters {
		c.Istio.Version = schema.Version(fmt.Sprintf("1.%d.99", minor))
		c.Istio.Listed.Revisions = slices.Clone(c.Istio.Listed.Revisions)
		for i := range c.Istio.Listed.Revisions {
			c.Istio.Listed.Revisions[i].Version = c.Istio.Version
		}
		if c.Istio.Installer = installer; installer != schema.Istioctl {
			c.EastWestGateway.Kind = schema.DeploymentGateway
		}
		switch {
		case installer == schema.Helm:
			c.EastWestGateway.Kind = schema.ChartGateway
		case installer == schema.Sail && c.RunsControlPlane():
			c.EastWestGateway.Kind = schema.GatewayAPI
		}
	}
	version := regexp.MustCompile(`1[._]\d\d[._]99`)
	files := contents(render(t, topology, store))
	for path, text := range files {
		files[path] = version.ReplaceAllString(text, "VERSION")
		if strings.HasSuffix(path, "/meshtopo.sum") {
			delete(files, path) // digests of the others
		}
	}
	return files
}
