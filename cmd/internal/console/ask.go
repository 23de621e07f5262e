package console

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/term"
)

// CanAsk reports whether there is a person who can be asked.
func (s IO) CanAsk() bool {
	file, ok := s.In.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// AskSecret asks for a line that the terminal does not show. Where CanAsk gives false there is no answer. An interrupt
// leaves the terminal as it was: the system alone would leave it without its echo.
func (s IO) AskSecret(question string) ([]byte, error) {
	file, ok := s.In.(*os.File)
	if !ok {
		return nil, os.ErrInvalid
	}
	before, err := term.GetState(int(file.Fd()))
	if err != nil {
		return nil, err
	}
	s.Talk.clear()
	fmt.Fprint(s.Err, question)
	type answer struct {
		text []byte
		err  error
	}
	answers, interrupts := make(chan answer, 1), make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(interrupts)
	go func() {
		text, err := term.ReadPassword(int(file.Fd()))
		answers <- answer{text, err}
	}()
	select {
	case a := <-answers:
		fmt.Fprintln(s.Err)
		return a.text, a.err
	case number := <-interrupts:
		s.Talk.interruptedBy(number)
		fmt.Fprintln(s.Err)
		if err := term.Restore(int(file.Fd()), before); err != nil {
			return nil, err
		}
		return nil, context.Canceled
	}
}
