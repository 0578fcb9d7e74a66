package pool_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// crowded is a pool of one instance, which serves one caller at a time.
func crowded(t *testing.T, test func(t *testing.T, f *farm)) {
	t.Helper()
	cfg := config()
	cfg.MaxInstances, cfg.Concurrent = 1, 1
	bubble(t, cfg, test)
}

func TestCallersWaitInTheirOrder(t *testing.T) {
	crowded(t, func(t *testing.T, f *farm) {
		l := f.shared()
		list := crowd(t, 5, f.wait)
		for k, w := range list {
			if w.served() {
				t.Fatalf("caller %d did not wait", k)
			}
			l.over()
			if !w.served() || w.err != nil {
				t.Fatalf("caller %d was not served: %v", k, w.err)
			}
			l = f.of(w.i)
		}
		l.over()
		if f.made() != 1 {
			t.Errorf("%d instances", f.made())
		}
	})
}

func TestNewCallersDoNotOvertakeThoseThatWaitForANewInstance(t *testing.T) {
	crowded(t, func(t *testing.T, f *farm) {
		f.gate = make(chan struct{})
		first, second := f.wait(t.Context()), f.wait(t.Context())
		close(f.gate)
		if !first.served() || second.served() {
			t.Fatalf("served: %t, %t", first.served(), second.served())
		}
		l := f.of(first.i)
		l.g.end() // it traps: there is room for another instance, in the second one's name
		third := f.wait(t.Context())
		if !second.served() || third.served() || f.made() != 2 {
			t.Fatalf("served: %t, %t; %d instances", second.served(), third.served(), f.made())
		}
		first.i.Release()
		f.of(second.i).over()
		if !third.served() {
			t.Fatal("the third still waits")
		}
		f.of(third.i).over()
	})
}

func TestWaitingEndsWithItsContext(t *testing.T) {
	crowded(t, func(t *testing.T, f *farm) {
		l := f.shared()
		why := errors.New("client left")
		ctx, leave := context.WithCancelCause(t.Context())
		gone, stays := f.wait(ctx), f.wait(t.Context())
		leave(why)
		if !gone.served() || gone.err != why {
			t.Errorf("served %t, %v", gone.served(), gone.err)
		}
		l.over()
		if !stays.served() || stays.err != nil {
			t.Fatalf("served %t, %v", stays.served(), stays.err)
		}
		f.of(stays.i).over()
	})
}

func TestContextEndsWhileAnInstanceIsMade(t *testing.T) {
	crowded(t, func(t *testing.T, f *farm) {
		f.gate = make(chan struct{})
		ctx, leave := context.WithCancel(t.Context())
		maker, waits := f.wait(ctx), f.wait(t.Context())
		leave()
		if !maker.served() || maker.err != context.Canceled || waits.served() {
			t.Fatalf("served %t, %v; %t", maker.served(), maker.err, waits.served())
		}
		close(f.gate) // now the other makes it
		if !waits.served() || waits.err != nil {
			t.Fatalf("served %t, %v", waits.served(), waits.err)
		}
		f.of(waits.i).over()
	})
}

func TestFailureReachesEachThatWaits(t *testing.T) {
	crowded(t, func(t *testing.T, f *farm) {
		f.gate, f.fail = make(chan struct{}), errors.New("no memory")
		list := crowd(t, 4, f.wait)
		close(f.gate)
		for k, w := range list {
			if !w.served() || w.err != f.fail {
				t.Errorf("caller %d: served %t, %v", k, w.served(), w.err)
			}
		}
	})
}

func TestCloseRefusesAllThatWait(t *testing.T) {
	crowded(t, func(t *testing.T, f *farm) {
		l := f.shared()
		list := crowd(t, 5, f.wait)
		closed := make(chan error, 1)
		go func() { closed <- f.Close(context.Background()) }()
		for k, w := range list {
			if !w.served() || w.err != errClosed {
				t.Errorf("caller %d: served %t, %v", k, w.served(), w.err)
			}
		}
		if _, err := f.Shared(t.Context()); err != errClosed {
			t.Error(err)
		}
		if _, err := f.Fresh(t.Context()); err != errClosed {
			t.Error(err)
		}
		select {
		case err := <-closed:
			t.Fatal("closed before the caller was served: ", err)
		default:
		}
		l.over()
		if err := <-closed; err != nil {
			t.Error(err)
		}
		l.g.wantKilled(errClosed)
	})
}

