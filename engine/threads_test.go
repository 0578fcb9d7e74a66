package engine_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/internal/leaktest"
)

// threadsProgram links a component of testdata/wast that may use threads.
func threadsProgram(t testing.TB, rt *engine.Runtime, name string) *engine.Program {
	t.Helper()
	c, err := engine.DecodeWith(wasmFile(t, "wast", name), engine.DecodeConfig{Features: engine.Features{Threads: true}})
	if err != nil {
		t.Fatal(err)
	}
	return linked(t, engine.NewLinker(), rt, c)
}

func TestThreadsAreOffByDefault(t *testing.T) {
	wasm := wasmFile(t, "wast", "threads.0.wasm")
	if _, err := engine.Decode(wasm); err == nil || !strings.Contains(err.Error(), "thread.new-indirect") {
		t.Errorf("got %v", err)
	}
	if _, err := engine.DecodeWith(wasm, engine.DecodeConfig{Features: engine.Features{Threads: true}}); err != nil {
		t.Error(err)
	}
}

// Limits on counts trap the guest that goes beyond, and do not concern one that stays below.
func TestCounts(t *testing.T) {
	leaktest.Check(t)
	rt := newRuntime(t)
	stackful, threads := threadsProgram(t, rt, "stackful.0.wasm"), threadsProgram(t, rt, "threads.0.wasm")
	for _, tt := range []struct {
		p    *engine.Program
		f    string
		cfg  engine.InstanceConfig
		want string // the count
	}{
		{stackful, "hundred", engine.InstanceConfig{Tasks: 101}, ""},
		{stackful, "hundred", engine.InstanceConfig{Tasks: 100}, "Tasks"},
		{stackful, "hundred", engine.InstanceConfig{Stacks: 101}, ""},
		{stackful, "hundred", engine.InstanceConfig{Stacks: 100}, "Stacks"},
		{stackful, "back-pressure", engine.InstanceConfig{Tasks: 3}, ""},
		{stackful, "back-pressure", engine.InstanceConfig{Tasks: 2}, "Tasks"}, // of a call that waits to begin
		{stackful, "through", engine.InstanceConfig{CallDepth: 2}, ""},
		{stackful, "through", engine.InstanceConfig{CallDepth: 1}, "CallDepth"},
		{threads, "contexts", engine.InstanceConfig{Tasks: 3, Stacks: 3}, ""},
		{threads, "contexts", engine.InstanceConfig{Tasks: 2}, "Tasks"},
		{threads, "contexts", engine.InstanceConfig{Stacks: 2}, "Stacks"},
		{threads, "leaves-thread", engine.InstanceConfig{Tasks: 2}, "Tasks"}, // of a thread that never begins
	} {
		t.Run(fmt.Sprintf("%s %+v", tt.f, tt.cfg), func(t *testing.T) {
			i := instance(t, tt.p, tt.cfg)
			_, err := call(t, i, tt.f)
			if tt.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			var count *engine.CountError
			if !errors.As(err, &count) || string(count.Count) != tt.want || !errors.Is(err, engine.ErrTrap) {
				t.Fatalf("got %v", err)
			}
			if want := max(tt.cfg.Tasks, tt.cfg.Stacks, tt.cfg.CallDepth); count.Limit != want || !strings.Contains(err.Error(), "raise InstanceConfig."+tt.want) {
				t.Errorf("limit %d: %v", count.Limit, err)
			}
		})
	}
}

// What tasks of earlier calls have left counts too, but refuses later ones without ending the
// instance.
func TestCallsAreRefusedBeyondTheLimitOfTasks(t *testing.T) {
	p := threadsProgram(t, newRuntime(t), "threads.0.wasm")
	i := instance(t, p, engine.InstanceConfig{Tasks: 2})
	mustCall(t, i, uint32(1), "keeps") // its thread keeps the task
	_, err := call(t, i, "log")
	var count *engine.CountError
	if !errors.As(err, &count) || errors.Is(err, engine.ErrTrap) || i.Err() != nil {
		t.Fatalf("got %v; the instance has ended with %v", err, i.Err())
	}
	i = instance(t, p, engine.InstanceConfig{Tasks: 3})
	mustCall(t, i, uint32(1), "keeps")
	mustCall(t, i, uint32(0), "log")
}

// Threads that only resume each other compute, however little each does in its turn.
func TestThreadsThatOnlyTakeTurnsAreStopped(t *testing.T) {
	leaktest.Check(t)
	rt := newRuntime(t)
	p := threadsProgram(t, rt, "threads.0.wasm")
	for _, f := range []string{"switches-for-ever", "resumes-for-ever", "yields-for-ever"} {
		for _, f := range []string{f, f + "-sync"} {
			t.Run(f+"/limit", func(t *testing.T) {
				i := instance(t, p, engine.InstanceConfig{ComputeTime: 20 * time.Millisecond})
				if _, err := call(t, i, f); !errors.Is(err, engine.ErrTimeout) {
					t.Error(err)
				}
			})
			t.Run(f+"/kill", func(t *testing.T) {
				i := instance(t, p, engine.InstanceConfig{})
				why := errors.New("enough")
				time.AfterFunc(10*time.Millisecond, func() { i.Kill(why) })
				if _, err := call(t, i, f); !errors.Is(err, why) {
					t.Error(err)
				}
			})
		}
	}
}

// Instances can be closed whatever their threads do: wait, spin, or have never begun.
func TestThreadsEndWithTheirInstance(t *testing.T) {
	leaktest.Check(t)
	rt := newRuntime(t)
	p := threadsProgram(t, rt, "threads.0.wasm")
	for range 3 {
		for _, f := range []string{"leaves-thread", "leaves-thread-sync", "keeps", "ping-pong"} {
			i := instance(t, p, engine.InstanceConfig{})
			if _, err := call(t, i, f); err != nil {
				t.Fatal(err)
			}
			closeInstance(t, i)
		}
	}
	if s := rt.Stats(); s != (engine.Stats{}) {
		t.Errorf("left: %+v", s)
	}
}
