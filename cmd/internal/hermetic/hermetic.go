// Package hermetic takes away the variables that change how CUE evaluates or what it prints, before CUE reads them: the
// same topology must mean the same on every machine. CUE_DEBUG=opendef lets unknown fields pass, logeval prints values.
//
// CUE reads them while its packages are initialized, before main begins. Go initializes, of the packages whose imports
// are ready, the first by import path: this one imports nothing but os and stands before regexp, which CUE waits for
// (https://go.dev/ref/spec#Package_initialization). So it must not import anything else.
package hermetic

import "os"

func init() {
	os.Unsetenv("CUE_DEBUG")
	os.Unsetenv("CUE_EXPERIMENT")
}
