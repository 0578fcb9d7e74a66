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
	written map[*Component]bool // those whose trigger dependencies stand at a trigger
	errs    []error
}

func (w *tomlWriter) fail(at string, err error) {
	w.errs = append(w.errs, &PathError{at, err})
}

func (w *tomlWriter) line(text string) { w.b.WriteString(text + "\n") }

func (w *tomlWriter) text(key, text string) {
	if text != "" {
		w.line(tomlKey(key) + " = " + tomlString(text))
	}
}

func (w *tomlWriter) texts(key string, texts []string) {
	if len(texts) > 0 {
		w.line(tomlKey(key) + " = " + tomlStrings(texts))
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
	w.line(tomlKey(key) + " = " + inlineTable(fields))
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
	w.line(tomlKey(key) + " = " + text)
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
