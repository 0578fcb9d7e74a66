package capability

import (
	"slices"
	"strings"

	"github.com/spinhost/spin/internal/wording"
)

// InheritError says that inherit_configuration lists a name that is no capability set.
type InheritError struct {
	Name    Entry
	Known   []string // the sets that there are
	Nearest string   // the one that was probably meant; may be empty
}

// Error returns the position, the name and what to write instead.
func (e *InheritError) Error() string {
	return e.Name.Pos.String() + ": inherit_configuration: " + e.Detail()
}

// Detail is Error without the position.
func (e *InheritError) Detail() string {
	s := wording.Quote(e.Name.Text) + " is no capability set: "
	if set, _, found := strings.Cut(e.Name.Text, ":"); found && slices.Contains(e.Known, set) {
		return s + "write " + wording.Quote(set) + ", as sets are inherited as a whole"
	}
	switch e.Name.Text {
	case "*", "all", "true":
		return s + "write inherit_configuration = true, without a list, to inherit everything"
	}
	known := "the sets are " + strings.Join(e.Known, ", ")
	switch {
	case len(e.Known) == 0:
		return s + "remove it, as there are no sets"
	case e.Nearest != "":
		return s + "write " + wording.Quote(e.Nearest) + "; " + known
	}
	return s + known
}

// InheritErrors holds one error for each name that is no capability set, in the order of the list.
type InheritErrors []*InheritError

// Error returns one line for each name.
func (e InheritErrors) Error() string { return wording.Lines(e) }

// Unwrap gives the errors to errors.Is and errors.As.
func (e InheritErrors) Unwrap() []error { return wording.Unwrap(e) }
