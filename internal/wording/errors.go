package wording

import "strings"

// Lines is the text of a list of errors: one line for each.
func Lines[E error](list []E) string {
	lines := make([]string, len(list))
	for i, err := range list {
		lines[i] = err.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives the errors of a list to errors.Is and errors.As.
func Unwrap[E error](list []E) []error {
	errs := make([]error, len(list))
	for i, err := range list {
		errs[i] = err
	}
	return errs
}
