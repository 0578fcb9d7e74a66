package io_test

import (
	"bytes"
	"errors"
	"io"
	"math"
	"testing"
	"testing/synctest"

	"github.com/spinhost/spin/engine/abi"
	wasiio "github.com/spinhost/spin/hostapi/wasi/io"
)

func TestWriteNeedsPermission(t *testing.T) {
	s := wasiio.NewOutputStream(io.Discard)
	wantTrap(t, s.Write(ctx, []byte("x")))
	if err := s.Write(ctx, nil); err != nil {
		t.Errorf("write of nothing = %v", err)
	}
	for _, n := range []uint64{1, 1 << 32, math.MaxInt64, math.MaxUint64} {
		wantTrap(t, s.WriteZeroes(ctx, n))
	}
}

func TestWriteIsBoundByCheckWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := wasiio.NewOutputStream(io.Discard)
		n, err := s.CheckWrite(ctx)
		if n != wasiio.MaxWrite || err != nil {
			t.Fatalf("check-write = %d, %v", n, err)
		}
		wantTrap(t, s.Write(ctx, make([]byte, n+1)))
		wantTrap(t, s.WriteZeroes(ctx, n+1))
		if err := s.Write(ctx, make([]byte, n-10)); err != nil {
			t.Error(err)
		}
		if err := s.WriteZeroes(ctx, 10); err != nil {
			t.Errorf("write within what is left = %v", err)
		}
		wantTrap(t, s.Write(ctx, []byte("x")))
	})
}

func TestBlockingWritesAreLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var w bytes.Buffer
		s := wasiio.NewOutputStream(&w)
		wantTrap(t, s.BlockingWriteAndFlush(ctx, make([]byte, 4097)))
		for _, n := range []uint64{4097, 1 << 32, math.MaxUint64} {
			wantTrap(t, s.BlockingWriteZeroesAndFlush(ctx, n))
		}
		if w.Len() > 0 {
			t.Errorf("%d bytes were written", w.Len())
		}
		for _, n := range []int{0, 1, 4096} {
			w.Reset()
			if err := do(func() error { return s.BlockingWriteAndFlush(ctx, make([]byte, n)) }); err != nil || w.Len() != n {
				t.Errorf("blocking-write-and-flush of %d = %v, wrote %d", n, err, w.Len())
			}
			w.Reset()
			if err := do(func() error { return s.BlockingWriteZeroesAndFlush(ctx, uint64(n)) }); err != nil || w.Len() != n {
				t.Errorf("blocking-write-zeroes-and-flush of %d = %v, wrote %d", n, err, w.Len())
			}
		}
	})
}

// A slow writer takes one write at a time, when it is let.
func slowWriter() (w io.Writer, let chan struct{}, written *bytes.Buffer) {
	let, written = make(chan struct{}), new(bytes.Buffer)
	return writerFunc(func(p []byte) (int, error) {
		<-let
		return written.Write(p)
	}), let, written
}

func TestOutputBuffersNoMoreThanItPromised(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, let, written := slowWriter()
		s := wasiio.NewOutputStream(w)
		total := 0
		for {
			n, err := s.CheckWrite(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if n == 0 {
				break
			}
			if err := s.Write(ctx, make([]byte, min(n, 100_000))); err != nil {
				t.Fatal(err)
			}
			total += int(min(n, 100_000))
			synctest.Wait()
		}
		if total != wasiio.MaxWrite {
			t.Errorf("%d bytes were taken before the writer took any, want %d", total, wasiio.MaxWrite)
		}
		p, _ := s.Subscribe(ctx)
		if ready, _ := p.Ready(ctx); ready {
			t.Error("pollable of a full stream is ready")
		}
		go func() { let <- struct{}{} }()
		if err := do(func() error { return p.Block(ctx) }); err != nil {
			t.Error(err)
		}
		if n, err := s.CheckWrite(ctx); n == 0 || err != nil {
			t.Errorf("check-write after the pollable was ready = %d, %v", n, err)
		}
		close(let)
		synctest.Wait()
		if written.Len() != total {
			t.Errorf("%d bytes arrived of %d", written.Len(), total)
		}
	})
}

func TestFlushEndsWhenAllIsWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, let, written := slowWriter()
		s := wasiio.NewOutputStream(w)
		s.CheckWrite(ctx)
		s.Write(ctx, []byte("abc"))
		if err := s.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		if n, err := s.CheckWrite(ctx); n != 0 || err != nil {
			t.Errorf("check-write during a flush = %d, %v", n, err)
		}
		wantTrap(t, s.Write(ctx, []byte("d")))
		if err := s.BlockingFlush(ctx); !waits(err) {
			t.Errorf("blocking-flush before the writer took all = %v", err)
		}
		p, _ := s.Subscribe(ctx)
		if ready, _ := p.Ready(ctx); ready {
			t.Error("pollable is ready during a flush")
		}
		close(let)
		if err := do(func() error { return s.BlockingFlush(ctx) }); err != nil {
			t.Error(err)
		}
		if written.String() != "abc" {
			t.Errorf("written %q", written)
		}
		if ready, _ := p.Ready(ctx); !ready {
			t.Error("pollable is not ready after the flush")
		}
		if n, err := s.CheckWrite(ctx); n != wasiio.MaxWrite || err != nil {
			t.Errorf("check-write after the flush = %d, %v", n, err)
		}
	})
}

