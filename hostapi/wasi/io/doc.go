// Package io implements wasi:io 0.2 and gives other host interfaces the parts that its
// resources are made of.
//
// # Streams
//
// [NewInputStream] lets a guest read what an io.ReadCloser yields, [NewOutputStream] lets it
// write to an io.Writer. Both work on goroutines of their own, started only while there is
// something to do, because the functions of wasi:io run on the goroutine that drives the guest.
// [NewPipe] joins a guest's output-stream to a Go reader with a bounded buffer between them.
// Anything else is a [Source] or a [Sink] of one's own.
//
// # Pollables
//
// [NewPollable] makes a resource of any [abi.Pollable]. An [Event] is one that becomes ready
// once; [Waiters] is the part of a Pollable that remembers whom to wake.
//
// # Parents and children
//
// Guests must drop a pollable before the stream that it came from, a stream before the body it
// belongs to, and so on. [Children] counts; a guest that does it in the wrong order is ended.
//
// # Concurrency
//
// Resources belong to one guest and are used on the goroutine that drives it. Pipes, Events and
// Waiters may be used from any goroutine.
package io
