package wasmtime

import (
	"flag"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestMain fails if a goroutine is left over.
func TestMain(m *testing.M) {
	before := runtime.NumGoroutine()
	code := m.Run()
	fuzzing := flag.Lookup("test.fuzz").Value.String() != "" // leaves goroutines of its own
	for range 200 {
		if fuzzing || runtime.NumGoroutine() <= before {
			os.Exit(code)
		}
		time.Sleep(5 * time.Millisecond)
	}
	buf := make([]byte, 1<<20)
	os.Stderr.Write(buf[:runtime.Stack(buf, true)])
	os.Exit(1)
}

// Settings that wasmtime would abort on are errors.
func TestConfigChecks(t *testing.T) {
	for name, c := range map[string]Config{
		"wasm stack":      {MaxWasmStack: 100},
		"huge wasm stack": {MaxWasmStack: 1 << 40},
		"async stack":     {AsyncStack: 512 << 10},
		"huge stack":      {AsyncStack: 1 << 40},
		"negative":        {MaxWasmStack: -1},
		"jobs":            {MaxCompileJobs: -1},
		"code":            {MaxCode: -1},
		"functions":       {MaxFunctions: -1},
		"memories":        {Pool: &Pool{Memories: -1}},
		"many memories":   {Pool: &Pool{Memories: 1 << 31}},
		"memory":          {Pool: &Pool{MaxMemory: 1 << 33}},
		"elements":        {Pool: &Pool{TableElements: 1 << 60}},
		"resident":        {Pool: &Pool{KeepResident: 1 << 60}},
	} {
		if _, err := NewEngine(c); err == nil || !strings.HasPrefix(err.Error(), "wasmtime: ") {
			t.Error(name, err)
		}
	}
	p := &Pool{}
	e := newEngine(t, Config{Pool: p})
	if *p != (Pool{}) {
		t.Error("the caller's pool was changed")
	}
	if !e.Pooled() || e.PoolError() != nil {
		t.Error(e.PoolError())
	}
	for name, p := range map[string]*Pool{
		"memories": {Memories: 1_000_000},
		"tables":   {Tables: 1_000_000, TableElements: maxTableMin},
		"stacks":   {Stacks: 1_000_000},
	} {
		e := newEngine(t, Config{Pool: p})
		if e.Pooled() || e.PoolError() == nil {
			t.Error(name, "is pooled")
		}
		compile(t, e, `(module (memory 1))`)
	}
}

func TestFingerprint(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range []Config{{}, {Exceptions: true}, {GC: true}, {Memory64: true}, {Threads: true}} {
		e := newEngine(t, c)
		if f := e.Fingerprint(); seen[f] || !strings.Contains(f, "44.") {
			t.Error(f)
		} else {
			seen[f] = true
		}
	}
}

func TestFeatures(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		with Config
		off  bool // not accepted by default
	}{
		"simd":         {text: `(module (func (result v128) (i32x4.splat (i32.const 1))))`},
		"bulk memory":  {text: `(module (memory 1) (func (memory.fill (i32.const 0) (i32.const 0) (i32.const 0))))`},
		"multi value":  {text: `(module (func (result i32 i32) (i32.const 0) (i32.const 0)))`},
		"tail call":    {text: `(module (func $f (return_call $f)))`},
		"multi memory": {text: `(module (memory 1) (memory 1))`},
		"references":   {text: `(module (table 1 externref) (func (param externref)))`},
		"exceptions":   {text: `(module (tag $t) (func (throw $t)))`, with: Config{Exceptions: true}, off: true},
		"gc":           {text: `(module (type $s (struct (field i32))) (func (result (ref $s)) (struct.new_default $s)))`, with: Config{GC: true}, off: true},
		"memory64":     {text: `(module (memory i64 1))`, with: Config{Memory64: true}, off: true},
		"threads":      {text: `(module (memory 1) (func (result i32) (i32.atomic.load (i32.const 0))))`, with: Config{Threads: true}, off: true},
	} {
		accepts := func(cfg Config) bool {
			e := newEngine(t, cfg)
			m, err := e.Compile(t.Context(), Source{Wasm: wat(t, c.text)})
			if err == nil {
				m.Close()
			}
			return err == nil
		}
		if accepts(Config{}) == c.off {
			t.Error(name, "by default")
		}
		if !accepts(c.with) {
			t.Error(name, "is not accepted")
		}
	}
}

// Calls and host calls allocate nothing in Go.
func TestAllocations(t *testing.T) {
	w := newWorld(t, Config{Pool: smallPool})
	g := w.guest(t, StoreConfig{})
	defer g.close()
	f := g.fiber()
	defer g.closeFiber(f)
	loop, actloop, sleeps, nop := g.fn("loop"), g.fn("actloop"), g.fn("sleeps"), g.fn("nop")
	n := 0
	g.next = func(f *Fiber) (FuncID, bool) { n++; return nop, n%10 != 0 }
	g.act = func(*Fiber, Slots) Status { g.call(nop, 1); _ = g.s.Memory(0); return Done }
	for name, fn := range map[string]func(){
		"fiber":           func() { run(f, loop, 10) },
		"off fiber":       func() { g.call(loop, 10) },
		"suspend":         func() { run(f, sleeps, 10) },
		"nested":          func() { run(f, actloop, 10) },
		"nested off":      func() { g.call(actloop, 10) },
		"next job":        func() { f.Slots().SetU32(0, 1); f.Start(nop, true) },
		"views":           func() { _ = g.s.Memory(0); _ = g.s.MemoryBytes(); _ = g.s.Args(); _ = f.Slots(); _ = f.Context() },
		"refusal of busy": func() { _ = f.CallArgs() },
	} {
		if a := testing.AllocsPerRun(100, fn); a != 0 {
			t.Error(name, a)
		}
	}
}

// TestStackGap measures how much of the thread's stack wasmtime uses between
// spin_poll and its switch to the fiber: the gap must leave room for it.
func TestStackGap(t *testing.T) {
	if !hasHop {
		t.Skip("nothing hops")
	}
	w := newWorld(t, Config{Pool: smallPool})
	g := w.guest(t, StoreConfig{})
	defer g.close()
	f := g.fiber()
	sleeps := g.fn("sleeps")
	if o := start(f, sleeps, 3); o != Suspended {
		t.Fatal(o)
	}
	spurious := f.pollPainted()
	f.Answer(Done)
	f.c.rc, f.c.ready = 0, true
	suspending := f.pollPainted()
	g.closeFiber(f)
	t.Log(spurious, suspending)
	if m := max(spurious, suspending); m < 100 || m > 8<<10 {
		t.Error(m, "bytes")
	}
}
