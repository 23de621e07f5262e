package main

// wrongRevisions has topologies whose lists of control planes contradict themselves, or what goes by them.
func wrongRevisions() []wrong {
	const (
		example = "upgrade"
		old     = `{name: 1-30-3, version: "1.30.3", default: true, tags: [prod]}`
		new     = `{name: 1-31-1, version: "1.31.1", tags: [canary]}`
		list    = "    revisions:\n    - " + old + "\n    - " + new + "\n"
		remote  = "      primary: cluster-a\n"
	)
	return []wrong{
		{codes: "missing-field", name: "no version at all", example: example, edits: []edit{{"  istio:\n" + list, "  ‹istio›:\n    namespace: istio-system\n"}}},
		{codes: "revisions-and-version", name: "a version beside the list", example: example, edits: []edit{{"    revisions:\n", "    version: ‹\"1.31.1\"›\n    revisions:\n"}}},
		{codes: "revisions-and-version revisions-and-version", name: "of one cluster", example: example,
			edits: []edit{{remote, remote + "      istio: {version: ‹\"1.30.3\"›, revision: ‹1-30-3›, revisions: [{name: 1-30-3, version: \"1.30.3\"}]}\n"}}},
		{codes: "default-revision", name: "none", example: example, edits: []edit{{"    revisions:\n", "    ‹revisions›:\n"}, {"default: true, ", ""}}},
		{codes: "default-revision", name: "two", example: example, edits: []edit{{`"1.31.1", tags`, `"1.31.1", default: ‹true›, tags`}}},
		{codes: "default-revision", name: "nothing in the list", example: example, edits: []edit{{list, "    ‹revisions›: []\n"}}},
		{codes: "missing-field", name: "an entry without a name", example: example, edits: []edit{{"    - " + new + "\n", "    - ‹{›version: \"1.31.1\"}\n"}}},
		{codes: "invalid-value", name: "a version that is none", example: example, edits: []edit{{`version: "1.31.1"`, `version: ‹"1.32"›`}}},
		{codes: "wrong-type wrong-type", name: "of one cluster, of the wrong shape", example: example,
			edits: []edit{{remote, remote + "      istio: {revisions: [{name: 1-30-3, version: \"1.30.3\", default: ‹\"yes\"›, tags: ‹prod›}]}\n"}}},
		{codes: "unknown-field", name: "a misspelt field", example: example, edits: []edit{{"tags: [canary]", "‹tag›: [canary]"}}},
		{codes: "wrong-type", name: "a text for a default", example: example, edits: []edit{{"default: true", "default: ‹\"yes\"›"}}},
		{codes: "invalid-value", name: "a name that is none", example: example, edits: []edit{{"{name: 1-31-1", "{name: ‹1.31.1-rc›"}}},
		{codes: "revision-twice", name: "two revisions", example: example, edits: []edit{{"{name: 1-31-1", "{name: ‹1-30-3›"}}},
		{codes: "revision-twice", name: "a tag of two", example: example, edits: []edit{{"[canary]", "[‹prod›]"}}},
		{codes: "revision-twice", name: "a tag twice", example: example, edits: []edit{{"[canary]", "[canary, ‹canary›]"}}},
		{codes: "revision-twice", name: "the tag default beside no revision", example: example, edits: []edit{{"{name: 1-30-3", "{name: default"}, {"[canary]", "[‹default›]"}}},
		{codes: "tags-beside-list", name: "tags of values", example: example, edits: []edit{{"  istio:\n", "  istio:\n    values: {‹revisionTags›: [stable]}\n"}}},
		{codes: "reserved-revision", name: "the name of a directory", example: example, edits: []edit{{"{name: 1-31-1", "{name: ‹base›"}}},
		{codes: "long-revision", name: "for a release of Helm", example: example, edits: []edit{{"  istio:\n", "  istio:\n    installer: helm\n"}, {"{name: 1-31-1", "{name: ‹a-revision-with-a-name-of-exactly-47-characters-x›"}}},
		{codes: "revisions-and-version", name: "a version of a remote alone", example: example, edits: []edit{{remote, remote + "      istio: {version: ‹\"1.31.1\"›}\n"}}},
		{codes: "unknown-gateway-revision", name: "a revision that is gone", example: example, edits: []edit{{"addresses: [203.0.113.10]", "addresses: [203.0.113.10], revision: ‹1-29-5›"}}},
		{codes: "unknown-gateway-revision", name: "a tag that is gone", example: example, edits: []edit{{remote, remote + "      eastWestGateway: {revision: ‹stable›}\n"}}},
		{codes: "unknown-gateway-revision", name: "without a list", edits: []edit{{"      network: network1\n", "      network: network1\n      eastWestGateway: {revision: ‹canary›}\n"}}},
		{codes: "remote-revision", name: "a remote that keeps what its primary has no more", example: example,
			edits: []edit{{remote, remote + "      istio: {revisions: [{name: ‹1-29-5›, version: \"1.29.5\"}]}\n"}}},
		{codes: "remote-newer", name: "a remote's version of a revision", example: example,
			edits: []edit{{remote, remote + "      istio: {revisions: [{name: 1-30-3, version: ‹\"1.31.0\"›}]}\n"}}},
		{codes: "update-strategy", name: "of the operator beside a list", example: example, edits: []edit{{"  istio:\n", "  istio:\n    installer: sail\n    updateStrategy: ‹RevisionBased›\n"}, {`"1.31.1"`, `"1.30.2"`}}},
		{codes: "mounted-too-early", name: "one of two", example: example, edits: []edit{{"protection: plaintext", "protection: plaintext, remote: ‹mounted›"}, {`"1.30.3"`, `"1.29.3"`}}},
	}
}