func TestCloseEndsIdleInstances(t *testing.T) {
	bubble(t, config(), func(t *testing.T, f *farm) {
		a := f.shared()
		a.over()
		begin := time.Now()
		if err := f.Close(t.Context()); err != nil || time.Since(begin) > 0 {
			t.Errorf("%v after %v", err, time.Since(begin))
		}
		a.g.wantKilled(errClosed)
	})
}

func TestCloseWaitsForWorkAfterTheAnswer(t *testing.T) {
	bubble(t, config(), func(t *testing.T, f *farm) {
		a := f.shared()
		a.Release()
		ctx, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		if err := f.Close(ctx); err != context.DeadlineExceeded {
			t.Error(err)
		}
		a.g.wantKilled(nil)
		a.g.finish()
		a.g.wantKilled(errClosed)
	})
}

func TestCloseOfAnEmptyPoolNeedsNoTime(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	for range 100 {
		synctest.Test(t, func(t *testing.T) {
			if err := newFarm(t, config()).Close(ctx); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestCloseWhileAnInstanceIsMade(t *testing.T) {
	crowded(t, func(t *testing.T, f *farm) {
		f.gate = make(chan struct{})
		maker, waits := f.wait(t.Context()), f.wait(t.Context())
		closed := make(chan error, 1)
		go func() { closed <- f.Close(context.Background()) }()
		if !waits.served() || waits.err != errClosed {
			t.Errorf("served %t, %v", waits.served(), waits.err)
		}
		close(f.gate)
		if !maker.served() || maker.err != nil {
			t.Fatalf("served %t, %v", maker.served(), maker.err)
		}
		f.of(maker.i).over()
		if err := <-closed; err != nil {
			t.Error(err)
		}
	})
}

func TestCloseWhileAnInstanceCannotBeMade(t *testing.T) {
	bubble(t, config(), func(t *testing.T, f *farm) {
		f.gate, f.fail = make(chan struct{}), errors.New("no memory")
		maker := f.wait(t.Context())
		closed := make(chan error, 1)
		go func() { closed <- f.Close(context.Background()) }()
		synctest.Wait()
		close(f.gate)
		if !maker.served() || maker.err != f.fail {
			t.Errorf("served %t, %v", maker.served(), maker.err)
		}
		synctest.Wait()
		select {
		case err := <-closed:
			if err != nil {
				t.Error(err)
			}
		default:
			t.Fatal("it still waits")
		}
	})
}

func TestKilledInstanceMakesPlaceForThoseThatWait(t *testing.T) {
	crowded(t, func(t *testing.T, f *farm) {
		a := f.shared()
		a.g.stays = true
		w := f.wait(t.Context())
		a.Kill(errors.New("late"))
		if !w.served() || w.err != nil || f.made() != 2 {
			t.Fatalf("served %t, %v, %d instances", w.served(), w.err, f.made())
		}
		f.of(w.i).over()
		a.g.end()
		a.Release()
	})
}

// Callers come, leave, trap and are late in random order; the limits hold, and in the end
// nothing is left.
func TestManyCallers(t *testing.T) {
	for seed := range uint64(200) {
		cfg := config()
		cfg.Requests, cfg.Concurrent, cfg.MaxInstances = 5, 3, 2
		bubble(t, cfg, func(t *testing.T, f *farm) {
			r := rand.New(rand.NewPCG(seed, 1))
			users := map[*guest]int{}
			uses := map[*guest]int{}
			var mu sync.Mutex
			var wg sync.WaitGroup
			for range 60 {
				arrive, hold := time.Duration(r.IntN(40)), time.Duration(r.IntN(20))
				patience, fate := time.Duration(1+r.IntN(60)), r.IntN(6)
				wg.Go(func() {
					time.Sleep(arrive)
					ctx, stop := context.WithTimeout(t.Context(), patience)
					defer stop()
					i, err := f.Shared(ctx)
					if err != nil {
						return
					}
					mu.Lock()
					l := f.of(i)
					users[l.g]++
					if uses[l.g]++; users[l.g] > cfg.Concurrent || uses[l.g] > cfg.Requests {
						t.Errorf("seed %d: instance %d has %d callers, %d so far", seed, l.g.n, users[l.g], uses[l.g])
					}
					mu.Unlock()
					time.Sleep(hold)
					mu.Lock()
					users[l.g]--
					mu.Unlock()
					if fate == 0 {
						l.Kill(errors.New("trap"))
					}
					l.Release()
				})
			}
			wg.Wait()
			time.Sleep(time.Minute) // idle times and tails
			for _, g := range f.guests {
				if synctest.Wait(); g.why == nil {
					t.Errorf("seed %d: instance %d lives", seed, g.n)
				}
			}
		})
	}
}

// full is a farm that has had room for one instance.
func full(t *testing.T, f *farm) *lease {
	l := f.shared()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.room = make(chan struct{})
	return l
}

func TestCallersShareWhatThereIsIfThereIsNoRoomForMore(t *testing.T) {
	cfg := config()
	cfg.Concurrent = 3
	bubble(t, cfg, func(t *testing.T, f *farm) {
		first := full(t, f)
		first.g.set(true) // computes
		second, third := f.wait(t.Context()), f.wait(t.Context())
		if !second.served() || !third.served() || f.made() != 1 {
			t.Fatalf("served: %t, %t; %d instances", second.served(), third.served(), f.made())
		}
		fourth := f.wait(t.Context())
		if fourth.served() {
			t.Fatal("the fourth has no place")
		}
		f.of(second.i).over()
		if !fourth.served() || fourth.err != nil || f.made() != 1 {
			t.Fatalf("the fourth: %v; %d instances", fourth.err, f.made())
		}
		f.of(third.i).over()
		f.of(fourth.i).over()
		first.over()
	})
}

func TestCallersGetRoomThatComesBeforeAPlace(t *testing.T) {
	cfg := config()
	cfg.Concurrent = 1
	bubble(t, cfg, func(t *testing.T, f *farm) {
		first := full(t, f)
		second, third := f.wait(t.Context()), f.wait(t.Context())
		f.room <- struct{}{}
		served, waits := second, third
		if third.served() {
			served, waits = third, second
		}
		if !served.served() || served.err != nil || waits.served() || f.made() != 2 {
			t.Fatalf("served: %t, %t; %d instances", served.served(), waits.served(), f.made())
		}
		first.over()
		if !waits.served() || waits.err != nil || f.made() != 2 {
			t.Fatalf("%v; %d instances", waits.err, f.made())
		}
		f.of(served.i).over()
		f.of(waits.i).over()
	})
}

func TestCallersThatWaitForRoomLeave(t *testing.T) {
	cfg := config()
	cfg.Concurrent = 1
	bubble(t, cfg, func(t *testing.T, f *farm) {
		first := full(t, f)
		why := errors.New("client left")
		ctx, leave := context.WithCancelCause(t.Context())
		gone, stays := f.wait(ctx), f.wait(t.Context())
		leave(why)
		if !gone.served() || gone.err != why || stays.served() {
			t.Fatalf("%v; %t", gone.err, stays.served())
		}
		closed := make(chan error)
		go func() { closed <- f.Close(t.Context()) }()
		if !stays.served() || stays.err != errClosed {
			t.Errorf("%v", stays.err)
		}
		first.over()
		if err := <-closed; err != nil {
			t.Error(err)
		}
	})
}

// Room and a place that come at once serve a caller once, and nothing is lost.
func TestRoomAndPlaceAtOnce(t *testing.T) {
	cfg := config()
	cfg.Concurrent = 1
	for range 200 {
		bubble(t, cfg, func(t *testing.T, f *farm) {
			first := full(t, f)
			second := f.wait(t.Context())
			go first.over()
			go func() {
				select {
				case f.room <- struct{}{}:
				case <-time.After(time.Minute):
				}
			}()
			if !second.served() || second.err != nil {
				t.Fatal(second.err)
			}
			f.of(second.i).over()
			time.Sleep(2 * time.Minute)
		})
	}
}
