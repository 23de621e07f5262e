// Package usage tells mistakes on the command line from everything else that can go wrong.
package usage

import (
	"errors"
	"fmt"
)

// Error is a mistake on the command line.
type Error struct{ error }

// Unwrap gives what the mistake is about.
func (e Error) Unwrap() error { return e.error }

// Mistake makes an error one of the command line.
func Mistake(err error) error { return Error{err} }

// Errorf describes a mistake on the command line.
func Errorf(format string, args ...any) error { return Error{fmt.Errorf(format, args...)} }

// Is reports whether an error is a mistake on the command line.
func Is(err error) bool {
	var mistake Error
	return errors.As(err, &mistake)
}
