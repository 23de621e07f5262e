package patch

import (
	"encoding/json"

	"meshtopo.dev/meshtopo/schema/document"
)

// AnyCluster is how fields of a cluster begin where a finding may be about several.
const AnyCluster = "clusters.NAME."

// Own gives a part that no patch may change, at a path (document.ParsePath).
func Own(path, why, fix string) Owned {
	return Owned{Path: document.ParsePath(path), Why: why, Fix: fix}
}

// Keeping gives a list to which items may be added, but none with the unique fields of one that was rendered.
func (o Owned) Keeping(unique ...string) Owned {
	o.Kept, o.Unique = true, unique
	return o
}

// Allowing gives a part that may have one other value.
func (o Owned) Allowing(value any) Owned {
	text, err := json.Marshal(value)
	if err == nil {
		o.Allowed = string(text)
	}
	return o
}

// Refusing gives a list to which items may be added, but for those that refuse gives the symptom of.
func (o Owned) Refusing(refuse func(item any) string) Owned {
	o.Items = refuse
	return o
}
