// Package flags has the values that flags take: a severity, a limit, a time from now on, a day.
package flags

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"meshtopo.dev/meshtopo/schema/diag"
)

// Severity is a severity on the command line.
type Severity struct{ diag.Severity }

// Set reads a severity.
func (f *Severity) Set(s string) (err error) {
	f.Severity, err = diag.ParseSeverity(s)
	return err
}

// Type names the value in the help.
func (f *Severity) Type() string { return "SEVERITY" }

// Limit is how many times the usual limits a CUE package may take.
type Limit int

// Set reads a number that makes sense.
func (f *Limit) Set(s string) error {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 1000 {
		return errors.New("write a whole number from 1 to 1000")
	}
	*f = Limit(n)
	return nil
}

// String gives what Set read.
func (f *Limit) String() string { return strconv.Itoa(int(*f)) }

// Type names the value in the help.
func (f *Limit) Type() string { return "N" }

// Within is a time from now on.
type Within time.Duration

const day = 24 * time.Hour

// Set reads days, such as 45d, or what time.ParseDuration reads, up to a hundred years.
func (f *Within) Set(s string) error {
	var d time.Duration
	if days, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.ParseUint(days, 10, 16)
		if err != nil {
			n = 1 << 16
		}
		d = time.Duration(n) * day
	} else if d, _ = time.ParseDuration(s); d == 0 {
		d = -1
	}
	if d < 0 || d > 36525*day {
		return errors.New("write a number of days, such as 45d, or a time such as 12h")
	}
	*f = Within(d)
	return nil
}

// String gives what Set read.
func (f *Within) String() string {
	if d := time.Duration(*f); d%day != 0 {
		return d.String()
	}
	return strconv.Itoa(int(time.Duration(*f)/day)) + "d"
}

// Type names the value in the help.
func (f *Within) Type() string { return "TIME" }

// Date is a day, or a moment; the zero value is now.
type Date struct{ time.Time }

// Set reads a day such as 2027-03-31, which is its beginning in UTC, or a moment as in RFC 3339.
func (f *Date) Set(s string) (err error) {
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if f.Time, err = time.Parse(layout, s); err == nil {
			return nil
		}
	}
	return errors.New("write a day such as 2027-03-31, or a moment such as 2027-03-31T12:00:00Z")
}

// String gives what Set read.
func (f *Date) String() string {
	if f.IsZero() {
		return ""
	}
	return f.Format(time.RFC3339)
}

// OrNow gives the moment, or now where none is given.
func (f *Date) OrNow() time.Time {
	if f.IsZero() {
		return time.Now()
	}
	return f.Time
}

// Type names the value in the help.
func (f *Date) Type() string { return "DATE" }

// End is the end of a certificate: a day or a moment, or a time from now on.
type End struct {
	date   Date
	within Within
}

// Set reads what Date or Within reads.
func (f *End) Set(s string) error {
	*f = End{}
	if f.date.Set(s) == nil {
		return nil
	}
	if f.within.Set(s) == nil && f.within > 0 {
		return nil
	}
	return errors.New("write a day such as 2027-03-31, or a time from now on such as 365d")
}

// At gives the end, or the zero time where there is none.
func (f *End) At(now time.Time) time.Time {
	if f.within > 0 {
		return now.Add(time.Duration(f.within))
	}
	return f.date.Time
}

// String gives what Set read.
func (f *End) String() string {
	if f.within > 0 {
		return f.within.String()
	}
	return f.date.String()
}

// Type names the value in the help.
func (f *End) Type() string { return "DATE" }
