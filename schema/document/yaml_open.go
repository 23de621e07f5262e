package document

// openPlaces tells where a line of YAML has a quote, a "[" or a "{" open, so that a text which ends there cannot be
// YAML: the i-th says it of the place before the i-th byte. Nothing may be open where the line begins.
func openPlaces(line []byte) []bool {
	open := make([]bool, len(line)+1)
	var quote byte
	depth, start := 0, true // whether a value may start here
	for i := 0; i < len(line); i++ {
		open[i] = quote != 0 || depth > 0
		switch c := line[i]; {
		case quote == '"' && c == '\\' && i+1 < len(line):
			i++
			open[i] = true
		case quote == '\'' && c == '\'' && i+1 < len(line) && line[i+1] == '\'':
			i++ // one that is meant; a text may end between the two
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '#' && (i == 0 || isBlank(line[i-1])):
			for i++; i < len(line); i++ {
				open[i] = depth > 0
			}
		case start && (c == '"' || c == '\''):
			quote, start = c, false
		case (start || depth > 0) && (c == '[' || c == '{'):
			depth++
			start = true
		case depth > 0 && (c == ']' || c == '}'):
			depth--
			start = false
		default:
			start = isBlank(c) || depth > 0 && (c == ',' || c == ':') || start && (c == '-' || c == '?')
		}
	}
	open[len(line)] = quote != 0 || depth > 0
	return open
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }
