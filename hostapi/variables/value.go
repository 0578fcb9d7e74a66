package variables

import (
	"fmt"
	"io"
	"log/slog"
)

// Value is the value of a variable. One that is secret is shown as [secret] by packages fmt,
// log/slog and encoding/json; only Reveal gives it away. The zero Value is the empty text.
type Value struct {
	// A pointer, since package fmt shows unexported fields of structures around it, but not what
	// pointers in them point to.
	text   *string
	secret bool
}

// Text returns a value that may be shown.
func Text(text string) Value { return Value{text: &text} }

// Secret returns a value that is not to be shown.
func Secret(text string) Value { return Value{text: &text, secret: true} }

// redacted stands for a secret.
const redacted = "[secret]"

// Reveal returns the value itself.
func (v Value) Reveal() string {
	if v.text == nil {
		return ""
	}
	return *v.text
}

// IsSecret reports whether the value is not to be shown.
func (v Value) IsSecret() bool { return v.secret }

// String returns the value if it may be shown.
func (v Value) String() string {
	if v.secret {
		return redacted
	}
	return v.Reveal()
}

// Format implements fmt.Formatter, for every verb.
func (v Value) Format(f fmt.State, verb rune) {
	if v.secret {
		_, _ = io.WriteString(f, redacted)
		return
	}
	fmt.Fprintf(f, fmt.FormatString(f, verb), v.Reveal())
}

// LogValue implements slog.LogValuer.
func (v Value) LogValue() slog.Value { return slog.StringValue(v.String()) }

// MarshalText implements encoding.TextMarshaler.
func (v Value) MarshalText() ([]byte, error) { return []byte(v.String()), nil }
