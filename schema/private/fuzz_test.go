package private

import "testing"

// FuzzInFile proves that any text can be checked, and that more text around a secret does not hide it.
func FuzzInFile(f *testing.F) {
	for _, text := range []string{"a://b@", "name: tokens,value", "abcdef.0123456789abcdef", "token=\n\n", "\xffsecretlist\xff stringdata :", "sha256:"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		InFile(text)
		if with := append(append([]byte{}, text...), "\n  password: x\n"...); !InFile(with) {
			t.Errorf("InFile(%q) = false", with)
		}
	})
}
