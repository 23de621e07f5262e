//go:build unix

package main

import (
	"bytes"
	"fmt"
)

var sizes = []int{3, 10, 30, 100, 300}

// fleet is a full mesh of n clusters on networks of their own: the primaries read all others, and serve the rest in
// turn.
func fleet(n, primaries int) []byte {
	var b bytes.Buffer
	b.WriteString(`apiVersion: meshtopo.dev/v1alpha1
kind: Topology
metadata: {name: fleet}
spec:
  istio:
    version: "1.31.1"
    meshConfig: {accessLogFile: /dev/stdout}
  trust:
    roots: [certs/root-cert.pem]
    intermediates: certs/{cluster}
  secrets: {protection: plaintext}
  networks:
`)
	for i := range n {
		fmt.Fprintf(&b, "    network%d: {}\n", i)
	}
	b.WriteString("  clusters:\n")
	for i := range n {
		fmt.Fprintf(&b, `    cluster-%d:
      network: network%d
      apiServer: {url: "https://198.18.%d.%d:6443", ca: certs/cluster-%d/api.pem}
      credential: {token: {file: tokens/cluster-%d}}
`, i, i, i/250, i%250+1, i, i)
		switch {
		case i >= primaries:
			fmt.Fprintf(&b, "      primary: cluster-%d\n", i%primaries)
		case primaries < n:
			fmt.Fprintf(&b, "      eastWestGateway: {addresses: [203.0.%d.%d]}\n", 113+i/250, i%250+1)
		}
	}
	return b.Bytes()
}
