package secret

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"meshtopo.dev/meshtopo/schema/trust"
)

func TestKnown(t *testing.T) {
	const token, short, word = "an-opaque-token-of-the-api-server-1", "s3cr3t", "go"
	key := "-----BEGIN PRIVATE KEY-----\n" + strings.Repeat("0123456789", 6) + "abcd\nefghijklmnopqrst==\n-----END PRIVATE KEY-----\n"
	store := NewStore(fstest.MapFS{"token": {Data: []byte(token + "\n")}, "short": {Data: []byte(short)}, "key": {Data: []byte(key)}, "cert": {Data: []byte("a public certificate")}},
		func(string) (string, bool) { return word, true })
	for _, place := range []trust.Place{{File: "token"}, {File: "short"}, {File: "key"}, {Env: "WORD"}, {File: "nowhere"}} {
		_, _ = store.Private(place)
	}
	if _, err := store.Public("cert"); err != nil {
		t.Fatal(err)
	}
	encoded := func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
	for text, want := range map[string]bool{
		"": false, "a public certificate": false, "-----BEGIN PRIVATE KEY-----": false, "an-opaque-token": false,
		token: true, "x" + token + "x": true, "# it was token-of-the-api-server-1": true,
		"k: abcdefghijklmnopqrst==": true, "- 0123456789012345": true, `"\n2345678901234567890123456789012345678901"`: true,
		encoded(token): true, encoded("x" + token): true, encoded("xy: " + token + "\n"): true, encoded("an-opaque"): false,
		encoded("kubeconfig\n" + key): true, base64.URLEncoding.EncodeToString([]byte("x" + token)): true,
		"password=s3cr3t": true, "s3cr3ts": false, "xs3cr3t": false, "xs3cr3t s3cr3t": true, encoded(short): true, encoded("x" + short): true, encoded("xy" + short): true,
		"go": true, "{go}": true, "gone ago": false, "a-go": false,
	} {
		if got := store.Known().In([]byte(text)); got != want {
			t.Errorf("In(%q) = %v, want %v", text, got, want)
		}
	}
	if (Known{}).In([]byte(token)) {
		t.Error("nothing knows something")
	}
	if text := fmt.Sprintf("%v %+v %#v", store.Known(), store.Known(), []any{store.Known()}); strings.Contains(text, "opaque") || strings.Contains(text, short) {
		t.Errorf("what is known prints as %q", text)
	}
}
