package keyvalue

import (
	"context"
	"errors"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi/keyvalue/wasi"
)

// wasiAPI implements store, batch and atomics of wasi:keyvalue.
type wasiAPI struct{ g *grant }

type (
	wasiBucket struct{ *bucket }
	wasiCAS    struct{ *cas }
)

var (
	_ wasi.Store   = wasiAPI{}
	_ wasi.Batch   = wasiAPI{}
	_ wasi.Atomics = wasiAPI{}
	_ wasi.Bucket  = wasiBucket{}
	_ abi.Dropper  = wasiBucket{}
	_ wasi.Cas     = wasiCAS{}
	_ abi.Dropper  = wasiCAS{}
)

var errCursor = errors.New("list_keys: cursor not supported")

// errorWASI says an error in the words of wasi:keyvalue; nil stays nil.
func errorWASI(err error) error {
	if err == nil {
		return nil
	}
	return caseWASI(err)
}

func caseWASI(err error) wasi.Error {
	switch {
	case errors.Is(err, ErrDenied):
		return wasi.ErrorAccessDenied()
	case errors.Is(err, ErrNoStore):
		return wasi.ErrorNoSuchStore()
	}
	return wasi.ErrorOther(text(err))
}

// Open implements wasi.Store.
func (a wasiAPI) Open(ctx context.Context, identifier string) (wasi.Bucket, error) {
	b, err := a.g.open(ctx, identifier)
	if err != nil {
		return nil, errorWASI(err)
	}
	return wasiBucket{b}, nil
}

// Get implements wasi.Bucket.
func (b wasiBucket) Get(ctx context.Context, key string) (abi.Option[[]byte], error) {
	v, err := b.get(ctx, key)
	return v, errorWASI(err)
}

// Set implements wasi.Bucket.
func (b wasiBucket) Set(ctx context.Context, key string, value []byte) error {
	return errorWASI(b.set(ctx, key, value))
}

// Delete implements wasi.Bucket.
func (b wasiBucket) Delete(ctx context.Context, key string) error {
	return errorWASI(b.delete(ctx, key))
}

// Exists implements wasi.Bucket.
func (b wasiBucket) Exists(ctx context.Context, key string) (bool, error) {
	ok, err := b.exists(ctx, key)
	return ok, errorWASI(err)
}

// ListKeys implements wasi.Bucket.
func (b wasiBucket) ListKeys(ctx context.Context, cursor abi.Option[string]) (wasi.KeyResponse, error) {
	if cursor.OK {
		return wasi.KeyResponse{}, errorWASI(errCursor)
	}
	keys, err := b.keys(ctx)
	return wasi.KeyResponse{Keys: keys}, errorWASI(err)
}

// GetMany implements wasi.Batch.
func (wasiAPI) GetMany(ctx context.Context, b wasi.Bucket, keys []string) ([]abi.Tuple2[string, abi.Option[[]byte]], error) {
	pairs, err := b.(wasiBucket).getMany(ctx, keys)
	list := make([]abi.Tuple2[string, abi.Option[[]byte]], len(pairs))
	for i, p := range pairs {
		list[i].F0, list[i].F1 = p.Key, abi.Some(p.Value)
	}
	return list, errorWASI(err)
}

// SetMany implements wasi.Batch.
func (wasiAPI) SetMany(ctx context.Context, b wasi.Bucket, list []abi.Tuple2[string, []byte]) error {
	pairs := make([]Pair, len(list))
	for i, p := range list {
		pairs[i] = Pair{p.F0, p.F1}
	}
	return errorWASI(b.(wasiBucket).setMany(ctx, pairs))
}

// DeleteMany implements wasi.Batch.
func (wasiAPI) DeleteMany(ctx context.Context, b wasi.Bucket, keys []string) error {
	return errorWASI(b.(wasiBucket).deleteMany(ctx, keys))
}

// Increment implements wasi.Atomics.
func (wasiAPI) Increment(ctx context.Context, b wasi.Bucket, key string, delta int64) (int64, error) {
	sum, err := b.(wasiBucket).increment(ctx, key, delta)
	return sum, errorWASI(err)
}

// CasNew implements wasi.Atomics.
func (wasiAPI) CasNew(_ context.Context, b wasi.Bucket, key string) (wasi.Cas, error) {
	c, err := b.(wasiBucket).newCAS(key)
	if err != nil {
		return nil, errorWASI(err)
	}
	return wasiCAS{c}, nil
}

// Current implements wasi.Cas.
func (c wasiCAS) Current(ctx context.Context) (abi.Option[[]byte], error) {
	v, err := c.current(ctx)
	return v, errorWASI(err)
}

// Drop implements abi.Dropper.
func (c wasiCAS) Drop() error {
	c.drop()
	return nil
}

// Swap implements wasi.Atomics.
func (wasiAPI) Swap(ctx context.Context, c wasi.Cas, value []byte) error {
	again, err := c.(wasiCAS).swap(ctx, value)
	switch {
	case err != nil:
		return wasi.CasErrorStoreError(caseWASI(err))
	case again != nil:
		return wasi.CasErrorCasFailed(wasiCAS{again})
	}
	return nil
}
