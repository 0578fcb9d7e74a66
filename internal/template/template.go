package template

import "strings"

// Bounds of what is accepted. They are far above what manifests need and keep a
// hostile one from costing more than its own size.
const (
	MaxLength     = 1 << 20  // bytes of a template
	MaxReferences = 1 << 12  // expressions in a template
	MaxResult     = 16 << 20 // bytes of a resolved template
)

// Template is a parsed text. It never changes and is safe for concurrent use.
// The zero Template is the empty text.
type Template struct {
	text  string
	parts []part
	names []string
}

// part is some text and the expression that follows it.
type part struct {
	literal string
	name    int // index in names, or none at the end of the text
	offset  int // of the expression's "{{"
}

const none = -1

// Reference is an expression in a template.
type Reference struct {
	Name   string
	Offset int // of its "{{" in the text, in bytes
}

// Parse parses text. The error is a [*SyntaxError].
func Parse(text string) (*Template, error) {
	if len(text) > MaxLength {
		return nil, tooLong
	}
	t := &Template{text: text}
	index := map[string]int{}
	for pos := 0; pos < len(text); {
		open := strings.Index(text[pos:], "{{")
		if open < 0 {
			t.parts = append(t.parts, part{literal: text[pos:], name: none})
			break
		}
		open += pos
		length := strings.Index(text[open+2:], "}}")
		if length < 0 {
			return nil, unclosed(text, open)
		}
		if len(t.parts) == MaxReferences {
			return nil, tooMany(open)
		}
		name := strings.TrimSpace(text[open+2 : open+2+length])
		i, known := index[name]
		if !known {
			i = len(t.names)
			index[name] = i
			t.names = append(t.names, name)
		}
		t.parts = append(t.parts, part{literal: text[pos:open], name: i, offset: open})
		pos = open + 2 + length + 2
	}
	return t, nil
}

// Names returns the distinct names that the template refers to, in the order in
// which they first occur. The slice is the caller's.
func (t *Template) Names() []string {
	return append([]string(nil), t.names...)
}

// References returns every expression, in order. The slice is the caller's.
func (t *Template) References() []Reference {
	var refs []Reference
	for _, p := range t.parts {
		if p.name != none {
			refs = append(refs, Reference{Name: t.names[p.name], Offset: p.offset})
		}
	}
	return refs
}

// Literal returns the text and true if it has no expressions.
func (t *Template) Literal() (string, bool) {
	if len(t.names) != 0 {
		return "", false
	}
	return t.text, true
}

// String returns the text as it was parsed.
func (t *Template) String() string { return t.text }

// Resolve returns the text with values in place of its expressions. It asks
// lookup once for each distinct name, in order, and returns lookup's first error
// as it is. The error is [ErrResultTooLong] if the values make the text longer
// than [MaxResult].
func (t *Template) Resolve(lookup func(name string) (string, error)) (string, error) {
	if len(t.names) == 0 {
		return t.text, nil
	}
	values := make([]string, len(t.names))
	for i, name := range t.names {
		value, err := lookup(name)
		if err != nil {
			return "", err
		}
		values[i] = value
	}
	size := 0
	for _, p := range t.parts {
		size += len(p.literal)
		if p.name != none {
			size += len(values[p.name])
		}
		// Checked for each part: the sum of all could overflow.
		if size > MaxResult {
			return "", ErrResultTooLong
		}
	}
	var b strings.Builder
	b.Grow(size)
	for _, p := range t.parts {
		b.WriteString(p.literal)
		if p.name != none {
			b.WriteString(values[p.name])
		}
	}
	return b.String(), nil
}
