package protect

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// sopsText is a Secret as sops writes it.
const sopsText = `
apiVersion: v1
kind: Secret
metadata:
    name: istio-remote-secret-b
    labels:
        istio/multiCluster: "true"
        "quoted": plain
data:
    b: ENC[AES256_GCM,data:ZPaj+x==,iv:a=,tag:b==,type:str]
sops:
    kms: []
    age:
        - enc: |
            -----BEGIN AGE ENCRYPTED FILE-----
            YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBGYll0dlVnSkMyYVZUZmRS
              deeper
            -----END AGE ENCRYPTED FILE-----
          recipient: age1abc
        - recipient: age1def
          enc: "x"
    encrypted_regex: ^(data|stringData)$
    lastmodified: "2026-11-30T11:03:00Z"
    shamir: 2
    mac_only_encrypted: true
    version: 3.13.3
`

// TestPlainReadsMost holds for what is read without the library, or reading it costs ten times as much.
func TestPlainReadsMost(t *testing.T) {
	if readPlain([]byte(sopsText)) == nil {
		t.Error("a file of sops is not read")
	}
	n := 0
	examples := os.DirFS("../../testdata")
	err := fs.WalkDir(examples, ".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.Contains(path, "/want/") || filepath.Base(filepath.Dir(path)) != "remote-secrets" {
			return err
		}
		text, err := fs.ReadFile(examples, path)
		if err != nil {
			return err
		}
		if encrypted := bytes.Contains(text, []byte(PublicAnnotation)); encrypted {
			n++
			if readPlain(text[bytes.IndexByte(text, '\n'):]) == nil {
				t.Errorf("%s is not read", path)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n == 0 {
		t.Error("no example has an encrypted remote Secret")
	}
}

// TestPlainIsAsTheLibrary tries texts that are nearly plain: what is read at all is what the library reads.
func TestPlainIsAsTheLibrary(t *testing.T) {
	for _, text := range plainTexts() {
		comparePlain(t, []byte(text))
	}
	for _, text := range []string{"a:\n", "a: b\n c\n", "a: b: c\n", "a: |\n", "a: b #c\n", "a: [b]\n", "a: &x b\n", "a: 'b'\n", "a: \"b\n", "a: b", "a: b\n---\na: b\n", "a: b\n\n", "\n", "", "\n\n"} {
		if readPlain([]byte(text)) != nil {
			t.Errorf("%q is read", text)
		}
	}
}

// TestPlainPlaces puts lines at random places: what belongs to what is as the library has it.
func TestPlainPlaces(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	lines := []string{"a:", "b: c", `"d": "e"`, "- f: g", "- h:", "- i: |", "j: |", "k", "- l", "m: []", "- n: []", "-", "x-y/z.w: 1"}
	read := 0
	for range 100_000 {
		var text strings.Builder
		for range 1 + random.IntN(6) {
			text.WriteString(strings.Repeat(" ", random.IntN(7)*random.IntN(2)) + lines[random.IntN(len(lines))] + "\n")
		}
		comparePlain(t, []byte(text.String()))
		if readPlain([]byte(text.String())) != nil {
			read++
		}
	}
	if read < 1000 {
		t.Errorf("of all texts only %d are read", read)
	}
}

func plainTexts() []string {
	all := []string{sopsText}
	for _, value := range []string{"1", "0x1f", "1e3", "true", "y", "null", "2026-11-30", "a:b", "a- b", "b|", "^a", "/a", "[]", `"a: b"`, `""`, `"1"`, "0o7", "1_000", ".5", "5.", "a,b", "a{b}", "a@b", "a\tb", "~"} {
		all = append(all, "a: "+value+"\n", "\na:\n  "+value+": "+value+"\n", "a:\n- b: "+value+"\n", "a:\n  - b: "+value+"\n    c: d\n")
	}
	for at := range sopsText { // a character less, or a space, a line end or a quote more
		for _, more := range []string{"", " ", "\n", `"`, "- ", ": ", "\t"} {
			cut := at
			if more == "" {
				cut++
			}
			all = append(all, sopsText[:at]+more+sopsText[cut:])
		}
	}
	return all
}

func FuzzPlain(f *testing.F) {
	for _, text := range []string{sopsText, "a: b\n", "a:\n  - b: |\n      c\n"} {
		f.Add([]byte(text))
	}
	f.Fuzz(comparePlain)
}

// comparePlain compares what is read of a text with what the library reads of it.
func comparePlain(t *testing.T, text []byte) {
	got := readPlain(text)
	if got == nil {
		return
	}
	var want, more yaml.Node
	files := yaml.NewDecoder(bytes.NewReader(text))
	if err := files.Decode(&want); err != nil {
		t.Fatalf("%q is read, but %v", text, err)
	}
	if err := files.Decode(&more); !errors.Is(err, io.EOF) {
		t.Fatalf("%q is read, but it is several documents", text)
	}
	if commentIn(&want) != 0 || !alike(got, want.Content[0]) {
		t.Fatalf("%q is read otherwise than by the library", text)
	}
}

func alike(a, b *yaml.Node) bool {
	if a.Kind != b.Kind || a.Value != b.Value || a.ShortTag() != b.ShortTag() || a.Line != b.Line || b.Anchor != "" || len(a.Content) != len(b.Content) {
		return false
	}
	for i := range a.Content {
		if !alike(a.Content[i], b.Content[i]) {
			return false
		}
	}
	return true
}
