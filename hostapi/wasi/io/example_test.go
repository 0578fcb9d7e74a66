package io_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	wasiio "github.com/spinhost/spin/hostapi/wasi/io"
	p2io "github.com/spinhost/spin/hostapi/wasi/p2/io"
)

func ExampleInterfaces() {
	for _, i := range hostapi.NewRegistry(wasiio.Interfaces()...).Interfaces() {
		fmt.Println(i.ID)
	}
	// Output:
	// wasi:io/error@0.2.12
	// wasi:io/poll@0.2.12
	// wasi:io/streams@0.2.12
	// wasi:io/poll@0.2.0-rc-2023-10-18
	// wasi:io/streams@0.2.0-rc-2023-10-18
}

// A host function that gives guests a stream to read returns one like this.
func ExampleNewInputStream() {
	open := func() (p2io.InputStream, error) {
		return wasiio.NewInputStream(io.NopCloser(strings.NewReader("from the host"))), nil
	}
	s, _ := open()
	text, _ := call(func() ([]byte, error) { return s.BlockingRead(ctx, 100) }) // as a guest
	fmt.Printf("%s\n", text)
	// Output: from the host
}

// Bytes that are there already need no goroutine.
func ExampleNewInputStreamFrom() {
	s := wasiio.NewInputStreamFrom(wasiio.Bytes([]byte("abc")))
	text, _ := s.Read(ctx, 2)
	fmt.Printf("%s\n", text)
	// Output: ab
}

// A Source of one's own can begin with what a reader yields.
func ExampleReader() {
	s := wasiio.NewInputStreamFrom(wasiio.Reader(io.NopCloser(strings.NewReader("from the host"))))
	text, _ := call(func() ([]byte, error) { return s.BlockingRead(ctx, 4) }) // as a guest
	fmt.Printf("%s\n", text)
	// Output: from
}

func ExampleNewOutputStream() {
	s := wasiio.NewOutputStream(os.Stdout)
	_ = do(func() error { return s.BlockingWriteAndFlush(ctx, []byte("from the guest\n")) })
	// Output: from the guest
}

// A guest writes to a file that is closed when it has dropped the stream.
func ExampleNewClosingOutputStream() {
	r, w := io.Pipe()
	s := wasiio.NewClosingOutputStream(w)
	go func() { // as a guest
		_ = do(func() error { return s.BlockingWriteAndFlush(ctx, []byte("all of it")) })
		s.Drop()
	}()
	text, err := io.ReadAll(r)
	fmt.Printf("%s %v\n", text, err)
	// Output: all of it <nil>
}

// What a guest writes is read in Go; a guest that is faster has to wait.
func ExampleNewPipe() {
	r, w := wasiio.NewPipe(16)
	s := wasiio.NewOutputStreamTo(w)
	go func() { // as a guest
		for range 3 {
			_ = do(func() error { return s.BlockingWriteAndFlush(ctx, []byte("0123456789")) })
		}
		s.Drop()
	}()
	text, err := io.ReadAll(r)
	fmt.Printf("%s %v\n", text, err)
	// Output: 012345678901234567890123456789 <nil>
}

// countSink counts what is written to it, at any speed.
type countSink struct{ n int }

func (c *countSink) Budget() (int, error)         { return 4096, nil }
func (c *countSink) Write(p []byte) error         { c.n += len(p); return nil }
func (c *countSink) Flush() (abi.Pollable, error) { return nil, nil }
func (c *countSink) Close() error                 { return nil }
func (c *countSink) Ready() bool                  { return true }
func (c *countSink) Arm(wake func()) func()       { return nil }

func ExampleNewOutputStreamTo() {
	var count countSink
	s := wasiio.NewOutputStreamTo(&count)
	_ = s.BlockingWriteAndFlush(ctx, []byte("hello"))
	fmt.Println(count.n)
	// Output: 5
}

// A host function that takes time gives the guest something to wait for.
func ExampleNewPollable() {
	var done wasiio.Event
	time.AfterFunc(time.Millisecond, done.Set)
	p := wasiio.NewPollable(&done, nil)
	_ = do(func() error { return p.Block(ctx) })
	fmt.Println(p.Ready(ctx))
	// Output: true <nil>
}

// upload is a resource of a host interface, with a stream as its child.
type upload struct {
	children wasiio.Children
	data     bytes.Buffer
}

func (u *upload) Body(context.Context) (p2io.OutputStream, error) {
	return wasiio.NewOutputStream(&u.data).ChildOf(&u.children), nil
}

func (u *upload) Drop() error { return u.children.Err("upload") }

func ExampleChildren() {
	u := new(upload)
	s, _ := u.Body(ctx)
	fmt.Println(u.Drop())
	fmt.Println(s.(abi.Dropper).Drop(), u.Drop())
	// Output:
	// upload is dropped or given away before its children, of which it has 1; drop streams and pollables first
	// <nil> <nil>
}

// queue is an abi.Pollable that is ready when there is an element.
type queue struct {
	wasiio.Waiters
	elements chan string
}

func (q *queue) Ready() bool { return len(q.elements) > 0 }

func (q *queue) Put(s string) {
	q.elements <- s
	q.Wake()
}

func ExampleWaiters() {
	q := &queue{elements: make(chan string, 10)}
	go q.Put("hello")
	await(q)
	fmt.Println(<-q.elements)
	// Output: hello
}

// Interfaces with error codes of their own find them behind the error of a stream.
func ExampleNewError() {
	res := wasiio.NewError(fmt.Errorf("write: %w", io.ErrShortWrite))
	text, _ := res.ToDebugString(ctx)
	fmt.Println(text)
	// Output: write: short write
}
