// Package abi is what host functions and generated code see of a guest: its memory, its
// handles, its streams and futures. It knows no wasm runtime, so whatever is written against
// it can be built and tested without one.
//
// A host function is a [Func]. Its Serve gets a [Call], from which it lifts the parameters,
// and answers in one of three ways: at once, with Call.Return or by storing to Call.Result;
// later, with Call.Go, from a goroutine; or, if it is not async in its type, by failing with
// [WaitFor], which has it called again when something is ready. Code that lifts and lowers
// is usually generated from WIT; what a host author meets are the types in the signatures of
// that code:
//
//   - stream<u8> to the host: [ByteReader], an io.ReadCloser; to the guest: any
//     io.ReadCloser
//   - stream<T> to the host: [Reader]; to the guest: [Elements], for example [Slice]
//   - future<T> to the host: [Future]; to the guest: [Promise]
//   - option, result, tuples and variants: see [Option], [Result] and [Tuple2]
//   - resources of the host: any Go value, perhaps a [Dropper]; [Resource] for those of
//     guests
//
// Everything that a guest says is checked before it is used: a Guest remembers the first rule
// that was broken, later operations do nothing, and the call traps.
package abi
