package io_test

import (
	"bytes"
	"errors"
	"io"
	"math"
	"testing"
	"testing/synctest"

	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/internal/guesttest"
	wasiio "github.com/spinhost/spin/hostapi/wasi/io"
)

const (
	pollID    = "wasi:io/poll@0.2.12#"
	streamsID = "wasi:io/streams@0.2.12#"
	errorID   = "wasi:io/error@0.2.12#"
	inputs    = streamsID + "[method]input-stream."
	outputs   = streamsID + "[method]output-stream."
)

func newGuest(t *testing.T) *guesttest.Guest {
	return guesttest.New(t, new(hostapi.Scope), wasiio.Interfaces())
}

func TestGuestReadsAStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGuest(t)
		in := g.Add(wasiio.NewInputStream(io.NopCloser(bytes.NewReader([]byte("hello")))), streamsID+"input-stream")
		p, err := g.Load(inputs+"blocking-read", in, math.MaxUint64)
		if err != nil || g.U8(p) != 0 || g.Text(p+4) != "hello" {
			t.Errorf("blocking-read = case %d, %q, %v", g.U8(p), g.Text(p+4), err)
		}
		p, err = g.Load(inputs+"blocking-skip", in, 1)
		if err != nil || g.U8(p) != 1 || g.U8(p+8) != 1 {
			t.Errorf("blocking-skip at the end = case %d, error case %d, %v; want closed", g.U8(p), g.U8(p+8), err)
		}
		if err := g.Drop(in); err != nil {
			t.Error(err)
		}
	})
}

func TestGuestWritesAndPolls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGuest(t)
		w, let, written := slowWriter()
		out := g.Add(wasiio.NewOutputStream(w), streamsID+"output-stream")
		p, err := g.Load(outputs+"check-write", out)
		if err != nil || g.U8(p) != 0 || g.U64(p+8) != wasiio.MaxWrite {
			t.Fatalf("check-write = case %d, %d, %v", g.U8(p), g.U64(p+8), err)
		}
		ptr, n := g.Put("one ")
		if _, err := g.Load(outputs+"write", out, ptr, n); err != nil {
			t.Fatal(err)
		}
		if _, err := g.Load(outputs+"flush", out); err != nil {
			t.Fatal(err)
		}
		sub, err := g.Call(outputs+"subscribe", out)
		if err != nil {
			t.Fatal(err)
		}
		if ready, err := g.Call(pollID+"[method]pollable.ready", sub); ready != 0 || err != nil {
			t.Errorf("ready = %d, %v", ready, err)
		}
		close(let)
		list, n := g.PutU32(sub, sub)
		p, err = g.Load(pollID+"poll", list, n)
		if err != nil || g.U32(p+4) != 2 || g.U32(g.U32(p)) != 0 || g.U32(g.U32(p)+4) != 1 {
			t.Errorf("poll = %d indexes, %v", g.U32(p+4), err)
		}
		ptr, n = g.Put("two")
		p, err = g.Load(outputs+"blocking-write-and-flush", out, ptr, n)
		if err != nil || g.U8(p) != 0 || written.String() != "one two" {
			t.Errorf("blocking-write-and-flush = case %d, %v, written %q", g.U8(p), err, written)
		}
		if err := g.Drop(sub); err != nil {
			t.Error(err)
		}
		if err := g.Drop(out); err != nil || g.Live() != 0 {
			t.Errorf("drop = %v, %d handles left", err, g.Live())
		}
	})
}

func TestGuestSeesWhyAnOperationFailed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGuest(t)
		broken := errors.New("disk is full")
		out := g.Add(wasiio.NewOutputStream(writerFunc(func([]byte) (int, error) { return 0, broken })), streamsID+"output-stream")
		p, err := g.Load(outputs+"blocking-write-zeroes-and-flush", out, 10)
		if err != nil || g.U8(p) != 1 || g.U8(p+4) != 0 {
			t.Fatalf("write = case %d, error case %d, %v; want last-operation-failed", g.U8(p), g.U8(p+4), err)
		}
		res := uint64(g.U32(p + 8))
		text, err := g.Load(errorID+"[method]error.to-debug-string", res)
		if err != nil || g.Text(text) != "disk is full" {
			t.Errorf("to-debug-string = %q, %v", g.Text(text), err)
		}
	})
}

func TestGuestThatBreaksARuleTraps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGuest(t)
		in := g.Add(wasiio.NewInputStream(nil), streamsID+"input-stream")
		out := g.Add(wasiio.NewOutputStream(io.Discard), streamsID+"output-stream")
		sub, err := g.Call(inputs+"subscribe", in)
		if err != nil {
			t.Fatal(err)
		}
		ptr, n := g.Put("x")
		list, _ := g.PutU32(in)
		for name, f := range map[string]func() error{
			"poll of nothing":           func() error { _, err := g.Load(pollID+"poll", 0, 0); return err },
			"poll of a stream":          func() error { _, err := g.Load(pollID+"poll", list, 1); return err },
			"poll of an endless list":   func() error { _, err := g.Load(pollID+"poll", 0, math.MaxUint32); return err },
			"write without check-write": func() error { _, err := g.Load(outputs+"write", out, ptr, n); return err },
			"write-zeroes of too much":  func() error { _, err := g.Load(outputs+"write-zeroes", out, math.MaxUint64); return err },
			"blocking write too long":   func() error { _, err := g.Load(outputs+"blocking-write-and-flush", out, 0, 4097); return err },
			"read of a pollable":        func() error { _, err := g.Load(inputs+"read", sub, 1); return err },
			"splice of an output":       func() error { _, err := g.Load(outputs+"splice", out, out, 1); return err },
			"drop before the child":     func() error { return g.Drop(in) },
		} {
			if err := f(); err == nil {
				t.Errorf("%s does not trap", name)
			}
		}
	})
}

// An instance that ends drops its handles in any order.
func TestEndOfAGuestReleasesItsStreams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGuest(t)
		r, w := io.Pipe()
		in := g.Add(wasiio.NewInputStream(r), streamsID+"input-stream")
		pr, pw := wasiio.NewPipe(10)
		g.Add(wasiio.NewOutputStreamTo(pw), streamsID+"output-stream")
		if _, err := g.Call(inputs+"subscribe", in); err != nil {
			t.Fatal(err)
		}
		g.Load(inputs+"read", in, 1)
		g.Close()
		synctest.Wait()
		if _, err := w.Write([]byte("x")); err != io.ErrClosedPipe {
			t.Errorf("write to the input of a guest that is gone = %v", err)
		}
		if _, err := pr.Read(make([]byte, 1)); err != io.EOF {
			t.Errorf("read of the output of a guest that is gone = %v", err)
		}
	})
}

func TestScalarFunctionsDoNotAllocate(t *testing.T) {
	var e wasiio.Event
	e.Set()
	out := wasiio.NewOutputStream(io.Discard)
	p := wasiio.NewPollable(&e, nil)
	for name, f := range map[string]func(){
		"check-write": func() { out.CheckWrite(ctx) },
		"ready":       func() { p.Ready(ctx) },
		"block":       func() { p.Block(ctx) },
		"event":       func() { e.Wake() },
	} {
		if n := testing.AllocsPerRun(100, f); n > 0 {
			t.Errorf("%s allocates %v times", name, n)
		}
	}
}