func TestFlushUsesUpThePermission(t *testing.T) {
	_, w := wasiio.NewPipe(10)
	s := wasiio.NewOutputStreamTo(w)
	s.CheckWrite(ctx)
	if err := s.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	wantTrap(t, s.Write(ctx, []byte("x")))
}

// The engine calls a function that waited again with the same arguments: that must not write twice.
func TestBlockingWriteWritesOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, let, written := slowWriter()
		s := wasiio.NewOutputStream(w)
		s.CheckWrite(ctx)
		full := pattern(wasiio.MaxWrite - 100)
		s.Write(ctx, bytes.Clone(full))
		more := pattern(4096)
		write := func() error { return s.BlockingWriteAndFlush(ctx, bytes.Clone(more)) }
		if err := write(); !waits(err) {
			t.Fatalf("blocking-write-and-flush of a full stream = %v", err)
		}
		close(let)
		if err := do(write); err != nil {
			t.Error(err)
		}
		if !bytes.Equal(written.Bytes(), append(full, more...)) {
			t.Errorf("written %d bytes, want %d", written.Len(), len(full)+len(more))
		}
		if err := do(write); err != nil || written.Len() != len(full)+2*len(more) {
			t.Errorf("second blocking-write-and-flush = %v, %d bytes in all", err, written.Len())
		}
	})
}

func TestOutputFailureIsReportedOnce(t *testing.T) {
	broken := errors.New("no space left on device")
	failing := writerFunc(func(p []byte) (int, error) { return 0, broken })
	operations := map[string]func(s *wasiio.OutputStream) error{
		"check-write": func(s *wasiio.OutputStream) error { _, err := s.CheckWrite(ctx); return err },
		"flush":       func(s *wasiio.OutputStream) error { return s.Flush(ctx) },
		"blocking-flush": func(s *wasiio.OutputStream) error {
			return do(func() error { return s.BlockingFlush(ctx) })
		},
		"blocking-write-and-flush": func(s *wasiio.OutputStream) error {
			return do(func() error { return s.BlockingWriteAndFlush(ctx, []byte("x")) })
		},
		"blocking-write-and-flush of nothing": func(s *wasiio.OutputStream) error {
			return do(func() error { return s.BlockingWriteAndFlush(ctx, nil) })
		},
		"blocking-write-zeroes-and-flush": func(s *wasiio.OutputStream) error {
			return do(func() error { return s.BlockingWriteZeroesAndFlush(ctx, 1) })
		},
		"splice": func(s *wasiio.OutputStream) error {
			_, err := s.Splice(ctx, wasiio.NewInputStreamFrom(wasiio.Bytes([]byte("x"))), 1)
			return err
		},
		"blocking-splice": func(s *wasiio.OutputStream) error {
			_, err := s.BlockingSplice(ctx, wasiio.NewInputStreamFrom(wasiio.Bytes([]byte("x"))), 1)
			return err
		},
	}
	for name, op := range operations {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := wasiio.NewOutputStream(failing)
				s.CheckWrite(ctx)
				if err := s.Write(ctx, []byte("abc")); err != nil {
					t.Fatal(err)
				}
				p, _ := s.Subscribe(ctx)
				synctest.Wait()
				if ready, _ := p.Ready(ctx); !ready {
					t.Error("pollable of a failed stream is not ready")
				}
				wantFailed(t, op(s), broken)
				for other, again := range operations {
					t.Log(other)
					wantClosed(t, again(s))
				}
				wantClosed(t, s.Write(ctx, []byte("x")))
				wantClosed(t, s.WriteZeroes(ctx, 1))
				if ready, _ := p.Ready(ctx); !ready {
					t.Error("pollable of a closed stream is not ready")
				}
			})
		})
	}
}

func TestOutputWriterThatPanicsFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := wasiio.NewOutputStream(writerFunc(func([]byte) (int, error) { panic("boom") }))
		wantPanic(t, do(func() error { return s.BlockingWriteAndFlush(ctx, []byte("x")) }))
	})
}

func TestOutputShortWriteFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := wasiio.NewOutputStream(writerFunc(func(p []byte) (int, error) { return len(p) - 1, nil }))
		wantFailed(t, do(func() error { return s.BlockingWriteAndFlush(ctx, []byte("x")) }), io.ErrShortWrite)
	})
}

