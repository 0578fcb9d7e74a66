package keyvalue

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync/atomic"
	"unicode/utf8"

	"github.com/spinhost/spin/engine/abi"
)

// bucket is an open store of a guest: what all versions of the interfaces have in common.
type bucket struct {
	store  Store
	limit  *limiter
	held   *held
	closed atomic.Bool
}

var (
	errNotUTF8     = errors.New("a key of the store is not UTF-8")
	errNoIncrement = errors.New("increment is not supported by this key-value store")
	errNoSwap      = errors.New("compare-and-swap is not supported by this key-value store")
)

// Drop implements abi.Dropper. Operations that run go on.
func (b *bucket) Drop() error {
	if !b.closed.Swap(true) {
		b.held.close()
	}
	return nil
}

// do runs an operation when there is a permit for it.
func do[T any](ctx context.Context, l *limiter, op func() (T, error)) (v T, err error) {
	if err := l.acquire(ctx); err != nil {
		return v, err
	}
	defer l.release()
	return op()
}

// none makes an operation of one without a result.
func none(op func() error) func() (abi.None, error) {
	return func() (v abi.None, err error) { return v, op() }
}

func (b *bucket) get(ctx context.Context, key string) (abi.Option[[]byte], error) {
	return do(ctx, b.limit, func() (v abi.Option[[]byte], err error) {
		if v.Value, v.OK, err = b.store.Get(ctx, key); err == nil && len(v.Value) > MaxResult {
			err = ErrTooLarge
		}
		return v, err
	})
}

func (b *bucket) set(ctx context.Context, key string, value []byte) error {
	_, err := do(ctx, b.limit, none(func() error { return b.store.Set(ctx, key, value) }))
	return err
}

func (b *bucket) delete(ctx context.Context, key string) error {
	_, err := do(ctx, b.limit, none(func() error { return b.store.Delete(ctx, key) }))
	return err
}

func (b *bucket) exists(ctx context.Context, key string) (bool, error) {
	return do(ctx, b.limit, func() (bool, error) { return b.store.Exists(ctx, key) })
}

// keys returns all keys at once.
func (b *bucket) keys(ctx context.Context) ([]string, error) {
	return do(ctx, b.limit, func() (list []string, err error) {
		size := 0
		for k, err := range valid(b.store.Keys(ctx)) {
			if err != nil {
				return nil, err
			}
			if size += len(k); size > MaxResult {
				return nil, ErrTooLarge
			}
			list = append(list, k)
		}
		return list, nil
	})
}

// valid yields keys, with an error in place of one that no guest can be given.
func valid(keys iter.Seq2[string, error]) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for k, err := range keys {
			switch {
			case err != nil:
			case !utf8.ValidString(k):
				err = errNotUTF8
			case len(k) > MaxResult:
				err = ErrTooLarge
			}
			if !yield(k, err) || err != nil {
				return
			}
		}
	}
}

// getMany returns those of the keys that are there, each once.
func (b *bucket) getMany(ctx context.Context, keys []string) (list []Pair, err error) {
	if len(keys) == 0 {
		return nil, nil
	}
	keys = slices.Clone(keys)
	slices.Sort(keys)
	keys = slices.Compact(keys)
	list, err = do(ctx, b.limit, func() ([]Pair, error) {
		if batch, ok := b.store.(Batcher); ok {
			return batch.GetMany(ctx, keys)
		}
		return oneByOne(ctx, b.store, keys)
	})
	size := 0
	for _, p := range list {
		size += len(p.Key) + len(p.Value)
	}
	if err == nil && size > MaxResult {
		return nil, ErrTooLarge
	}
	return list, err
}

func oneByOne(ctx context.Context, s Store, keys []string) (list []Pair, err error) {
	size := 0
	for _, k := range keys {
		v, ok, err := s.Get(ctx, k)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		if size += len(k) + len(v); size > MaxResult {
			return nil, ErrTooLarge
		}
		list = append(list, Pair{k, v})
	}
	return list, nil
}

func (b *bucket) setMany(ctx context.Context, pairs []Pair) error {
	if len(pairs) == 0 {
		return nil
	}
	_, err := do(ctx, b.limit, none(func() error {
		if batch, ok := b.store.(Batcher); ok {
			return batch.SetMany(ctx, pairs)
		}
		for _, p := range pairs {
			if err := b.store.Set(ctx, p.Key, p.Value); err != nil {
				return err
			}
		}
		return nil
	}))
	return err
}

func (b *bucket) deleteMany(ctx context.Context, keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	_, err := do(ctx, b.limit, none(func() error {
		if batch, ok := b.store.(Batcher); ok {
			return batch.DeleteMany(ctx, keys)
		}
		for _, k := range keys {
			if err := b.store.Delete(ctx, k); err != nil {
				return err
			}
		}
		return nil
	}))
	return err
}

func (b *bucket) increment(ctx context.Context, key string, delta int64) (int64, error) {
	counter, ok := b.store.(Incrementer)
	if !ok {
		return 0, errNoIncrement
	}
	return do(ctx, b.limit, func() (int64, error) { return counter.Increment(ctx, key, delta) })
}
