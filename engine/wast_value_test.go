package engine_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"

	"github.com/spinhost/spin/engine/value"
)

// wastValue is a component value in a script.
type wastValue struct {
	Type  string
	Value json.RawMessage
}

// value returns the Go form of v.
func (v wastValue) value() (any, error) {
	switch v.Type {
	case "bool":
		var b bool
		return b, json.Unmarshal(v.Value, &b)
	case "string", "char", "enum":
		var s string
		err := json.Unmarshal(v.Value, &s)
		switch v.Type {
		case "char":
			return value.Char([]rune(s)[0]), err
		case "enum":
			return value.Enum(s), err
		}
		return s, err
	case "list", "tuple":
		return v.sequence()
	case "record":
		return v.record()
	case "variant":
		var x struct {
			Case    string
			Payload *wastValue
		}
		err := json.Unmarshal(v.Value, &x)
		if err != nil {
			return nil, err
		}
		payload, err := x.Payload.optional()
		return value.Variant{Case: x.Case, Value: payload}, err
	case "option":
		var x *wastValue
		if err := json.Unmarshal(v.Value, &x); err != nil || x == nil {
			return value.Option{}, err
		}
		some, err := x.value()
		return value.Some(some), err
	case "result":
		return v.result()
	case "flags":
		f := value.Flags{}
		return f, json.Unmarshal(v.Value, &f)
	}
	return v.number()
}

func (v *wastValue) optional() (any, error) {
	if v == nil {
		return nil, nil
	}
	return v.value()
}

func (v wastValue) sequence() (any, error) {
	var xs []wastValue
	if err := json.Unmarshal(v.Value, &xs); err != nil {
		return nil, err
	}
	out := make([]any, len(xs))
	bytes := make([]byte, 0, len(xs))
	for i, x := range xs {
		var err error
		if out[i], err = x.value(); err != nil {
			return nil, err
		}
		if b, ok := out[i].(byte); ok {
			bytes = append(bytes, b)
		}
	}
	switch {
	case v.Type == "tuple":
		return value.Tuple(out), nil
	case len(xs) > 0 && len(bytes) == len(xs):
		return bytes, nil
	}
	return out, nil
}

// noBytes gives an empty list one form: a script does not say whether it is one of bytes.
func noBytes(v any) any {
	switch v := v.(type) {
	case []byte:
		if len(v) == 0 {
			return []any{}
		}
	case []any:
		for i := range v {
			v[i] = noBytes(v[i])
		}
	}
	return v
}

func (v wastValue) record() (any, error) {
	var fields [][2]json.RawMessage
	if err := json.Unmarshal(v.Value, &fields); err != nil {
		return nil, err
	}
	r := make(value.Record, len(fields))
	for i, f := range fields {
		var x wastValue
		err := json.Unmarshal(f[0], &r[i].Name)
		if err == nil {
			err = json.Unmarshal(f[1], &x)
		}
		if err == nil {
			r[i].Value, err = x.value()
		}
		if err != nil {
			return nil, err
		}
	}
	return r, nil
}

func (v wastValue) result() (any, error) {
	var cases map[string]*wastValue
	if err := json.Unmarshal(v.Value, &cases); err != nil {
		return nil, err
	}
	for name, payload := range cases {
		x, err := payload.optional()
		return value.Result{OK: name == "Ok" || name == "ok", Value: x}, err
	}
	return nil, fmt.Errorf("empty result")
}

func (v wastValue) number() (any, error) {
	var s string
	if err := json.Unmarshal(v.Value, &s); err != nil {
		return nil, err
	}
	switch v.Type {
	case "u8":
		n, err := strconv.ParseUint(s, 10, 8)
		return uint8(n), err
	case "s8":
		n, err := strconv.ParseInt(s, 10, 8)
		return int8(n), err
	case "u16":
		n, err := strconv.ParseUint(s, 10, 16)
		return uint16(n), err
	case "s16":
		n, err := strconv.ParseInt(s, 10, 16)
		return int16(n), err
	case "u32":
		n, err := strconv.ParseUint(s, 10, 32)
		return uint32(n), err
	case "s32":
		n, err := strconv.ParseInt(s, 10, 32)
		return int32(n), err
	case "u64":
		return strconv.ParseUint(s, 10, 64)
	case "s64":
		return strconv.ParseInt(s, 10, 64)
	case "f32":
		n, err := strconv.ParseUint(s, 10, 32)
		return math.Float32frombits(uint32(n)), err
	case "f64":
		n, err := strconv.ParseUint(s, 10, 64)
		return math.Float64frombits(n), err
	}
	return nil, fmt.Errorf("unknown type %q of a value", v.Type)
}
