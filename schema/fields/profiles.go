package fields

import (
	"fmt"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// OperatorVersion is the apiVersion of an IstioOperator.
const OperatorVersion = "install.istio.io/v1alpha1"

var (
	// MisspeltOperator is of objects that were meant to be IstioOperators.
	MisspeltOperator = &diag.Rule{
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

// profiles are those that istioctl has built in.
var profiles = []string{"ambient", "default", "demo", "empty", "minimal", "openshift", "openshift-ambient", "preview", "remote", "stable"}

// WithCNI are the profiles that install Istio's CNI plugin.
var WithCNI = []string{"ambient", "openshift", "openshift-ambient"}

// CorrectOperator reports an object that is an IstioOperator but for its apiVersion or kind, and reads it as one.
func CorrectOperator(o *manifest.Object, found *diag.List) {
	group := diag.Nearest(o.Group(), []string{"install.istio.io"}) != ""
	kind := diag.Nearest(o.Kind, []string{"IstioOperator"}) != ""
	switch {
	case o.APIVersion == OperatorVersion && o.Kind == "IstioOperator":
		return
	case o.Kind == "IstioOperator" || group && kind:
	case o.APIVersion == OperatorVersion && o.Root.At("spec") != nil:
	default:
		return
	}
	at, what := o.At("apiVersion"), fmt.Sprintf("apiVersion %q", o.APIVersion)
	if o.APIVersion == OperatorVersion {
		at, what = o.Pos(), fmt.Sprintf("kind %q", o.Kind)
	}
	found.Add(at, MisspeltOperator, "%s is not that of an IstioOperator", what)
	o.APIVersion, o.Kind = OperatorVersion, "IstioOperator"
}

// CheckProfile checks the profile of an IstioOperator. It may be a file of the user's own.
func CheckProfile(o *manifest.Object, found *diag.List) {
	profile := o.Root.StringAt("spec", "profile")
	if profile != "" && !slices.Contains(profiles, profile) && !strings.ContainsAny(profile, "/.\\") {
		d := found.Add(o.At("spec", "profile"), unknownProfile, "istioctl has no profile %q", profile)
		switch near := diag.Nearest(profile, profiles); {
		case profile == "external":
			d.Fix = "use profile: remote, which replaced it in Istio 1.22"
		case near != "":
			d.Fix = fmt.Sprintf("did you mean %q?", near)
		}
	}
	if o.Root.At("spec", "components", "istiodRemote") != nil {
		found.Add(o.At("spec", "components", "istiodRemote"), obsoleteComponent, "%s has the component istiodRemote, which renders nothing", o)
	}
}
