package krm

import "meshtopo.dev/meshtopo/schema/diag"

// kustomizeFlags is the one rule about a kustomization, which kustomize itself does not tell.
var kustomizeFlags = &diag.Rule{
	Code: "kustomize-flags", Severity: diag.Info,
	Title:  "the kustomization beside the topology runs meshtopo as a function",
	Why:    "without --enable-exec, kustomize build skips the function: the objects of the mesh are missing from the output, or are not checked, and it exits with 0",
	Fix:    "always build with --enable-alpha-plugins --enable-exec, in kustomize.buildOptions of Argo CD too",
	Source: "https://github.com/kubernetes-sigs/kustomize/issues/4399",
}

// foreignObject is the rule about the items of a list, which package schema knows nothing of.
var foreignObject = &diag.Rule{
	Code: "foreign-object", Severity: diag.Error, Fixed: true,
	Title:  "an object that meshtopo did not render has the place of one that it does",
	Why:    "a build has one object of a name, and meshtopo replaces none but those with its topology's labels, so that nobody's own work is lost",
	Fix:    "delete the object, or leave out the layer that it is in",
	Source: "api/resmap/reswrangler.go (Append)",
}

// nothingToLint is that of a build which is not checked.
var nothingToLint = &diag.Rule{
	Code: "nothing-to-lint", Severity: diag.Warning,
	Title:  "a LintManifests is given no manifest",
	Why:    "nothing is checked: what is wrong in a build goes unnoticed. kustomize tells a generator nothing of the other resources",
	Fix:    "list it as the last of the transformers, in the kustomization whose output is applied",
	Source: "api/internal/plugins/fnplugin/fnplugin.go (Generate)",
}

// validatorRefused is that of a list in which no function can be with kustomize v5.8.2.
var validatorRefused = &diag.Rule{
	Code: "validator-refused", Severity: diag.Warning,
	Title:  "a LintManifests under validators",
	Why:    `where nothing is wrong the build fails: "validator shouldn't modify the resource map". kustomize itself adds an annotation to each resource and takes it for the function's`,
	Fix:    "list it as the last of the transformers: what it is given is the same there, and it changes nothing",
	Source: "https://github.com/kubernetes-sigs/kustomize/issues/5036",
}

// Rules are the rules of this package.
func Rules() []*diag.Rule {
	return []*diag.Rule{kustomizeFlags, foreignObject, nothingToLint, validatorRefused}
}
