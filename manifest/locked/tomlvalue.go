package locked

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/spinhost/spin/internal/wording"
)

// tomlValue writes a value of the kinds that Parse makes on one line. Keys whose value
// is null are left out.
func tomlValue(value any) (string, error) {
	switch v := value.(type) {
	case string:
		return tomlString(v), nil
	case bool:
		return strconv.FormatBool(v), nil
	case json.Number:
		return tomlNumber(v)
	case []any:
		items := make([]string, len(v))
		for i, item := range v {
			var err error
			if items[i], err = tomlValue(item); err != nil {
				return "[]", err
			}
		}
		return "[" + strings.Join(items, ", ") + "]", nil
	case map[string]any:
		var fields []pair
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if v[key] == nil {
				continue
			}
			text, err := tomlValue(v[key])
			if err != nil {
				return "{}", err
			}
			fields = append(fields, pair{key, text})
		}
		return inlineTable(fields), nil
	}
	return `""`, fmt.Errorf("%w: an array with null: remove it", ErrManifest)
}

// tomlNumber writes an integer or a float.
func tomlNumber(n json.Number) (string, error) {
	text := n.String()
	if !strings.ContainsAny(text, ".eE") {
		if _, err := n.Int64(); err != nil {
			return "0", fmt.Errorf("%w: the integer %s is out of range", ErrManifest, wording.Quote(text))
		}
		return text, nil
	}
	if _, err := n.Float64(); err != nil {
		return "0", fmt.Errorf("%w: the number %s is out of range", ErrManifest, wording.Quote(text))
	}
	return text, nil
}
