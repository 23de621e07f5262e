package reader

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema"
)

// Power says what whoever has the token of a cluster with these rights can do there, and what would take some of that
// away: an item of a list for each.
func (r Rights) Power(c *schema.Cluster, readers []*schema.Cluster) string {
	without := withoutSecrets(c, readers)
	var items []string
	say := func(granted bool, what ...string) {
		if granted {
			items = append(items, "- "+strings.Join(what, "\n  "))
		}
	}
	secrets, _ := r.Grants("", "secrets", "list")
	say(secrets, append([]string{"read every Secret of the cluster" + colon(without)}, without...)...)
	say(!secrets, "read the Services, pods and nodes of the cluster, but no Secret")
	_, everyMap := r.Grants("", "configmaps", "list")
	say(everyMap, "read every ConfigMap")
	makes, _ := r.Grants("", "configmaps", "create")
	say(makes, "make ConfigMaps in every namespace: RBAC does not see the name of what is made")
	_, anyMap := r.Grants("", "configmaps", "update")
	say(anyMap, "change every ConfigMap")
	say(c.ServedByPrimary() && !anyMap, "change the root certificate that the pods of the cluster trust: it is in a ConfigMap of each namespace")
	injects, anyWebhook := r.Grants("admissionregistration.k8s.io", "mutatingwebhookconfigurations", "update")
	say(injects && !anyWebhook, "change the webhooks that inject sidecars, and with them the pods of the cluster")
	say(anyWebhook, "change every mutating webhook, and with them whatever is made in the cluster: only those that inject",
		"sidecars where `istio.values.revisionTags` "+tagsOf(c))
	return strings.Join(items, "\n")
}

// tagsOf says which tags let only webhooks that inject be changed. The Sail operator makes no tags in a remote.
func tagsOf(c *schema.Cluster) string {
	if c.Istio.Installer == schema.Sail {
		return "is an empty list"
	}
	return "has the tags of the revision, or an empty list"
}

// withoutSecrets says how a token is kept from reading Secrets, where all control planes that read the cluster can do
// without.
func withoutSecrets(c *schema.Cluster, readers []*schema.Cluster) []string {
	early := func(c *schema.Cluster) bool { return c.Istio.Version.Minor() < 31 }
	if slices.ContainsFunc(readers, func(c *schema.Cluster) bool { return slices.ContainsFunc(c.ControlPlanes(), early) }) {
		return nil
	}
	how := []string{"`PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER: \"false\"` in `istio.values.pilot.env` of the control planes that read it takes", "that away"}
	if c.ServedByPrimary() {
		how[1] += ", and the certificates that gateways here name by `credentialName`"
	}
	return how
}

// colon introduces what follows, if anything does.
func colon(following []string) string {
	if len(following) == 0 {
		return ""
	}
	return ":"
}
