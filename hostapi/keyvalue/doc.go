// Package keyvalue implements the key-value stores of Spin: what guests import as
// fermyon:spin/key-value, without a version and as 2.0.0, spin:key-value/key-value@3.0.0, and
// store, batch and atomics of wasi:keyvalue@0.2.0-draft2. All show the same stores.
package keyvalue
