// Witgen makes Go of WIT: interfaces for hosts to implement, and the code that carries values
// between Go and the memory of guests, without reflection.
//
// # Describe an interface, and generate
//
// Write WIT into a folder wit, and a go:generate line beside the documentation of a Go package:
//
//	// Package geo tells guests where places are.
//	package geo
//
//	//go:generate go run github.com/spinhost/spin/hostapi/witgen
//
// go generate then writes one Go file for each interface, NAME_gen.go, and abi_gen.go. The same
// WIT always gives the same files; generated files that are not needed any more are removed. What
// witgen cannot do it refuses with file, line and column, all faults at once. The options are
//
//	-wit DIR,...         folders of WIT packages, each with its deps; DIR/... means DIR and every folder below it; wit if left out
//	-package ID          the WIT package, such as wasi:http@0.3.0; may be left out if the folders hold one
//	-interfaces NAME,... the interfaces that a host implements; by default all but those of -exports; "none" for none
//	-exports NAME,...    the interfaces that guests implement and a host calls
//	-go NAME             the name of the Go package; by default that of the Go files in the folder, or of the WIT package
//	-o DIR               where the files go; by default the current folder
//	-use ID=PATH,...     where the Go packages are that were generated from other WIT packages or single interfaces
//	-same ID=PATH,...    where those are that were generated from other versions of the WIT package
//
// # Implement
//
// For an interface that a host implements there is a Go interface with a method for each
// function that is no method of a resource, one Go interface for each resource, and a function
// ServeNAME that makes an [abi.Interface] of an implementation. Each method gets a context first,
// which has the values of the one with which the guest was called and ends when the guest does not
// want the result any more. What methods take and return is
//
//	bool, s8 to u64, f32, f64    bool, int8 to uint64, float32, float64
//	char, string                 rune, string
//	list<u8>, list<T>            []byte, []T
//	map<K, V>                    []abi.Tuple2[K, V]
//	option<T>                    abi.Option[T]
//	tuple<A, B, ...>             abi.Tuple2[A, B], and so on up to eight
//	record                       a struct
//	enum, flags                  a type with constants
//	variant                      a struct with a constructor and an accessor for each case
//	result<T, E> as a result     T and an error; abi.Result[T, E] elsewhere
//	own and borrow of a resource the Go interface of the resource: the very value that the host has given
//	stream<u8>                   *abi.ByteReader from guests, io.ReadCloser to them
//	stream<T>                    *abi.Reader[T] from guests, abi.Elements[T] to them
//	future<T>                    *abi.Future[T] from guests, *abi.Promise[T] to them
//
// To answer the error case of a result, return a value of the Go type of E, which implements
// error, or abi.Err[E] where E has no name of its own; every other error traps the guest. Values
// that come from a guest are copies and belong to whoever gets them, who has to close streams and
// futures. Resources that have something to do when guests drop them implement [abi.Dropper]; what
// a guest gives away with a call that then cannot be served is dropped or closed.
//
// Async functions run on goroutines and may block. Others are called in place, while the guest
// stands still, and must not block, but for those marked @blocking, which run on goroutines too;
// either way the guest is suspended without holding a thread. A function in place that finds that
// it would have to wait returns [abi.WaitFor], and is called again, if it takes no own handles,
// streams or futures. The documentation of the Go interface tells which is which.
//
// A line of its own in the documentation of WIT tells witgen more, and is left out of the
// generated documentation:
//
//	@blocking  on a function that is not async: run the implementation on a goroutine, since it may block
//	@inline    on an async function: call the implementation in place; it must not block
//	@go Name   on anything: its name in Go
//
// # Register
//
// Package hostapi tells how apps get the implementation.
//
// # Several versions
//
// Guests get the interface in every compatible version, as semantic versions have it. If another
// version has all signatures alike, hostapi.Renamed serves it with the same implementation. If some
// differ, generate both with
//
//	//go:generate go run github.com/spinhost/spin/hostapi/witgen -wit ./wit/v1,./wit/v2 -package acme:geo@2.0.0 -same acme:geo@1.0.0=example.com/geo/v1
//
// in the newer package: types that both have alike are then the Go types of the older. The newer
// implementation embeds the older one, and has methods of its own for what differs:
//
//	type newer struct{ *older }
//
//	func (n newer) Find(ctx context.Context, name, country string) (v1.Place, error)
//
// # Call what guests implement
//
// For a function of an interface in -exports there is a struct: an [abi.Invocation]
// with the parameters and the result as fields.
//
// [abi.Interface]: https://pkg.go.dev/github.com/spinhost/spin/engine/abi#Interface
// [abi.Dropper]: https://pkg.go.dev/github.com/spinhost/spin/engine/abi#Dropper
// [abi.WaitFor]: https://pkg.go.dev/github.com/spinhost/spin/engine/abi#WaitFor
// [abi.Invocation]: https://pkg.go.dev/github.com/spinhost/spin/engine/abi#Invocation
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	c, err := parse(os.Args[1:], os.Stderr)
	if err == flag.ErrHelp {
		os.Exit(2)
	}
	if err == nil {
		err = c.run()
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "witgen: %v\n", err)
		os.Exit(1)
	}
}
