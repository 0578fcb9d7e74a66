package io_test

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"testing"
	"testing/synctest"

	wasiio "github.com/spinhost/spin/hostapi/wasi/io"
)

func TestPipeHoldsNoMoreThanItsSize(t *testing.T) {
	r, w := wasiio.NewPipe(10)
	s := wasiio.NewOutputStreamTo(w)
	check := func(want uint64) {
		t.Helper()
		if n, err := s.CheckWrite(ctx); n != want || err != nil {
			t.Errorf("check-write = %d, %v, want %d", n, err, want)
		}
	}
	check(10)
	s.Write(ctx, []byte("0123456"))
	check(3)
	s.Write(ctx, []byte("789"))
	check(0)
	if w.Ready() {
		t.Error("full pipe is ready")
	}
	buf := make([]byte, 4)
	if n, err := r.Read(buf); n != 4 || err != nil {
		t.Errorf("read = %d, %v", n, err)
	}
	check(4)
	s.Write(ctx, []byte("abcd"))
	check(0)
	s.Drop()
	if rest, err := io.ReadAll(r); string(rest) != "456789abcd" || err != nil {
		t.Errorf("rest = %q, %v", rest, err)
	}
}

func TestPipeOfAFullBufferFlushesWithoutAReader(t *testing.T) {
	_, w := wasiio.NewPipe(4)
	s := wasiio.NewOutputStreamTo(w)
	if err := s.BlockingWriteAndFlush(ctx, []byte("1234")); err != nil {
		t.Errorf("blocking-write-and-flush that fills the pipe = %v", err)
	}
	if err := s.BlockingWriteAndFlush(ctx, []byte("5")); !waits(err) {
		t.Errorf("blocking-write-and-flush of a full pipe = %v", err)
	}
}

func TestPipeClosedByItsReader(t *testing.T) {
	r, w := wasiio.NewPipe(10)
	s := wasiio.NewOutputStreamTo(w)
	s.CheckWrite(ctx)
	s.Write(ctx, []byte("x"))
	r.Close()
	if !w.Ready() {
		t.Error("closed pipe is not ready")
	}
	wantClosed(t, s.Write(ctx, []byte("x")))
	if _, err := r.Read(make([]byte, 1)); err != io.ErrClosedPipe {
		t.Errorf("read after close = %v", err)
	}
}

func TestPipeFailsWithTheErrorOfItsReader(t *testing.T) {
	gone := errors.New("peer is gone")
	r, w := wasiio.NewPipe(10)
	s := wasiio.NewOutputStreamTo(w)
	r.CloseWithError(gone)
	r.Close()
	_, err := s.CheckWrite(ctx)
	wantFailed(t, err, gone)
	_, err = s.CheckWrite(ctx)
	wantClosed(t, err)
}

func TestPipeReaderGetsTheErrorOfTheWriterLast(t *testing.T) {
	aborted := errors.New("aborted")
	for _, c := range []struct{ err, want error }{{nil, io.EOF}, {aborted, aborted}} {
		r, w := wasiio.NewPipe(10)
		w.Write([]byte("abc"))
		w.CloseWithError(c.err)
		w.CloseWithError(errors.New("second"))
		if err := w.Write([]byte("x")); err != io.ErrClosedPipe {
			t.Errorf("write after close = %v", err)
		}
		var got bytes.Buffer
		if n, err := r.WriteTo(&got); n != 3 || c.want != io.EOF && err != c.want || c.want == io.EOF && err != nil {
			t.Errorf("WriteTo = %d, %v", n, err)
		}
		if _, err := r.Read(make([]byte, 1)); got.String() != "abc" || err != c.want {
			t.Errorf("got %q, then %v, want %v", &got, err, c.want)
		}
	}
}

func TestPipeCloseEndsARead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, _ := wasiio.NewPipe(10)
		done := make(chan error)
		go func() {
			_, err := r.Read(make([]byte, 1))
			done <- err
		}()
		synctest.Wait()
		r.Close()
		if err := <-done; err != io.ErrClosedPipe {
			t.Errorf("read = %v", err)
		}
	})
}

func TestPipeWriteToStopsAtAFailure(t *testing.T) {
	broken := errors.New("broken")
	r, w := wasiio.NewPipe(10)
	w.Write([]byte("abc"))
	n, err := r.WriteTo(writerFunc(func(p []byte) (int, error) { return 1, broken }))
	if n != 1 || err != broken {
		t.Errorf("WriteTo = %d, %v", n, err)
	}
	w.Close()
	if rest, _ := io.ReadAll(r); string(rest) != "bc" {
		t.Errorf("rest = %q", rest)
	}
}

// Guests write in every way there is, readers read in pieces of all sizes: what comes out is
// what went in.
func TestPipeCarriesEverything(t *testing.T) {
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(seed, 0))
			r, w := wasiio.NewPipe(1 + rnd.IntN(70_000))
			done, slow := make(chan []byte), rnd.IntN(2) == 0
			go func() {
				var got []byte
				for buf := make([]byte, 1+seed*3000); ; {
					n, err := r.Read(buf)
					if got = append(got, buf[:n]...); err != nil {
						break
					}
					if slow {
						synctest.Wait()
					}
				}
				done <- got
			}()
			want := writeRandomly(t, wasiio.NewOutputStreamTo(w), rand.New(rand.NewPCG(seed, 1)))
			if got := <-done; !bytes.Equal(got, want) {
				t.Errorf("seed %d: got %d bytes, want %d", seed, len(got), len(want))
			}
		})
	}
}

// writeRandomly writes by randomly chosen functions, drops s and returns what it has written.
func writeRandomly(t *testing.T, s *wasiio.OutputStream, rnd *rand.Rand) (want []byte) {
	next := pattern(200_000)
	fail := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	for len(next) > 4096 {
		p := bytes.Clone(next[:rnd.IntN(4097)])
		switch rnd.IntN(6) {
		case 0, 1:
			fail(do(func() error { return s.BlockingWriteAndFlush(ctx, p) }))
		case 2:
			fail(do(func() error { return s.BlockingWriteZeroesAndFlush(ctx, uint64(len(p))) }))
			clear(p)
		case 3:
			n, err := s.CheckWrite(ctx)
			fail(err)
			p = p[:min(len(p), int(n))]
			fail(s.Write(ctx, bytes.Clone(p)))
		case 4:
			in := wasiio.NewInputStreamFrom(wasiio.Bytes(p))
			if len(p) > 0 {
				n, err := call(func() (uint64, error) { return s.BlockingSplice(ctx, in, 3000) })
				fail(err)
				p = p[:n]
			}
		case 5:
			fail(s.Flush(ctx))
			p = nil
		}
		want = append(want, p...)
		next = next[len(p)+1:]
	}
	fail(s.Drop())
	return want
}
