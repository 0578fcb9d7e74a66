package pool_test

import (
	"context"
	"errors"
	"testing"
	"time"
)

// parallel is a pool on a machine on which two instances can compute at once.
func parallel(t *testing.T, test func(t *testing.T, f *farm)) {
	t.Helper()
	cfg := config()
	cfg.Parallel = 2
	bubble(t, cfg, test)
}

// computing has n callers placed whose guests compute.
func (f *farm) computing(n int) (list []*lease) {
	f.t.Helper()
	for range n {
		l := f.shared()
		l.g.set(true)
		list = append(list, l)
	}
	return list
}

func (l *lease) computed() {
	l.g.set(false)
	l.over()
}

var errLeft = errors.New("left")

func TestCallersWaitForInstancesThatCompute(t *testing.T) {
	parallel(t, func(t *testing.T, f *farm) {
		a := f.computing(2)
		first, second := f.wait(t.Context()), f.wait(t.Context())
		if first.served() || second.served() || f.made() != 2 {
			t.Fatalf("served: %t, %t; %d instances", first.served(), second.served(), f.made())
		}
		a[1].computed()
		if !first.served() || second.served() {
			t.Fatalf("served: %t, %t", first.served(), second.served())
		}
		l := f.of(first.i)
		if l.g != a[1].g {
			t.Errorf("placed in %d", l.g.n)
		}
		if !second.served() { // the first one's call has begun to wait
			t.Fatal("the second still waits")
		}
		if m := f.of(second.i); m.g != l.g || f.made() != 2 {
			t.Errorf("placed in %d of %d instances", m.g.n, f.made())
		} else {
			m.over()
		}
		l.over()
		a[0].computed()
	})
}

// Nobody is told when a guest that has computed begins to wait. Who comes then does not overtake
// those who have waited.
func TestNewCallersDoNotOvertakeThosePatient(t *testing.T) {
	t.Run("shared", func(t *testing.T) {
		parallel(t, func(t *testing.T, f *farm) {
			list := f.computing(2)
			overtake(t, list[0], list[1], func() *waiter { return f.wait(t.Context()) })
		})
	})
	t.Run("fresh", func(t *testing.T) {
		parallel(t, func(t *testing.T, f *farm) {
			a, b := f.freshComputing()
			overtake(t, a, b, func() *waiter { return f.waitFresh(t.Context()) })
		})
	})
}

func overtake(t *testing.T, a, b *lease, wait func() *waiter) {
	first := wait()
	a.g.set(false)
	second := wait()
	if !first.served() || second.served() {
		t.Fatalf("served: %t, %t", first.served(), second.served())
	}
	first.i.Release()
	if !second.served() {
		t.Fatal("the second still waits")
	}
	second.i.Release()
	a.over()
	b.computed()
}

// Guests may compute for long: the patience of those who wait for them ends.
func TestPatienceEnds(t *testing.T) {
	for name, wait := range map[string]func(*farm, context.Context) *waiter{"shared": (*farm).wait, "fresh": (*farm).waitFresh} {
		t.Run(name, func(t *testing.T) {
			parallel(t, func(t *testing.T, f *farm) {
				var all, waiting []*waiter
				for k := range 5 {
					w := wait(f, t.Context())
					if all = append(all, w); k >= 2 {
						waiting = append(waiting, w)
					}
				}
				for k, w := range []*waiter{waiting[0], waiting[2], waiting[1]} { // the oldest, the youngest, and so on
					d := 5 * time.Millisecond * time.Duration(2+k) / 2
					time.Sleep(d - 1)
					if w.served() {
						t.Fatalf("caller %d was served at once", k)
					}
					time.Sleep(time.Nanosecond)
					if !w.served() || w.err != nil || f.made() != 3+k {
						t.Fatalf("caller %d still waits, or %v; %d instances", k, w.err, f.made())
					}
				}
				for _, w := range all {
					f.of(w.i).over()
				}
			})
		})
	}
}

// Among many that compute, nobody waits for ever longer.
func TestPatienceIsBounded(t *testing.T) {
	parallel(t, func(t *testing.T, f *farm) {
		var list []*lease
		for k := range 30 {
			began := time.Now()
			l := f.computing(1)[0]
			list = append(list, l)
			if d := time.Since(began); k > 8 && d != 20*time.Millisecond || d > 20*time.Millisecond {
				t.Errorf("instance %d was waited for for %v", k, d)
			}
		}
		if f.made() != 30 {
			t.Errorf("%d instances", f.made())
		}
		for _, l := range list {
			l.computed()
		}
	})
}

// As long as some are served, the others go on waiting.
func TestPatienceLastsWhileOthersAreServed(t *testing.T) {
	parallel(t, func(t *testing.T, f *farm) {
		a := f.computing(2)
		waiting := crowd(t, 10, f.wait)
		for k, w := range waiting {
			time.Sleep(3 * time.Millisecond)
			a[k%2].g.set(false)
			a[k%2].over()
			if !w.served() {
				t.Fatalf("caller %d still waits", k)
			}
			a[k%2].g.set(true) // before its call begins, so that nobody else is placed there
			a[k%2] = f.of(w.i)
		}
		if f.made() != 2 {
			t.Errorf("%d instances", f.made())
		}
		for _, l := range a {
			l.computed()
		}
	})
}

