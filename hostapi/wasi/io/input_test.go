package io_test

import (
	"bytes"
	"errors"
	"io"
	"math"
	"testing"
	"testing/iotest"
	"testing/synctest"

	wasiio "github.com/spinhost/spin/hostapi/wasi/io"
)

func TestInputReadReturnsWhatIsThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		s := wasiio.NewInputStream(r)
		if p, err := s.Read(ctx, 10); len(p) != 0 || err != nil {
			t.Errorf("read before there is anything = %q, %v", p, err)
		}
		w.Write([]byte("hello"))
		synctest.Wait()
		if p, err := s.Read(ctx, 2); string(p) != "he" || err != nil {
			t.Errorf("first read = %q, %v", p, err)
		}
		if p, err := s.Read(ctx, 10); string(p) != "llo" || err != nil {
			t.Errorf("second read = %q, %v", p, err)
		}
		w.Close()
		synctest.Wait()
		_, err := s.Read(ctx, 10)
		wantClosed(t, err)
		_, err = s.BlockingRead(ctx, 10)
		wantClosed(t, err)
		if err := s.Drop(); err != nil {
			t.Error(err)
		}
	})
}

func TestInputBlockingReadWaitsForAByte(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		s := wasiio.NewInputStream(r)
		if _, err := s.BlockingRead(ctx, 1); !waits(err) {
			t.Fatalf("blocking-read of an empty stream = %v", err)
		}
		go w.Write([]byte("x"))
		p, err := call(func() ([]byte, error) { return s.BlockingRead(ctx, 1) })
		if string(p) != "x" || err != nil {
			t.Errorf("blocking-read = %q, %v", p, err)
		}
		s.Drop()
	})
}

func TestInputReadIsCapped(t *testing.T) {
	big := make([]byte, 1<<20)
	for _, n := range []uint64{64<<10 + 1, 1 << 32, math.MaxInt64, math.MaxUint64} {
		s := wasiio.NewInputStreamFrom(wasiio.Bytes(big))
		if p, err := s.Read(ctx, n); len(p) != 64<<10 || err != nil {
			t.Errorf("read(%d) = %d bytes, %v", n, len(p), err)
		}
		if k, err := s.Skip(ctx, n); k != 64<<10 || err != nil {
			t.Errorf("skip(%d) = %d, %v", n, k, err)
		}
	}
}

func TestInputOfLengthZeroDoesNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, _ := io.Pipe()
		s := wasiio.NewInputStream(r)
		if p, err := s.BlockingRead(ctx, 0); len(p) != 0 || err != nil {
			t.Errorf("blocking-read(0) = %q, %v", p, err)
		}
		if n, err := s.BlockingSkip(ctx, 0); n != 0 || err != nil {
			t.Errorf("blocking-skip(0) = %d, %v", n, err)
		}
		s.Drop()
	})
}

func TestInputDeliversEveryByteOnce(t *testing.T) {
	want := pattern(3<<20 + 17)
	readers := map[string]func(io.Reader) io.Reader{
		"plain":            func(r io.Reader) io.Reader { return r },
		"one byte":         func(r io.Reader) io.Reader { return iotest.OneByteReader(io.LimitReader(r, 1000)) },
		"halves":           iotest.HalfReader,
		"data with error":  iotest.DataErrReader,
		"no bytes at once": func(r io.Reader) io.Reader { return &lazyReader{r: r} },
	}
	for name, wrap := range readers {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				expected, _ := io.ReadAll(wrap(bytes.NewReader(want)))
				s := wasiio.NewInputStream(io.NopCloser(wrap(bytes.NewReader(want))))
				var got []byte
				for {
					p, err := call(func() ([]byte, error) { return s.BlockingRead(ctx, 10_000) })
					if err != nil {
						wantClosed(t, err)
						break
					}
					got = append(got, p...)
				}
				if !bytes.Equal(got, expected) {
					t.Errorf("got %d bytes, want %d", len(got), len(expected))
				}
				s.Drop()
			})
		})
	}
}

func TestInputSkipDropsBytes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := wasiio.NewInputStream(io.NopCloser(bytes.NewReader([]byte("0123456789"))))
		n, err := call(func() (uint64, error) { return s.BlockingSkip(ctx, 4) })
		if n != 4 || err != nil {
			t.Errorf("blocking-skip = %d, %v", n, err)
		}
		if p, err := s.Read(ctx, 100); string(p) != "456789" || err != nil {
			t.Errorf("read after skip = %q, %v", p, err)
		}
		s.Drop()
	})
}

func TestInputFailureIsReportedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := errors.New("connection reset")
		s := wasiio.NewInputStream(io.NopCloser(io.MultiReader(bytes.NewReader([]byte("ab")), iotest.ErrReader(broken))))
		read := func() ([]byte, error) { return s.BlockingRead(ctx, 10) }
		if p, err := call(read); string(p) != "ab" || err != nil {
			t.Errorf("read = %q, %v", p, err)
		}
		_, err := call(read)
		wantFailed(t, err, broken)
		_, err = call(read)
		wantClosed(t, err)
		s.Drop()
	})
}

func TestInputOfNothingIsClosed(t *testing.T) {
	s := wasiio.NewInputStream(nil)
	_, err := s.Read(ctx, 1)
	wantClosed(t, err)
}

func TestInputReaderThatPanicsFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := wasiio.NewInputStream(io.NopCloser(readerFunc(func([]byte) (int, error) { panic("boom") })))
		_, err := call(func() ([]byte, error) { return s.BlockingRead(ctx, 10) })
		wantPanic(t, err)
		s.Drop()
	})
}

func TestInputReaderThatNeverReadsFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := wasiio.NewInputStream(io.NopCloser(readerFunc(func([]byte) (int, error) { return 0, nil })))
		_, err := call(func() ([]byte, error) { return s.BlockingRead(ctx, 10) })
		wantFailed(t, err, io.ErrNoProgress)
		s.Drop()
	})
}

func TestInputReadsAheadTwoBuffersAtMost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		total := 0
		s := wasiio.NewInputStream(io.NopCloser(readerFunc(func(p []byte) (int, error) {
			total += len(p)
			return len(p), nil
		})))
		for range 10 {
			s.Read(ctx, 1)
			synctest.Wait()
		}
		if total > 128<<10 {
			t.Errorf("%d bytes were read for a guest that took 10", total)
		}
		s.Drop()
	})
}

// Dropping the stream ends a Read under way; synctest sees a goroutine that is left.
func TestInputDropEndsReading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		s := wasiio.NewInputStream(r)
		s.Read(ctx, 1)
		synctest.Wait()
		if err := s.Drop(); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		if _, err := w.Write([]byte("x")); err != io.ErrClosedPipe {
			t.Errorf("write after drop = %v", err)
		}
	})
}

func TestInputReaderIsClosedOnce(t *testing.T) {
	ends := map[string]func(s *wasiio.InputStream){
		"at the end": func(s *wasiio.InputStream) {
			call(func() ([]byte, error) { return s.BlockingRead(ctx, 10) })
			call(func() ([]byte, error) { return s.BlockingRead(ctx, 10) })
			s.Drop()
		},
		"dropped while reading": func(s *wasiio.InputStream) { s.Read(ctx, 1); s.Drop() },
		"dropped unread":        func(s *wasiio.InputStream) { s.Drop() },
		"dropped while waiting": func(s *wasiio.InputStream) {
			call(func() ([]byte, error) { return s.BlockingRead(ctx, 10) })
			synctest.Wait()
			s.Drop()
		},
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				pr, pw := io.Pipe()
				r := &closeCounter{ReadCloser: pr}
				go func() {
					pw.Write([]byte("abc"))
					if name == "at the end" {
						pw.Close()
					}
				}()
				end(wasiio.NewInputStream(r))
				synctest.Wait()
				if r.closed != 1 {
					t.Errorf("reader was closed %d times", r.closed)
				}
			})
		})
	}
}

func TestDropOfAParentBeforeItsChildrenTraps(t *testing.T) {
	in := wasiio.NewInputStream(nil)
	if _, err := in.Subscribe(ctx); err != nil {
		t.Fatal(err)
	}
	wantTrap(t, in.Drop())

	out := wasiio.NewOutputStream(io.Discard)
	if _, err := out.Subscribe(ctx); err != nil {
		t.Fatal(err)
	}
	wantTrap(t, out.Drop())

	var body wasiio.Children
	wasiio.NewInputStream(nil).ChildOf(&body)
	wantTrap(t, body.Err("incoming-body"))
}

func TestDropOfChildrenBeforeTheirParent(t *testing.T) {
	var body wasiio.Children
	in := wasiio.NewInputStream(nil).ChildOf(&body)
	out := wasiio.NewOutputStream(io.Discard).ChildOf(&body)
	p, _ := in.Subscribe(ctx)
	q, _ := out.Subscribe(ctx)
	for _, d := range []interface{ Drop() error }{p.(*wasiio.Pollable), q.(*wasiio.Pollable), in, out} {
		if err := d.Drop(); err != nil {
			t.Error(err)
		}
	}
	if err := body.Err("incoming-body"); err != nil {
		t.Error(err)
	}
}

// neverReady is a Source that has failed and does not become ready.
type neverReady struct{ wasiio.Source }

func (neverReady) Read(int) ([]byte, error) { return nil, io.ErrUnexpectedEOF }
func (neverReady) Ready() bool              { return false }

func TestPollableOfAClosedInputIsReady(t *testing.T) {
	s := wasiio.NewInputStreamFrom(neverReady{})
	p, _ := s.Subscribe(ctx)
	if ready, _ := p.Ready(ctx); ready {
		t.Error("pollable is ready before the stream is closed")
	}
	_, err := s.Read(ctx, 1)
	wantFailed(t, err, io.ErrUnexpectedEOF)
	if ready, _ := p.Ready(ctx); !ready {
		t.Error("pollable of a closed stream is not ready")
	}
}

// slowCloser takes until let is closed to close.
type slowCloser struct {
	io.Reader
	let chan struct{}
}

func (c slowCloser) Close() error {
	<-c.let
	return nil
}

func TestInputDropDoesNotWaitForClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		let := make(chan struct{})
		s := wasiio.NewInputStream(slowCloser{bytes.NewReader(nil), let})
		if err := s.Drop(); err != nil {
			t.Error(err)
		}
		close(let)
	})
}
