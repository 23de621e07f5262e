package carrier

import (
	"meshtopo.dev/meshtopo/schema/manifest"
)

// readers say how each kind of object is read.
var readers = map[string]func(*store, *manifest.Object){
	"argoproj.io/Application":                   func(s *store, o *manifest.Object) { s.addArgo(o, o.Root.At("spec"), "", false) },
	"argoproj.io/ApplicationSet":                (*store).addArgoSet,
	"helm.toolkit.fluxcd.io/HelmRelease":        (*store).addFlux,
	"source.toolkit.fluxcd.io/HelmRepository":   (*store).addRepository,
	"source.toolkit.fluxcd.io/OCIRepository":    (*store).addRepository,
	"source.toolkit.fluxcd.io/HelmChart":        (*store).addRepository,
	"kustomize.toolkit.fluxcd.io/Kustomization": func(s *store, o *manifest.Object) { s.addApplied(o, o.Root.At("spec", "path"), true) },
	"helm.fluxcd.io/HelmRelease":                (*store).addOldFlux,
	"helm.cattle.io/HelmChart":                  (*store).addK3s,
	"helm.crossplane.io/Release":                (*store).addCrossplane,
	"addons.cluster.x-k8s.io/HelmChartProxy":    (*store).addProxy,
	"config.projectsveltos.io/ClusterProfile":   (*store).addSveltos,
	"config.projectsveltos.io/Profile":          (*store).addSveltos,
	"kustomize.config.k8s.io/Kustomization":     (*store).addKustomization,
	"kustomize.config.k8s.io/Component":         (*store).addKustomization,
	"/ConfigMap":                                (*store).addConfigMap,
}
