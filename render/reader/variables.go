package reader

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"meshtopo.dev/meshtopo/schema"
)

// settings are those of a cluster that decide what its control plane asks of other clusters, and the patches that may
// change them.
type settings struct {
	istio   *schema.Istio
	patches []string // the texts of those that may be about an IstioOperator
	unread  bool     // one of them could not be read
}

func (m *Mesh) settings(c *schema.Cluster) *settings {
	s := &settings{istio: &c.Istio}
	for _, entry := range c.Istio.Patches {
		text := entry.Text
		if entry.Path != "" {
			file, err := m.public(entry.Path)
			s.unread = s.unread || err != nil
			text = string(file)
		}
		if m.mayPatchOperator(entry.Target, text) {
			s.patches = append(s.patches, text)
		}
	}
	return s
}

// mayPatchOperator reports whether a patch may be about an IstioOperator.
func (m *Mesh) mayPatchOperator(target *schema.Target, text string) bool {
	const kind = "IstioOperator"
	if target == nil || target.Kind == "" {
		return target != nil || strings.Contains(text, kind)
	}
	may, known := m.operator[target.Kind]
	if !known {
		fits, err := regexp.MatchString("^(?:"+target.Kind+")$", kind)
		may = fits || err != nil
		m.operator[target.Kind] = may
	}
	return may
}

// texts gives what a variable is set to: among the values, in the list of the component, or by a value of its own, such
// as global.trustBundleName. It is not sure where a patch, an overlay or another object may say something else.
func (s *settings) texts(variable string, value ...string) (texts []string, sure bool) {
	var found []any
	names := []string{variable}
	if len(value) > 0 {
		names = append(names, value[len(value)-1])
		found = append(found, settingAt(s.istio.Values, value...))
	}
	found = append(found, settingAt(s.istio.Values, "pilot", "env", variable))
	env, _ := settingAt(s.istio.Components, "pilot", "k8s", "env").([]any)
	for _, item := range env {
		if item, ok := item.(map[string]any); ok && item["name"] == variable {
			found = append(found, item["value"])
		}
	}
	for _, v := range found {
		switch v.(type) {
		case string, bool, int64, float64:
			texts = append(texts, fmt.Sprint(v))
		}
	}
	return texts, s.mentions(names) == len(texts) && !s.patched(names, len(texts) > 0)
}

// patched reports whether a patch may set what has one of the names. What is set already it may also change by its
// place in a list, or delete.
func (s *settings) patched(names []string, set bool) bool {
	return s.unread || set && len(s.patches) > 0 || slices.ContainsFunc(s.patches, func(text string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return strings.Contains(text, name) })
	})
}

// mentions counts how often one of the names stands among the settings, as a key or inside a text.
func (s *settings) mentions(names []string) int {
	count := 0
	for _, name := range names {
		count += mentioned(s.istio.Values, name) + mentioned(s.istio.Components, name)
	}
	return count
}

func mentioned(v any, name string) int {
	count := 0
	switch v := v.(type) {
	case string:
		count = strings.Count(v, name)
	case []any:
		for _, item := range v {
			count += mentioned(item, name)
		}
	case map[string]any:
		for key, item := range v {
			count += strings.Count(key, name) + mentioned(item, name)
		}
	}
	return count
}

// settingAt gives what stands at a path, or nil.
func settingAt(values map[string]any, path ...string) any {
	var v any = values
	for _, key := range path {
		m, _ := v.(map[string]any)
		v = m[key]
	}
	return v
}

// mayBe reports whether a switch of istiod may have that state. What is no boolean, istiod takes for the default.
func (s *settings) mayBe(state bool, variable string, byDefault bool) bool {
	texts, sure := s.texts(variable)
	if !sure || len(texts) > 1 {
		return true
	}
	if len(texts) == 1 {
		if set, err := strconv.ParseBool(texts[0]); err == nil {
			return set == state
		}
	}
	return byDefault == state
}

// names gives the names that an object of istiod's may have, or none where they are not known.
func (s *settings) names(byDefault, variable string, value ...string) []string {
	texts, sure := s.texts(variable, value...)
	switch {
	case !sure:
		return nil
	case len(texts) == 0:
		return []string{byDefault}
	}
	return texts
}
