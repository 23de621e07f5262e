package authority

import "os"

// lock does nothing: a file that another process is writing cannot be removed or replaced on Windows.
func lock(*os.File) error { return nil }

// syncDir does nothing: a directory cannot be synchronized on Windows.
func syncDir(*os.File) {}
