package sops

import (
	"regexp"
	"slices"
	"strings"
)

// selection says which values of a document sops encrypts (sops.go, shouldBeEncrypted).
type selection struct {
	How  string // encrypted_regex and so on; "" where the rule leaves it to us
	What string
}

// defaultSelection is what is encrypted where a rule does not say it.
const defaultSelection = "^(data|stringData)$"

func (w *writtenRule) selection() (selection, *Error) {
	var all []selection
	for _, s := range []selection{
		{"unencrypted_suffix", w.UnencryptedSuffix}, {"encrypted_suffix", w.EncryptedSuffix}, {"unencrypted_regex", w.UnencryptedRegex},
		{"encrypted_regex", w.EncryptedRegex}, {"unencrypted_comment_regex", w.UnencryptedComment}, {"encrypted_comment_regex", w.EncryptedComment},
	} {
		if s.What != "" {
			all = append(all, s)
		}
	}
	switch {
	case len(all) == 0:
		return selection{}, nil
	case len(all) > 1:
		return selection{}, &Error{Message: "sops takes only one of " + all[0].How + " and " + all[1].How, Fix: "leave encrypted_regex: " + defaultSelection}
	}
	if strings.HasSuffix(all[0].How, "regex") {
		if _, err := regexp.Compile(all[0].What); err != nil {
			return selection{}, &Error{Message: all[0].How + " is no regular expression of Go", Fix: "write encrypted_regex: " + defaultSelection}
		}
	}
	return all[0], nil
}

// encrypts reports whether the value at a path of keys is encrypted.
func (s selection) encrypts(path []string) bool {
	has := func(is func(key string) bool) bool { return slices.ContainsFunc(path, is) }
	suffix := func(key string) bool { return strings.HasSuffix(key, s.What) }
	switch s.How {
	case "":
		return has(regexp.MustCompile(defaultSelection).MatchString)
	case "encrypted_regex":
		return has(regexp.MustCompile(s.What).MatchString)
	case "unencrypted_regex":
		return !has(regexp.MustCompile(s.What).MatchString)
	case "encrypted_suffix":
		return has(suffix)
	case "unencrypted_suffix":
		return !has(suffix)
	}
	return s.How == "unencrypted_comment_regex" // a rendered Secret has no comments in it
}

// Check says what is wrong with the selection of a rule for a Secret whose values have the given keys.
func (r *Rule) Check(config string, clear [][]string, keys []string) error {
	const fix = "write encrypted_regex: " + defaultSelection
	for _, key := range keys {
		if !r.selects.encrypts([]string{"data", key}) {
			return &Error{Path: config, Line: r.line, Message: "this creation rule leaves data of a Secret in clear (" + r.selects.How + ")", Fix: fix}
		}
	}
	for _, path := range clear {
		if r.selects.encrypts(path) {
			return &Error{Path: config, Line: r.line, Message: "this creation rule encrypts " + strings.Join(path, "."), Fix: fix + ": kubectl, Flux and a reviewer need it in clear"}
		}
	}
	return nil
}
