package engine

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/spinhost/spin/internal/skiptest"
	"github.com/spinhost/spin/internal/wasmtime"
)

// spareProgram links a component of testdata whose stores can be reset.
func spareProgram(t *testing.T, rt *Runtime) *Program {
	t.Helper()
	wasm, err := os.ReadFile(filepath.Join("testdata", "spare.wasm"))
	if err != nil {
		t.Fatal(err)
	}
	c, err := Decode(wasm)
	if err != nil {
		t.Fatal(err)
	}
	p, err := NewLinker().Link(context.Background(), rt, c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func spareRuntime(t *testing.T, cfg Config) *Runtime {
	t.Helper()
	if pm, err := wasmtime.OpenPagemap(); err != nil {
		skiptest.Lacking(t, "stores cannot be reset here: ", err)
	} else {
		pm.Close()
	}
	rt, err := NewRuntime(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := rt.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return rt
}

// use makes an instance, calls its functions, and closes it.
func use(t *testing.T, p *Program, cfg InstanceConfig, calls ...string) []any {
	t.Helper()
	i, err := p.Instantiate(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	var got []any
	for _, name := range calls {
		f, err := p.Func("", name)
		if err != nil {
			t.Fatal(err)
		}
		v, err := i.Call(context.Background(), f)
		if err != nil {
			v = err
		}
		got = append(got, v)
	}
	if err := i.Close(context.Background()); err != nil {
		t.Error(err)
	}
	return got
}

func (s *spares) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.list)
}

// Every instance begins as the first did, whether its store is new or has been used.
func TestSparesAreAsGoodAsNew(t *testing.T) {
	p := spareProgram(t, spareRuntime(t, Config{}))
	if !p.spares.on {
		t.Fatal("the program is not taken for one that can be reset")
	}
	reused := 0
	for n := range 20 {
		reused += p.spares.count()
		got := use(t, p, InstanceConfig{}, "bump", "bump")
		if got[0] != uint32(20) || got[1] != uint32(26) {
			t.Fatalf("instance %d: %v", n, got)
		}
	}
	if reused < 15 {
		t.Errorf("of 20 instances %d had a used store", reused)
	}
}

// What cannot be undone is not kept: memory that has grown, and guests that have trapped.
func TestSparesThatCannotBeReset(t *testing.T) {
	p := spareProgram(t, spareRuntime(t, Config{}))
	use(t, p, InstanceConfig{}) // the snapshot begins with this one
	for _, name := range []string{"grow", "fail"} {
		got := use(t, p, InstanceConfig{}, name)
		var trap *TrapError
		if err, ok := got[0].(error); name == "fail" && (!ok || !errors.As(err, &trap)) {
			t.Errorf("%s: %v", name, got)
		}
		if n := p.spares.count(); n != 0 {
			t.Errorf("after %s %d stores are kept", name, n)
		}
		if got := use(t, p, InstanceConfig{}, "bump", "grow"); got[0] != uint32(20) || got[1] != uint32(3) {
			t.Errorf("after %s: %v", name, got)
		}
	}
}

// Stores that were made with other limits are not used.
func TestSparesHaveTheirLimits(t *testing.T) {
	p := spareProgram(t, spareRuntime(t, Config{}))
	for range 3 { // the second's pages are missed, the third's known
		use(t, p, InstanceConfig{}, "bump")
	}
	if n := p.spares.count(); n != 1 {
		t.Fatalf("%d stores are kept", n)
	}
	const never = uint32(1<<32 - 1)
	if got := use(t, p, InstanceConfig{Memory: 3 << 16}, "grow"); got[0] != never {
		t.Errorf("memory has grown beyond its limit: %v", got)
	}
	if got := use(t, p, InstanceConfig{}, "grow"); got[0] != uint32(3) {
		t.Errorf("memory has not grown: %v", got)
	}
}

// Spares make room for instances, and go when nobody wants them, or the program.
func TestSparesMakeRoom(t *testing.T) {
	rt := spareRuntime(t, Config{Instances: 2})
	a, b := spareProgram(t, rt), spareProgram(t, rt)
	for range 3 {
		var held []*Instance
		for range 2 {
			i, err := a.Instantiate(context.Background(), InstanceConfig{})
			if err != nil {
				t.Fatal(err)
			}
			held = append(held, i)
		}
		for _, i := range held {
			if err := i.Close(context.Background()); err != nil {
				t.Error(err)
			}
		}
	}
	if a.spares.count() == 0 {
		t.Error("nothing is kept")
	}
	for range 2 { // there is no other room than that of a's spares
		i, err := b.Instantiate(context.Background(), InstanceConfig{})
		if err != nil {
			t.Fatal(err)
		}
		defer i.Close(context.Background())
	}
	if n := a.spares.count(); n != 0 {
		t.Errorf("%d spares are left", n)
	}
}

func TestSparesGo(t *testing.T) {
	rt := spareRuntime(t, Config{})
	p := spareProgram(t, rt)
	use(t, p, InstanceConfig{})
	use(t, p, InstanceConfig{})
	p.spares.mu.Lock()
	for i := range p.spares.list {
		p.spares.list[i].since = p.spares.list[i].since.Add(-spareTime)
	}
	p.spares.mu.Unlock()
	p.spares.trim()
	if n := p.spares.count(); n != 0 {
		t.Errorf("%d spares are left", n)
	}
	use(t, p, InstanceConfig{})
	p.Close()
	if n := p.spares.count(); n != 0 {
		t.Errorf("%d spares are left of a closed program", n)
	}
	if rt.admit.used != (need{}) {
		t.Errorf("room is still taken: %+v", rt.admit.used)
	}
}

func TestSparesAreForOneAtATime(t *testing.T) {
	p := spareProgram(t, spareRuntime(t, Config{}))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if got := use(t, p, InstanceConfig{}, "bump", "bump"); got[0] != uint32(20) || got[1] != uint32(26) {
					t.Error(got)
					return
				}
			}
		})
	}
	wg.Wait()
	if n := p.spares.count(); n == 0 || n > maxSpares {
		t.Errorf("%d spares", n)
	}
}
