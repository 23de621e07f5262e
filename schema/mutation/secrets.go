package mutation

import (
	"encoding/base64"
	"encoding/pem"
	"slices"
	"strings"
)

// Data makes mistakes in the decoded value of a line of a Secret, which begins with the key.
func Data(key string, mistakes ...Mistake) Mistake {
	return func(g *Texts, file string) {
		line, value := g.value(file, key)
		g.edit(file, func(text string) string {
			return strings.Replace(text, line, key+encoded(g.inner(value, mistakes))+`"`, 1)
		})
	}
}

// value gives the line of a key, and what is encoded there.
func (g *Texts) value(file, key string) (line, value string) {
	g.T.Helper()
	_, rest, ok := strings.Cut(g.Files[file], key)
	rest, _, closed := strings.Cut(rest, `"`)
	if !ok || !closed {
		g.T.Fatalf("%s has no %q", file, key)
	}
	text, err := base64.StdEncoding.DecodeString(rest)
	if err != nil {
		g.T.Fatal(err)
	}
	return key + rest + `"`, string(text)
}

// inner makes mistakes in a text that is not a file of the example.
func (g *Texts) inner(text string, mistakes []Mistake) string {
	const name = "inner"
	inner := &Texts{T: g.T, Name: g.Name, Files: map[string]string{name: text}, Before: map[string]string{name: text}, outer: g}
	All(mistakes...)(inner, name)
	return inner.Files[name]
}

func encoded(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

// Plain moves a value to stringData, where each of its lines can be seen, and makes mistakes there.
func Plain(key string, mistakes ...Mistake) Mistake {
	return func(g *Texts, file string) {
		Decoded(key+"|", "stringData:")(g, file)
		g.Before[file] = g.Files[file]
		All(mistakes...)(g, file)
	}
}

// Decoded writes a value in plain text below data or stringData: as text if the key ends in |, or else as YAML.
func Decoded(key, field string) Mistake {
	key, literal := strings.CutSuffix(key, "|")
	return func(g *Texts, file string) {
		line, value := g.value(file, key)
		name := strings.TrimSuffix(key, ` "`)
		if literal {
			name += " |"
		}
		indented := name + "\n    " + strings.ReplaceAll(strings.TrimSuffix(value, "\n"), "\n", "\n    ")
		g.edit(file, func(text string) string {
			return strings.Replace(g.replaced(text, line, indented), "\ndata:", "\n"+field, 1)
		})
	}
}

// Swapped exchanges a value with one in another file.
func Swapped(key, otherFile, otherKey string) Mistake {
	return func(g *Texts, file string) {
		line, value := g.value(file, key)
		otherLine, otherValue := g.value(otherFile, otherKey)
		g.Files[file] = g.replaced(g.Files[file], line, key+encoded(otherValue)+`"`)
		g.Files[otherFile] = g.replaced(g.Files[otherFile], otherLine, otherKey+encoded(value)+`"`)
	}
}

// CopiedData takes the value of another file.
func CopiedData(file, key string) Mistake {
	return func(g *Texts, inner string) { _, g.Files[inner] = g.outer.value(file, key) }
}

// Text puts a text in the place of what is there.
func Text(text string) Mistake { return func(g *Texts, file string) { g.Files[file] = text } }

// Appended writes a text behind what is there.
func Appended(text string) Mistake { return func(g *Texts, file string) { g.Files[file] += text } }

// Half leaves the first half.
func Half(g *Texts, file string) { g.Files[file] = g.Files[file][:len(g.Files[file])/2] }

// EncodedAgain encodes once more what is there.
func EncodedAgain(g *Texts, file string) { g.Files[file] = encoded(g.Files[file]) }

// FirstBlock leaves the first certificate of a bundle.
func FirstBlock(g *Texts, file string) { g.Files[file] = blocks(g.Files[file])[0] }

// LastBlock leaves the last certificate of a bundle.
func LastBlock(g *Texts, file string) {
	all := blocks(g.Files[file])
	g.Files[file] = all[len(all)-1]
}

// Turned turns the order of a bundle of certificates round.
func Turned(g *Texts, file string) {
	all := blocks(g.Files[file])
	slices.Reverse(all)
	g.Files[file] = strings.Join(all, "")
}

func blocks(text string) []string {
	var all []string
	rest := []byte(text)
	for {
		var b *pem.Block
		if b, rest = pem.Decode(rest); b == nil {
			return all
		}
		all = append(all, string(pem.EncodeToMemory(b)))
	}
}

// AuthorityData changes the CA in a kubeconfig.
func AuthorityData(f func(string) string) Mistake {
	return func(g *Texts, file string) {
		Data(`certificate-authority-data: "`, func(g *Texts, file string) { g.Files[file] = f(g.Files[file]) })(g, file)
	}
}

// TokenText changes the token in a kubeconfig.
func TokenText(f func(string) string) Mistake {
	return func(g *Texts, file string) {
		_, rest, _ := strings.Cut(g.Files[file], `token: "`)
		token, _, _ := strings.Cut(rest, `"`)
		Turn(token, f(token))(g, file)
	}
}

// SwappedToken gives a kubeconfig the token of another one.
func SwappedToken(key, otherFile, otherKey string) Mistake {
	return func(g *Texts, file string) {
		_, other := g.value(otherFile, otherKey)
		_, rest, _ := strings.Cut(other, `token: "`)
		token, _, _ := strings.Cut(rest, `"`)
		Data(key, TokenText(func(string) string { return token }))(g, file)
	}
}

// SwappedAuthority gives a kubeconfig the CA of another one.
func SwappedAuthority(key, otherFile, otherKey string) Mistake {
	return func(g *Texts, file string) {
		const field = `certificate-authority-data: "`
		_, other := g.value(otherFile, otherKey)
		_, rest, _ := strings.Cut(other, field)
		ca, _, _ := strings.Cut(rest, `"`)
		Data(key, func(g *Texts, file string) {
			before, rest, _ := strings.Cut(g.Files[file], field)
			_, after, _ := strings.Cut(rest, `"`)
			g.Files[file] = before + field + ca + `"` + after
		})(g, file)
	}
}
