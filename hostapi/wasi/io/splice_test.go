package io_test

import (
	"bytes"
	"io"
	"math"
	"testing"
	"testing/synctest"

	wasiio "github.com/spinhost/spin/hostapi/wasi/io"
)

func TestSpliceMovesWhatBothAllow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := wasiio.NewPipe(8)
		out := wasiio.NewOutputStreamTo(w)
		in := wasiio.NewInputStreamFrom(wasiio.Bytes([]byte("0123456789abcdef")))
		if n, err := out.Splice(ctx, in, 3); n != 3 || err != nil {
			t.Errorf("splice of 3 = %d, %v", n, err)
		}
		if n, err := out.Splice(ctx, in, math.MaxUint64); n != 5 || err != nil {
			t.Errorf("splice with room for 5 = %d, %v", n, err)
		}
		if n, err := out.Splice(ctx, in, 1); n != 0 || err != nil {
			t.Errorf("splice without room = %d, %v", n, err)
		}
		if n, err := out.Splice(ctx, in, 0); n != 0 || err != nil {
			t.Errorf("splice of nothing = %d, %v", n, err)
		}
		go func() { // a reader that makes room late
			synctest.Wait()
			io.ReadFull(r, make([]byte, 8))
		}()
		n, err := call(func() (uint64, error) { return out.BlockingSplice(ctx, in, 100) })
		if n != 8 || err != nil {
			t.Errorf("blocking-splice = %d, %v", n, err)
		}
		out.Drop()
		if rest, err := io.ReadAll(r); string(rest) != "89abcdef" || err != nil {
			t.Errorf("last bytes are %q, %v", rest, err)
		}
	})
}

func TestBlockingSpliceWaitsForInput(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pr, pw := io.Pipe()
		in, out := wasiio.NewInputStream(pr), wasiio.NewOutputStream(io.Discard)
		if n, err := out.Splice(ctx, in, 10); n != 0 || err != nil {
			t.Errorf("splice without input = %d, %v", n, err)
		}
		if n, err := out.BlockingSplice(ctx, in, 0); n != 0 || err != nil {
			t.Errorf("blocking-splice of nothing = %d, %v", n, err)
		}
		go func() { pw.Write([]byte("abc")); pw.Close() }()
		splice := func() (uint64, error) { return out.BlockingSplice(ctx, in, 10) }
		if n, err := call(splice); n != 3 || err != nil {
			t.Errorf("blocking-splice = %d, %v", n, err)
		}
		_, err := call(splice)
		wantClosed(t, err)
		if _, err := out.CheckWrite(ctx); err != nil {
			t.Errorf("the end of the input closed the output: %v", err)
		}
		in.Drop()
	})
}

// What check-write allowed before a splice may be gone after it.
func TestSpliceUsesUpThePermission(t *testing.T) {
	_, w := wasiio.NewPipe(8)
	out := wasiio.NewOutputStreamTo(w)
	out.CheckWrite(ctx)
	if _, err := out.Splice(ctx, wasiio.NewInputStreamFrom(wasiio.Bytes([]byte("12345"))), 5); err != nil {
		t.Fatal(err)
	}
	wantTrap(t, out.Write(ctx, []byte("12345")))
}

func TestSpliceKeepsNothingOfTheSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		want := pattern(1 << 20)
		r, w := wasiio.NewPipe(300_000)
		in, out := wasiio.NewInputStream(io.NopCloser(bytes.NewReader(want))), wasiio.NewOutputStreamTo(w)
		done := make(chan []byte)
		go func() {
			got, _ := io.ReadAll(r)
			done <- got
		}()
		for {
			if _, err := call(func() (uint64, error) { return out.BlockingSplice(ctx, in, 1<<30) }); err != nil {
				wantClosed(t, err)
				break
			}
		}
		in.Drop()
		out.Drop()
		if got := <-done; !bytes.Equal(got, want) {
			t.Errorf("got %d bytes, want %d", len(got), len(want))
		}
	})
}
