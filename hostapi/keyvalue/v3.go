package keyvalue

import (
	"context"
	"errors"

	"github.com/spinhost/spin/engine/abi"
	v3 "github.com/spinhost/spin/hostapi/keyvalue/v3"
)

// api3 implements spin:key-value/key-value@3.0.0.
type api3 struct{ g *grant }

// store3 is a store as that has it.
type store3 struct{ *bucket }

var (
	_ v3.KeyValue = api3{}
	_ v3.Store    = store3{}
	_ abi.Dropper = store3{}
)

// error3 says an error in the words of version 3; nil stays nil.
func error3(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrDenied):
		return v3.ErrorAccessDenied()
	case errors.Is(err, ErrNoStore):
		return v3.ErrorNoSuchStore()
	case errors.Is(err, errTooMany):
		return v3.ErrorStoreTableFull()
	}
	return v3.ErrorOther(text(err))
}

// StoreOpen implements v3.KeyValue.
func (a api3) StoreOpen(ctx context.Context, label string) (v3.Store, error) {
	b, err := a.g.open(ctx, label)
	if err != nil {
		return nil, error3(err)
	}
	return store3{b}, nil
}

// Get implements v3.Store.
func (s store3) Get(ctx context.Context, key string) (abi.Option[[]byte], error) {
	v, err := s.get(ctx, key)
	return v, error3(err)
}

// Set implements v3.Store.
func (s store3) Set(ctx context.Context, key string, value []byte) error {
	return error3(s.set(ctx, key, value))
}

// Delete implements v3.Store.
func (s store3) Delete(ctx context.Context, key string) error { return error3(s.delete(ctx, key)) }

// Exists implements v3.Store.
func (s store3) Exists(ctx context.Context, key string) (bool, error) {
	ok, err := s.exists(ctx, key)
	return ok, error3(err)
}

// GetKeys implements v3.Store.
func (s store3) GetKeys(context.Context) (abi.Tuple2[abi.Elements[string], *abi.Promise[abi.Result[abi.None, v3.Error]]], error) {
	end := abi.NewPromise[abi.Result[abi.None, v3.Error]]()
	keys := &keyStream{b: s.bucket, done: func(err error) {
		if e, ok := error3(err).(v3.Error); ok {
			end.Resolve(abi.Failure[abi.None](e))
			return
		}
		end.Resolve(abi.Result[abi.None, v3.Error]{})
	}}
	return abi.Tuple2[abi.Elements[string], *abi.Promise[abi.Result[abi.None, v3.Error]]]{F0: keys, F1: end}, nil
}
