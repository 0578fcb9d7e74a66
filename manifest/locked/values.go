package locked

import "slices"

// Values are JSON values by key: nil, bool, json.Number, string, []any and
// map[string]any where they come from [Parse]. Whatever json.Marshal takes can be
// put in.
type Values map[string]any

// Has reports whether there is a value for a key, be it null.
func (v Values) Has(key string) bool {
	_, ok := v[key]
	return ok
}

// String returns the string of a key, empty if there is none.
func (v Values) String(key string) string {
	s, _ := v[key].(string)
	return s
}

// Strings returns the strings of a key whose value is an array of strings. The
// slice is the caller's.
func (v Values) Strings(key string) []string {
	switch list := v[key].(type) {
	case []string:
		return slices.Clone(list)
	case []any:
		var texts []string
		for _, item := range list {
			if s, ok := item.(string); ok {
				texts = append(texts, s)
			}
		}
		return texts
	}
	return nil
}

// Object returns the object of a key, nil if there is none. It is not copied.
func (v Values) Object(key string) Values {
	switch m := v[key].(type) {
	case Values:
		return m
	case map[string]any:
		return m
	}
	return nil
}

// clone copies v and the arrays and objects in it, as far as they are of the types
// that Parse makes.
func (v Values) clone() Values {
	if v == nil {
		return nil
	}
	m := make(Values, len(v))
	for k, value := range v {
		m[k] = cloneValue(value)
	}
	return m
}

func cloneValue(v any) any {
	switch v := v.(type) {
	case Values:
		return v.clone()
	case map[string]any:
		return map[string]any(Values(v).clone())
	case []string:
		return slices.Clone(v)
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = cloneValue(item)
		}
		return list
	}
	return v
}
