package lint

import (
	"cmp"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/carrier"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/fields"
	"meshtopo.dev/meshtopo/schema/istio"
	"meshtopo.dev/meshtopo/schema/manifest"
	"meshtopo.dev/meshtopo/schema/sail"
)

func (c *cluster) addInstall(i *install, o *manifest.Object, namespace string, found *diag.List) {
	i.object, i.pos, i.chart = o.String(), o.Pos(), o.Kind == ""
	i.given.Minor = fields.MinorOf(o)
	i.ambientEnabled, i.multiNetwork = istiodVariable(o, "PILOT_ENABLE_AMBIENT"), istiodVariable(o, ambientFlag)
	i.readsElsewhere, i.otherCA = readsElsewhere(o), hasOtherCA(o)
	i.rendered = o.Root.StringAt("metadata", "labels", "app.kubernetes.io/managed-by") == "meshtopo"
	if i.namespace == "" {
		i.namespace = namespace
	}
	if i.namespace == "" {
		i.namespace = "istio-system"
	}
	for _, path := range [][]string{{"spec", "meshConfig"}, {"spec", "values", "meshConfig"}, {"meshConfig"}} {
		if o.Root.At(path...) != nil && !i.meshConfig.given() {
			i.meshConfig.pos = o.At(path...)
		}
	}
	for _, path := range [][]string{{"spec", "values"}, nil} { // of an object, and of values for Helm
		if global := append(path, "global", "meshNetworks"); o.Root.At(global...) != nil {
			fields.CheckMeshNetworks(o.Root, global, found)
			break
		}
	}
	c.installs = append(c.installs, i)
}

// addSail reads an Istio of the Sail operator (https://github.com/istio-ecosystem/sail-operator).
func (c *cluster) addSail(o *object, found *diag.List) {
	i := readInstall(o.Root.At("spec", "values"), nil)
	i.profile = first(valueAt(o.Root, "spec", "profile"), valueAt(o.Root, "spec", "values", "profile"))
	i.tag = value{strings.TrimPrefix(valueAt(o.Root, "spec", "version").text, "v"), valueAt(o.Root, "spec", "version").pos}
	i.revision.text, i.revision.pos, i.anyRevision = sail.InNames(o.Object)
	c.sail.Istios = append(c.sail.Istios, o.Object)
	fields.CheckVariables(istio.Variables(o.Root.At("spec")), o.Object, found)
	c.addInstall(i, o.Object, o.Root.StringAt("spec", "namespace"), found)
}

// checkTags compares revision tags of the Sail operator with what they lead to.
func (c *cluster) checkTags(found *diag.List) {
	c.sail.Check(!c.unread, found)
	for _, i := range c.installs {
		for _, tag := range c.sail.TagsOf(i.object) {
			i.tags = append(i.tags, value{text: tag})
		}
	}
}

// addChart reads values of the istiod chart.
func (c *cluster) addChart(o *manifest.Object, r *carrier.Release, found *diag.List) {
	i := readInstall(o.Root, nil)
	i.profile = valueAt(o.Root, "profile")
	i.istioNamespace = valueAt(o.Root, "global", "istioNamespace")
	i.clusterName = first(i.clusterName, istiodVariable(o, "CLUSTER_ID"))
	i.externalIstiod = first(i.externalIstiod, istiodVariable(o, "EXTERNAL_ISTIOD"))
	i.kubeconfigOptions = first(i.kubeconfigOptions, istiodVariable(o, kubeconfigOptions))
	i.given.Pilot = append(i.given.Pilot, o.Root)
	i.common = r.Shared()
	if i.partial = len(r.Gaps) > 0; i.partial {
		i.misspelt, i.anyRevision = fields.Paths{{"spec"}}, true // what seems to be missing may be in what is not read
	}
	c.addInstall(i, o, cmp.Or(r.Namespace, "istio-system"), found)
	c.join(i)
}

// join makes one installation of the values in several files, as helm install -f a -f b does, unless they contradict
// each other.
func (c *cluster) join(added *install) {
	for _, i := range c.installs {
		if i != added && i.chart && i.agrees(added) {
			i.complete(added)
			c.installs = slices.DeleteFunc(c.installs, func(i *install) bool { return i == added })
			return
		}
	}
}
