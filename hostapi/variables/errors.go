package variables

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Kinds of [Error], for errors.Is.
var (
	// ErrInvalidName says that a guest asked for what cannot be the name of a variable.
	ErrInvalidName = errors.New("invalid name of a variable")
	// ErrUndefined says that there is no such variable.
	ErrUndefined = errors.New("undefined variable")
	// ErrProvider says that a provider failed.
	ErrProvider = errors.New("variables provider failed")
	// ErrUnresolved says that no provider has a value for a variable without default.
	ErrUnresolved = errors.New("required variable has no value")
	// ErrTemplate says that the value of a component's variable cannot be put together.
	ErrTemplate = errors.New("value of a variable cannot be put together")
)

// Error is why a variable has no value. Its text never has the value of a secret.
type Error struct {
	Component string // whose variable it is, "" if it is one of the application
	Name      string // of the variable
	Kind      error  // one of the errors above
	Err       error  // the cause, if any. Its own text may hold a secret
	text      string
}

// Error says what is wrong, and what to write instead where that is known.
func (e *Error) Error() string { return e.text }

// GoString implements fmt.GoStringer: the cause is not to be shown.
func (e *Error) GoString() string { return e.text }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is implements errors.Is for the kinds.
func (e *Error) Is(target error) bool { return target == e.Kind }

func invalidName(component, name string, err error) *Error {
	return &Error{component, name, ErrInvalidName, err, err.Error()}
}

func undefined(component, name string) *Error {
	return &Error{component, name, ErrUndefined, nil, fmt.Sprintf(
		"no variable for %q.%q: add it to [component.%s.variables]", component, name, component)}
}

func undeclared(name string) *Error {
	return &Error{"", name, ErrUndefined, nil, fmt.Sprintf(
		"the application has no variable %q: declare it in [variables]", name)}
}

func unresolved(name string, providers []Provider) *Error {
	fixes := []string{"write a default in [variables]"}
	for _, p := range providers {
		if h, ok := p.(hinter); ok {
			fixes = append(fixes, h.hint(name))
		}
	}
	if len(fixes) == 1 {
		fixes = append(fixes, "let a provider in Config.Variables have it")
	}
	return &Error{"", name, ErrUnresolved, nil, fmt.Sprintf(
		"no provider resolved required variable %q: %s", name, strings.Join(fixes, ", or "))}
}

func tooLong(component, name string, err error) *Error {
	return &Error{component, name, ErrTemplate, err, fmt.Sprintf("variable %q: %v", name, err)}
}

// maxReason bounds how much of a provider's text is told.
const maxReason = 4096

func failed(name string, secret bool, err error) *Error {
	reason := err.Error()
	if secret {
		reason = safeText(err)
	}
	return &Error{"", name, ErrProvider, err, fmt.Sprintf("the provider of variable %q failed: %s", name, cut(reason))}
}

// safeText returns what may be told of an error that can hold a secret.
func safeText(err error) string {
	var s interface{ SafeText() string }
	switch {
	case errors.As(err, &s):
		return s.SafeText()
	case errors.Is(err, context.DeadlineExceeded):
		return context.DeadlineExceeded.Error()
	case errors.Is(err, context.Canceled):
		return context.Canceled.Error()
	}
	return "its message is withheld, as the variable is secret"
}

// cut bounds a text.
func cut(s string) string {
	if len(s) <= maxReason {
		return s
	}
	end := maxReason
	for !utf8.RuneStart(s[end]) && end > maxReason-utf8.UTFMax {
		end--
	}
	return s[:end] + "..."
}
