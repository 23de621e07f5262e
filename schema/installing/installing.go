// Package installing says what is wrong with how a topology has Istio installed: settings, profiles and versions that
// what installs it does not take.
package installing

import (
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/sail"
)

// Rules gives every rule that Check reports.
func Rules() []*diag.Rule {
	return []*diag.Rule{
		settingNotTaken, gatewayKind, gatewaySetting, gatewayService, gatewayScale, gatewayPod, sailProfile, sailVersion,
		sail.RevisionTag, updateStrategy, chartRefusesValues, discoveryWithoutAddresses, discoveryWithoutGateway,
		foundByServiceToo,
	}
}

// Check reports them. What was reported already is not reported again.
func Check(t schema.Written, found *diag.List) {
	checkSettings(t, found)
	checkGateways(t, found)
	checkGatewayFields(t, found)
	checkDiscovery(t, found)
	checkSail(t, found)
	checkTags(t, found)
	checkStrategies(t, found)
	checkCharts(t, found)
}
