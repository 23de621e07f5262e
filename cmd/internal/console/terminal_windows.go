package console

import (
	"os"

	"golang.org/x/sys/windows"
)

// isTerminal reports whether a file is a console that understands escape sequences. One that does has to be told to,
// and would show them as text otherwise:
// https://learn.microsoft.com/en-us/windows/console/console-virtual-terminal-sequences.
func isTerminal(file *os.File) bool {
	var mode uint32
	console := windows.Handle(file.Fd())
	return windows.GetConsoleMode(console, &mode) == nil &&
		windows.SetConsoleMode(console, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}
