package render

import "testing"

// FuzzLooksSecret proves that any text can be judged, and that more text around a secret does not hide it.
func FuzzLooksSecret(f *testing.F) {
	for _, text := range []string{"a://b@", "name: tokens,value", "abcdef.0123456789abcdef", "token=\n\n", "\xffsecretlist\xff stringdata :", "sha256:"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		looksSecret(text)
		if with := append(append([]byte{}, text...), "\n  password: x\n"...); !looksSecret(with) {
			t.Errorf("looksSecret(%q) = false", with)
		}
	})
}
