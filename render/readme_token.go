package render

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema"
)

// tokenPower says what whoever has the token of a cluster can do there, and what would take some of that away: an item
// of a list for each.
func (d *directory) tokenPower() string {
	rights := d.mesh.Rights(d.c)
	var items []string
	say := func(granted bool, what ...string) {
		if granted {
			items = append(items, "- "+strings.Join(what, "\n  "))
		}
	}
	secrets, _ := rights.Grants("", "secrets", "list")
	say(secrets, append([]string{"read every Secret of the cluster" + colon(d.withoutSecrets())}, d.withoutSecrets()...)...)
	say(!secrets, "read the Services, pods and nodes of the cluster, but no Secret")
	_, everyMap := rights.Grants("", "configmaps", "list")
	say(everyMap, "read every ConfigMap")
	makes, _ := rights.Grants("", "configmaps", "create")
	say(makes, "make ConfigMaps in every namespace: RBAC does not see the name of what is made")
	_, anyMap := rights.Grants("", "configmaps", "update")
	say(anyMap, "change every ConfigMap")
	say(d.c.ServedByPrimary() && !anyMap, "change the root certificate that the pods of the cluster trust: it is in a ConfigMap of each namespace")
	injects, anyWebhook := rights.Grants("admissionregistration.k8s.io", "mutatingwebhookconfigurations", "update")
	say(injects && !anyWebhook, "change the webhooks that inject sidecars, and with them the pods of the cluster")
	say(anyWebhook, "change every mutating webhook, and with them whatever is made in the cluster: only those that inject",
		"sidecars where `istio.values.revisionTags` has the tags of the revision, or an empty list")
	return lines(items)
}

// withoutSecrets says how a token is kept from reading Secrets, where all control planes that read the cluster can do
// without.
func (d *directory) withoutSecrets() []string {
	early := func(c *schema.Cluster) bool { return c.Istio.Version.Minor() < 31 }
	if slices.ContainsFunc(d.readers(d.c), early) {
		return nil
	}
	how := []string{"`PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER: \"false\"` in `istio.values.pilot.env` of the control planes that read it takes", "that away"}
	if d.c.ServedByPrimary() {
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
