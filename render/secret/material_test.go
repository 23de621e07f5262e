package secret

import (
	"bytes"
	"encoding/base64"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"text/template"

	"go.yaml.in/yaml/v3"
)

const hunter = "hunter2-is-a-secret"

// leaks reports whether a text shows the secret in any form that a formatter writes bytes in.
func leaks(text string) bool {
	text = strings.ToLower(text)
	for _, form := range []string{
		hunter,
		hex.EncodeToString([]byte(hunter)),
		base64.StdEncoding.EncodeToString([]byte(hunter)),
		strings.Trim(fmt.Sprint([]byte(hunter)), "[]"),       // 104 117 110 …
		strings.Trim(fmt.Sprintf("% x", []byte(hunter)), ""), // 68 75 6e …
		strings.TrimSuffix(fmt.Sprintf("%#v", []byte(hunter))[len("[]byte{"):], "}"),
		strings.Trim(fmt.Sprintf("%o", []byte(hunter)), "[]"),
		strings.Trim(fmt.Sprintf("%b", []byte(hunter)), "[]"),
	} {
		if strings.Contains(text, strings.ToLower(form)) {
			return true
		}
	}
	return false
}

func TestLeaksFindsThem(t *testing.T) {
	for _, format := range []string{"%s", "%v", "%#v", "%x", "% x", "%X", "%q", "%o", "%b"} {
		if text := fmt.Sprintf(format, []byte(hunter)); !leaks(text) {
			t.Errorf("leaks(%q) = false", text)
		}
	}
}

type exported struct{ Key Material }
type unexported struct{ key Material }

func TestFormat(t *testing.T) {
	m := New([]byte(hunter))
	shown := map[string]any{ // through the methods of Material
		"value": m, "pointer": &m, "slice": []Material{m}, "map": map[string]Material{"key": m},
		"exported field": exported{m}, "pointer to it": &exported{m}, "interface": any(m), "zero": Material{},
	}
	reflected := map[string]any{ // past them
		"unexported field": unexported{m}, "pointer to it": &unexported{m}, "deep": []any{map[string]any{"a": &unexported{m}}},
		"pointer in a field": struct{ p *Material }{&m}, "function": m.reveal,
	}
	verbs := "vTtbcdoOqxXUeEfFgGsp"
	for _, flag := range []string{"", "+", "#", " ", "0", "-", "10", "10.3"} {
		for _, verb := range verbs {
			format := "%" + flag + string(verb)
			for name, value := range shown {
				text := fmt.Sprintf(format, value)
				if leaks(text) || !strings.Contains(text, redacted) && !strings.ContainsRune("Tp", verb) {
					t.Errorf("%s with %s gives %q", name, format, text)
				}
			}
			for name, value := range reflected {
				if text := fmt.Sprintf(format, value); leaks(text) {
					t.Errorf("%s with %s leaks: %q", name, format, text)
				}
			}
		}
	}
	for _, text := range []string{fmt.Sprint(m), fmt.Sprintln(m), m.String(), fmt.Errorf("reading %v: %w", m, io.EOF).Error()} {
		if leaks(text) || !strings.Contains(text, redacted) {
			t.Errorf("it prints as %q", text)
		}
	}
}

func TestEncoders(t *testing.T) {
	m := New([]byte(hunter))
	encoders := map[string]func(io.Writer, any) error{
		"json": func(w io.Writer, v any) error { return json.NewEncoder(w).Encode(v) },
		"xml":  func(w io.Writer, v any) error { return xml.NewEncoder(w).Encode(v) },
		"gob":  func(w io.Writer, v any) error { return gob.NewEncoder(w).Encode(v) },
		"yaml": func(w io.Writer, v any) error { return yaml.NewEncoder(w).Encode(v) },
	}
	for name, encode := range encoders {
		for _, v := range []any{m, &m, exported{m}, []Material{m}} {
			var out bytes.Buffer
			if err := encode(&out, v); err == nil || leaks(err.Error()) {
				t.Errorf("%s of %T: %v, want a refusal without content", name, v, err)
			}
			if leaks(out.String()) {
				t.Errorf("%s of %T writes %q", name, v, out.String())
			}
		}
		var out bytes.Buffer
		if err := encode(&out, unexported{m}); leaks(out.String()) || err != nil && leaks(err.Error()) {
			t.Errorf("%s of an unexported field writes %q, %v", name, out.String(), err)
		}
	}
	if _, err := m.MarshalBinary(); !errors.Is(err, errMarshal) {
		t.Errorf("MarshalBinary() = %v", err)
	}
}

func TestLogs(t *testing.T) {
	m := New([]byte(hunter))
	var out bytes.Buffer
	for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		log := slog.New(h).With("base", m)
		log.Info("loaded", "key", m, "pointer", &m, "field", exported{m}, "hidden", unexported{m}, slog.Group("group", "key", m))
	}
	if leaks(out.String()) || strings.Count(out.String(), redacted) < 6 {
		t.Errorf("logs have %q", out.String())
	}
}

func TestTemplate(t *testing.T) {
	var out bytes.Buffer
	tmpl := template.Must(template.New("").Parse(`{{.}} {{printf "%s %x" . .}}`))
	if err := tmpl.Execute(&out, New([]byte(hunter))); err != nil {
		t.Fatal(err)
	}
	if want := "[redacted] [redacted] [redacted]"; out.String() != want {
		t.Errorf("a template writes %q, want %q", out.String(), want)
	}
}

func TestReveal(t *testing.T) {
	if got := New([]byte(hunter)).Reveal(); string(got) != hunter {
		t.Errorf("Reveal() = %q, want %q", got, hunter)
	}
	if got := (Material{}).Reveal(); got != nil {
		t.Errorf("Reveal() of nothing = %q", got)
	}
}
