package keyvalue

import (
	"context"
	"errors"
	"strings"

	"github.com/spinhost/spin/engine/abi"
	v2 "github.com/spinhost/spin/hostapi/keyvalue/v2"
)

// api2 implements fermyon:spin/key-value@2.0.0.
type api2 struct{ g *grant }

// store2 is a store as that has it.
type store2 struct{ *bucket }

var (
	_ v2.KeyValue = api2{}
	_ v2.Store    = store2{}
	_ abi.Dropper = store2{}
)

// error2 says an error in the words of version 2; nil stays nil.
func error2(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrDenied):
		return v2.ErrorAccessDenied()
	case errors.Is(err, ErrNoStore):
		return v2.ErrorNoSuchStore()
	case errors.Is(err, errTooMany):
		return v2.ErrorStoreTableFull()
	}
	return v2.ErrorOther(text(err))
}

// text is the text of an error as guests can be given it.
func text(err error) string { return strings.ToValidUTF8(err.Error(), "\uFFFD") }

// StoreOpen implements v2.KeyValue.
func (a api2) StoreOpen(ctx context.Context, label string) (v2.Store, error) {
	b, err := a.g.open(ctx, label)
	if err != nil {
		return nil, error2(err)
	}
	return store2{b}, nil
}

// Get implements v2.Store.
func (s store2) Get(ctx context.Context, key string) (abi.Option[[]byte], error) {
	v, err := s.get(ctx, key)
	return v, error2(err)
}

// Set implements v2.Store.
func (s store2) Set(ctx context.Context, key string, value []byte) error {
	return error2(s.set(ctx, key, value))
}

// Delete implements v2.Store.
func (s store2) Delete(ctx context.Context, key string) error { return error2(s.delete(ctx, key)) }

// Exists implements v2.Store.
func (s store2) Exists(ctx context.Context, key string) (bool, error) {
	ok, err := s.exists(ctx, key)
	return ok, error2(err)
}

// GetKeys implements v2.Store.
func (s store2) GetKeys(ctx context.Context) ([]string, error) {
	keys, err := s.keys(ctx)
	return keys, error2(err)
}
