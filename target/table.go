package target

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spinhost/spin/internal/tomltree"
	"github.com/spinhost/spin/internal/wording"
)

// table reads the keys of a TOML table and collects what is wrong with them.
type table struct {
	*document
	m    map[string]any
	path string
}

func (t table) key(name string) string { return tomltree.Path(t.path, name) }

// fault reports what is wrong with the value of a key.
func (t table) fault(key string, cause error, format string, args ...any) {
	t.faultAt(t.key(key), cause, format, args...)
}

func (t table) faultAt(path string, cause error, format string, args ...any) {
	pos, ok := t.places[path+"="] // of the value, if it is a scalar
	if !ok {
		pos = t.at(path)
	}
	t.add(pos, path, cause, format, args...)
}

// check reports keys that the table cannot have.
func (t table) check(known ...string) {
	for _, key := range slices.Sorted(maps.Keys(t.m)) {
		if !slices.Contains(known, key) {
			t.add(t.at(t.key(key)), t.key(key), ErrUnknownKey, "unknown key %s: remove it, or write one of %s", wording.Quote(key), strings.Join(known, ", "))
		}
	}
}

// require reports a key that is absent.
func (t table) require(key, fix string) {
	if _, ok := t.m[key]; !ok {
		t.add(t.at(t.path), t.path, ErrMissingKey, "the key %q is missing: %s", key, fix)
	}
}

func (t table) wrongKind(path string, value any, want string) {
	t.faultAt(path, nil, "must be %s, not %s", want, kindOf(value))
}

func kindOf(value any) string {
	switch value.(type) {
	case string:
		return "a string"
	case bool:
		return "a boolean"
	case int64:
		return "an integer"
	case float64:
		return "a float"
	case []any:
		return "an array"
	case map[string]any:
		return "a table"
	case fmt.Stringer:
		return "a date or time"
	}
	return "something else"
}

// table returns the table of a key.
func (t table) table(key string) (table, bool) {
	value, ok := t.m[key]
	if !ok {
		return table{}, false
	}
	m, ok := value.(map[string]any)
	if !ok {
		t.wrongKind(t.key(key), value, "a table")
	}
	return table{t.document, m, t.key(key)}, ok
}

func (t table) text(key string) string {
	value, ok := t.m[key]
	if !ok {
		return ""
	}
	text, ok := value.(string)
	if !ok {
		t.wrongKind(t.key(key), value, "a string")
	}
	return text
}

// array returns the elements of a key.
func (t table) array(key, want string) []any {
	value, ok := t.m[key]
	if !ok {
		return nil
	}
	list, ok := value.([]any)
	if !ok {
		t.wrongKind(t.key(key), value, want)
	}
	return list
}

func (t table) texts(key string) []string {
	var texts []string
	for i, item := range t.array(key, "an array of strings") {
		text, ok := item.(string)
		if !ok {
			t.wrongKind(index(t.key(key), i), item, "a string")
			continue
		}
		texts = append(texts, text)
	}
	return texts
}
