package capability

import "strings"

// GrantError tells which interface a dependency may not use and how the manifest would allow it.
type GrantError struct {
	Subject   Subject
	Interface string // name
	Set       string // capability set; empty if the interface belongs to none
	Missing   []Line // to write, one for each dependency on the path that lacks the set
}

// Error names the dependency, the interface, what to write and where.
func (e *GrantError) Error() string {
	s := e.Subject.String() + " may not use " + e.Interface
	if e.Set == "" {
		s += ", which belongs to no capability set"
	}
	texts := make([]string, len(e.Missing))
	for i, line := range e.Missing {
		texts[i] = line.String()
	}
	if len(texts) == 0 {
		return s
	}
	return s + ": " + strings.Join(texts, ", and ")
}

// Is makes errors.Is(err, ErrDenied) hold.
func (e *GrantError) Is(target error) bool { return target == ErrDenied }