// Nobody waits for instances that could not take them anyway.
func TestNobodyWaitsForWhatIsFull(t *testing.T) {
	cfg := config()
	cfg.Parallel, cfg.Concurrent = 2, 1
	bubble(t, cfg, func(t *testing.T, f *farm) {
		for _, l := range f.computing(5) {
			l.computed()
		}
		if f.made() != 5 {
			t.Errorf("%d instances", f.made())
		}
	})
}

// What is being made counts: of many who come at once, not each gets one.
func TestManyComeAtOnce(t *testing.T) {
	parallel(t, func(t *testing.T, f *farm) {
		f.gate = make(chan struct{})
		all := crowd(t, 20, f.wait)
		close(f.gate)
		for _, w := range all {
			if !w.served() || w.err != nil {
				t.Fatal("a caller still waits, or ", w.err)
			}
			defer f.of(w.i).over()
		}
		if f.made() != 2 {
			t.Errorf("%d instances", f.made())
		}
	})
}

// freshComputing has two callers served whose guests compute.
func (f *farm) freshComputing() (a, b *lease) {
	f.t.Helper()
	var list [2]*lease
	for k := range list {
		i, err := f.Fresh(f.t.Context())
		if err != nil {
			f.t.Fatal(err)
		}
		list[k] = f.of(i)
		list[k].g.set(true)
	}
	return list[0], list[1]
}

func TestCallersOfFreshInstancesWaitForThoseThatCompute(t *testing.T) {
	for name, free := range map[string]func(f *farm, l *lease){
		"ends":   func(_ *farm, l *lease) { l.computed() },
		"traps":  func(_ *farm, l *lease) { l.g.end() },
		"killed": func(_ *farm, l *lease) { l.Kill(errLeft) },
		"waits":  func(f *farm, l *lease) { l.g.set(false); f.of(l.Instance) }, // with a further call
	} {
		t.Run(name, func(t *testing.T) {
			parallel(t, func(t *testing.T, f *farm) {
				a, b := f.freshComputing()
				first, second := f.waitFresh(t.Context()), f.waitFresh(t.Context())
				if first.served() || second.served() || f.made() != 2 {
					t.Fatalf("served: %t, %t; %d instances", first.served(), second.served(), f.made())
				}
				free(f, a)
				if !first.served() || second.served() || f.made() != 3 {
					t.Fatalf("served: %t, %t; %d instances", first.served(), second.served(), f.made())
				}
				l := f.of(first.i)
				if !second.served() || f.made() != 4 { // the first one's call waits
					t.Errorf("the second still waits; %d instances", f.made())
				}
				for _, l := range []*lease{a, b, l, f.of(second.i)} {
					l.Release()
				}
			})
		})
	}
}

func TestPatienceOfCallersOfFreshInstances(t *testing.T) {
	parallel(t, func(t *testing.T, f *farm) {
		a, b := f.freshComputing()
		ctx, cancel := context.WithCancelCause(t.Context())
		gone, first, second := f.waitFresh(ctx), f.waitFresh(t.Context()), f.waitFresh(t.Context())
		cancel(errLeft)
		if !gone.served() || gone.err != errLeft {
			t.Errorf("who has left got %v", gone.err)
		}
		time.Sleep(5 * time.Millisecond)
		if !first.served() || second.served() || f.made() != 3 {
			t.Fatalf("served: %t, %t; %d instances", first.served(), second.served(), f.made())
		}
		f.fail = errLeft
		b.computed()
		a.g.set(false)
		f.of(first.i).over() // two compute no longer: there is room for another, which cannot be made
		if !second.served() || second.err != errLeft {
			t.Errorf("the second got %v", second.err)
		}
		f.fail = nil
		if w := f.waitFresh(t.Context()); !w.served() || w.err != nil {
			t.Error("after a failure nobody is let in: ", w.err)
		} else {
			f.of(w.i).over()
		}
		a.over()
	})
}

func TestCloseRefusesThoseThatWaitForFreshInstances(t *testing.T) {
	parallel(t, func(t *testing.T, f *farm) {
		a, b := f.freshComputing()
		all := crowd(t, 10, f.waitFresh)
		go func() { _ = f.Close(t.Context()) }()
		for k, w := range all {
			if !w.served() || w.err != errClosed {
				t.Errorf("caller %d: %v", k, w.err)
			}
		}
		a.computed()
		b.computed()
	})
}

// Those that take short go by those that take long.
func TestShortCallsGoByLongOnes(t *testing.T) {
	parallel(t, func(t *testing.T, f *farm) {
		a, b := f.freshComputing()
		all := crowd(t, 20, f.waitFresh)
		time.Sleep(5 * time.Millisecond) // one of them is let in
		for k, w := range all {
			if !w.served() {
				t.Fatalf("caller %d still waits", k)
			}
			f.of(w.i).over()
		}
		a.computed()
		b.computed()
		c, d := f.freshComputing()
		w := f.waitFresh(t.Context())
		if w.served() {
			t.Error("a caller did not wait, with none that take long")
		}
		if c.computed(); w.served() {
			f.of(w.i).over()
		}
		d.computed()
	})
}

// Of those that wait for something there may be any number.
func TestFreshInstancesThatWaitHoldNobodyUp(t *testing.T) {
	parallel(t, func(t *testing.T, f *farm) {
		var list []*lease
		for range 100 {
			i, err := f.Fresh(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, f.of(i))
		}
		for _, l := range list {
			l.over()
		}
	})
}
