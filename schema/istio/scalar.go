package istio

import (
	"encoding/base64"
	"math"
	"slices"
	"strconv"
	"time"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

// scalar is what the words of fields.txt that name no other type mean.
type scalar struct {
	words string // what a value must be
	fits  func(n *document.Node, by Reader) bool
}

// scalars has them all. Protobuf's JSON reads whole numbers and numbers in quotes as well; the schemas of CRDs and
// encoding/json do not, but those have types of Go, whose numbers are named plain.
var scalars = map[string]scalar{
	"any":          {"any value", func(*document.Node, Reader) bool { return true }},
	"object":       {document.Map.String(), is(document.Map)},
	"string":       {document.String.String(), is(document.String)},
	"bool":         {document.Bool.String(), is(document.Bool)},
	"int32":        {document.Int.String(), integer(32, true)},
	"int64":        {document.Int.String(), integer(64, true)},
	"uint32":       {document.Int.String() + " that is not negative", integer(32, false)},
	"uint64":       {document.Int.String() + " that is not negative", integer(64, false)},
	"float":        {document.Float.String(), number},
	"double":       {document.Float.String(), number},
	"plain-int32":  {document.Int.String(), plain(32, true)},
	"plain-int64":  {document.Int.String(), plain(64, true)},
	"plain-uint32": {document.Int.String() + " that is not negative", plain(32, false)},
	"plain-double": {document.Float.String(), is(document.Float, document.Int)},
	"plain-uint64": {document.Int.String() + " that is not negative", plain(64, false)},
	"plain-uint16": {document.Int.String() + " up to 65535", plain(16, false)},
	"bytes":        {"a text in base64", textWhere(isBase64)},
	"duration":     {"a duration in quotes, such as \"10s\"", textWhere(isDuration)},
	"timestamp":    {"a time, such as \"2026-01-02T15:04:05Z\"", textWhere(isTime)},
	"quantity":     {"a quantity, such as \"500m\" or \"1Gi\"", quantity},
	"intorstring":  {"a whole number or a string", intOrString},
}

// fitsUnquoted reports whether a string would be right as the number or the boolean that it looks like.
func (s scalar) fitsUnquoted(n *document.Node, by Reader) bool {
	plain := *n
	switch {
	case n.Kind != document.String:
		return false
	case n.Text == "true" || n.Text == "false":
		plain.Kind = document.Bool
	case isInteger(n.Text):
		plain.Kind = document.Int
	}
	return plain.Kind != document.String && s.fits(&plain, by)
}

func is(kinds ...document.Kind) func(*document.Node, Reader) bool {
	return func(n *document.Node, _ Reader) bool { return slices.Contains(kinds, n.Kind) }
}

// integer reads whole numbers, in quotes too, where no schema of a CRD forbids that.
func integer(bits int, signed bool) func(*document.Node, Reader) bool {
	return func(n *document.Node, by Reader) bool {
		if n.Kind == document.String && by != APIServer && isInteger(n.Text) {
			return inRange(n.Text, bits, signed)
		}
		return whole(n, bits, signed)
	}
}

func plain(bits int, signed bool) func(*document.Node, Reader) bool {
	return func(n *document.Node, _ Reader) bool { return whole(n, bits, signed) }
}

// whole reports whether a number is whole and has at most that many bits. 1.0 is: what reads YAML writes it as 1 for
// the decoder.
func whole(n *document.Node, bits int, signed bool) bool {
	switch n.Kind {
	case document.Int:
		return inRange(n.Text, bits, signed)
	case document.Float:
		f, err := strconv.ParseFloat(n.Text, 64)
		return err == nil && f == math.Trunc(f) && inRange(strconv.FormatFloat(f, 'f', 0, 64), bits, signed)
	}
	return false
}

func inRange(text string, bits int, signed bool) bool {
	var err error
	if signed {
		_, err = strconv.ParseInt(text, 10, bits)
	} else {
		_, err = strconv.ParseUint(text, 10, bits)
	}
	return err == nil
}

// isInteger reports whether a text is a whole number as JSON writes it.
func isInteger(text string) bool { return integerText().MatchString(text) }

var (
	integerText = diag.OnceRegexp(`^-?(0|[1-9][0-9]*)$`)
	// quantityText matches a number with a unit or an exponent, as Kubernetes writes quantities. What it reads without
	// any digit (apimachinery/pkg/api/resource, parseQuantityString) is refused.
	quantityText = diag.OnceRegexp(`^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?$`)
)

// number reads numbers, and in quotes what protobuf's JSON reads there too.
func number(n *document.Node, by Reader) bool {
	switch n.Kind {
	case document.Int, document.Float:
		return true
	case document.String:
		_, err := strconv.ParseFloat(n.Text, 64)
		return err == nil && by != APIServer
	}
	return false
}

func textWhere(fits func(string) bool) func(*document.Node, Reader) bool {
	return func(n *document.Node, _ Reader) bool { return n.Kind == document.String && fits(n.Text) }
}

func isBase64(text string) bool {
	_, err := base64.StdEncoding.DecodeString(text)
	return err == nil
}

// isDuration is what Istio reads, which is more than protobuf's JSON does: 1m30s too.
func isDuration(text string) bool {
	_, err := time.ParseDuration(text)
	return err == nil
}

func isTime(text string) bool {
	_, err := time.Parse(time.RFC3339, text)
	return err == nil
}

func quantity(n *document.Node, _ Reader) bool {
	return n.Kind == document.Int || n.Kind == document.Float || n.Kind == document.String && quantityText().MatchString(n.Text)
}

func intOrString(n *document.Node, _ Reader) bool {
	return n.Kind == document.String || whole(n, 32, true)
}
