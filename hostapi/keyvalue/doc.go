// Package keyvalue implements the key-value stores of Spin: what guests import as
// fermyon:spin/key-value, without a version and as 2.0.0, as spin:key-value/key-value@3.0.0, and
// as store, batch and atomics of wasi:keyvalue@0.2.0-draft2. All show the same stores.
//
// # Keep values
//
// [Memory] is a store in memory. [OpenFile] opens a SQLite database with any number of stores,
// in the layout of Spin's own:
//
//	f, err := keyvalue.OpenFile(".spin/sqlite_key_value.db", nil)
//	defer f.Close()
//	err = f.Store("default").Set(ctx, "greeting", []byte("hello"))
//
// Several processes can use one file at once. What was acknowledged is there after a process was
// killed or a disk was full; [File] says what a loss of power can take.
//
// # Bring a store of one's own
//
// Any [Store] will do, in the same place as those here. What it can do in one step beyond that
// it says by implementing [Batcher], [Incrementer] and [Swapper].
//
// # Give stores to guests
//
// [Stores] has the stores of an app by label. [Provide] grants a component some of the labels,
// before the interfaces that [Interfaces] lists are bound for it. All others are denied to it,
// whether they exist or not.
//
// # What guests cannot do
//
// One call returns no more than [MaxResult] bytes. An instance has no more than [MaxOpen] stores
// and as many compare-and-swap operations open; what these have seen takes no more than
// MaxResult bytes. A stream of keys is about 1 MiB ahead of the guest at most. Listing keys locks
// nothing, so that a guest can use a store while it reads its keys.
package keyvalue
