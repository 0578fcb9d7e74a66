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
	return e.Subject.String() + " may not use " + e.Interface + ": " + whyDenied(e.Set, e.Missing)
}

// whyDenied says what to write so that a set is inherited.
func whyDenied(set string, missing []Line) string {
	texts := make([]string, len(missing))
	for i, line := range missing {
		texts[i] = line.String()
	}
	s := strings.Join(texts, ", and ")
	if set == "" {
		s = "it belongs to no capability set: " + s
	}
	return strings.TrimSuffix(s, ": ")
}

// Is makes errors.Is(err, ErrDenied) hold.
func (e *GrantError) Is(target error) bool { return target == ErrDenied }
