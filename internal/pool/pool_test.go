package pool_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spinhost/spin/internal/pool"
)

func TestCallersJoinTheFullestInstanceThatWaits(t *testing.T) {
	cfg := config()
	cfg.Concurrent = 3
	bubble(t, cfg, func(t *testing.T, f *farm) {
		a := f.shared()
		a.g.set(true)
		b := f.shared() // a computes
		a.g.set(false)
		c := f.shared() // a and b have one caller each: the first
		d := f.shared() // a has two
		e := f.shared() // a is full
		b.g.set(true)
		x := f.shared() // a is full, b computes: another
		for k, got := range []*lease{a, b, c, d, e, x} {
			if want := []int{0, 1, 0, 0, 1, 2}[k]; got.g.n != want {
				t.Errorf("caller %d is in instance %d, want %d", k, got.g.n, want)
			}
		}
		for _, l := range []*lease{a, b, c, d, e, x} {
			l.over()
		}
	})
}

// Else callers that come at the same time would take turns in one instance, and processors
// with them.
func TestInstanceIsKeptForACallerThatIsAboutToBegin(t *testing.T) {
	bubble(t, config(), func(t *testing.T, f *farm) {
		first, err := f.Shared(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		second := f.shared()
		if second.g.n != 1 {
			t.Error("a second caller comes between the first and its call")
		}
		second.over()
		a := f.of(first) // whose call waits: it is the fullest
		b := f.shared()
		if b.g != a.g {
			t.Errorf("a caller is in instance %d although calls of %d wait", b.g.n, a.g.n)
		}
		a.over()
		b.over()
		third, err := f.Shared(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		third.Release() // without a call
		for _, l := range []*lease{f.shared(), f.shared(), f.shared()} {
			l.over()
		}
		if f.made() != 2 {
			t.Errorf("%d instances although their calls wait", f.made())
		}
	})
}

func TestEmptiestOfBusyInstancesWhenThereCanBeNoOther(t *testing.T) {
	cfg := config()
	cfg.MaxInstances = 2
	bubble(t, cfg, func(t *testing.T, f *farm) {
		a := f.shared()
		a.g.set(true)
		b := f.shared()
		b.g.set(true)
		c := f.shared() // both have one: the first
		d := f.shared() // the other has fewer
		if c.g != a.g || d.g != b.g || f.made() != 2 {
			t.Errorf("in %d and %d of %d instances", c.g.n, d.g.n, f.made())
		}
		for _, l := range []*lease{a, b, c, d} {
			l.over()
		}
	})
}

func TestInstanceIsUsedUp(t *testing.T) {
	cfg := config()
	cfg.Requests = 3
	bubble(t, cfg, func(t *testing.T, f *farm) {
		for k := range 7 {
			l := f.shared()
			if l.g.n != k/3 {
				t.Errorf("call %d is in instance %d", k, l.g.n)
			}
			l.over()
		}
		f.guests[0].wantKilled(errClosed)
		f.guests[1].wantKilled(errClosed)
		f.guests[2].wantKilled(nil)
	})
}

func TestInstanceThatIsUsedUpFinishesItsCalls(t *testing.T) {
	cfg := config()
	cfg.Requests, cfg.MaxInstances = 2, 1
	bubble(t, cfg, func(t *testing.T, f *farm) {
		a, b := f.shared(), f.shared()
		a.over()
		a.g.wantKilled(nil)
		c := f.shared() // the used-up one does not count any more
		if c.g == a.g || b.g != a.g {
			t.Error("placed on an instance that is used up")
		}
		b.over()
		a.g.wantKilled(errClosed)
		c.over()
	})
}

func TestNoSharing(t *testing.T) {
	cfg := config()
	cfg.Requests = 1
	bubble(t, cfg, func(t *testing.T, f *farm) {
		a, b := f.shared(), f.shared()
		if a.g == b.g || a.g.shared || b.g.shared {
			t.Error("an instance is shared")
		}
		a.over()
		a.g.wantKilled(errClosed)
		b.g.wantKilled(nil)
		b.over()
	})
}

func TestFreshInstanceServesOneCaller(t *testing.T) {
	bubble(t, config(), func(t *testing.T, f *farm) {
		s := f.shared()
		for k := range 2 {
			i, err := f.Fresh(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			l := f.of(i)
			if l.g.n != k+1 || l.g.shared {
				t.Errorf("caller %d is in instance %d, shared %t", k, l.g.n, l.g.shared)
			}
			if other := f.shared(); other.g != s.g {
				t.Error("somebody was placed on a fresh instance")
			} else {
				other.over()
			}
			l.over()
			l.g.wantKilled(errClosed)
		}
		s.over()
	})
}

func TestIdleInstanceEndsAfterItsTime(t *testing.T) {
	bubble(t, config(), func(t *testing.T, f *farm) {
		a := f.shared()
		a.over()
		time.Sleep(time.Second - 1)
		a.g.wantKilled(nil)
		b := f.shared() // in the last moment
		time.Sleep(time.Hour)
		b.g.wantKilled(nil)
		if b.g != a.g {
			t.Error("another instance was made")
		}
		b.over()
		time.Sleep(time.Second - 1)
		b.g.wantKilled(nil)
		time.Sleep(time.Nanosecond)
		b.g.wantKilled(errClosed)
		c := f.shared()
		if c.g == a.g {
			t.Error("placed on an instance that has ended")
		}
		c.over()
	})
}

func TestWorkAfterTheAnswerIsLimited(t *testing.T) {
	fresh := func(f *farm) *lease {
		i, err := f.Fresh(f.t.Context())
		if err != nil {
			f.t.Fatal(err)
		}
		return f.of(i)
	}
	for name, get := range map[string]func(*farm) *lease{"shared": (*farm).shared, "fresh": fresh} {
		t.Run(name, func(t *testing.T) {
			bubble(t, config(), func(t *testing.T, f *farm) {
				a := get(f)
				a.Release()
				time.Sleep(30*time.Second - 1)
				a.g.wantKilled(nil)
				time.Sleep(time.Nanosecond)
				a.g.wantKilled(pool.ErrTail)
			})
			bubble(t, config(), func(t *testing.T, f *farm) {
				a := get(f)
				a.Release()
				time.Sleep(29 * time.Second)
				a.g.finish()
				a.g.wantKilled(map[string]error{"shared": nil, "fresh": errClosed}[name])
				time.Sleep(time.Second)
				a.g.wantKilled(errClosed)
			})
		})
	}
}

func TestTailDoesNotCountWhileTheInstanceHasCallers(t *testing.T) {
	bubble(t, config(), func(t *testing.T, f *farm) {
		a := f.shared()
		b := f.shared()
		a.Release() // its task goes on
		time.Sleep(time.Hour)
		a.g.wantKilled(nil)
		b.over()
		time.Sleep(29 * time.Second)
		c := f.shared()
		time.Sleep(time.Hour)
		c.g.wantKilled(nil)
		if c.g != a.g {
			t.Error("another instance was made")
		}
		c.over()
		time.Sleep(30 * time.Second)
		a.g.wantKilled(pool.ErrTail)
	})
}

func TestTrapMakesPlaceForAnotherInstance(t *testing.T) {
	cfg := config()
	cfg.MaxInstances, cfg.Concurrent = 1, 1
	bubble(t, cfg, func(t *testing.T, f *farm) {
		a := f.shared()
		w := f.wait(t.Context())
		a.g.end()
		if !w.served() || w.err != nil || f.made() != 2 {
			t.Fatalf("served %t, %v, %d instances", w.served(), w.err, f.made())
		}
		a.Release()
		f.of(w.i).over()
	})
}

func TestNobodyIsPlacedOnAnInstanceThatIsKilled(t *testing.T) {
	cfg := config()
	cfg.MaxInstances = 1
	bubble(t, cfg, func(t *testing.T, f *farm) {
		a := f.shared()
		a.g.stays = true // it takes its time
		why := errors.New("late")
		a.Kill(why)
		a.g.wantKilled(why)
		b := f.shared()
		if b.g == a.g {
			t.Error("placed on an instance that was killed")
		}
		b.over()
		a.g.end()
		a.Release()
	})
}

func TestReleasingTwiceIsHarmless(t *testing.T) {
	bubble(t, config(), func(t *testing.T, f *farm) {
		a, b := f.shared(), f.shared()
		a.over()
		a.Release()
		time.Sleep(time.Hour)
		b.g.wantKilled(nil)
		b.over()
	})
}

func TestFailureToMakeAnInstance(t *testing.T) {
	cfg := config()
	cfg.MaxInstances = 1
	bubble(t, cfg, func(t *testing.T, f *farm) {
		f.fail = errors.New("no memory")
		for range 3 {
			if _, err := f.Shared(t.Context()); err != f.fail {
				t.Error(err)
			}
			if _, err := f.Fresh(t.Context()); err != f.fail {
				t.Error(err)
			}
		}
		f.fail = nil
		f.shared().over()
	})
}

// An instance that ends at once does not take the place of another.
func TestInstanceThatEndsWhileItIsMade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := config()
		cfg.MaxInstances = 1
		made := 0
		p := pool.New(cfg, func(_ context.Context, shared, _ bool, ended func()) (pool.Instance, error) {
			made++
			ended()
			return &guest{t: t, shared: shared}, nil
		})
		for k := range 3 {
			i, err := p.Shared(t.Context())
			if err != nil || made != k+1 {
				t.Fatalf("%d were made, %v", made, err)
			}
			defer i.Release()
		}
		if err := p.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
