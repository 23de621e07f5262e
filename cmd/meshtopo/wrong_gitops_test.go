package main

import "strings"

// wrongGitOps has topologies that no engine could apply as they say.
func wrongGitOps() []wrong {
	const repository = `repository: "https://git.example.com/mesh.git", `
	stored := edit{"{protection: plaintext}", `{protection: external-secrets, externalSecrets: {store: {name: vault}, remoteSecretKey: "mesh/{cluster}", cacertsKey: "ca/{cluster}"}}`}
	with := func(gitops string) []edit {
		return []edit{{"  secrets:", "  gitops: {" + gitops + "}\n  secrets:"}, stored}
	}
	return []wrong{
		{codes: "gitops-engine", name: "both", edits: with(repository + "argocd: {}, ‹flux›: {}")},
		{codes: "gitops-engine", name: "none", edits: []edit{{"  secrets:", "  ‹gitops›: {repository: \"https://git.example.com/mesh.git\"}\n  secrets:"}, stored}},
		{codes: "unknown-field", name: "another engine", edits: with(repository + "‹fleet›: {}")},
		{codes: "missing-field", name: "no repository", edits: []edit{{"  secrets:", "  ‹gitops›: {flux: {}}\n  secrets:"}, stored}},
		{codes: "gitops-repository", name: "with a token", edits: with(`repository: ‹"https://robot:hunter2hunter2@git.example.com/mesh.git"›, argocd: {}`)},
		{codes: "gitops-repository", name: "with a token in its path", edits: with(`repository: ‹"https://git.example.com/ghp_` + strings.Repeat("a1B2", 9) + `/mesh.git"›, argocd: {}`)},
		{codes: "invalid-value", name: "with a query", edits: with(`repository: ‹"https://git.example.com/mesh.git?token=hunter2"›, argocd: {}`)},
		{codes: "unquoted-scalar unquoted-scalar", name: "of Argo CD, of the wrong shape", edits: with(repository + `argocd: {project: ‹1›, decryption: {plugin: ‹true›}}`)},
		{codes: "wrong-type", name: "a plugin without its field", edits: with(repository + `argocd: {decryption: ‹sops›}`)},
		{codes: "unquoted-scalar unquoted-scalar unquoted-scalar", name: "of Flux, of the wrong shape", edits: with(repository + `flux: {namespace: ‹1›, secret: ‹true›, decryption: {secret: ‹2›}}`)},
		{codes: "wrong-type", name: "a key without its field", edits: with(repository + `flux: {decryption: ‹sops-age›}`)},
		{codes: "gitops-repository", name: "with a token alone", edits: with(`repository: ‹"https://hunter2hunter2@git.example.com/mesh.git"›, flux: {}`)},
		{codes: "gitops-repository", name: "with a password for ssh", edits: with(`repository: ‹"ssh://git:hunter2hunter2@git.example.com/mesh.git"›, flux: {}`)},
		{codes: "invalid-value invalid-value invalid-value", name: "of the wrong form", edits: with(`repository: ‹"file:///srv/mesh.git"›, revision: ‹main..next›, path: ‹../mesh›, argocd: {}`)},
		{codes: "invalid-value invalid-value", name: "names of the wrong form", edits: with(repository + `argocd: {namespace: ‹Argo_CD›, destination: ‹"{name}"›}`)},
		{codes: "gitops-decryption", name: "in Argo CD", edits: []edit{{"  secrets:", "  gitops: {" + repository + "‹argocd›: {}}\n  secrets:"}, {"{protection: plaintext}", "{protection: sops}"}}},
		{codes: "gitops-decryption", name: "in Flux, of one cluster", edits: append(with(repository+"‹flux›: {}"), edit{"network: network2", "network: network2\n      secrets: {protection: sops}"})},
		{codes: "gitops-same-target", name: "one name for all", edits: with(repository + "argocd: {destination: ‹in-cluster›}")},
		{codes: "gitops-same-target", name: "one Secret for all", edits: with(repository + "flux: {kubeConfig: ‹hub›}")},
		{codes: "gitops-same-target", name: "of two clusters", edits: append(with(repository+"argocd: {}"), edit{"network: network2", "network: network2\n      gitops: {name: ‹cluster-a›}"})},
		{codes: "gitops-name", name: "of a Secret", edits: with(repository + `flux: {kubeConfig: ‹"{cluster}/Kubeconfig"›}`)},
		{codes: "gitops-name", name: "of a Secret of one cluster", edits: append(with(repository+`flux: {kubeConfig: "{cluster}-kubeconfig"}`), edit{"network: network2", "network: network2\n      gitops: {name: ‹EU_2›}"})},
		{codes: "patch-owned", name: "what keeps a namespace", edits: append(with(repository+"argocd: {}"), edit{`version: "1.31.1"`, `version: "1.31.1"
    patches:
    - target: {kind: Namespace}
      patch: |-
        ‹- op: remove›
          path: /metadata/annotations`})},
		{codes: "gitops-name", name: "too long", edits: append(with(repository+"flux: {}"), edit{"{name: shop}", "{name: ‹shop-of-the-company-with-the-long-name-in-the-far-east›}"})},
	}
}

// doubtfulGitOps has topologies whose engine applies what had better not be there.
func doubtfulGitOps() []wrong {
	return []wrong{
		{codes: "gitops-plaintext", name: "in Argo CD", edits: []edit{{"  secrets:", "  ‹gitops›: {repository: \"git@git.example.com:mesh.git\", argocd: {}}\n  secrets:"}}},
		{codes: "unused-gitops-name", name: "without an engine", edits: []edit{{"network: network2", "network: network2\n      gitops: {name: ‹eu-2›}"}}},
		{codes: "gitops-plaintext", name: "in Flux", edits: []edit{{"  secrets:", "  ‹gitops›: {repository: \"ssh://git@git.example.com/mesh.git\", flux: {}}\n  secrets:"}}},
	}
}
