package wasmtime

import (
	"flag"
	"math/rand"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var (
	stressFor    = flag.Duration("stress", 2*time.Second, "length of TestStress")
	stressStores = flag.Int("stress.stores", 300, "stores of TestStress")
)

// stress is TestStress while it runs.
type stress struct {
	t     *testing.T
	w     *world
	stop  chan struct{}
	queue chan *stressTask

	polls, acts, suspensions, jobs, traps, panics            atomic.Int64
	nested, own, growths, closed, preempted, next, instances atomic.Int64
}

// stressTask is a store with one fiber that works and perhaps one that is forgotten.
type stressTask struct {
	g     *guest
	f     *Fiber
	o     Outcome
	begun bool
	fails bool // the job is meant to trap
	want  uint32
	wake  chan bool // a suspended host call may be answered
}

// TestStress keeps many stores busy from eight goroutines, half of them locked to
// a thread, which take whichever fiber can run, poll it once and hand it on,
// while the collector, epochs and the profiler run.
func TestStress(t *testing.T) {
	if testing.Short() {
		*stressFor, *stressStores = min(*stressFor, 500*time.Millisecond), min(*stressStores, 100)
	}
	n := *stressStores
	defer debug.SetGCPercent(debug.SetGCPercent(1))
	w := newWorld(t, Config{Pool: &Pool{Memories: 2*n + 200, Tables: 2*n + 200, CoreInstances: 2*n + 200, Stacks: 4*n + 200}})
	s := &stress{t: t, w: w, stop: make(chan struct{}), queue: make(chan *stressTask, n)}
	var background sync.WaitGroup
	background.Go(func() { s.every(time.Millisecond, w.e.IncrementEpoch) })
	background.Go(func() { s.every(10*time.Millisecond, runtime.GC) })
	buf := make([]byte, 1<<20)
	background.Go(func() { s.every(50*time.Millisecond, func() { runtime.Stack(buf, true) }) })
	if err := pprof.StartCPUProfile(new(discard)); err == nil {
		defer pprof.StopCPUProfile()
	}

	var tasks []*stressTask
	for range n {
		k := &stressTask{}
		s.renew(k)
		tasks = append(tasks, k)
		s.queue <- k
	}
	var workers sync.WaitGroup
	for i := range 8 {
		workers.Go(func() {
			if i < 4 {
				runtime.LockOSThread()
				defer runtime.UnlockOSThread()
			}
			s.work()
		})
	}
	time.Sleep(*stressFor)
	close(s.stop)
	workers.Wait()
	background.Wait()
	for _, k := range tasks { // most of them suspended
		k.g.closeFiber(k.f)
		k.g.close()
	}
	t.Logf("polls %d; acts %d, suspensions %d, jobs %d, next jobs %d, traps %d, panics %d, nested stores %d, own-store calls %d, stack growths %d, preempted %d, closed while suspended %d, stores %d",
		s.polls.Load(), s.acts.Load(), s.suspensions.Load(), s.jobs.Load(), s.next.Load(), s.traps.Load(), s.panics.Load(), s.nested.Load(),
		s.own.Load(), s.growths.Load(), s.preempted.Load(), s.closed.Load(), s.instances.Load())
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

func (s *stress) every(d time.Duration, f func()) {
	for {
		select {
		case <-s.stop:
			return
		case <-time.After(d):
			f()
		}
	}
}

func (s *stress) work() {
	for {
		select {
		case <-s.stop:
			return
		case k := <-s.queue:
			s.step(k)
			s.queue <- k
		}
	}
}

// renew gives a task a store of its own.
func (s *stress) renew(k *stressTask) {
	s.instances.Add(1)
	k.g, k.o, k.begun = s.w.guest(s.t, StoreConfig{OffFiberTicks: 1 << 20}), Idle, false
	k.f = k.g.fiber()
	k.g.sleep = func(f *Fiber, a Slots) Status {
		s.suspensions.Add(1)
		switch {
		case f != k.f: // a nested fiber, driven to its end where it was started
		case a.U32(0)%5 == 0:
			wake := k.wake
			time.AfterFunc(time.Duration(rand.Intn(300))*time.Microsecond, func() { wake <- true })
		default:
			k.wake <- true
		}
		return Pending
	}
	k.wake = make(chan bool, 1)
}

func (s *stress) step(k *stressTask) {
	s.polls.Add(1)
	switch k.o {
	case Suspended:
		if rand.Intn(400) == 0 {
			s.closed.Add(1)
			k.g.closeFiber(k.f)
			k.f, k.wake = k.g.fiber(), make(chan bool, 1)
			s.begin(k)
			return
		}
		select {
		case <-k.wake:
			k.f.Answer(Done)
			k.o = k.f.Resume()
		default: // not yet
		}
		return
	case Preempted:
		s.preempted.Add(1)
		k.o = k.f.Resume()
		return
	case Idle:
		if k.begun && (k.fails || k.f.Slots().U32(0) != k.want) {
			s.t.Error("got", k.f.Slots().U32(0), "want", k.want, k.fails)
		}
	case Trapped:
		if !k.fails {
			s.t.Error(k.f.Err())
		}
	default:
		s.t.Error(k.o, k.f.Err())
	}
	if k.o != Idle || rand.Intn(20) == 0 {
		k.g.closeFiber(k.f)
		if k.o != Idle || rand.Intn(2) == 0 {
			k.g.close()
			s.renew(k)
		} else {
			k.f = k.g.fiber()
		}
	}
	s.begin(k)
}

func (s *stress) begin(k *stressTask) {
	s.jobs.Add(1)
	n := 1 + uint32(rand.Intn(40))
	k.begun, k.fails, k.want = true, false, sum(n)
	name, arg, loop := "", n, false
	switch c := rand.Intn(13); {
	case c < 4:
		name, k.want = "mix", 2*sum(n)
	case c < 6:
		name = "sleeps"
	case c < 9:
		name = "actloop"
		k.g.act = func(f *Fiber, a Slots) Status { return s.act(k, a) }
	case c < 10:
		name, k.fails = "actloop", true
		k.g.act = func(f *Fiber, a Slots) Status {
			if a.U32(0) > 1 {
				return s.act(k, a)
			}
			s.panics.Add(1)
			deep(rand.Intn(500))
			var p *int
			if rand.Intn(2) == 0 {
				return Status(*p)
			}
			panic("stress")
		}
	case c < 11:
		name, arg, k.want = "spin", 300_000, 0
	case c < 12:
		name, loop, k.want = "nop", true, 0
		k.g.next = func(f *Fiber) (FuncID, bool) {
			s.next.Add(1)
			f.Slots().SetU32(0, f.Slots().U32(0)-1)
			return k.g.fn("nop"), f.Slots().U32(0) > 0
		}
	default:
		name, k.fails = []string{"trap", "oob", "div", "so"}[rand.Intn(4)], true
		s.traps.Add(1)
	}
	k.f.Slots().SetU32(0, arg)
	k.o = k.f.Start(k.g.fn(name), loop)
}

// act is a host call that does one of many things.
func (s *stress) act(k *stressTask, a Slots) Status {
	s.acts.Add(1)
	v, g := a.U32(0), k.g
	switch v % 16 {
	case 1:
		s.growths.Add(1)
		deep(300 + rand.Intn(2000))
	case 2: // a guest in another store, to its end, on a fiber of its own
		s.nested.Add(1)
		o, err := s.w.tryGuest(s.t, StoreConfig{})
		if err != nil {
			s.t.Error(err)
			return Trap
		}
		f := o.fiber()
		if r, err := run(f, o.fn("mix"), 9); r != 90 || err != nil {
			s.t.Error("nested", r, err)
		}
		o.closeFiber(f)
		o.close()
	case 3: // the own store, on the thread's stack
		s.own.Add(1)
		if r, err := g.call(g.fn("loop"), 6); r != 21 || err != nil {
			s.t.Error("own", r, err)
		}
		if _, err := g.call(g.fn("grow"), 1); err != nil {
			s.t.Error("grow", err)
		}
	case 4: // another fiber of the own store, suspended and resumed in here
		f := g.fiber()
		if r, err := run(f, g.fn("mix"), 5); r != 30 || err != nil {
			s.t.Error("second fiber", r, err)
		}
		g.closeFiber(f)
	case 5:
		runtime.Gosched()
	case 6:
		time.Sleep(time.Duration(rand.Intn(50)) * time.Microsecond)
	case 7:
		_ = make([]byte, 10<<rand.Intn(8))
	case 8: // a guest in another store that traps
		o, err := s.w.tryGuest(s.t, StoreConfig{})
		if err != nil {
			s.t.Error(err)
			return Trap
		}
		if _, err := o.call(o.fn("oob"), 0); err == nil {
			s.t.Error("no trap")
		}
		o.close()
	}
	a.SetU32(0, v)
	return Done
}
