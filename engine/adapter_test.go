package engine_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	wasmtimego "github.com/bytecodealliance/wasmtime-go/v44" // for its text format alone

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/leaktest"
)

// adaptedHost lets "wait" calls go on one by one.
type adaptedHost struct {
	waiting chan uint32   // what the calls were given
	proceed chan struct{} // one of them returns
}

func (h *adaptedHost) linker() *engine.Linker {
	const id = "test:adapted/host"
	l := engine.NewLinker()
	l.Define(id, func() (*abi.Interface, error) {
		return &abi.Interface{ID: id, Funcs: []abi.Func{{Name: "wait", Type: "func(x:u32)->u32", Serve: func(c *abi.Call) {
			x := c.Args().U32(0)
			c.Go(func(ctx context.Context) func(*abi.Call) {
				h.waiting <- x
				select {
				case <-h.proceed:
				case <-ctx.Done():
				}
				return func(c *abi.Call) { c.Return(uint64(x)) }
			})
		}}}}, nil
	})
	return l
}

func adaptedProgram(t *testing.T) (*engine.Program, *adaptedHost) {
	h := &adaptedHost{waiting: make(chan uint32, 100), proceed: make(chan struct{}, 100)}
	p := linkFile(t, h.linker(), "adapted.wasm")
	if !p.HasAdapters() {
		t.Fatal("there are no adapters")
	}
	return p, h
}

// While a callee waits for the host its caller does too, and so does every other call: the
// instances on the way are entered, and found free again afterwards.
func TestCalleeOfAnAdapterWaits(t *testing.T) {
	leaktest.Check(t)
	p, h := adaptedProgram(t)
	i := instantiate(t, p)
	type answer struct {
		v   any
		err error
	}
	answers := make(chan answer, 3)
	start := func(name string, x uint32) {
		go func() {
			v, err := call(t, i, name, x)
			answers <- answer{v, err}
		}()
	}
	start("wait", 1)
	if x := <-h.waiting; x != 1 {
		t.Fatal(x)
	}
	start("callee-wait", 2)
	start("wait", 3)
	select {
	case x := <-h.waiting:
		t.Fatal("a second call began:", x)
	case <-time.After(20 * time.Millisecond):
	}
	var got []uint32
	for range 3 {
		h.proceed <- struct{}{}
		a := <-answers
		if a.err != nil {
			t.Fatal(a.err)
		}
		got = append(got, a.v.(uint32))
	}
	slices.Sort(got)
	if !slices.Equal(got, []uint32{2, 1001, 1003}) {
		t.Error(got)
	}
	if v, err := call(t, i, "spin", uint32(1)); err != nil || v != uint32(3) {
		t.Error(v, err)
	}
}

