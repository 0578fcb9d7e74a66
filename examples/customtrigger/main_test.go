package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"strings"
	"testing"
	"time"

	"example.com/customtrigger/timer"
)

// eager is a clock by which everything is due at once, a number of times.
type eager struct{ left chan struct{} }

func (eager) Now() time.Time { return time.Time{} }

func (e eager) After(time.Duration) <-chan time.Time {
	c := make(chan time.Time, 1)
	select {
	case <-e.left:
		c <- time.Time{}
	default:
	}
	return c
}

func TestServe(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	clock := eager{make(chan struct{}, 3)}
	for range cap(clock.left) {
		clock.left <- struct{}{}
	}
	r, w := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := serve(ctx, "spin.toml", "127.0.0.1:0", timer.Config{Clock: clock}, w, io.Discard)
		w.CloseWithError(err)
		done <- err
	}()
	out := bufio.NewScanner(r)
	if !out.Scan() {
		t.Fatal("no output: ", out.Err())
	}
	url, ok := strings.CutPrefix(out.Text(), "Serving ")
	if !ok {
		t.Fatal(out.Text())
	}
	for range 3 { // by two timers, in any order
		if !out.Scan() {
			t.Fatal("no more output: ", out.Err())
		}
		if got := out.Text(); !strings.HasPrefix(got, "heartbeat: tick ") && !strings.HasPrefix(got, "slow: tick ") {
			t.Error(got)
		}
	}
	res, err := http.Get(url + "/any")
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(res.Body)
	res.Body.Close()
	if err != nil || res.StatusCode != 200 || string(b) != "Hello, world!" {
		t.Errorf("%d %q, %v", res.StatusCode, b, err)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestServeFails(t *testing.T) {
	if err := serve(t.Context(), "none.toml", "127.0.0.1:0", timer.Config{}, io.Discard, io.Discard); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if err := serve(t.Context(), "spin.toml", "127.0.0.1:99999", timer.Config{}, io.Discard, io.Discard); err == nil {
		t.Error("it listens")
	}
}
