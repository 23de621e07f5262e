package manifest

import "meshtopo.dev/meshtopo/schema/diag"

var (
	// templateSkipped is about templates, which only their generator can read.
	templateSkipped = &diag.Rule{
		Code: "template-skipped", Severity: diag.Info,
		Title: "a template is not checked",
		Why:   "what it will say is not known before it is rendered",
		Fix:   "check what it gives: helm template … | meshtopo lint -",
	}
	// EncryptedSkipped is about an object that is encrypted, or whose content is in another store.
	EncryptedSkipped = &diag.Rule{
		Code: "encrypted-skipped", Severity: diag.Info,
		Title: "an encrypted object is not checked",
		Why:   "its content cannot be read without its key",
		Fix:   "decrypt it on the way: sops --decrypt FILE | meshtopo lint -",
	}
	// foreignSkipped is about documents of other programs. It is no error: a directory may hold such files.
	foreignSkipped = &diag.Rule{
		Code: "foreign-skipped", Severity: diag.Info,
		Title: "a file that cannot be read, and does not look like a manifest, is not checked",
		Why:   "it says neither apiVersion and kind of an object that is looked at, nor values of Istio's charts",
		Fix:   "none is needed, unless it was meant to be a manifest",
	}
	topologySkipped = &diag.Rule{
		Code: "topology-skipped", Severity: diag.Info,
		Title: "a topology is not checked as a manifest",
		Why:   "it is no object of a cluster: it says what the manifests of all clusters should be",
		Fix:   "check it with meshtopo validate, and compare manifests with it by meshtopo lint --topology FILE",
	}
)

// HasTemplate reports whether a list says that a template was passed over.
func HasTemplate(found *diag.List) bool {
	has := false
	found.Each(func(d *diag.Diagnostic) { has = has || d.Code == templateSkipped.Code })
	return has
}

// Rules gives every rule of this package.
func Rules() []*diag.Rule {
	return []*diag.Rule{templateSkipped, EncryptedSkipped, foreignSkipped, topologySkipped}
}
