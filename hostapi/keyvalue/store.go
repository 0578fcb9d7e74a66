package keyvalue

import (
	"context"
	"errors"
	"iter"
)

// MaxResult is how many bytes one call of a guest returns at most, in keys and values: 128 MiB.
const MaxResult = 128 << 20

// Errors of stores, for errors.Is.
var (
	// ErrTooLarge says that a result is larger than MaxResult.
	ErrTooLarge = errors.New("query result exceeds limit of 134217728 bytes")
	// ErrNoStore says that nothing is configured under a label.
	ErrNoStore = errors.New("no such key-value store")
	// ErrNotNumber says that a value that is to be incremented is no number of this store.
	ErrNotNumber = errors.New("the value is not a number of 8 bytes, as increment stores it")
	// ErrOverflow says that the sum of an increment is no 64-bit number.
	ErrOverflow = errors.New("the incremented number would not fit into 64 bits")
	// ErrClosed says that a store was closed.
	ErrClosed = errors.New("the key-value store was closed")
)

// Store is one key-value store. Keys are any text in UTF-8, values any bytes; both may be empty.
// Its methods are called by several goroutines at once, and return when ctx ends or soon after.
// Errors are told to the guest by their text.
//
// Stores can do more in one step by implementing [Batcher], [Incrementer] and [Swapper].
type Store interface {
	// Get returns the value under a key, and whether there is one. The value belongs to the
	// caller. A value that is larger than MaxResult gives ErrTooLarge.
	Get(ctx context.Context, key string) (value []byte, ok bool, err error)
	// Set puts a value under a key, and keeps no reference to it. When it returns nil the value
	// is stored as safely as the store ever does.
	Set(ctx context.Context, key string, value []byte) error
	// Delete removes a key. One that is not there is no error.
	Delete(ctx context.Context, key string) error
	// Exists reports whether a value is there under a key.
	Exists(ctx context.Context, key string) (bool, error)
	// Keys yields every key once, in any order. An error is the last that it yields. Keys that
	// come or go meanwhile may be among them or not. While the loop's body runs, nothing is
	// locked: it may use the store, or take its time.
	Keys(ctx context.Context) iter.Seq2[string, error]
}

// Pair is a key with its value.
type Pair struct {
	Key   string
	Value []byte
}

// Batcher is a Store that works on many keys in one step. The same is done one key after the
// other with a store that is none.
type Batcher interface {
	// GetMany returns those of the keys that are there, in any order. Keys and values that
	// take more than MaxResult bytes together give ErrTooLarge.
	GetMany(ctx context.Context, keys []string) ([]Pair, error)
	// SetMany puts all values under their keys, of the same keys the last ones. If it fails,
	// none should be stored.
	SetMany(ctx context.Context, pairs []Pair) error
	// DeleteMany removes those of the keys that are there. If it fails, none should be removed.
	DeleteMany(ctx context.Context, keys []string) error
}

// Incrementer is a Store that counts. Guests that count with another one get an error, since
// reading and writing one after the other would lose counts.
type Incrementer interface {
	// Increment adds delta to the number under a key, which is 0 if nothing is there, and
	// returns the sum. Of increments at the same time, none is lost. Errors are ErrNotNumber
	// and ErrOverflow, which leave the value as it was, and those of the store.
	Increment(ctx context.Context, key string, delta int64) (int64, error)
}

// Swapper is a Store that replaces values of which the caller knows that they are still the
// same. Guests that swap with another one get an error.
type Swapper interface {
	// CompareAndSwap puts a value under a key if what is there is old, or if nothing is there
	// and exists is false. It reports whether it did.
	CompareAndSwap(ctx context.Context, key string, old []byte, exists bool, value []byte) (swapped bool, err error)
}
