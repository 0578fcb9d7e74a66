package keyvalue

import (
	"context"
	"errors"
	"sync"

	"github.com/spinhost/spin/engine/abi"
	v1 "github.com/spinhost/spin/hostapi/keyvalue/v1"
)

// api1 implements fermyon:spin/key-value. It is one for each component, and for each that
// another one depends on: the numbers of one mean nothing to the other.
type api1 struct{ g *grant }

var _ v1.KeyValue = (*api1)(nil)

// table has the open stores of an instance, by number.
type table struct {
	mu   sync.Mutex
	open map[uint32]*bucket
	next uint32
}

var (
	errInvalid = errors.New("the number is of no open store")
	errNoKey   = errors.New("the store has nothing under the key")
)

// error1 says an error in the words of version 1; nil stays nil.
func error1(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrDenied):
		return v1.ErrorAccessDenied()
	case errors.Is(err, ErrNoStore):
		return v1.ErrorNoSuchStore()
	case errors.Is(err, errTooMany):
		return v1.ErrorStoreTableFull()
	case err == errInvalid:
		return v1.ErrorInvalidStore()
	case err == errNoKey:
		return v1.ErrorNoSuchKey()
	}
	return v1.ErrorIO(text(err))
}

// table returns that of the instance that calls.
func (a *api1) table(ctx context.Context) (*table, error) {
	l, ok := abi.LocalsOf(ctx)
	if !ok {
		return nil, errors.New("the host function was called without an instance")
	}
	return l.Get(a, func() any { return &table{open: map[uint32]*bucket{}} }).(*table), nil
}

// add gives a store a number that no open one has. Numbers are not given again before all
// others were.
func (t *table) add(b *bucket) uint32 {
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.open[t.next] != nil { // ends: no more than MaxOpen are open
		t.next++
	}
	n := t.next
	t.open[n] = b
	t.next++
	return n
}

func (t *table) remove(n uint32) *bucket {
	t.mu.Lock()
	defer t.mu.Unlock()
	b := t.open[n]
	delete(t.open, n)
	return b
}

// bucket returns the store with that number.
func (a *api1) bucket(ctx context.Context, n uint32) (*bucket, error) {
	t, err := a.table(ctx)
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if b := t.open[n]; b != nil {
		return b, nil
	}
	return nil, errInvalid
}

// Open implements v1.KeyValue.
func (a *api1) Open(ctx context.Context, name string) (v1.Store, error) {
	t, err := a.table(ctx)
	if err != nil {
		return 0, err
	}
	b, err := a.g.open(ctx, name)
	if err != nil {
		return 0, error1(err)
	}
	return t.add(b), nil
}

// Get implements v1.KeyValue.
func (a *api1) Get(ctx context.Context, store v1.Store, key string) ([]byte, error) {
	b, err := a.bucket(ctx, store)
	if err != nil {
		return nil, error1(err)
	}
	v, err := b.get(ctx, key)
	if err == nil && !v.OK {
		err = errNoKey
	}
	return v.Value, error1(err)
}

// Set implements v1.KeyValue.
func (a *api1) Set(ctx context.Context, store v1.Store, key string, value []byte) error {
	b, err := a.bucket(ctx, store)
	if err == nil {
		err = b.set(ctx, key, value)
	}
	return error1(err)
}

// Delete implements v1.KeyValue.
func (a *api1) Delete(ctx context.Context, store v1.Store, key string) error {
	b, err := a.bucket(ctx, store)
	if err == nil {
		err = b.delete(ctx, key)
	}
	return error1(err)
}

// Exists implements v1.KeyValue.
func (a *api1) Exists(ctx context.Context, store v1.Store, key string) (ok bool, err error) {
	b, err := a.bucket(ctx, store)
	if err == nil {
		ok, err = b.exists(ctx, key)
	}
	return ok, error1(err)
}

// GetKeys implements v1.KeyValue.
func (a *api1) GetKeys(ctx context.Context, store v1.Store) (keys []string, err error) {
	b, err := a.bucket(ctx, store)
	if err == nil {
		keys, err = b.keys(ctx)
	}
	return keys, error1(err)
}

// Close implements v1.KeyValue.
func (a *api1) Close(ctx context.Context, store v1.Store) error {
	t, err := a.table(ctx)
	if err != nil {
		return err
	}
	if b := t.remove(store); b != nil {
		return b.Drop()
	}
	return nil
}
