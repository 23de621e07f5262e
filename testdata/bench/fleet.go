package main

import (
	"bytes"
	"fmt"
)

var sizes = []int{3, 10, 30, 100, 300}

// fleet is a full mesh: each cluster is a primary on a network of its own and reads all others.
func fleet(n int) []byte {
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
	}
	return b.Bytes()
}
