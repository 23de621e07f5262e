package report

import (
	"fmt"
	"time"
)

// left says in words how far away the end is.
func (e Expiry) left() string {
	days := int(e.End.Sub(e.now) / (24 * time.Hour))
	switch {
	case e.State == Expired && days == 0:
		return "expired today"
	case e.State == Expired:
		return "expired " + Count(-days, "day") + " ago"
	}
	return Count(days, "day") + " left"
}

// line says all of it in a line.
func (e Expiry) line() string {
	return fmt.Sprintf("%s, %s: %s of %s (%s)%s", e.day(), e.left(), e.kind(), e.of(), e.File, prefixed(", ", e.Subject))
}

// datesShown is how many lines there may be: they go where nobody scrolls.
const datesShown = 50

// expiryLines says of the first rows of a report what ends, a line each.
func expiryLines(r *Report) []string {
	var lines []string
	for _, e := range r.Expiries[:min(len(r.Expiries), datesShown)] {
		lines = append(lines, e.line())
	}
	if more := len(r.Expiries) - datesShown; more > 0 {
		lines = append(lines, fmt.Sprintf("… and %d more", more))
	}
	return lines
}
