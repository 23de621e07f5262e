package conformance

import (
	"time"

	"istio.io/istio/pilot/pkg/features"
	"istio.io/istio/pkg/kube/multicluster"
	registrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/kubernetes/fake"
	clienttesting "k8s.io/client-go/testing"
)

// observeRemotes says into which clusters istiod writes its root, and into which webhooks the CA of its own.
func (v *view) observeRemotes(i *istiod, p *place) {
	for _, remote := range i.remotes.ListRemoteClusters() {
		client := i.remotes.GetRemoteKubeClient(remote.ID)
		if client == nil || remote.SyncStatus != multicluster.SyncStatusSynced {
			continue
		}
		tracker := client.(*fake.Clientset).Tracker()
		if appears(func() bool {
			_, err := tracker.Get(corev1.SchemeGroupVersion.WithResource("configmaps"), "shop", "istio-ca-root-cert")
			return err == nil
		}) {
			v.see("istiod of %s: writes its root into %s", p.title(), remote.ID)
		}
		if appears(func() bool { return p.patched(tracker) }) {
			v.see("istiod of %s: writes its CA into the webhook of %s", p.title(), remote.ID)
		}
	}
}

// patched reports whether the webhooks of a cluster for this istiod have a CA with which its API server can call them.
func (p *place) patched(tracker clienttesting.ObjectTracker) bool {
	kind := registrationv1.SchemeGroupVersion.WithKind("MutatingWebhookConfiguration")
	list, err := tracker.List(kind.GroupVersion().WithResource("mutatingwebhookconfigurations"), kind, "")
	if err != nil {
		return false
	}
	hooks, without := 0, 0
	for _, configuration := range list.(*registrationv1.MutatingWebhookConfigurationList).Items {
		if p.Istio.Listed.Revisions != nil && configuration.Labels["istio.io/rev"] != p.Istio.RevisionName() {
			continue
		}
		for _, hook := range configuration.Webhooks {
			if hooks++; len(hook.ClientConfig.CABundle) == 0 {
				without++
			}
		}
	}
	return hooks > 0 && without == 0
}

// appears waits for what an istiod writes into a cluster that it manages.
func appears(there func() bool) bool {
	for range 30 {
		if there() {
			return true
		}
		if !features.ExternalIstiod {
			return false
		}
		time.Sleep(10 * time.Millisecond)
	}
	return false
}
