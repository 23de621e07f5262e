package protection

import (
	"fmt"
	"slices"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

var unprotectedSecrets = &diag.Rule{
	Code: "unprotected-secrets", Severity: diag.Error, Fixed: true,
	Title: "private material in the tree, and the topology does not say how it is protected",
	Why:   "cacerts holds a key that can sign for the whole mesh, and a remote Secret a token that reads every Secret of a cluster; whoever reads the tree has both",
	Fix:   "add secrets: {protection: plaintext} under spec, and keep the tree out of reach of everybody who may not read them; or sops, sealed-secrets or external-secrets, to have them in git",
	Bad:   `secrets: null`,
	Good:  `secrets: {protection: plaintext}`,
}

var privatePlace = &diag.Rule{
	Code: "private-place", Severity: diag.Error, Fixed: true,
	Title: "a key or token that is at two places, or none",
	Why:   "a topology says where private material is, a file or an environment variable; with both it would be left to chance which one is in force",
	Fix:   "write either file or env",
	Bad:   `clusters: {cluster-b: {credential: {token: {file: tokens/cluster-b, env: TOKEN_B}}}}`,
	Good:  `clusters: {cluster-b: {credential: {token: {file: null, env: TOKEN_B}}}}`,
}

// checkSecrets checks what the topology says of private material, not the material.
func (t mesh) checkSecrets(found *diag.List) {
	for _, c := range t.Clusters {
		if c.Intermediate != nil {
			t.checkKey(c, found)
		}
	}
	if t.Secrets.Protection != schema.Unprotected || t.Given("spec", "secrets") || t.Unsure("spec", "secrets") {
		return
	}
	if what := t.privateMaterial(); what != "" {
		found.Add(t.Pos("spec", "secrets"), unprotectedSecrets, "%s would be written as it is, and secrets does not say that it may", what)
	}
}

// checkKey checks the place of a CA key. One that is in a store needs none.
func (t mesh) checkKey(c *schema.Cluster, found *diag.List) {
	intermediate, key := schema.ClusterPath(c, "intermediate"), schema.ClusterPath(c, "intermediate", "key")
	switch {
	case t.Given(key...):
		t.checkPlace(c.Intermediate.Key, key, found)
	case t.Given(intermediate...) && !t.Unsure(intermediate...) && !t.Unsure(key...) && c.Secrets.Protection.HoldsMaterial() &&
		!t.Unsure(schema.ClusterPath(c, "secrets", "protection")...):
		d := found.Add(t.Pos(intermediate...), privatePlace, "nothing says where the CA key of cluster %q is", c.Name)
		d.Fix = "add key: {file: PATH}, or key: {env: NAME}"
	}
}

// checkPlace does not show the places: somebody may have written the material itself there.
func (t mesh) checkPlace(p schema.Private, path []string, found *diag.List) {
	file, env := append(path[:len(path):len(path)], "file"), append(path[:len(path):len(path)], "env")
	if t.Unsure(path...) || t.Unsure(file...) || t.Unsure(env...) || t.HoldsBroken(path...) {
		return
	}
	name := path[len(path)-1]
	switch {
	case p.File != "" && p.Env != "":
		d := found.Add(t.Pos(env...), privatePlace, "the %s is given by file and by env", name)
		d.Relate(t.Pos(file...), "the file")
	case p.File == "" && p.Env == "" && t.Given(path...):
		d := found.Add(t.Pos(path...), privatePlace, "nothing says where the %s is", name)
		d.Fix = "write file: PATH, or env: NAME"
	}
}

// privateMaterial names the first private material that the tree would hold and nobody said how, or "".
func (t mesh) privateMaterial() string {
	for _, c := range t.Clusters {
		switch {
		case c.Intermediate != nil && unprotected(c):
			return fmt.Sprintf("the CA key of cluster %q", c.Name)
		case c.Credential != nil && slices.ContainsFunc(schema.Writing(t.ReadBy(c)), unprotected):
			return fmt.Sprintf("the %s of cluster %q", c.Credential.What(), c.Name)
		}
	}
	return ""
}

func unprotected(c *schema.Cluster) bool { return c.Secrets.Protection == schema.Unprotected }
