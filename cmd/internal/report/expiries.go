package report

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"meshtopo.dev/meshtopo/schema"
)

// Expiry is something that ends. Of a token it is known where it is and when it ends, and nothing else.
type Expiry struct {
	What     schema.Dated `json:"what"`              // such as root
	Clusters []string     `json:"clusters,omitzero"` // that need it; absent for what all of them have
	File     string       `json:"file"`              // from the working directory, or a variable: $TOKEN
	Subject  string       `json:"subject,omitzero"`  // of a certificate
	Begin    time.Time    `json:"begin,omitzero"`
	End      time.Time    `json:"end"`
	State    State        `json:"state"`

	now time.Time
}

// State is how near the end of something is.
type State string

// The states of what ends.
const (
	Expired State = "expired"
	Soon    State = "soon" // within the time that was asked about
	Lasting State = "lasting"
)

// NewExpiries puts what ends in order, the soonest first, as on a day. name says how a file is called from the working
// directory.
func NewExpiries(all []schema.Expiry, name func(file string) string, now time.Time, within time.Duration) []Expiry {
	list := []Expiry{}
	for _, e := range all {
		file := e.Place.String()
		if e.Place.File != "" {
			file = name(file)
		}
		list = append(list, Expiry{e.What, e.Clusters, file, e.Subject, utc(e.Begin), utc(e.End), stateOf(e.End, now, within), now})
	}
	slices.SortStableFunc(list, func(a, b Expiry) int {
		return cmp.Or(a.End.Compare(b.End), cmp.Compare(a.What, b.What), cmp.Compare(a.File, b.File), cmp.Compare(a.Subject, b.Subject))
	})
	return list
}

func utc(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.UTC()
}

func stateOf(end, now time.Time, within time.Duration) State {
	switch {
	case now.After(end):
		return Expired
	case now.Add(within).After(end):
		return Soon
	}
	return Lasting
}

// day is the day of the end.
func (e Expiry) day() string { return e.End.Format(time.DateOnly) }

// kind names what ends.
func (e Expiry) kind() string {
	return strings.NewReplacer("api-server-ca", "API server CA", "crl", "CRL", "-", " ").Replace(string(e.What))
}

// of names the clusters that need it.
func (e Expiry) of() string {
	if len(e.Clusters) == 0 {
		return "all clusters"
	}
	return strings.Join(e.Clusters, ", ")
}

// bar shows how much of a life is left, in ten characters; nothing where its beginning is not known.
func (e Expiry) bar() string {
	const width = 10
	whole, left := e.End.Sub(e.Begin), e.End.Sub(e.now)
	if e.Begin.IsZero() || whole <= 0 {
		return strings.Repeat(" ", width)
	}
	full := min(max(int(width*left/whole), 0), width)
	if left > 0 && full == 0 {
		full = 1
	}
	return strings.Repeat("█", full) + strings.Repeat("░", width-full)
}
