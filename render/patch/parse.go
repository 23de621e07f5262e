package patch

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/schema/diag"
)

// maxDepth bounds how deep values are nested. No Kubernetes object comes near.
const maxDepth = 100

// parse gives the root of a patch's text, in which every YAML reader sees the same.
func parse(s *Source) (*yaml.Node, *Problem) {
	text := []byte(s.Text)
	if json.Valid(text) {
		text = bytes.ReplaceAll(text, []byte("\t"), []byte(" ")) // outside of strings: within one it would be escaped
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var first yaml.Node
	if err := decoder.Decode(&first); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, s.problem(patchForm, 1, "the patch holds nothing but comments")
		}
		return nil, s.problem(patchSyntax, errorLine(err), "the patch is not valid YAML or JSON here")
	}
	var second yaml.Node
	switch err := decoder.Decode(&second); {
	case err == nil:
		return nil, s.problem(patchForm, second.Line, "the patch holds several documents").fixed("write an entry of patches for each")
	case !errors.Is(err, io.EOF):
		return nil, s.problem(patchSyntax, errorLine(err), "the patch is not valid YAML or JSON here")
	}
	return first.Content[0], s.checkNode(first.Content[0], 0)
}

var yamlLine = diag.OnceRegexp(`line (\d+):`)

// errorLine gives the line that a YAML error is about, without the error's words, which may hold the text itself.
func errorLine(err error) int {
	if found := yamlLine().FindStringSubmatch(err.Error()); found != nil {
		if line, err := strconv.Atoi(found[1]); err == nil {
			return line
		}
	}
	return 1
}

func lastLine(text string) int { return strings.Count(strings.TrimRight(text, "\n"), "\n") + 1 }

// checkNode reports what readers of YAML disagree about, or what an object cannot be.
func (s *Source) checkNode(n *yaml.Node, depth int) *Problem {
	refuse := func(fix, format string, args ...any) *Problem {
		return s.problem(patchForm, n.Line, format, args...).fixed(fix)
	}
	switch {
	case depth > maxDepth:
		return refuse("nest less", "values are nested more than %d deep", maxDepth)
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		return refuse("write the value out", "the patch has an anchor or an alias, which do not survive in an object")
	case n.Style&yaml.TaggedStyle != 0:
		return refuse("write the plain value", "the patch has a tag, which not every reader knows")
	case n.Kind == yaml.ScalarNode && isPlain(n) && (n.ShortTag() == "!!timestamp" || ambiguous(n.Value)):
		return refuse("put the value in quotes, or write what is meant", "a value without quotes is not the same for every YAML reader")
	case n.Kind == yaml.ScalarNode && n.ShortTag() == "!!float" && strings.ContainsAny(n.Value, "fFN"):
		return refuse("write a number", "a value is infinite or not a number")
	case n.Kind == yaml.MappingNode:
		if problem := s.checkKeys(n); problem != nil {
			return problem
		}
	}
	for _, below := range n.Content {
		if problem := s.checkNode(below, depth+1); problem != nil {
			return problem
		}
	}
	return nil
}

func (s *Source) checkKeys(n *yaml.Node) *Problem {
	seen := map[string]bool{}
	for i := 0; i < len(n.Content); i += 2 {
		key := n.Content[i]
		switch {
		case key.Kind != yaml.ScalarNode || key.ShortTag() != "!!str":
			return s.problem(patchForm, key.Line, "the key of a field is not a string").
				fixed("put the key in quotes: kustomize reads no numbers there") // kyaml/yaml/rnode.go (MarshalJSON)
		case seen[key.Value]:
			return s.problem(patchForm, key.Line, "a field is given twice")
		}
		seen[key.Value] = true
	}
	return nil
}

func isPlain(n *yaml.Node) bool {
	return n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0
}

// yaml11 matches plain scalars that YAML 1.1 readers, kubectl among them, take for something else than YAML 1.2 does
// (https://yaml.org/type/).
var yaml11 = diag.OnceRegexp(`^(?:y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF|=|<<` +
	`|[-+]?0[0-9_]+|[-+]?0[bo][0-7_]+|[-+]?[0-9][0-9_]*_[0-9_]*(?:\.[0-9_]*)?|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?)$`)

func ambiguous(text string) bool {
	return text != "" && strings.IndexByte("yYnNoO0123456789+-=<", text[0]) >= 0 && yaml11().MatchString(text)
}
