package pool_test

import (
	"errors"
	"testing"
	"time"

	"github.com/spinhost/spin/internal/pool"
)

func TestDraw(t *testing.T) {
	for _, c := range []struct{ from, below, last int }{{5, 0, 5}, {5, 5, 5}, {5, 6, 5}, {5, 8, 7}, {-1, 0, -1}} {
		seen := map[int]bool{}
		for range 200 {
			seen[pool.Draw(c.from, c.below)] = true
		}
		for n := c.from; n <= c.last; n++ {
			if !seen[n] {
				t.Errorf("%+v: never %d", c, n)
			}
			delete(seen, n)
		}
		if len(seen) > 0 {
			t.Errorf("%+v: also %v", c, seen)
		}
	}
}

// Each instance has its own number of callers, the same for its whole life.
func TestInstancesDrawHowManyCallersTheyHave(t *testing.T) {
	cfg := config()
	cfg.Requests, cfg.RequestsBelow = 2, 5
	bubble(t, cfg, func(t *testing.T, f *farm) {
		uses := map[*guest]int{}
		for range 300 {
			l := f.shared()
			uses[l.g]++
			l.over()
		}
		seen := map[int]bool{}
		for g, n := range uses {
			if g.n < f.made()-1 { // the last may have more to come
				seen[n] = true
			}
		}
		if len(seen) != 3 || !seen[2] || !seen[3] || !seen[4] {
			t.Errorf("numbers of callers: %v", seen)
		}
	})
}

// One that draws 1 serves a single caller, and counts as one of those that there may be.
func TestRangeThatBeginsWithOne(t *testing.T) {
	cfg := config()
	cfg.Requests, cfg.RequestsBelow, cfg.MaxInstances = 1, 3, 1
	bubble(t, cfg, func(t *testing.T, f *farm) {
		for range 50 {
			l := f.shared()
			w := f.wait(t.Context())
			if w.served() {
				if second := f.of(w.i); second.g != l.g {
					t.Error("there are two instances at once")
				} else {
					second.over()
				}
				l.over()
				continue
			}
			l.over()
			<-w.done
			f.of(w.i).over()
		}
	})
}

func TestInstancesDrawTheirIdleTime(t *testing.T) {
	cfg := config()
	cfg.Idle, cfg.IdleBelow = time.Second, 3*time.Second
	bubble(t, cfg, func(t *testing.T, f *farm) {
		var all []*lease
		for range 20 {
			l := f.shared()
			l.g.set(true)
			all = append(all, l)
		}
		for _, l := range all {
			l.over()
		}
		time.Sleep(999 * time.Millisecond)
		for _, l := range all {
			l.g.wantKilled(nil)
		}
		time.Sleep(time.Second)
		killed := 0
		for _, l := range all {
			if l.g.isKilled() {
				killed++
			}
		}
		if killed == 0 || killed == len(all) {
			t.Errorf("%d of %d have gone in the middle of the range", killed, len(all))
		}
		time.Sleep(1001 * time.Millisecond)
		for _, l := range all {
			l.g.wantKilled(errClosed)
		}
	})
}

var errLate = errors.New("late")

// An instance that is retired serves the callers that it has, and ends whatever else goes on in it.
func TestRetiredInstanceTakesNoMoreCallers(t *testing.T) {
	cfg := config()
	cfg.MaxInstances = 1
	bubble(t, cfg, func(t *testing.T, f *farm) {
		a, b := f.shared(), f.shared()
		a.Retire(errLate)
		c := f.shared() // the retired one does not count
		if b.g != a.g || c.g == a.g {
			t.Error("a caller is placed on a retired instance")
		}
		a.Release() // its task goes on
		a.g.wantKilled(nil)
		b.over()
		a.g.wantKilled(errLate)
		c.over()
		c.g.wantKilled(nil)
	})
}

func TestRetiredInstanceOfOneCallerIsEnded(t *testing.T) {
	cfg := config()
	cfg.Requests = 1
	bubble(t, cfg, func(t *testing.T, f *farm) {
		fresh, err := f.Fresh(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range []*lease{f.shared(), f.of(fresh)} {
			l.Retire(errLate)
			l.g.wantKilled(errLate)
			l.Release()
		}
	})
}

// What waits for room is served when an instance is retired.
func TestRetiringMakesRoom(t *testing.T) {
	cfg := config()
	cfg.MaxInstances, cfg.Concurrent = 1, 1
	bubble(t, cfg, func(t *testing.T, f *farm) {
		a := f.shared()
		w := f.wait(t.Context())
		if w.served() {
			t.Fatal("a second caller at once")
		}
		a.Retire(errLate)
		if !w.served() {
			t.Fatal("it waits still")
		}
		f.of(w.i).over()
		a.over()
	})
}
