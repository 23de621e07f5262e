package conformance

import (
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	esv1 "github.com/external-secrets/external-secrets/apis/externalsecrets/v1"
	"github.com/external-secrets/external-secrets/apis/externalsecrets/v1alpha1"
	"github.com/external-secrets/external-secrets/pkg/controllers/templating"
	"github.com/external-secrets/external-secrets/pkg/template"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

// store answers for a key and a property.
type store func(key, property string) ([]byte, error)

// TestSameSecrets proves that External Secrets makes of an ExternalSecret the Secret that a plaintext tree has, whoever
// fills the store.
func TestSameSecrets(t *testing.T) {
	dir := material(t)
	want := rendered(t, dir, plaintext, behindProxy)
	t.Run("by hand", func(t *testing.T) {
		got := rendered(t, dir, strings.Replace(vault, "FILL", "none", 1), behindProxy)
		compare(t, got, want, entered(t, dir))
	})
	t.Run("by PushSecrets", func(t *testing.T) {
		got := rendered(t, dir, strings.Replace(vault, "FILL", "push-secret", 1), behindProxy)
		compare(t, got, want, pushed(t, dir, got))
	})
	t.Run("a store that has nothing", func(t *testing.T) {
		got := rendered(t, dir, strings.Replace(vault, "FILL", "none", 1), behindProxy)
		secret := decode[esv1.ExternalSecret](t, objects(t, filepath.Join(got, "cluster-a", "2-secrets", "cacerts.yaml"))["ExternalSecret"])
		if _, err := execute(secret, func(string, string) ([]byte, error) { return nil, esv1.NoSecretErr }); err == nil {
			t.Error("a Secret is made of nothing")
		}
	})
}

// compare makes all Secrets of a tree and compares them with those of another.
func compare(t *testing.T, got, want string, from store) {
	t.Helper()
	compared := 0
	for _, cluster := range []string{"cluster-a", "cluster-b"} {
		for _, file := range files(t, filepath.Join(want, cluster)) {
			name, err := filepath.Rel(want, file)
			if err != nil {
				t.Fatal(err)
			}
			made := decode[esv1.ExternalSecret](t, objects(t, filepath.Join(got, name))["ExternalSecret"])
			secret, err := execute(made, from)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			same(t, name, secret, decode[corev1.Secret](t, objects(t, file)["Secret"]))
			compared++
		}
	}
	if compared != 2+4 {
		t.Errorf("%d Secrets were compared, want the signing CAs of 2 clusters and the remote Secrets of 2 clusters in each", compared)
	}
}

// same compares two Secrets. What they hold is not printed.
func same(t *testing.T, name string, got, want *corev1.Secret) {
	t.Helper()
	for what, pair := range map[string][2]any{
		"name": {got.Name, want.Name}, "namespace": {got.Namespace, want.Namespace}, "labels": {got.Labels, want.Labels},
		"type": {got.Type, want.Type},
	} {
		if !reflect.DeepEqual(pair[0], pair[1]) {
			t.Errorf("%s: %s %v, want %v", name, what, pair[0], pair[1])
		}
	}
	if len(got.Annotations)+len(want.Annotations) > 0 && !reflect.DeepEqual(got.Annotations, want.Annotations) {
		t.Errorf("%s: annotations %v, want %v", name, got.Annotations, want.Annotations)
	}
	if len(want.Data) == 0 || !reflect.DeepEqual(got.Data, want.Data) {
		t.Errorf("%s: the data differ", name)
		for key := range want.Data {
			if string(got.Data[key]) != string(want.Data[key]) {
				t.Errorf("%s: %s differs", name, key)
			}
		}
	}
}

// execute makes the Secret of an ExternalSecret as the operator does (ApplyTemplate of its controller, whose package
// brings all providers with it).
func execute(external *esv1.ExternalSecret, from store) (*corev1.Secret, error) {
	target := external.Spec.Target
	if target.CreationPolicy != esv1.CreatePolicyOwner || target.Template.MergePolicy == esv1.MergePolicyMerge || len(target.Template.TemplateFrom) > 0 {
		return nil, fmt.Errorf("a way to make a Secret that this test does not know")
	}
	data := map[string][]byte{}
	for _, item := range external.Spec.Data {
		value, err := from(item.RemoteRef.Key, item.RemoteRef.Property)
		if err != nil {
			return nil, err
		}
		data[item.SecretKey] = value
	}
	run, err := template.EngineForVersion(target.Template.EngineVersion)
	if err != nil {
		return nil, err
	}
	secret := &corev1.Secret{Type: target.Template.Type}
	secret.Name, secret.Namespace = target.Name, external.Namespace
	p := templating.Parser{TargetSecret: secret, DataMap: data, Exec: run}
	for _, part := range []struct {
		texts  map[string]string
		target esv1.TemplateTarget
	}{
		{target.Template.Data, esv1.TemplateTargetData},
		{target.Template.Metadata.Labels, esv1.TemplateTargetLabels},
		{target.Template.Metadata.Annotations, esv1.TemplateTargetAnnotations},
	} {
		if err := p.MergeMap(part.texts, part.target); err != nil {
			return nil, err
		}
	}
	return secret, nil
}

// entered is a store into which a person has put the material, each value with the line end of its file.
func entered(t *testing.T, dir string) store {
	t.Helper()
	return func(key, property string) ([]byte, error) {
		parts := strings.Split(key, "/")
		switch {
		case len(parts) == 3 && parts[1] == "ca" && property == "ca-key.pem":
			return []byte(read(t, filepath.Join(dir, "certs", parts[2], "ca-key.pem"))), nil
		case len(parts) == 3 && property == "token":
			return []byte(read(t, filepath.Join(dir, "tokens", parts[1]))), nil
		}
		return nil, fmt.Errorf("the store has no %s of %s", property, key)
	}
}

// pushed is a store into which PushSecrets have put the tokens, and a person the keys.
func pushed(t *testing.T, dir, tree string) store {
	t.Helper()
	values := map[string][]byte{}
	for _, cluster := range []string{"cluster-a", "cluster-b", "cluster-c"} {
		push := decode[v1alpha1.PushSecret](t, read(t, filepath.Join(tree, cluster, "2-secrets", "push-secret.yaml")))
		if got, want := push.Spec.Selector.Secret.Name, "istio-remote-reader-istio-remote-secret-token"; got != want {
			t.Errorf("the PushSecret of %s pushes %s, want %s", cluster, got, want)
		}
		token := map[string]string{
			"token": strings.TrimSpace(read(t, filepath.Join(dir, "tokens", cluster))), "ca.crt": read(t, filepath.Join(dir, "certs", cluster, "api.pem")),
		}
		for _, data := range push.Spec.Data {
			value, ok := token[data.GetSecretKey()]
			if !ok {
				t.Errorf("the PushSecret of %s pushes %s, which a token Secret does not have", cluster, data.GetSecretKey())
			}
			values[data.GetRemoteKey()+" "+data.GetProperty()] = []byte(value)
		}
	}
	byHand := entered(t, dir)
	return func(key, property string) ([]byte, error) {
		if property == "ca-key.pem" {
			return byHand(key, property)
		}
		if value, ok := values[key+" "+property]; ok {
			return value, nil
		}
		return nil, fmt.Errorf("no PushSecret has brought %s of %s", property, key)
	}
}

// decode reads an object as its type has it, without a field that it has not.
func decode[T any](t *testing.T, document string) *T {
	t.Helper()
	object := new(T)
	if err := yaml.UnmarshalStrict([]byte(document), object); err != nil {
		t.Fatalf("%v in\n%s", err, document)
	}
	return object
}
