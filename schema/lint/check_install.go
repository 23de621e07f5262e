package lint

import (
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/manifest"
)

func (c *cluster) addInstall(i *install, o *manifest.Object, namespace string, found *diag.List) {
	i.object, i.pos, i.file, i.chart = o.String(), o.Pos(), o.Pos().File, o.Kind == ""
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
			i.checkMeshNetworks(o.Root, global, found)
			break
		}
	}
	c.installs = append(c.installs, i)
}
