package sqlite

import (
	"errors"

	"github.com/spinhost/spin/engine/abi"
	v1 "github.com/spinhost/spin/hostapi/sqlite/v1"
	v2 "github.com/spinhost/spin/hostapi/sqlite/v2"
)

// variant is the type of values of a version.
type variant interface {
	Integer() (int64, bool)
	Real() (float64, bool)
	Text() (string, bool)
	Blob() ([]byte, bool)
}

// values are parameters of any version.
func values[V variant](list []V) []Value {
	return mapped(list, func(v V) Value {
		if x, ok := v.Integer(); ok {
			return Integer(x)
		}
		if x, ok := v.Real(); ok {
			return Real(x)
		}
		if x, ok := v.Text(); ok {
			return Text(x)
		}
		if x, ok := v.Blob(); ok {
			return Blob(x)
		}
		return Null()
	})
}

// mapped makes a list of another.
func mapped[A, B any](list []A, f func(A) B) []B {
	r := make([]B, len(list))
	for i, v := range list {
		r[i] = f(v)
	}
	return r
}

func value1(v Value) v1.Value {
	return build(v, v1.ValueInteger, v1.ValueReal, v1.ValueText, v1.ValueBlob, v1.ValueNull)
}

func value2(v Value) v2.Value {
	return build(v, v2.ValueInteger, v2.ValueReal, v2.ValueText, v2.ValueBlob, v2.ValueNull)
}

// build makes a value of another version.
func build[V any](v Value, integer func(int64) V, real func(float64) V, text func(string) V, blob func([]byte) V, null func() V) V {
	if x, ok := v.Integer(); ok {
		return integer(x)
	}
	if x, ok := v.Real(); ok {
		return real(x)
	}
	if x, ok := v.Text(); ok {
		return text(x)
	}
	if x, ok := v.Blob(); ok {
		return blob(x)
	}
	return null()
}

// known makes error cases of errors, except of those that trap.
func known(err error) error {
	if errors.Is(err, abi.ErrTrap) {
		return err
	}
	return fault(err)
}

func known1(err error) error {
	if errors.Is(err, abi.ErrTrap) {
		return err
	}
	return fault1(err)
}

func known2(err error) error {
	if errors.Is(err, abi.ErrTrap) {
		return err
	}
	return fault2(err)
}
