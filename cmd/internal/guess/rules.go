package guess

import "meshtopo.dev/meshtopo/schema/diag"

var (
	// Guessed is about a directory in which clusters were found by what their manifests say.
	Guessed = &diag.Rule{
		Code: "guessed-clusters", Severity: diag.Info,
		Title: "which clusters a directory holds was guessed",
		Why:   "a wrong guess compares what does not belong together, or does not compare what does",
		Fix:   "if it is wrong, say which is which: --cluster NAME=PATH",
	}
	// Beside is about manifests beside the directory of the clusters.
	Beside = &diag.Rule{
		Code: "not-linted", Severity: diag.Info,
		Title: "manifests of Istio that are not read",
		Why:   "they are beside the directory of the clusters, and nothing says for which of these they are",
		Fix:   "name them, too, if they are a cluster's: --cluster NAME=PATH",
	}
)

// Rules are the rules of this package.
var Rules = []*diag.Rule{Guessed, Beside}
