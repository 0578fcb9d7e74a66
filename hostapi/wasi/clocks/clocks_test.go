package clocks_test

import (
	"context"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/internal/guesttest"
	"github.com/spinhost/spin/hostapi/wasi/clocks"
	"github.com/spinhost/spin/hostapi/wasi/io"
)

const (
	mono2  = "wasi:clocks/monotonic-clock@0.2.12#"
	mono3  = "wasi:clocks/monotonic-clock@0.3.0#"
	monoRC = "wasi:clocks/monotonic-clock@0.3.0-rc-2026-03-15#"
	poll   = "wasi:io/poll@0.2.12#"
)

// guest runs f in a bubble, where time passes only while all goroutines wait.
func guest(t *testing.T, f func(t *testing.T, g *guesttest.Guest)) {
	synctest.Test(t, func(t *testing.T) {
		list := append(clocks.Interfaces(), io.Interfaces()...)
		f(t, guesttest.New(t, new(hostapi.Scope), list))
	})
}

func call(t *testing.T, g *guesttest.Guest, name string, args ...uint64) uint64 {
	t.Helper()
	v, err := g.Call(name, args...)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return v
}

func TestMonotonicClocksStartNearZeroAndAdvance(t *testing.T) {
	for _, id := range []string{mono2, mono3, monoRC} {
		guest(t, func(t *testing.T, g *guesttest.Guest) {
			if now := call(t, g, id+"now"); now != 0 {
				t.Errorf("%s starts at %d", id, now)
			}
			time.Sleep(1234567891)
			if now := call(t, g, id+"now"); now != 1234567891 {
				t.Errorf("%s is %d after 1.234567891 s", id, now)
			}
		})
	}
}

func TestResolutionsArePositive(t *testing.T) {
	guest(t, func(t *testing.T, g *guesttest.Guest) {
		for _, f := range []string{mono2 + "resolution", mono3 + "get-resolution", "wasi:clocks/system-clock@0.3.0#get-resolution"} {
			if n := call(t, g, f); n == 0 {
				t.Errorf("%s = 0", f)
			}
		}
		p, err := g.Load("wasi:clocks/wall-clock@0.2.12#resolution")
		if err != nil || g.U64(p) != 0 || g.U32(p+8) == 0 {
			t.Errorf("wall-clock resolution = %d s %d ns, %v", g.U64(p), g.U32(p+8), err)
		}
	})
}

