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
		{codes: "invalid-yaml", name: "a quote that is not closed", edits: []edit{{`version: "1.31.1"`, `version: ‹"›1.31.1`}}},
		{codes: "invalid-yaml", name: "a single quote that is not closed", edits: []edit{{"id: shop", "id: ‹'›shop"}}},
		{codes: "invalid-yaml", name: "a quote in a list that is not closed", edits: []edit{{`["*.local"]`, `[‹"›*.local]`}}},
		{codes: "invalid-yaml", name: "a quote in the last line that is not closed", edits: []edit{{"{file: tokens/cluster-b}", `{file: ‹"›tokens/cluster-b}`}}},
		{codes: "invalid-value", name: "a quote that is not opened", edits: []edit{{`version: "1.31.1"`, `version: ‹1.31.1"›`}}},
		{codes: "unknown-network", name: "a text of two lines in quotes", edits: []edit{{"kind: Topology", "kind: \"Topo\\\n  logy\""}, {"network: network2", "network: ‹net2›"}}},

		{codes: "merge-conflict", name: "of git", edits: []edit{{"      network: network2\n", "‹<<<<<<<› HEAD\n      network: network2\n=======\n      network: network1\n>>>>>>> feature/x\n"}}},
		{codes: "merge-conflict", name: "of git, with the base", edits: []edit{{"    dnsCapture: true", "‹<<<<<<<› ours\n    dnsCapture: true\n||||||| base\n=======\n>>>>>>> theirs\n    #"}}},
		{codes: "merge-conflict", name: "the end of one", edits: []edit{{"kind: Topology\n", "kind: Topology\n‹>>>>>>>› 1a2b3c4 (mesh: a network)\n"}}},
		{codes: "merge-conflict", name: "the middle of one", edits: []edit{{"kind: Topology\n", "kind: Topology\n‹=======›\n"}}},
		{codes: "merge-conflict", name: "in CUE", file: "topology.cue", files: map[string]string{"topology.cue": "package shop\n\n‹<<<<<<<› HEAD\nkind: \"Topology\"\n=======\nkind: \"Mesh\"\n>>>>>>> x\n"}},
		{codes: "merge-conflict", name: "in JSON", file: "topology.json", files: json("{\n‹<<<<<<<› HEAD\n" + smallJSON + "\n=======\n>>>>>>> x\n}")},
		{codes: "unknown-network", name: "marks that are indented, quoted or in a comment", edits: []edit{
			{"kind: Topology", "kind: Topology\n# <<<<<<< HEAD\n# ======="}, {"{accessLogFile: /dev/stdout}", "{accessLogFile: \"<<<<<<< HEAD\"}"}, {"network: network2", "network: ‹net2›"}}},

		{codes: "misleading-character", name: "no-break spaces that indent", edits: []edit{{"    cluster-b:", "‹\u00a0›\u00a0\u00a0\u00a0cluster-b:"}}},
		{codes: "misleading-character", name: "a no-break space before a key", edits: []edit{{"      network: network2", "      ‹\u00a0›network: network2"}}},
		{codes: "misleading-character", name: "a no-break space behind a colon", edits: []edit{{"network: network2", "network:‹\u00a0›network2"}}},
		{codes: "misleading-character", name: "a zero-width space in a key", edits: []edit{{"network: network2", "‹net\u200bwork›: network2"}}},
		{codes: "misleading-character", name: "a key in curly quotes", edits: []edit{{"network: network2", "‹“network”›: network2"}}},
		{codes: "misleading-character", name: "a wide colon", edits: []edit{{"network: network2", "network‹：› network2"}}},
		{codes: "misleading-character", name: "a dash for an item", edits: []edit{{`exposedHosts: ["*.local"]`, "exposedHosts:\n    ‹–› \"*.local\""}}},
		{codes: "misleading-character", name: "a dash for items", edits: []edit{{`exposedHosts: ["*.local"]`, "exposedHosts:\n    ‹— a.local›"}}},
		{codes: "misleading-character", name: "a Cyrillic letter in a key", edits: []edit{{"network: network2", "‹netwоrk›: network2"}}},
		{codes: "invalid-value", name: "a no-break space behind a value", edits: []edit{{"network: network2", "network: ‹network2\u00a0›"}}},
		{codes: "invalid-value", name: "curly quotes", edits: []edit{{`version: "1.31.1"`, "version: ‹“1.31.1”›"}}},
		{codes: "invalid-value", name: "an em dash", edits: []edit{{"id: shop", "id: ‹my—shop›"}}},
		{codes: "invalid-name", name: "an en dash in the name of a cluster", edits: []edit{{"    cluster-b:", "    ‹cluster–b›:"}}},
		{codes: "unknown-value", name: "a word in curly quotes", edits: []edit{{"network: network2", "network: network2\n      state: ‹‘active’›"}}},
		{codes: "unknown-network", name: "such characters where they are right", edits: []edit{
			{"kind: Topology", "kind: Topology # “a” – b\u00a0c"}, {"{accessLogFile: /dev/stdout}", "{accessLogFormat: \"“%START_TIME%” – \\u00a0\"}"}, {"network: network2", "network: ‹net2›"}}},

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
