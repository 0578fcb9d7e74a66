package io_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi/internal/guesttest"
	wasiio "github.com/spinhost/spin/hostapi/wasi/io"
)

const (
	october        = "@0.2.0-rc-2023-10-18#"
	octoberPoll    = "wasi:io/poll" + october
	octoberStreams = "wasi:io/streams" + october
	octoberOutputs = octoberStreams + "[method]output-stream."
)

func TestGuestOfOctoberPolls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGuest(t)
		w, let, written := slowWriter()
		out := g.Add(wasiio.NewOutputStream(w), octoberStreams+"output-stream")
		g.Load(octoberOutputs+"check-write", out)
		ptr, n := g.Put("one")
		g.Load(octoberOutputs+"write", out, ptr, n)
		g.Load(octoberOutputs+"flush", out)
		sub, err := g.Call(octoberOutputs+"subscribe", out)
		if err != nil {
			t.Fatal(err)
		}
		go close(let)
		if _, err := g.Call(octoberPoll+"poll-one", sub); err != nil || written.String() != "one" {
			t.Errorf("poll-one: %v, written %q", err, written)
		}
		list, n := g.PutU32(sub, sub)
		p, err := g.Load(octoberPoll+"poll-list", list, n)
		if err != nil || g.U32(p+4) != 2 || g.U32(g.U32(p)+4) != 1 {
			t.Errorf("poll-list = %d indexes, %v", g.U32(p+4), err)
		}
		if _, err := g.Load(octoberPoll+"poll-list", list, 0); !errors.Is(err, abi.ErrTrap) {
			t.Errorf("poll-list of nothing: %v", err)
		}
		if g.Has(octoberPoll+"[method]pollable.ready") || g.Has(octoberPoll+"[method]pollable.block") || g.Has(octoberPoll+"poll") {
			t.Error("pollables have functions")
		}
	})
}

func TestErrorsOfOctoberAreInStreams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGuest(t)
		in := g.Add(wasiio.NewInputStream(io.NopCloser(&failing{err: errors.New("the disk is gone")})), octoberStreams+"input-stream")
		p, err := g.Load(octoberStreams+"[method]input-stream.blocking-read", in, 9)
		if err != nil || g.U8(p) != 1 || g.U8(p+4) != 0 {
			t.Fatalf("blocking-read = case %d, error case %d, %v", g.U8(p), g.U8(p+4), err)
		}
		p, err = g.Load(octoberStreams+"[method]error.to-debug-string", uint64(g.U32(p+8)))
		if err != nil || g.Text(p) != "the disk is gone" {
			t.Errorf("to-debug-string = %q, %v", g.Text(p), err)
		}
	})
}

type failing struct{ err error }

func (f *failing) Read([]byte) (int, error) { return 0, f.err }

// pair makes two streams of a guest.
func pair(g *guesttest.Guest, r io.Reader, w io.Writer) (in, out uint64) {
	c, ok := r.(io.ReadCloser)
	if !ok {
		c = io.NopCloser(r)
	}
	return g.Add(wasiio.NewInputStream(c), octoberStreams+"input-stream"),
		g.Add(wasiio.NewOutputStream(w), octoberStreams+"output-stream")
}

// What moves bytes takes the input stream away, whatever is left in it.
func TestSplicesOfOctoberTakeTheirSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGuest(t)
		var w bytes.Buffer
		r, feed := io.Pipe()
		in, out := pair(g, r, &w)
		go feed.Write([]byte("spliced and left"))
		p, err := g.Load(octoberOutputs+"blocking-splice", out, in, 7)
		if err != nil || g.U8(p) != 0 || g.U64(p+8) != 7 {
			t.Errorf("blocking-splice = case %d, %d, %v", g.U8(p), g.U64(p+8), err)
		}
		if g.Owns(in) {
			t.Error("the guest has the source still")
		}
		synctest.Wait()
		if w.String() != "spliced" {
			t.Errorf("written %q", &w)
		}
		synctest.Wait()
		if _, err := feed.Write([]byte("more")); err != io.ErrClosedPipe {
			t.Errorf("the source is open: %v", err)
		}
		in = g.Add(wasiio.NewInputStream(nil), octoberStreams+"input-stream")
		p, err = g.Load(octoberOutputs+"splice", out, in, 7)
		if err != nil || g.U8(p) != 1 || g.U8(p+8) != 1 || g.Owns(in) {
			t.Errorf("splice of a source that has ended = case %d, error case %d, %v", g.U8(p), g.U8(p+8), err)
		}
	})
}

func TestForward(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGuest(t)
		long := strings.Repeat("0123456789abcdef", 3*wasiio.MaxWrite/16)
		var w bytes.Buffer
		r, feed := io.Pipe()
		in, out := pair(g, r, &w)
		go func() {
			feed.Write([]byte(long))
			feed.Close()
		}()
		p, err := g.Load(octoberOutputs+"forward", out, in)
		if err != nil || g.U8(p) != 0 || g.U64(p+8) != uint64(len(long)) {
			t.Errorf("forward = case %d, %d, %v; want %d", g.U8(p), g.U64(p+8), err, len(long))
		}
		if w.String() != long || g.Owns(in) {
			t.Errorf("%d bytes were written and flushed, want %d", w.Len(), len(long))
		}
		ptr, n := g.Put("!")
		if p, err := g.Load(octoberOutputs+"blocking-write-and-flush", out, ptr, n); err != nil || g.U8(p) != 0 || w.Len() != len(long)+1 {
			t.Errorf("the stream takes no more: case %d, %v", g.U8(p), err)
		}
	})
}

func TestForwardThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGuest(t)
		in, out := pair(g, io.MultiReader(strings.NewReader("some"), &failing{err: errors.New("the disk is gone")}), io.Discard)
		p, err := g.Load(octoberOutputs+"forward", out, in)
		if _, still := g.Get(in).(*wasiio.InputStream); err != nil || g.U8(p) != 1 || g.U8(p+8) != 0 || still {
			t.Errorf("from a source that fails: case %d, error case %d, %v", g.U8(p), g.U8(p+8), err)
		}
		r, w := io.Pipe()
		r.Close()
		in, out = pair(g, strings.NewReader(strings.Repeat("x", 5000)), w)
		p, err = g.Load(octoberOutputs+"forward", out, in)
		if err != nil || g.U8(p) != 1 || g.U8(p+8) != 1 || g.Owns(in) {
			t.Errorf("to where nobody reads: case %d, error case %d, %v", g.U8(p), g.U8(p+8), err)
		}
	})
}

// Only what the guest owns, and what has no children, can be taken from it.
func TestSourcesThatCannotBeTaken(t *testing.T) {
	for _, function := range []string{"splice", "blocking-splice", "forward"} {
		synctest.Test(t, func(t *testing.T) {
			g := newGuest(t)
			in, out := pair(g, strings.NewReader("text"), io.Discard)
			for _, handle := range []uint64{0, 99, out, 1<<32 - 1} {
				if _, err := g.Load(octoberOutputs+function, out, handle, 9); !errors.Is(err, abi.ErrTrap) {
					t.Errorf("%s from the handle %d: %v", function, handle, err)
				}
			}
			if _, err := g.Call(octoberStreams+"[method]input-stream.subscribe", in); err != nil {
				t.Fatal(err)
			}
			if _, err := g.Load(octoberOutputs+function, out, in, 9); !errors.Is(err, abi.ErrTrap) || !strings.Contains(err.Error(), "children") {
				t.Errorf("%s from a stream with a child: %v", function, err)
			}
		})
	}
}
