package engine_test

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/internal/leaktest"
)

// whomHost serves what testdata/wast/whom.wast imports, and writes down for each step of the
// guest whom it was done for and who has told.
type whomHost struct {
	mu    sync.Mutex
	steps map[uint32]string
	waits map[uint32]chan struct{} // calls of wait that have begun; closed to end them
}

type requestKey struct{}

func newWhomHost() *whomHost {
	return &whomHost{steps: map[uint32]string{}, waits: map[uint32]chan struct{}{}}
}

// saw notes a step.
func (h *whomHost) saw(how string, tag uint32, ctx context.Context, caller abi.Caller) {
	h.mu.Lock()
	defer h.mu.Unlock()
	from, ok := abi.CallerOf(ctx)
	if !ok || from != caller {
		caller.Instance += fmt.Sprintf(" but the context says %v, %v", from, ok)
	}
	h.steps[tag] += fmt.Sprintf("%s %v %v;", how, ctx.Value(requestKey{}), caller)
}

func (h *whomHost) linker() *engine.Linker {
	const id = "test:whom/host@1.0.0"
	tag := func(c *abi.Call) uint32 { return c.Args().U32(0) }
	l := engine.NewLinker()
	l.Define(id, func() (*abi.Interface, error) {
		return &abi.Interface{ID: id, Funcs: []abi.Func{
			{Name: "note", Type: "func(tag:u32)", Serve: func(c *abi.Call) { h.saw("note", tag(c), c.Context(), c.Caller()) }},
			{Name: "pause", Type: "func(tag:u32)", Serve: func(c *abi.Call) { h.pause(c, tag(c)) }},
			{Name: "poll", Type: "func(tag:u32)", Serve: func(c *abi.Call) { h.poll(c, tag(c)) }},
			{Name: "wait", Type: "async func(tag:u32)", Serve: func(c *abi.Call) { h.wait(c, tag(c)) }},
			{Name: "feed", Type: "func(tag:u32)->stream<u32>", Serve: func(c *abi.Call) {
				e := &whomFeed{h: h, tag: tag(c), caller: c.Caller()}
				c.Return(uint64(abi.LowerStream(&c.Guest, e, 0, 4, func(g *abi.Guest, p, v uint32) {
					h.saw("store", e.tag, g.Context(), e.caller)
					g.PutU32(p, v)
				})))
			}},
		}}, nil
	})
	return l
}

// pause takes its time on a goroutine, while the guest does nothing else.
func (h *whomHost) pause(c *abi.Call, tag uint32) {
	caller := c.Caller()
	c.Go(func(ctx context.Context) func(*abi.Call) {
		h.saw("pause", tag, ctx, caller)
		return func(c *abi.Call) { h.saw("paused", tag, c.Context(), c.Caller()) }
	})
}

// poll waits for a pollable.
func (h *whomHost) poll(c *abi.Call, tag uint32) {
	h.saw("poll", tag, c.Context(), c.Caller())
	h.mu.Lock()
	first := h.waits[tag] == nil
	h.waits[tag] = make(chan struct{})
	h.mu.Unlock()
	if first {
		c.Fail(abi.WaitFor(&wastPollable{}))
	}
}

// wait waits until end is told to.
func (h *whomHost) wait(c *abi.Call, tag uint32) {
	caller := c.Caller()
	end := make(chan struct{})
	h.mu.Lock()
	h.waits[tag] = end
	h.mu.Unlock()
	c.Go(func(ctx context.Context) func(*abi.Call) {
		h.saw("wait", tag, ctx, caller)
		select {
		case <-end:
		case <-ctx.Done():
		}
		return func(c *abi.Call) { h.saw("waited", tag, c.Context(), c.Caller()) }
	})
}

func (h *whomHost) waiting(tag uint32) func() bool {
	return func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		return h.waits[tag] != nil
	}
}

func (h *whomHost) end(tag uint32) {
	h.mu.Lock()
	defer h.mu.Unlock()
	close(h.waits[tag])
	delete(h.waits, tag)
}

// whomFeed is a stream of one number.
type whomFeed struct {
	h      *whomHost
	tag    uint32
	caller abi.Caller
	asked  bool
}

func (f *whomFeed) Next(ctx context.Context) (uint32, error) {
	if f.asked {
		return 0, io.EOF
	}
	f.asked = true
	f.h.saw("next", f.tag, ctx, f.caller)
	return f.tag, nil
}

func (f *whomFeed) Close() error { return nil }

func whomInstance(t *testing.T) (*engine.Instance, *whomHost) {
	t.Helper()
	h := newWhomHost()
	p := linked(t, h.linker(), newRuntime(t), decode(t, wasmFile(t, "wast", "whom.0.wasm")))
	i, err := p.Instantiate(request("start"), engine.InstanceConfig{Name: "app", Shared: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeInstance(t, i) })
	return i, h
}

// request is the context of a request.
func request(name string) context.Context {
	return context.WithValue(context.Background(), requestKey{}, name)
}

// Whatever is done for a call, in whichever component instance and however late, the host is
// told for whom and by which instance, while another call is in the middle of the same steps.
func TestHostKnowsWhomItServes(t *testing.T) {
	leaktest.Check(t)
	i, h := whomInstance(t)
	for _, phase := range []struct {
		names []string
		waits []uint32 // steps that are to be ended, in this order
	}{
		{[]string{"run", "give-up"}, []uint32{2042, 1042}},
		{[]string{"stay"}, []uint32{1082, 2082}}, // it keeps the other from entering
	} {
		var calls []*engine.Call
		for _, name := range phase.names {
			for _, tag := range []uint32{1000, 2000} {
				ctx := request(fmt.Sprint("request ", tag))
				calls = append(calls, i.Start(ctx, function(t, i, name), &loopCall{args: []uint32{tag}}, nil))
			}
		}
		for _, tag := range phase.waits {
			eventually(t, fmt.Sprintf("step %d", tag), h.waiting(tag))
			h.end(tag)
		}
		for k, c := range calls {
			if err := c.Wait(context.Background()); err != nil {
				t.Fatalf("call %d of %s: %v", k, phase.names, err)
			}
			<-c.Ended()
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	want := map[uint32]string{1: "note start app/back;"}
	for _, tag := range []uint32{1000, 2000} {
		for at, how := range map[uint32][]string{
			0: {"front", "note"}, 20: {"back", "note"}, 30: {"front", "poll", "poll"}, 41: {"back", "note"}, 42: {"back", "wait", "waited"},
			43: {"back", "note"}, 44: {"back", "pause", "paused"}, 5: {"front", "note"}, 50: {"front", "next", "store"}, 6: {"front", "note"},
			61: {"back", "note"}, 62: {"back", "wait"}, 69: {"back", "note"}, 7: {"front", "note"},
			81: {"back", "note"}, 82: {"back", "wait", "waited"}, 83: {"back", "note"}, 84: {"back", "pause", "paused"}, 8: {"front", "note"},
		} {
			for _, step := range how[1:] {
				want[tag+at] += fmt.Sprintf("%s request %d app/%s;", step, tag, how[0])
			}
		}
	}
	for _, tag := range slices.Sorted(maps.Keys(want)) {
		if h.steps[tag] != want[tag] {
			t.Errorf("step %d: got %q, want %q", tag, h.steps[tag], want[tag])
		}
	}
	for tag, got := range h.steps {
		if want[tag] == "" {
			t.Errorf("step %d that was not to be: %q", tag, got)
		}
	}
}
