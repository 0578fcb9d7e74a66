package pool_test

import (
	"testing"
	"time"
)

func TestLongestIdleInstanceMakesRoom(t *testing.T) {
	cfg := config()
	cfg.Concurrent = 1
	bubble(t, cfg, func(t *testing.T, f *farm) {
		start := time.Now()
		if f.EndIdle() || !f.IdleSince().IsZero() {
			t.Error("one of no instances is idle")
		}
		a, b, c, d := f.shared(), f.shared(), f.shared(), f.shared()
		if f.EndIdle() {
			t.Error("an instance with a caller was ended")
		}
		a.Release() // its task goes on
		time.Sleep(time.Millisecond)
		b.over()
		time.Sleep(time.Millisecond)
		c.over()
		if got := f.IdleSince().Sub(start); got != time.Millisecond {
			t.Errorf("idle since %v", got)
		}
		for _, want := range []*lease{b, c} {
			if !f.EndIdle() {
				t.Error("nothing was ended")
			}
			want.g.wantKilled(errClosed)
		}
		if f.EndIdle() || !f.IdleSince().IsZero() {
			t.Error("an instance was ended whose guest works")
		}
		a.g.wantKilled(nil)
		d.g.wantKilled(nil)
		a.g.finish()
		d.over()
	})
}

// While somebody waits for room, of whichever pool, instances are not kept for further callers.
func TestInstanceThatBecomesIdleWhileOthersWaitIsEnded(t *testing.T) {
	crowded := false
	cfg := config()
	cfg.Concurrent, cfg.MaxInstances = 1, 1
	cfg.Crowded = func() bool { return crowded }
	bubble(t, cfg, func(t *testing.T, f *farm) {
		a := f.shared()
		a.over()
		a.g.wantKilled(nil)
		crowded = true
		a = f.shared()
		w := f.wait(t.Context()) // of the same pool
		a.over()
		if !w.served() {
			t.Fatal("a caller of the same pool waits")
		}
		a.g.wantKilled(nil)
		b := f.of(w.i)
		b.Release()
		b.g.wantKilled(nil)
		b.g.finish()
		b.g.wantKilled(errClosed)
	})
}