func TestOutputWritesWhatWasWrittenBeforeDrop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, let, written := slowWriter()
		s := wasiio.NewOutputStream(w)
		s.CheckWrite(ctx)
		s.Write(ctx, []byte("abc"))
		if err := s.Drop(); err != nil {
			t.Error(err)
		}
		close(let)
		synctest.Wait()
		if written.String() != "abc" {
			t.Errorf("written %q", written)
		}
	})
}

func TestOutputNeverSplitsAWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got [][]byte
		s := wasiio.NewOutputStream(writerFunc(func(p []byte) (int, error) {
			got = append(got, bytes.Clone(p))
			return len(p), nil
		}))
		for range 1000 {
			n, _ := s.CheckWrite(ctx)
			if n < 10 {
				t.Fatalf("check-write = %d", n)
			}
			s.Write(ctx, []byte("123456789\n"))
		}
		synctest.Wait()
		total := 0
		for _, p := range got {
			if total += len(p); len(p)%10 != 0 {
				t.Errorf("a write has %d bytes", len(p))
			}
		}
		if total != 10_000 {
			t.Errorf("%d bytes arrived", total)
		}
	})
}

func TestDiscardNeverWaits(t *testing.T) {
	s := wasiio.NewOutputStream(io.Discard)
	for range 1000 {
		if n, err := s.CheckWrite(ctx); n != wasiio.MaxWrite || err != nil {
			t.Fatalf("check-write = %d, %v", n, err)
		}
		if err := s.WriteZeroes(ctx, wasiio.MaxWrite); err != nil {
			t.Fatal(err)
		}
		if err := s.BlockingWriteAndFlush(ctx, []byte("x")); err != nil {
			t.Fatal(err)
		}
	}
	p, _ := s.Subscribe(ctx)
	if err := p.Block(ctx); err != nil {
		t.Error(err)
	}
	p.(*wasiio.Pollable).Drop()
	if err := s.Drop(); err != nil {
		t.Error(err)
	}
}

func TestForeignStreamsTrap(t *testing.T) {
	s := wasiio.NewOutputStream(io.Discard)
	_, err := s.Splice(ctx, foreignInput{}, 1)
	wantTrap(t, err)
	_, err = s.BlockingSplice(ctx, foreignInput{}, 1)
	wantTrap(t, err)
}

// A sink may be anything: here one of which flushing takes until the event.
type flushSink struct {
	*wasiio.PipeWriter
	flushed wasiio.Event
}

func (s *flushSink) Flush() (abi.Pollable, error) { return &s.flushed, nil }

func TestCheckWriteWaitsForTheFlushOfAnySink(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, w := wasiio.NewPipe(10)
		sink := &flushSink{PipeWriter: w}
		s := wasiio.NewOutputStreamTo(sink)
		if err := s.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		if n, err := s.CheckWrite(ctx); n != 0 || err != nil {
			t.Errorf("check-write during the flush = %d, %v", n, err)
		}
		p, _ := s.Subscribe(ctx)
		go sink.flushed.Set()
		if err := do(func() error { return p.Block(ctx) }); err != nil {
			t.Error(err)
		}
		if n, err := s.CheckWrite(ctx); n != 10 || err != nil {
			t.Errorf("check-write after the flush = %d, %v", n, err)
		}
	})
}

func TestClosingOutputClosesWhenAllIsWritten(t *testing.T) {
	for name, write := range map[string]func(s *wasiio.OutputStream, let chan struct{}){
		"nothing":   func(s *wasiio.OutputStream, let chan struct{}) { close(let) },
		"under way": func(s *wasiio.OutputStream, let chan struct{}) { s.CheckWrite(ctx); s.Write(ctx, []byte("abc")) },
		"before": func(s *wasiio.OutputStream, let chan struct{}) {
			s.CheckWrite(ctx)
			s.Write(ctx, []byte("abc"))
			close(let)
		},
		"several pieces": func(s *wasiio.OutputStream, let chan struct{}) {
			s.CheckWrite(ctx)
			s.Write(ctx, []byte("a"))
			synctest.Wait()
			s.Write(ctx, []byte("bc"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, let, written := slowWriter()
				c := &closing{Writer: w}
				s := wasiio.NewClosingOutputStream(c)
				write(s, let)
				synctest.Wait()
				if c.closed != 0 {
					t.Error("closed before the stream was dropped")
				}
				s.Drop()
				synctest.Wait()
				select {
				case <-let:
				default:
					if c.closed != 0 {
						t.Error("closed before all was written")
					}
					close(let)
				}
				synctest.Wait()
				if c.closed != 1 || name != "nothing" && written.String() != "abc" {
					t.Errorf("closed %d times, written %q", c.closed, written)
				}
			})
		})
	}
}

// closing is a writer that counts how often it is closed.
type closing struct {
	io.Writer
	closed int
}

func (c *closing) Close() error {
	c.closed++
	return nil
}
