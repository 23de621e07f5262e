package document

import (
	"regexp"
	"testing"
)

// TestNumbersOfReaders compares what decides about keys and what spares an expression with the expressions, over all short
// texts of their characters and some that need more of them.
func TestNumbersOfReaders(t *testing.T) {
	whole := regexp.MustCompile(`^(?:0|[1-9][0-9]{0,17})$`)
	texts := []string{"", "2001-01-01", "2001-1-1", "2001-12-14T21:59:43Z", "+2001-01-01", "123456789012345678", "1234567890123456789", "1.31.1-distroless"}
	for i := 0; i < len(texts); i++ {
		text := texts[i]
		if got, want := isWhole(text), whole.MatchString(text); got != want {
			t.Errorf("isWhole(%q) is %v, want %v", text, got, want)
		}
		if !oddNumber(text) && yaml11Number().MatchString(text) {
			t.Errorf("%q is a number to some readers, but not looked at", text)
		}
		if len(text) < 4 {
			for _, c := range "019_:-+.bo " {
				texts = append(texts, text+string(c))
			}
		}
	}
}
