package trust

// Place says where private material is kept: in a file or in an environment variable.
type Place struct {
	File, Env string // exactly one is set
}

// String names the place, never the material: tokens/cluster-a or $TOKEN.
func (p Place) String() string {
	if p.Env != "" {
		return "$" + p.Env
	}
	return p.File
}
