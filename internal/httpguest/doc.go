// Package httpguest plays guests in tests of HTTP: Go functions that call the functions of
// host interfaces by the Canonical ABI, with handles and addresses in a memory of their own, as
// compiled guests do. It needs no engine.
package httpguest
