package variables

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi/variables/internal/config"
	"github.com/spinhost/spin/hostapi/variables/internal/spin1"
	"github.com/spinhost/spin/hostapi/variables/internal/spin2"
	"github.com/spinhost/spin/hostapi/variables/internal/spin3"
)

// The implementations of the interfaces. They differ in how an error is answered only.
type (
	v1    struct{ view }
	v2    struct{ view }
	v3    struct{ view }
	store struct{ view }
)

var (
	_ spin1.Config    = v1{}
	_ spin2.Variables = v2{}
	_ spin3.Variables = v3{}
	_ config.Store    = store{}
)

// GetConfig implements fermyon:spin/config.
func (v v1) GetConfig(ctx context.Context, key string) (string, error) {
	value, err := v.get(ctx, key)
	switch {
	case err == nil:
		return value, nil
	case errors.Is(err, ErrInvalidName):
		return "", spin1.ErrorInvalidKey(err.Error())
	case errors.Is(err, ErrUndefined):
		return "", spin1.ErrorProvider(err.Error())
	}
	return "", spin1.ErrorOther(err.Error())
}

// Get implements fermyon:spin/variables.
func (v v2) Get(ctx context.Context, name string) (string, error) {
	value, err := v.get(ctx, name)
	switch {
	case err == nil:
		return value, nil
	case errors.Is(err, ErrInvalidName):
		return "", spin2.ErrorInvalidName(err.Error())
	case errors.Is(err, ErrUndefined):
		return "", spin2.ErrorUndefined(err.Error())
	case unavailable(err):
		return "", spin2.ErrorProvider(err.Error())
	}
	return "", spin2.ErrorOther(err.Error())
}

// Get implements spin:variables.
func (v v3) Get(ctx context.Context, name string) (string, error) {
	value, err := v.get(ctx, name)
	switch {
	case err == nil:
		return value, nil
	case errors.Is(err, ErrInvalidName):
		return "", spin3.ErrorInvalidName(err.Error())
	case errors.Is(err, ErrUndefined):
		return "", spin3.ErrorUndefined(err.Error())
	case unavailable(err):
		return "", spin3.ErrorProvider(err.Error())
	}
	return "", spin3.ErrorOther(err.Error())
}

// Get implements wasi:config.
func (v store) Get(ctx context.Context, key string) (abi.Option[string], error) {
	value, err := v.get(ctx, key)
	switch {
	case err == nil:
		return abi.Some(value), nil
	case errors.Is(err, ErrInvalidName), errors.Is(err, ErrUndefined):
		return abi.Option[string]{}, nil
	}
	return abi.Option[string]{}, storeError(err)
}

// GetAll implements wasi:config.
func (v store) GetAll(ctx context.Context) ([]abi.Tuple2[string, string], error) {
	values, err := v.resolver.All(ctx, v.component)
	if err != nil {
		v.report(ctx, err)
		return nil, storeError(err)
	}
	var list []abi.Tuple2[string, string]
	for _, name := range slices.Sorted(maps.Keys(values)) {
		list = append(list, abi.Tuple2[string, string]{F0: name, F1: values[name].Reveal()})
	}
	return list, nil
}

func storeError(err error) error {
	if unavailable(err) {
		return config.ErrorUpstream(err.Error())
	}
	return config.ErrorIO(err.Error())
}

// unavailable reports whether it is for providers that a value is missing.
func unavailable(err error) bool {
	return errors.Is(err, ErrProvider) || errors.Is(err, ErrUnresolved)
}
