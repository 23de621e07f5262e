package main

import "strings"

// wrongNotation has files that YAML or JSON readers refuse, change silently or disagree about.
func wrongNotation() []wrong {
	yaml := func(text string) map[string]string { return map[string]string{"topology.yaml": text} }
	json := func(text string) map[string]string { return map[string]string{"topology.json": text} }
	return []wrong{
		{codes: "duplicate-key", name: "a cluster twice", edits: []edit{{"    cluster-b:", "    ‹cluster-a›: {network: network2}\n    cluster-b:"}}},
		{codes: "duplicate-key", name: "quoted otherwise", edits: []edit{{"network: network2", "network: network2\n      ‹\"network\"›: network1"}}},
		{codes: "duplicate-key", name: "among free settings", edits: []edit{{"{accessLogFile: /dev/stdout}", "{accessLogFile: /dev/stdout, ‹accessLogFile›: \"\"}"}}},
		{codes: "several-documents", name: "two topologies", edits: []edit{{"credential: {token: {file: tokens/cluster-b}}\n", "credential: {token: {file: tokens/cluster-b}}\n‹---›\nkind: Topology\n"}}},
		{codes: "tab-indentation", name: "a field", edits: []edit{{"    trustDomain:", "‹›\ttrustDomain:"}}},
		{codes: "tab-indentation", name: "after spaces", edits: []edit{{"      network: network1", "    ‹›\tnetwork: network1"}}},
		{codes: "yaml-alias-loop", name: "inside itself", edits: []edit{{"meshConfig: {accessLogFile: /dev/stdout}", "values: {pilot: {podLabels: &all {a: ‹*all›}}}"}}},
		{codes: "yaml-alias-bomb", name: "a billion laughs", edits: []edit{{"meshConfig: {accessLogFile: /dev/stdout}", "values:\n      pilot:\n        podLabels:\n" + laughs}}},
		{codes: "yaml-merge-key", name: "a cluster from another", edits: []edit{
			{"    cluster-a:", "    cluster-a: &a"}, {"network: network2", "‹<<›: *a\n      network: network2"}}},
		{codes: "yaml-tag", name: "of an application", edits: []edit{{"{accessLogFile: /dev/stdout}", "{accessLogFile: ‹!env› ACCESS_LOG}"}}},
		{codes: "key-not-string", name: "a list", edits: []edit{{"{accessLogFile: /dev/stdout}", "{accessLogFile: /dev/stdout, ? ‹[›a, b] : c}"}}},
		{codes: "nested-too-deep", name: "lists", edits: []edit{{"meshConfig: {accessLogFile: /dev/stdout}", "values: {pilot: {podLabels: {a: " + strings.Repeat("[", 94) + "‹[›]" + strings.Repeat("]", 94) + "}}}"}}},
		{codes: "not-a-number", name: "infinity", edits: []edit{{"{accessLogFile: /dev/stdout}", "{a: ‹.inf›}"}}},

		{codes: "unquoted-scalar", name: "a number for a version", edits: []edit{{`version: "1.31.1"`, "version: ‹1.30›"}}},
		{codes: "unquoted-scalar", name: "octal for a name", edits: []edit{{"metadata: {name: shop}", "metadata: {name: ‹0123›}"}}},
		{codes: "unquoted-scalar", name: "on for a name", edits: []edit{{"    id: shop", "    id: ‹on›"}}},
		{codes: "unquoted-scalar", name: "a date for a revision", edits: []edit{{`version: "1.31.1"`, "version: \"1.31.1\"\n    revision: ‹2026-01-01›"}}},
		{codes: "unquoted-scalar", name: "a key", edits: []edit{{"{network1: {}, network2: {}}", "{‹1›: {}, network2: {}}"}, {"network: network1", `network: "1"`}}},
		{codes: "unquoted-scalar", name: "among free settings", edits: []edit{{"{accessLogFile: /dev/stdout}", "{enableTracing: ‹yes›}"}}},

		{codes: "invalid-yaml", name: "a colon in a value", edits: []edit{{"id: shop", "id: shop‹›: web"}}},
		{codes: "invalid-yaml", name: "indentation", edits: []edit{{"    trustDomain: cluster.local", "   ‹›trustDomain: cluster.local"}}},
		{codes: "invalid-yaml", name: "a bracket that is not closed", edits: []edit{{`exposedHosts: ["*.local"]`, `exposedHosts: ‹›["*.local"`}}},
		{codes: "invalid-yaml", name: "an alias of nothing", edits: []edit{{"network: network2", "network: ‹›*net"}}},
		{codes: "byte-order-mark unknown-network", name: "the columns stay right", edits: []edit{{"# Two clusters, each", "\ufeff‹›# Two clusters, each"}, {"network: network1", "network: ‹network›"}}},
		{codes: "unknown-network", name: "CRLF", edits: []edit{
			{"kind: Topology\n", "kind: Topology\r\n"}, {"      network: network1\n", "      network: ‹net-1›\r\n"}}},
		{codes: "invalid-encoding", name: "Latin-1", edits: []edit{{"id: shop", "id: caf‹›\xe9"}}},
		{codes: "control-character", name: "an escape sequence", edits: []edit{{"id: shop", "id: sh‹›\x1b[31mop"}}},
		{codes: "control-character", name: "a line break that no editor shows", edits: []edit{{"network: network1", "network: network1‹›\u2028      state: joining"}}},
		{codes: "empty-file", name: "nothing", files: yaml("‹›")},
		{codes: "empty-file", name: "comments", files: yaml("‹›# to be written\n---\n")},
		{codes: "file-too-large", name: "more than 16 MiB", files: yaml(strings.Repeat("#", 16<<20+1)), whole: "topology.yaml"},

		{codes: "invalid-json", name: "cut short", file: "topology.json", files: json(`{"apiVersion": "meshtopo.dev/v1alpha1", "kind": "Topology"‹›`)},
		{codes: "invalid-json", name: "a comma too many", file: "topology.json", files: json("{\n  \"kind\": \"Topology\",\n‹›}\n")},
		{codes: "duplicate-key", name: "in JSON", file: "topology.json", files: json("{\n" + smallJSON + ",\n  ‹\"kind\"›: \"Topology\"}")},
		{codes: "unknown-network", name: "in JSON", file: "topology.json", files: json("{\n" + strings.Replace(smallJSON, `"network": "network1"`, `"network": ‹"network2"›`, 1) + "}")},
		{codes: "unknown-network", name: "in JSON on stdin", args: []string{"-"}, files: map[string]string{"<stdin>": "{" + strings.Replace(smallJSON, `"network": "network1"`, `"network": ‹"network2"›`, 1) + "}"}},
		{codes: "unknown-network", name: "in YAML on stdin", args: []string{"-"}, files: map[string]string{
			"<stdin>": "apiVersion: meshtopo.dev/v1alpha1\nkind: Topology\nmetadata: {name: shop}\nspec: {istio: {version: \"1.31.1\"}, networks: {network1: {}}, clusters: {cluster-a: {network: ‹network2›}}}\n"}},
	}
}

// smallJSON has the fields of a topology of one cluster.
const smallJSON = `  "apiVersion": "meshtopo.dev/v1alpha1", "kind": "Topology", "metadata": {"name": "solo"},
  "spec": {"istio": {"version": "1.31.1"}, "networks": {"network1": {}}, "clusters": {"cluster-a": {"network": "network1"}}}`

// laughs are lists of aliases, each of which makes the list before it twenty times as long.
var laughs = "          a: &a [" + strings.Repeat("ha, ", 20) + "]\n" +
	"          b: &b [" + strings.Repeat("*a, ", 20) + "]\n" +
	"          c: &c [" + strings.Repeat("*b, ", 20) + "]\n" +
	"          d: &d [‹*c›" + strings.Repeat(", *c", 19) + "]"