func TestPollablesAreReadyOnTime(t *testing.T) {
	const start = 5 * uint64(time.Second)
	for _, c := range []struct {
		f    string
		arg  uint64
		wait time.Duration
	}{
		{"subscribe-duration", 0, 0},
		{"subscribe-duration", 1, 1},
		{"subscribe-duration", uint64(time.Hour), time.Hour},
		{"subscribe-instant", 0, 0},
		{"subscribe-instant", start, 0},
		{"subscribe-instant", start + 1500, 1500},
	} {
		guest(t, func(t *testing.T, g *guesttest.Guest) {
			time.Sleep(time.Duration(start))
			p := call(t, g, mono2+c.f, c.arg)
			ready := call(t, g, poll+"[method]pollable.ready", p)
			if want := c.wait == 0; (ready == 1) != want {
				t.Errorf("%s(%d): ready at once = %d", c.f, c.arg, ready)
			}
			begin := time.Now()
			call(t, g, poll+"[method]pollable.block", p)
			if d := time.Since(begin); d != c.wait {
				t.Errorf("%s(%d) blocked for %v, want %v", c.f, c.arg, d, c.wait)
			}
			if err := g.Drop(p); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestPollablesOfTheFarFutureAreNeverReady(t *testing.T) {
	for _, f := range []string{"subscribe-duration", "subscribe-instant"} {
		for _, arg := range []uint64{math.MaxInt64, math.MaxInt64 + 1, math.MaxUint64 - 1, math.MaxUint64} {
			guest(t, func(t *testing.T, g *guesttest.Guest) {
				time.Sleep(time.Minute)
				far, soon := call(t, g, mono2+f, arg), call(t, g, mono2+"subscribe-duration", 1000)
				list, n := g.PutU32(far, soon)
				p, err := g.Load(poll+"poll", list, n)
				if err != nil || g.U32(p+4) != 1 || g.U32(g.U32(p)) != 1 {
					t.Errorf("%s(%d): poll = %d indexes, first %d, %v; want the other pollable", f, arg, g.U32(p+4), g.U32(g.U32(p)), err)
				}
			})
		}
	}
}

// A timer that is left armed would call back in the guest's time to come.
func TestDisarmedTimersDoNotWake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		woken := 0
		timer := clocks.Timer(1000)
		timer.Arm(func() { woken++ })
		timer.Arm(func() { woken += 100 })()
		time.Sleep(time.Second)
		synctest.Wait()
		if woken != 1 || !timer.Ready() {
			t.Errorf("woken %d times, ready %v", woken, timer.Ready())
		}
	})
}

func TestWaitsTakeAsLongAsTheyShould(t *testing.T) {
	const start = 5 * uint64(time.Second)
	for _, id := range []string{mono3, monoRC} {
		for _, c := range []struct {
			f    string
			arg  uint64
			wait time.Duration
		}{
			{"wait-for", 0, 0},
			{"wait-for", 123, 123},
			{"wait-until", 0, 0},
			{"wait-until", start - 1, 0},
			{"wait-until", start + 77, 77},
		} {
			guest(t, func(t *testing.T, g *guesttest.Guest) {
				time.Sleep(time.Duration(start))
				begin := time.Now()
				call(t, g, id+c.f, c.arg)
				if d := time.Since(begin); d != c.wait {
					t.Errorf("%s(%d) took %v, want %v", c.f, c.arg, d, c.wait)
				}
			})
		}
	}
}

func TestWaitsEndWithTheirContext(t *testing.T) {
	for _, f := range []string{"wait-for", "wait-until"} {
		guest(t, func(t *testing.T, g *guesttest.Guest) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			g.SetContext(ctx)
			begin := time.Now()
			if _, err := g.Call(mono3+f, math.MaxUint64); err != context.DeadlineExceeded {
				t.Errorf("%s = %v", f, err)
			}
			if d := time.Since(begin); d != time.Second {
				t.Errorf("%s ended after %v", f, d)
			}
		})
	}
}

func TestWallClocksShowTheTime(t *testing.T) {
	guest(t, func(t *testing.T, g *guesttest.Guest) {
		time.Sleep(123456789)
		want := time.Now()
		for _, f := range []string{
			"wasi:clocks/wall-clock@0.2.12#now", "wasi:clocks/system-clock@0.3.0#now", "wasi:clocks/system-clock@0.3.0-rc-2026-03-15#now",
		} {
			p, err := g.Load(f)
			if err != nil || int64(g.U64(p)) != want.Unix() || int(g.U32(p+8)) != want.Nanosecond() {
				t.Errorf("%s = %d s %d ns, %v, want %v", f, g.U64(p), g.U32(p+8), err, want)
			}
		}
	})
}

func TestTimezoneIsAbsent(t *testing.T) {
	for _, i := range clocks.Interfaces() {
		switch i.ID {
		case "wasi:clocks/timezone@0.2.12", "wasi:clocks/timezone@0.3.0":
			t.Errorf("%s is provided", i.ID)
		}
	}
}

const (
	monoOctober = "wasi:clocks/monotonic-clock@0.2.0-rc-2023-10-18#"
	pollOctober = "wasi:io/poll@0.2.0-rc-2023-10-18#"
)

// One function of the snapshot of October 2023 is for points and for spans of time.
func TestSubscribeOfOctober(t *testing.T) {
	for _, test := range []struct{ when, absolute, want uint64 }{
		{uint64(time.Second), 0, uint64(3 * time.Second)},
		{uint64(3 * time.Second), 1, uint64(3 * time.Second)},
		{0, 0, uint64(2 * time.Second)},
		{uint64(time.Second), 1, uint64(2 * time.Second)},
	} {
		guest(t, func(t *testing.T, g *guesttest.Guest) {
			time.Sleep(2 * time.Second)
			call(t, g, pollOctober+"poll-one", call(t, g, monoOctober+"subscribe", test.when, test.absolute))
			if now := call(t, g, monoOctober+"now"); now != test.want {
				t.Errorf("%+v: ready at %d", test, now)
			}
			if n := call(t, g, monoOctober+"resolution"); n == 0 {
				t.Error("the resolution is 0")
			}
		})
	}
}
