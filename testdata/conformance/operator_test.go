package conformance

import (
	"bytes"
	"cmp"
	"path"
	"slices"
	"testing"

	"istio.io/api/mesh/v1alpha1"
	"istio.io/istio/operator/pkg/apis"
	"istio.io/istio/operator/pkg/render"
	"istio.io/istio/operator/pkg/util/clog"
	"istio.io/istio/pkg/util/protomarshal"
	"sigs.k8s.io/yaml"

	"meshtopo.dev/meshtopo/schema"
)

// The two IstioOperators of a cluster that has one control plane.
const (
	controlPlane = "3-control-plane/istio-operator.yaml"
	tagWebhooks  = "revision-tags.yaml"
	gateway      = "4-gateway/istio-operator.yaml"
)

// TestOperators checks what istioctl needs of the two files together: one IstioOperator in each, named, and named
// differently, or installing one would prune what the other installed.
func TestOperators(t *testing.T) {
	eachCluster(t, func(t *testing.T, c *cluster) {
		for _, plane := range c.asPlanes() {
			equal(t, "has "+plane.controlPlane(), c.has(plane.controlPlane()), c.installable())
		}
		equal(t, "has "+gateway, c.has(gateway), c.installable() && c.EastWestGateway.Enabled && c.EastWestGateway.Kind == schema.OperatorGateway)
		names := map[string]string{}
		for _, file := range c.operators(t) {
			operator := only[apis.IstioOperator](t, load(t, c.path(file)), "IstioOperator")
			if other, taken := names[operator.Name]; taken {
				t.Errorf("%s and %s are both named %q", file, other, operator.Name)
			}
			names[operator.Name] = file
			equal(t, "namespace of "+file, operator.Namespace, c.Istio.Namespace)
			if revision, listed := c.revisions()[file]; listed || file == gateway {
				equal(t, "revision of "+file, operator.Spec.Revision, cmp.Or(revision, c.GatewayLabel()))
			} else {
				equal(t, "revision of "+file, operator.Spec.Revision, "")
			}
		}
	})
}

// TestOperatorsRender renders what `istioctl manifest generate` does and decodes every object strictly: a user's
// patch of a Deployment may have brought in what Kubernetes does not know.
func TestOperatorsRender(t *testing.T) {
	eachCluster(t, func(t *testing.T, c *cluster) {
		for _, file := range c.operators(t) {
			for _, o := range c.manifests(t, file) {
				if o.GetKind() == "Namespace" {
					t.Errorf("%s renders a Namespace, which 1-prepare owns", file)
				}
				decodeKubernetes(t, []byte(text(t, o.Object)))
				if ns := o.GetNamespace(); ns != "" && ns != c.Istio.Namespace {
					t.Errorf("%s renders %s %s in namespace %s", file, o.GetKind(), o.GetName(), ns)
				}
			}
		}
	})
}

// operators gives the files with the IstioOperators of a cluster.
func (c *cluster) operators(t *testing.T) []string {
	t.Helper()
	return slices.DeleteFunc(files(t, c.dir), func(file string) bool { return path.Base(file) != path.Base(controlPlane) })
}

// revisions gives the revision of each control plane's IstioOperator.
func (c *cluster) revisions() map[string]string {
	all := map[string]string{}
	for _, plane := range c.asPlanes() {
		all[plane.controlPlane()] = plane.Istio.Revision
	}
	return all
}

// decodeOperator decodes an IstioOperator strictly. istioctl ignores unknown fields of meshConfig; this does not.
func decodeOperator(t *testing.T, document []byte) {
	t.Helper()
	operator := &apis.IstioOperator{}
	if err := yaml.UnmarshalStrict(document, operator); err != nil {
		t.Error(err)
	}
	// istioctl accepts any apiVersion and kind.
	equal(t, "apiVersion", operator.APIVersion, "install.istio.io/v1alpha1")
	equal(t, "kind", operator.Kind, "IstioOperator")
	values := &apis.Values{}
	if err := protomarshal.ApplyJSONStrict(orEmpty(operator.Spec.Values), values); err != nil {
		t.Errorf("spec.values: %v", err)
	}
	mesh := &v1alpha1.MeshConfig{}
	if err := protomarshal.ApplyJSONStrict(orEmpty(operator.Spec.MeshConfig), mesh); err != nil {
		t.Errorf("spec.meshConfig: %v", err)
	}
}

func orEmpty(json []byte) string {
	if len(json) == 0 {
		return "{}"
	}
	return string(json)
}

// manifests gives the objects that `istioctl install -f` would apply for a file of the cluster's directory.
func (c *cluster) manifests(t *testing.T, file string) objects {
	t.Helper()
	return manifests(t, c.path(file))
}

// rendered keeps the objects of each file, by its text: rendering Istio's charts takes a second.
var rendered = map[string]objects{}

func manifests(t *testing.T, file string) objects {
	t.Helper()
	all, warnings, err := generate(t, file)
	if err != nil {
		t.Fatalf("GenerateManifest(%s): %v", file, err)
	}
	if warnings != "" {
		t.Errorf("GenerateManifest(%s) warns: %s", file, warnings)
	}
	return all
}

// generate gives the objects of an IstioOperator, and what istioctl warns of.
func generate(t *testing.T, file string) (all objects, warned string, err error) {
	t.Helper()
	text := string(read(t, file))
	if have, ok := rendered[text]; ok {
		return have, "", nil
	}
	var warnings bytes.Buffer
	sets, _, err := render.GenerateManifest([]string{file}, nil, false, nil, clog.NewConsoleLogger(&warnings, &warnings, nil))
	if err != nil {
		return nil, "", err
	}
	for _, set := range sets {
		for _, m := range set.Manifests {
			all = append(all, m.Unstructured)
		}
	}
	if warnings.Len() == 0 {
		rendered[text] = all
	}
	return all, warnings.String(), nil
}
