package render

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/render/external"
	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/shell"
	"meshtopo.dev/meshtopo/schema"
)

// bringSecrets brings all that istiod looks for when it starts, whoever makes it, and waits for it.
func (d *directory) bringSecrets() []string {
	ca := d.authority()
	return slices.Concat(ca.Install(), d.applySecrets(), ca.Wait())
}

// applySecrets applies the layer of secrets, and waits for what has to make Secrets of it.
func (d *directory) applySecrets() []string {
	switch {
	case !d.Has(layout.Secrets + "/" + layout.Kustomization):
		return nil
	case len(d.items) == 0:
		return append([]string{shell.Apply(d.c, layout.Secrets)}, d.stored().Wait()...)
	case d.c.Secrets.Protection == schema.Sealed:
		names := d.encryptedNames()
		return []string{
			shell.Apply(d.c, layout.Secrets),
			shell.KubectlIn(d.c, "wait --for=condition=Synced --timeout=5m sealedsecret/"+strings.Join(names, " sealedsecret/")),
		}
	}
	return d.decrypt()
}

// applyAgain applies the layer of secrets where what it made before is still in use.
func (d *directory) applyAgain() []string {
	if !d.byHand(layout.Secrets) {
		return nil
	}
	if len(d.items) > 0 || !d.Has(layout.Secrets+"/"+layout.Kustomization) {
		return d.applySecrets()
	}
	return []string{shell.Apply(d.c, layout.Secrets)}
}

// decrypt applies each Secret as sops decrypts it, without writing it anywhere.
func (d *directory) decrypt() []string {
	dir := layout.Path(d.c.Name, layout.Secrets)
	var files []string
	if d.c.Intermediate != nil {
		files = append(files, dir+"/cacerts.yaml")
	}
	if len(d.written(d.c)) > 0 {
		files = append(files, dir+"/remote-secrets/*.yaml")
	}
	commands := []string{
		"(for secret in " + strings.Join(files, " ") + `; do sops decrypt "$secret" | ` + shell.Kubectl(d.c, "apply --server-side -f -") + " || exit 1; done)",
	}
	clear := []string{external.PushSecretFile}
	for _, f := range d.authority().Files() {
		clear = append(clear, f.Path)
	}
	for _, file := range clear {
		if d.Has(file) && layout.Chart(file) == "" {
			commands = append(commands, shell.Kubectl(d.c, "apply --server-side -f "+layout.Path(d.c.Name, file)))
		}
	}
	return commands
}

// encryptedNames are the Secrets of the cluster that are encrypted.
func (d *directory) encryptedNames() []string {
	var names []string
	if d.c.Intermediate != nil {
		names = append(names, "cacerts")
	}
	for _, c := range d.written(d.c) {
		names = append(names, d.c.Secrets.RemoteName(c.Name))
	}
	return names
}

// sealedGone deletes what is sealed and no longer in the tree: the Secret goes with it.
func (d *directory) sealedGone() []string {
	if len(d.items) == 0 || d.c.Secrets.Protection != schema.Sealed {
		return nil
	}
	return []string{shell.KubectlIn(d.c, shell.DeleteOthers("sealedsecrets.bitnami.com", shell.OwnedBy(d.topology.Name), d.encryptedNames()))}
}
