package capability

import "strconv"

// Position is a place in a source file. The zero Position means unknown.
type Position struct {
	File   string `json:"file,omitempty"`   // as given by whoever read the file
	Line   int    `json:"line,omitempty"`   // starts at 1; 0 when only the file is known
	Column int    `json:"column,omitempty"` // in bytes, starts at 1
}

// String returns file:line:column, leaving out what is unknown.
func (p Position) String() string {
	if p.Line <= 0 {
		if p.File == "" {
			return "-"
		}
		return p.File
	}
	s := strconv.Itoa(p.Line)
	if p.Column > 0 {
		s += ":" + strconv.Itoa(p.Column)
	}
	if p.File != "" {
		s = p.File + ":" + s
	}
	return s
}

// IsValid reports whether the position names a line.
func (p Position) IsValid() bool { return p.Line > 0 }
