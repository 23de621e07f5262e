package conformance

import (
	"crypto/rsa"
	"encoding/pem"
	"path/filepath"
	"strings"
	"testing"
	"time"

	sealedsecrets "github.com/bitnami-labs/sealed-secrets/pkg/apis/sealedsecrets/v1alpha1"
	"github.com/bitnami-labs/sealed-secrets/pkg/crypto"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/kubernetes/scheme"
)

// TestUnsealed proves that the controller of Sealed Secrets makes of every SealedSecret the Secret that a plaintext
// tree has, in each scope, and that an API server with its custom resource definition takes the object.
func TestUnsealed(t *testing.T) {
	known := definitions(t, sealedSecrets)
	dir := material(t)
	keys := sealingKey(t, filepath.Join(dir, "certs", "sealing.pem"))
	want := rendered(t, dir, plaintext, behindProxy)
	for _, scope := range []string{"strict", "namespace-wide", "cluster-wide"} {
		t.Run(scope, func(t *testing.T) {
			got := rendered(t, dir, strings.Replace(sealed, "SCOPE", scope, 1), behindProxy)
			compared := 0
			for _, cluster := range []string{"cluster-a", "cluster-b"} {
				for _, file := range files(t, filepath.Join(want, cluster)) {
					name, err := filepath.Rel(want, file)
					if err != nil {
						t.Fatal(err)
					}
					document := objects(t, filepath.Join(got, name))["SealedSecret"]
					if _, problems := check(t, known, document); len(problems) > 0 {
						t.Errorf("%s: %v", name, problems)
					}
					secret, err := decode[sealedsecrets.SealedSecret](t, document).Unseal(scheme.Codecs, keys)
					if err != nil {
						t.Errorf("%s: %v", name, err)
						continue
					}
					same(t, name, withoutScope(secret), decode[corev1.Secret](t, objects(t, file)["Secret"]))
					compared++
				}
			}
			if compared != 2+4 {
				t.Errorf("%d Secrets were compared, want the signing CAs of 2 clusters and the remote Secrets of 2 clusters in each", compared)
			}
		})
	}
}

// TestNotUnsealed proves that a SealedSecret which is bound to its name gives nothing under another.
func TestNotUnsealed(t *testing.T) {
	dir := material(t)
	keys := sealingKey(t, filepath.Join(dir, "certs", "sealing.pem"))
	got := rendered(t, dir, strings.Replace(sealed, "SCOPE", "strict", 1), behindProxy)
	secret := decode[sealedsecrets.SealedSecret](t, objects(t, filepath.Join(got, "cluster-a", "2-secrets", "cacerts.yaml"))["SealedSecret"])
	secret.Name = "another"
	if _, err := secret.Unseal(scheme.Codecs, keys); err == nil {
		t.Error("it is unsealed under another name")
	}
}

// withoutScope takes away the annotations by which the controller knows the scope: it leaves them on the Secret.
func withoutScope(secret *corev1.Secret) *corev1.Secret {
	for name := range secret.Annotations {
		if strings.HasPrefix(name, "sealedsecrets.bitnami.com/") {
			delete(secret.Annotations, name)
		}
	}
	return secret
}

// sealingKey makes the key of a controller, as its first start does, writes its certificate into a file, and gives it
// by its fingerprint.
func sealingKey(t *testing.T, file string) map[string]*rsa.PrivateKey {
	t.Helper()
	key, certificate, err := crypto.GeneratePrivateKeyAndCert(2048, 365*24*time.Hour, "")
	if err != nil {
		t.Fatal(err)
	}
	fingerprint, err := crypto.PublicKeyFingerprint(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	write(t, file, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Raw})))
	return map[string]*rsa.PrivateKey{fingerprint: key}
}
