package main

import (
	"errors"

	"meshtopo.dev/meshtopo/cmd/internal/files"
	"meshtopo.dev/meshtopo/cmd/internal/report"
	"meshtopo.dev/meshtopo/cmd/internal/usage"
	"meshtopo.dev/meshtopo/schema/plaintext"
)

// runPlaintext looks for nothing but what is private and in clear, in all files.
func (l *lintCommand) runPlaintext(args []string) error {
	if l.fix || l.topology != "" || len(l.clusters) > 0 {
		return usage.Errorf("--no-plaintext looks at files, whatever they are, and takes no --fix, --topology or --cluster: lint manifests in another run")
	}
	if len(args) == 0 {
		args = []string{"."}
	}
	l.io.Begin("looking for files")
	every, err := files.OpenEvery(args, l.io.In)
	if err != nil {
		return err
	}
	for _, link := range every.Links {
		l.io.Note("%s is a link and is not followed", link)
	}
	if len(every.Files) == 0 && len(every.Broken) > 0 {
		return errors.Join(every.Broken...)
	}
	l.io.Begin("looking at %s", report.Count(len(every.Files), "file"))
	collectWhenFull(len(every.Files))
	found := plaintext.Run(every.Files)
	r := &report.Report{
		Command: "lint", Version: versionNumber(), FailOn: l.failOn.Severity, Rules: allRules, Findings: found.Findings,
		Name: func(file string) string { return file }, Checked: every.Checked, Subject: l.subject(args) + " --no-plaintext",
	}
	if err := l.format.write(l.io, r); err != nil {
		return err
	}
	result := l.io.Outcome(r)
	if err := errors.Join(append(every.Broken, l.failed(found.Unread)...)...); err != nil {
		return err
	}
	if found.Findings.Len() == 0 {
		l.io.Say("%s: nothing private in clear", report.Count(found.Read, "file"))
	}
	return result
}

// failed says which files were too large, and gives the reasons why others were not read.
func (l *lintCommand) failed(unread []error) (failed []error) {
	for _, err := range unread {
		if files.IsLarge(err) {
			l.io.Say("%v", err)
			continue
		}
		failed = append(failed, err)
	}
	return failed
}
