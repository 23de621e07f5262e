package lint

import (
	"fmt"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/manifest"
)

const operatorVersion = "install.istio.io/v1alpha1"

var (
	misspeltOperator = &diag.Rule{
		Code: "misspelt-operator", Severity: diag.Warning,
		Title:  "an IstioOperator with another apiVersion or kind than an IstioOperator has",
		Why:    "istioctl ignores both fields and installs it all the same, but other tools do not recognise an IstioOperator in it",
		Fix:    "write apiVersion: install.istio.io/v1alpha1 and kind: IstioOperator",
		Source: "operator/pkg/apis/types.go",
		Bad:    "apiVersion: insall.istio.io/v1alpha1\nkind: IstioOperator",
		Good:   "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator",
	}
	unknownProfile = &diag.Rule{
		Code: "unknown-profile", Severity: diag.Error,
		Title:  "a profile that istioctl does not have",
		Why:    "istioctl refuses the file: profile not found",
		Fix:    "use ambient, default, demo, empty, minimal, openshift, openshift-ambient, preview, remote or stable",
		Source: "manifests/profiles",
		Bad:    "spec: {profile: external}",
		Good:   "spec: {profile: remote}",
	}
	obsoleteComponent = &diag.Rule{
		Code: "obsolete-component", Severity: diag.Error, Symptom: true,
		Title:  "the component istiodRemote, which is empty",
		Why:    "istioctl accepts it and renders nothing for it: the cluster gets neither the Service istiod nor the webhook of a remote",
		Fix:    "use profile: remote",
		Source: "https://github.com/istio/istio/pull/53294",
		Bad:    "components: {istiodRemote: {enabled: true}}",
		Good:   "profile: remote",
	}
)

var profileGroup = group{rules: []*diag.Rule{misspeltOperator, unknownProfile, obsoleteComponent}}

// profiles are those that istioctl has built in.
var profiles = []string{"ambient", "default", "demo", "empty", "minimal", "openshift", "openshift-ambient", "preview", "remote", "stable"}

// withCNI are the profiles that install Istio's CNI plugin.
var withCNI = []string{"ambient", "openshift", "openshift-ambient"}

// correctOperator reports an object that is an IstioOperator but for its apiVersion or kind, and reads it as one.
func correctOperator(o *manifest.Object, found *diag.List) {
	group := diag.Nearest(o.Group(), []string{"install.istio.io"}) != ""
	kind := diag.Nearest(o.Kind, []string{"IstioOperator"}) != ""
	switch {
	case o.APIVersion == operatorVersion && o.Kind == "IstioOperator":
		return
	case o.Kind == "IstioOperator" || group && kind:
	case o.APIVersion == operatorVersion && o.Root.At("spec") != nil:
	default:
		return
	}
	at, what := o.At("apiVersion"), fmt.Sprintf("apiVersion %q", o.APIVersion)
	if o.APIVersion == operatorVersion {
		at, what = o.Pos(), fmt.Sprintf("kind %q", o.Kind)
	}
	found.Add(at, misspeltOperator, "%s is not that of an IstioOperator", what)
	o.APIVersion, o.Kind = operatorVersion, "IstioOperator"
}

// checkProfile checks the profile of an IstioOperator. It may be a file of the user's own.
func checkProfile(o *manifest.Object, found *diag.List) {
	profile := valueAt(o.Root, "spec", "profile")
	if profile.text != "" && !slices.Contains(profiles, profile.text) && !strings.ContainsAny(profile.text, "/.\\") {
		d := found.Add(profile.pos, unknownProfile, "istioctl has no profile %q", profile.text)
		switch near := diag.Nearest(profile.text, profiles); {
		case profile.text == "external":
			d.Fix = "use profile: remote, which replaced it in Istio 1.22"
		case near != "":
			d.Fix = fmt.Sprintf("did you mean %q?", near)
		}
	}
	if o.Root.At("spec", "components", "istiodRemote") != nil {
		found.Add(o.At("spec", "components", "istiodRemote"), obsoleteComponent, "%s has the component istiodRemote, which renders nothing", o)
	}
}