// A callee that computes for longer than a time slice is preempted with its caller below it,
// and lets other instances run; the limit holds for both together.
func TestCalleeOfAnAdapterComputes(t *testing.T) {
	leaktest.Check(t)
	p, _ := adaptedProgram(t)
	i, other := instantiate(t, p), instantiate(t, p)
	var wg sync.WaitGroup
	for _, x := range []*engine.Instance{i, other, i} {
		wg.Go(func() {
			if v, err := call(t, x, "spin", uint32(60)); err != nil || v != uint32(0) {
				t.Error(v, err)
			}
		})
	}
	wg.Wait()
	limited, err := p.Instantiate(context.Background(), engine.InstanceConfig{ComputeTime: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer limited.Close(context.Background())
	if _, err := call(t, limited, "spin", ^uint32(0)); !errors.Is(err, engine.ErrTimeout) {
		t.Error(err)
	}
}

// An instance can be closed in the middle of an adapter's call, be it computing or waiting.
func TestCloseDuringAnAdaptersCall(t *testing.T) {
	leaktest.Check(t)
	p, h := adaptedProgram(t)
	for _, name := range []string{"spin", "wait"} {
		i := instantiate(t, p)
		done := make(chan error)
		go func() {
			_, err := call(t, i, name, ^uint32(0))
			done <- err
		}()
		if name == "wait" {
			<-h.waiting
		} else {
			for !i.Busy() {
				time.Sleep(time.Millisecond)
			}
		}
		if err := i.Close(context.Background()); err != nil {
			t.Error(err)
		}
		if err := <-done; !errors.Is(err, engine.ErrClosed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A trap names the functions on both sides of the adapter, which is not shown itself.
func TestTrapThroughAnAdapter(t *testing.T) {
	p := linkFile(t, wastHost(), "wast/adapters.4.wasm")
	i := instantiate(t, p)
	_, err := call(t, i, "trap")
	var trap *engine.TrapError
	if !errors.As(err, &trap) || len(trap.Frames) != 2 {
		t.Errorf("%v", err)
	}
}

// An instance that is metered has its calls made by the engine, which then knows whose time it
// is; another of the same program does not.
func TestMeteredCallsAreTheEngines(t *testing.T) {
	p, _ := adaptedProgram(t)
	metered := must(p.Instantiate(context.Background(), engine.InstanceConfig{Meter: true}))
	defer metered.Close(context.Background())
	for _, i := range []*engine.Instance{metered, instantiate(t, p)} {
		if v, err := call(t, i, "spin", uint32(20)); err != nil || v != uint32(0) {
			t.Error(v, err)
		}
	}
	const callee = 1
	u := metered.Usage()
	if len(u.Instances) != 3 || u.Instances[callee].CPU == 0 { // all would be the caller's
		t.Errorf("%+v", u)
	}
}

// An instance made of a spare one has the flags of its instances where adapters look.
func TestAdaptersOfASpareInstance(t *testing.T) {
	p, h := adaptedProgram(t)
	if !p.KeepsSpares() {
		t.Error("instances with adapters are not used again")
	}
	for range 3 {
		i, err := p.Instantiate(context.Background(), engine.InstanceConfig{})
		if err != nil {
			t.Fatal(err)
		}
		h.proceed <- struct{}{}
		if v, err := call(t, i, "wait", uint32(4)); err != nil || v != uint32(1004) {
			t.Error(v, err)
		}
		<-h.waiting
		if err := i.Close(context.Background()); err != nil {
			t.Error(err)
		}
	}
}

// utf8Samples are valid and invalid encodings of characters at all borders.
func utf8Samples() (all []string) {
	for _, lead := range []byte{0, 0x7f, 0x80, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff} {
		for _, second := range []byte{0, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0} {
			for n := 1; n <= 4; n++ {
				all = append(all, string([]byte{lead, second, 0x80, 0xbf}[:n]))
			}
			all = append(all, string([]byte{lead, second, 0x7f}), string([]byte{lead, second, 0x80, 0xc0}))
		}
	}
	return all
}

// Adapters take for UTF-8 what Go does, wherever it stands in a string.
func TestAdaptersCheckUTF8(t *testing.T) {
	var a types.Arena
	ft := must(a.Func([]types.Param{{Name: "s", Type: a.Primitive(types.String)}}, nil, false))
	wasm := must(wasmtimego.Wat2Wasm(pairComponent(ft, false)))
	p := must(engine.NewLinker().Link(context.Background(), newRuntime(t), decode(t, wasm)))
	defer p.Close()
	image := make([]byte, imageEnd)
	valid := 0
	i := must(p.Instantiate(context.Background(), engine.InstanceConfig{}))
	defer func() { i.Close(context.Background()) }()
	for k, sample := range utf8Samples() {
		s := strings.Repeat("x", k%35) + sample + []string{"", strings.Repeat("y", 40)}[k%2]
		m := &imageMaker{mem: image}
		m.put(imageSlots, 4, imageData)
		m.put(imageSlots+8, 4, uint64(len(s)))
		copy(image[imageData:], s)
		if _, err := call(t, i, "seed-a", image); err != nil {
			t.Fatal(err)
		}
		_, err := call(t, i, "run")
		if (err == nil) != utf8.ValidString(s) {
			t.Errorf("%q: %v", s, err)
		}
		if err != nil {
			i = must(p.Instantiate(context.Background(), engine.InstanceConfig{}))
			continue
		}
		valid++
	}
	if valid < 20 {
		t.Errorf("%d valid strings", valid)
	}
}

// Some of the calls that are compared come to a good end, and some trap.
func TestAdaptersAgree(t *testing.T) {
	rt := newRuntime(t)
	n := map[bool]int{}
	for seed := range uint64(120) {
		n[comparePair(t, rt, 1000+seed)]++
	}
	if n[true] < 10 || n[false] < 40 {
		t.Error(fmt.Sprint(n[true], " of ", n[true]+n[false], " calls trap"))
	}
}
