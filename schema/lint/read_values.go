package lint

// settings gives the values of an installation that may be spread over two files.
func (i *install) settings() []*value {
	return []*value{
		&i.meshID, &i.clusterName, &i.network, &i.trustDomain, &i.clusterDomain, &i.externalIstiod, &i.configCluster, &i.remotePilotAddress,
		&i.injectionPath, &i.injectionURL, &i.dnsCapture, &i.kubeconfigOptions, &i.profile, &i.tag, &i.istioNamespace, &i.revision,
		&i.ambientEnabled, &i.multiNetwork,
	}
}

// agrees reports whether two files can be about one installation: no value differs. Two files with a name each are not,
// if one has a revision.
func (i *install) agrees(other *install) bool {
	mine, its := i.settings(), other.settings()
	for n := range mine {
		if mine[n].given() && its[n].given() && mine[n].text != its[n].text {
			return false
		}
	}
	return i.revision.text == other.revision.text || !i.clusterName.given() || !other.clusterName.given()
}

// complete adds the values of another file about the installation.
func (i *install) complete(other *install) {
	mine, its := i.settings(), other.settings()
	for n := range mine {
		*mine[n] = first(*mine[n], *its[n])
	}
	if other.istioNamespace.given() {
		i.namespace = other.namespace
	}
	if len(i.aliases) == 0 {
		i.aliases = other.aliases
	}
	if !i.meshConfig.given() {
		i.meshConfig = other.meshConfig
	}
	if i.networks == nil {
		i.networks = other.networks
	}
	i.given.MeshConfig, i.given.Components = append(i.given.MeshConfig, other.given.MeshConfig...), append(i.given.Components, other.given.Components...)
	i.tags = append(i.tags, other.tags...)
	i.misspelt = append(i.misspelt, other.misspelt...)
	i.given.Values, i.given.Pilot = append(i.given.Values, other.given.Values...), append(i.given.Pilot, other.given.Pilot...)
	i.given.Minor = max(i.given.Minor, other.given.Minor)
	i.common, i.partial = i.common || other.common, i.partial || other.partial
	i.readsElsewhere, i.otherCA = i.readsElsewhere || other.readsElsewhere, i.otherCA || other.otherCA
}
