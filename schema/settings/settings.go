// Package settings judges what a user hands through to Istio, wherever it is written: in a topology, or in an
// IstioOperator or the values of a chart. It knows the form of these settings; which clusters they are for, and what
// they mean for others, is left to packages rules and lint.
package settings
