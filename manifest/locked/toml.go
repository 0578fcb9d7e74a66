package locked

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// tomlWriter writes the text of a manifest.
type tomlWriter struct {
	ManifestOptions
	b       strings.Builder
	places  *places             // nil if nobody wants to know
	written map[*Component]bool // those whose trigger dependencies stand at a trigger
	errs    []error
}

func (w *tomlWriter) fail(at string, err error) {
	w.errs = append(w.errs, &PathError{at, err})
}

func (w *tomlWriter) line(text string) { w.write(text, "") }

// keyLine writes a line for a key of what lines are made of.
func (w *tomlWriter) keyLine(name, value string) { w.write(tomlKey(name)+" = "+value, name) }

func (w *tomlWriter) write(text, key string) {
	w.b.WriteString(text + "\n")
	if w.places != nil {
		w.places.made = append(w.places.made, origin{w.places.from, key})
	}
}

// from says of which value of the app the next lines are made.
func (w *tomlWriter) from(steps ...step) {
	if w.places != nil {
		w.places.from = steps
	}
}

// inside says that the next lines are made of what a key of that value has.
func (w *tomlWriter) inside(name string) {
	if w.places != nil {
		w.places.from = append(slices.Clone(w.places.from), key(name))
	}
}

func (w *tomlWriter) text(key, text string) {
	if text != "" {
		w.keyLine(key, tomlString(text))
	}
}

func (w *tomlWriter) texts(key string, texts []string) {
	if len(texts) > 0 {
		w.keyLine(key, tomlStrings(texts))
	}
}

func (w *tomlWriter) textMap(key string, texts map[string]string) {
	if len(texts) == 0 {
		return
	}
	var fields []pair
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		fields = append(fields, pair{name, tomlString(texts[name])})
	}
	w.keyLine(key, inlineTable(fields))
}

// values writes the keys of an object.
func (w *tomlWriter) values(v Values, at string) {
	for _, key := range slices.Sorted(maps.Keys(v)) {
		w.value(key, v[key], join(at, key))
	}
}

// value writes a key, unless it is null, which is to say that it is not there.
func (w *tomlWriter) value(key string, value any, at string) {
	if value == nil {
		return
	}
	text, err := tomlValue(value)
	if err != nil {
		w.fail(at, err)
	}
	w.keyLine(key, text)
}

// pair is a key with the text of its value.
type pair struct{ key, value string }

func inlineTable(fields []pair) string {
	texts := make([]string, len(fields))
	for i, f := range fields {
		texts[i] = tomlKey(f.key) + " = " + f.value
	}
	return "{ " + strings.Join(texts, ", ") + " }"
}

func tomlKey(key string) string {
	if isPlainKey(key) {
		return key
	}
	return tomlString(key)
}

func tomlStrings(texts []string) string {
	quoted := make([]string, len(texts))
	for i, text := range texts {
		quoted[i] = tomlString(text)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// tomlString writes a basic string.
func tomlString(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteRune('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
