package locked

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/spinhost/spin/internal/wording"
	"github.com/spinhost/spin/manifest"
)

// table converts a table of TOML.
func (l *locker) table(t *manifest.Table) Values {
	v := make(Values)
	for key, value := range t.Values() {
		converted, err := fromTOML(value)
		if err != nil {
			l.fail(t.KeyPos(key), fmt.Errorf("%s: %w", wording.Quote(key), err))
		}
		v[key] = converted
	}
	return v
}

// fromTOML converts a value as the TOML library gives it. Dates and times become
// strings.
func fromTOML(value any) (any, error) {
	switch v := value.(type) {
	case string, bool:
		return v, nil
	case int64:
		return json.Number(strconv.FormatInt(v, 10)), nil
	case float64:
		if math.IsInf(v, 0) || math.IsNaN(v) {
			return nil, fmt.Errorf("%w: JSON has no %v: write a number", ErrValue, v)
		}
		text := strconv.FormatFloat(v, 'g', -1, 64)
		if !strings.ContainsAny(text, ".e") {
			text += ".0" // it stays a float
		}
		return json.Number(text), nil
	case []any:
		list := make([]any, len(v))
		var errs []error
		for i, item := range v {
			var err error
			list[i], err = fromTOML(item)
			errs = append(errs, err)
		}
		return list, errors.Join(errs...)
	case map[string]any:
		m := make(map[string]any, len(v))
		var errs []error
		for key, item := range v {
			var err error
			m[key], err = fromTOML(item)
			errs = append(errs, err)
		}
		return m, errors.Join(errs...)
	case time.Time:
		return v.Format(time.RFC3339Nano), nil
	case fmt.Stringer:
		return v.String(), nil
	}
	return nil, fmt.Errorf("%w: it is of the unknown type %T", ErrValue, value)
}
