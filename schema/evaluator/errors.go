package evaluator

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/token"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/private"
)

// report says in our words what CUE could not load or evaluate.
func (r *reader) report(err error, dir string) {
	if len(r.files.refused) > 0 {
		for _, refused := range r.files.refused {
			r.found.Add(diag.Pos{File: refused.Path}, unreadableFile, "%s cannot be read: %s", refused.Path, document.ReadProblem(refused))
		}
		return
	}
	all := errors.Errors(err)
	for _, e := range all[:min(len(all), maxCUEErrors)] {
		r.reportOne(e, dir)
	}
}

// maxCUEErrors is how many of CUE's errors are reported: the rest mostly follows from the first.
const maxCUEErrors = 100

func (r *reader) reportOne(e errors.Error, dir string) {
	pos := diag.Pos{File: dir}
	var places []diag.Pos
	for _, p := range errors.Positions(e) {
		if p.IsValid() && r.texts[p.Filename()] != nil {
			places = append(places, r.tokenPos(p))
		}
	}
	if len(places) > 0 {
		pos = places[0]
	}
	format, args := e.Msg()
	path := unquoted(e.Path())
	what := r.grammar.DisplayPath(path)
	switch {
	case strings.HasPrefix(format, "conflicting values") || strings.Contains(format, "disjunction") || strings.Contains(format, "out of bound"):
		d := r.found.Add(pos, ConflictingValues, "%s has values that exclude each other", what)
		for _, p := range places[min(1, len(places)):] {
			d.Relate(p, "another value")
		}
	case strings.HasPrefix(format, "reference %q not found"):
		r.undefined(pos, path, fmt.Sprint(args[0]))
	case strings.HasPrefix(format, "field not allowed"):
		r.found.Add(pos, invalidCUE, "%s is not allowed by a closed definition", what)
	case strings.HasPrefix(format, "undefined field"):
		r.found.Add(pos, invalidCUE, "there is no field %v here", args[0])
	case strings.Contains(format, "imported and not used"):
		d := r.found.Add(pos, invalidCUE, "an import is not used")
		d.Fix = "delete the import"
	case strings.Contains(format, "cannot find package") || strings.Contains(format, "import failed"):
		d := r.found.Add(pos, invalidCUE, "an import cannot be found")
		d.Fix = "keep the package in this module: nothing is fetched from a registry"
	case strings.Contains(e.Error(), "embed"):
		d := r.found.Add(pos, invalidCUE, "an @embed cannot be resolved")
		d.Fix = "embed files that are below the CUE module's root"
	case len(places) == 0:
		d := r.found.Add(pos, invalidCUE, "CUE finds no package here that it can load")
		d.Fix = "name the CUE files one by one, or a directory whose CUE files have one package clause"
	default:
		r.found.Add(pos, invalidCUE, "CUE cannot read or evaluate this")
	}
}

// undefined reports a name that stands for nothing: often a text without its quotes.
func (r *reader) undefined(pos diag.Pos, path []string, name string) {
	if private.IsPath(path) || !r.grammar.IsWord(path) {
		d := r.found.Add(pos, invalidCUE, "what stands at %s is the name of nothing", r.grammar.DisplayPath(path))
		d.Fix = "put texts in quotes; material itself never stands in a topology"
		return
	}
	d := r.found.Add(pos, invalidCUE, "nothing is called %s here", name)
	d.Fix = fmt.Sprintf("define it, or write the text %q", name)
}

// cueToken matches what stands at a place that CUE reports, which has no end: an attribute, a string or a name.
var cueToken = diag.OnceRegexp(`^(?:@\w+\([^)\n]*\)|"(?:\\.|[^"\\\n])*"|[\w$#]+)`)

// tokenPos gives the place of the token at a position of CUE.
func (r *reader) tokenPos(p token.Pos) diag.Pos {
	pos, text := r.pos(p), r.texts[p.Filename()]
	pos.Width = utf8.RuneCount(cueToken().Find(text[min(p.Offset(), len(text)):]))
	return pos
}

// unquoted takes the quotes off the keys of a path that CUE gives.
func unquoted(path []string) []string {
	keys := make([]string, len(path))
	for i, key := range path {
		keys[i] = key
		if text, err := literal.Unquote(key); err == nil {
			keys[i] = text
		}
	}
	return keys
}
