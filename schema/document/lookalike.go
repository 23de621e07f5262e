package document

import (
	"fmt"
	"strings"
	"unicode"
)

// lookAlike is a character that is taken for another one, or that nobody sees.
type lookAlike struct {
	from, to rune
	name     string
	instead  string // what was meant
}

// lookAlikes are those that word processors, web pages and chats put in the place of what is typed.
var lookAlikes = []lookAlike{
	{'\u00a0', '\u00a0', "a no-break space", " "}, {'\u202f', '\u202f', "a narrow no-break space", " "},
	{'\u2000', '\u200a', "a space of typesetting", " "}, {'\u205f', '\u205f', "a space of typesetting", " "},
	{'\u3000', '\u3000', "an ideographic space", " "}, {'\u1680', '\u1680', "an ogham space", " "},
	{'\u200b', '\u200b', "a zero-width space", ""}, {'\u200c', '\u200d', "a zero-width joiner", ""},
	{'\u2060', '\u2060', "a word joiner", ""}, {'\u00ad', '\u00ad', "a soft hyphen", ""}, {'\ufeff', '\ufeff', "a byte order mark", ""},
	{'\u200e', '\u200f', "a mark of direction", ""}, {'\u202a', '\u202e', "a mark of direction", ""}, {'\u2066', '\u2069', "a mark of direction", ""},
	{'\u201c', '\u201f', "a curly quote", `"`}, {'\u2018', '\u201b', "a curly quote", "'"}, {'\u00ab', '\u00ab', "an angle quote", `"`},
	{'\u00bb', '\u00bb', "an angle quote", `"`}, {'\u2033', '\u2033', "a prime", `"`}, {'\u2032', '\u2032', "a prime", "'"},
	{'\uff02', '\uff02', "a wide quote", `"`}, {'\uff07', '\uff07', "a wide quote", "'"}, {'\u00b4', '\u00b4', "an accent", "'"},
	{'\u2010', '\u2011', "a hyphen of typesetting", "-"}, {'\u2012', '\u2012', "a figure dash", "-"}, {'\u2013', '\u2013', "an en dash", "-"},
	{'\u2014', '\u2014', "an em dash", "-"}, {'\u2015', '\u2015', "a dash", "-"}, {'\u2212', '\u2212', "a minus sign", "-"},
	{'\ufe58', '\ufe58', "a small dash", "-"}, {'\ufe63', '\ufe63', "a small dash", "-"},
	{'\u2022', '\u2022', "a bullet", "-"}, {'\u2026', '\u2026', "an ellipsis", "..."},
	{'\u037e', '\u037e', "a Greek question mark", ";"}, {'\ua789', '\ua789', "a letter colon", ":"}, {'\u2236', '\u2236', "a ratio sign", ":"},
}

// Letters of other alphabets that look like Latin ones, and the Latin ones.
var (
	foreignLetters = []rune("аесорхуѕіјԁһкмтАВЕКМНОРСТХαοερτν")
	latinLetters   = []rune("aecopxysijdhkmtABEKMHOPCTXaoeptv")
)

// LookAlike is one such character in a text.
type LookAlike struct {
	Name    string // of the character, with its number
	Instead string // what was meant in its place; "" for nothing
	Blank   bool   // it looks like a space
	Offset  int
}

// FindLookAlike gives the first character of a text that is taken for another one, or that nobody sees.
func FindLookAlike(text string) (LookAlike, bool) {
	for i, r := range text {
		if r < 0x80 {
			continue
		}
		if found, ok := lookAlikeOf(r); ok {
			found.Offset = i
			return found, true
		}
	}
	return LookAlike{}, false
}

func lookAlikeOf(r rune) (LookAlike, bool) {
	for _, l := range lookAlikes {
		if l.from <= r && r <= l.to {
			return LookAlike{Name: fmt.Sprintf("%s (%U)", l.name, r), Instead: l.instead, Blank: l.instead == " "}, true
		}
	}
	if r >= 0xff01 && r <= 0xff5e { // the wide forms of ASCII
		return LookAlike{Name: fmt.Sprintf("a wide %q (%U)", r-0xfee0, r), Instead: string(r - 0xfee0)}, true
	}
	for i, foreign := range foreignLetters {
		if r == foreign {
			script := "Cyrillic"
			if unicode.Is(unicode.Greek, r) {
				script = "Greek"
			}
			return LookAlike{Name: fmt.Sprintf("a %s letter (%U) that looks like %c", script, r, latinLetters[i]), Instead: string(latinLetters[i])}, true
		}
	}
	return LookAlike{}, false
}

// Fix says what to do about the character.
func (l LookAlike) Fix() string {
	switch {
	case l.Blank:
		return "write an ordinary space, or delete it"
	case l.Instead == "":
		return "delete it, for nobody sees it"
	}
	return "write " + l.Instead
}

// Advice names the character, and says what to do about it.
func (l LookAlike) Advice() string { return fmt.Sprintf("there is %s in it: %s", l.Name, l.Fix()) }

// Plain gives a name as it was meant: with the characters in it that look-alikes stand for, and without blanks and
// quotes around it.
func Plain(text string) string {
	var plain strings.Builder
	for _, r := range text {
		if found, ok := lookAlikeOf(r); ok && r >= 0x80 {
			plain.WriteString(found.Instead)
			continue
		}
		plain.WriteRune(r)
	}
	return strings.Trim(plain.String(), ` "'`)
}
