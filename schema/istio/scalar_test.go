package istio

import (
	"regexp"
	"testing"
)

// TestNumbersInText compares what reads numbers with the grammar that it reads, over all short texts of its characters.
func TestNumbersInText(t *testing.T) {
	for _, c := range []struct {
		name    string
		reads   func(string) bool
		grammar *regexp.Regexp
	}{
		{"integer", isInteger, regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)},
		{"quantity", isQuantity, regexp.MustCompile(`^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?$`)},
	} {
		t.Run(c.name, func(t *testing.T) {
			right := 0
			eachText("01.+-eEkKmMGTPnui ", 4, func(text string) {
				if c.grammar.MatchString(text) {
					right++
				}
				if got, want := c.reads(text), c.grammar.MatchString(text); got != want {
					t.Errorf("%q: %v, want %v", text, got, want)
				}
			})
			if right < 10 {
				t.Errorf("only %d texts are right", right)
			}
		})
	}
}

// eachText calls f with every text of up to length characters of an alphabet.
func eachText(alphabet string, length int, f func(string)) {
	texts := []string{""}
	for i := 0; i < len(texts); i++ {
		f(texts[i])
		if len(texts[i]) < length {
			for _, c := range alphabet {
				texts = append(texts, texts[i]+string(c))
			}
		}
	}
}
