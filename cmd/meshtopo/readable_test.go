package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// usualMistakes are made in the example two-clusters: a text, and what stands there by mistake, with the place marked
// that the first finding is about.
var usualMistakes = [][2]string{
	{"apiVersion: meshtopo.dev/v1alpha1", "apiVersion: ‹meshtopo.dev/v1›"},
	{"kind: Topology", "kind: ‹Topolgy›"},
	{"name: shop", "name: ‹Shop›"},
	{"id: shop", "id: ‹my_shop›"},
	{"trustDomain: cluster.local", "trustDomain: ‹cluster local›"},
	{"dnsCapture: true ", "dnsCapture: ‹\"true\"› "},
	{`["*.local"]`, `[‹"local.*"›]`},
	{`version: "1.31.1"`, `version: ‹"1.13.1"›`},
	{`version: "1.31.1"`, `version: ‹1.31›`},
	{`version: "1.31.1"`, "version: \"1.31.1\"\n    revision: ‹1.31.1›"},
	{`version: "1.31.1"`, "version: \"1.31.1\"\n    profile: ‹defualt›"},
	{`version: "1.31.1"`, "version: \"1.31.1\"\n    namespace: ‹istio_system›"},
	{`version: "1.31.1"`, "version: \"1.31.1\"\n    tag: ‹\"1.31.1 \"›"},
	{"accessLogFile: /dev/stdout", "‹accesslogFile›: /dev/stdout"},
	{"{accessLogFile: /dev/stdout}", "{enableAutoMtls: ‹\"yes\"›}"},
	{"[certs/root-cert.pem]", "[‹certs/root.pem›]"},
	{"protection: plaintext", "protection: ‹plain›"},
	{"network2: {}", "‹network_›: {}"},
	{"network: network2", "network: ‹netwrok2›"},
	{"      network: network2\n", "      ‹netwrok›: network2\n"},
	{"    cluster-b:", "    ‹Cluster-b›:"},
	{`"https://198.51.100.1:6443"`, `‹"http://198.51.100.1:6443"›`},
	{`"https://198.51.100.1:6443"`, `‹"https://127.0.0.1:6443"›`},
	{"certs/cluster-b/api.pem", "‹certs/cluster-b/api-ca.pem›"},
	{"tokens/cluster-b", "‹tokens/us-east-1-production-cluster-number-0017›"},
	{"      network: network2\n", "      network: network2\n      primary: ‹cluster-c›\n"},
	{"      network: network2\n", "      network: network2\n      state: ‹activ›\n"},
	{"      network: network2\n", "      network: network2\n      podCIDRs: [‹10.0.0.0/33›]\n"},
	{"      network: network2\n", "      network: network2\n      eastWestGateway: {serviceType: ‹Loadbalancer›}\n"},
}

// TestUsualMistakesAreReadable shows the marked place of usual mistakes in the excerpt.
func TestUsualMistakesAreReadable(t *testing.T) {
	if len(usualMistakes) < 25 {
		t.Fatalf("only %d mistakes", len(usualMistakes))
	}
	example := read(t, "../../testdata/two-clusters/topology.yaml")
	for i, m := range usualMistakes {
		t.Run(fmt.Sprint(i, " ", strings.TrimSpace(m[1])), func(t *testing.T) {
			t.Parallel()
			dir := copyExample(t, "two-clusters")
			text, marks := unmark(t, apply(t, example, []edit{{m[0], m[1]}}))
			write(t, filepath.Join(dir, "topology.yaml"), text)
			got := meshtopo(t, dir, "", "validate", "--require-material")
			for _, x := range excerpt.FindAllStringSubmatch(got.out, -1) {
				line, marker := []rune(x[2]), x[3]
				from := strings.IndexByte(marker, '^')
				underlined := string(line[min(from, len(line)):min(len(marker), len(line))])
				if x[1] == "topology.yaml:"+marks[0].place && strings.HasPrefix(marks[0].text, underlined) && underlined != "" {
					return
				}
			}
			t.Errorf("no excerpt underlines %q:\n%s", marks[0].text, got.out)
		})
	}
}
