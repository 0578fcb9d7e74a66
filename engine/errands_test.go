package engine_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/engine/abi"
)

// errandsHost serves what testdata/wast/errands.wast imports. The points at which its code
// runs are counted, and at one of them something goes wrong.
type errandsHost struct {
	mu    sync.Mutex
	n     int
	at    int
	where string // what goes wrong, once it has
	fails func() error
	open  atomic.Int32 // things and streams
}

// point is asked by each piece of the host's code.
func (h *errandsHost) point(where string) error {
	h.mu.Lock()
	h.n++
	hit := h.n == h.at
	if hit {
		h.where = where
	}
	h.mu.Unlock()
	if hit {
		return h.fails()
	}
	return nil
}

// later makes a function that answers from a goroutine.
func (h *errandsHost) later(name string, answer func(args abi.Flat) func(c *abi.Call)) func(c *abi.Call) {
	return func(c *abi.Call) {
		if err := h.point(name); err != nil {
			c.Fail(err)
			return
		}
		finish := answer(c.Args())
		c.Go(func(context.Context) func(*abi.Call) {
			err := h.point(name + ", on its goroutine")
			return func(c *abi.Call) {
				if err == nil {
					err = h.point(name + ", giving its result")
				}
				if err != nil {
					c.Fail(err)
					return
				}
				finish(c)
			}
		})
	}
}

// now makes a function that answers at once.
func (h *errandsHost) now(name string, serve func(c *abi.Call)) func(c *abi.Call) {
	return func(c *abi.Call) {
		if err := h.point(name); err != nil {
			c.Fail(err)
			return
		}
		serve(c)
	}
}

// errandsThing is a resource of the host.
type errandsThing struct {
	h *errandsHost
	n uint32
}

func (t *errandsThing) Drop() error {
	t.h.open.Add(-1)
	return t.h.point("drop")
}

// errandsBody is a stream of the host.
type errandsBody struct {
	h *errandsHost
	r io.Reader
}

func (b *errandsBody) Read(p []byte) (int, error) {
	if err := b.h.point("read"); err != nil {
		return 0, err
	}
	return b.r.Read(p)
}

func (b *errandsBody) Close() error {
	b.h.open.Add(-1)
	return b.h.point("close")
}

const errandsID = "test:errands/host@1.0.0"

func (h *errandsHost) linker() *engine.Linker {
	plusOne := func(args abi.Flat) func(*abi.Call) {
		n := args.U32(0)
		return func(c *abi.Call) { wastReturn(c, n+1) }
	}
	p := &wastPollable{}
	funcs := []abi.Func{
		{Name: "note", Type: "func(n:u32)", Serve: h.now("note", func(*abi.Call) {})},
		{Name: "echo", Type: "func(s:string)->string", Serve: h.now("echo", func(c *abi.Call) {
			c.StoreString(c.Result(8, 4), c.String(c.Args().U32(0), c.Args().U32(1)))
		})},
		{Name: "later", Type: "async func(n:u32)->u32", Serve: h.later("later", plusOne)},
		{Name: "slow", Type: "func(n:u32)->u32", Serve: h.later("slow", plusOne)},
		{Name: "wait", Type: "func()", Serve: h.now("wait", func(c *abi.Call) {
			if !p.Ready() {
				c.Fail(abi.WaitFor(p))
			}
		})},
		{Name: "[constructor]thing", Type: "func(n:u32)->own<" + errandsID + "#thing>", Serve: h.now("make", func(c *abi.Call) {
			h.open.Add(1)
			c.Return(uint64(c.LowerOwn(&errandsThing{h, c.Args().U32(0)}, 0)))
		})},
		{Name: "[method]thing.get", Type: "async func(self:borrow<" + errandsID + "#thing>)->u32", Serve: func(c *abi.Call) {
			t, ok := c.LiftBorrow(c.Args().U32(0), 0).(*errandsThing)
			if ok {
				h.later("get", func(abi.Flat) func(*abi.Call) { return func(c *abi.Call) { wastReturn(c, t.n) } })(c)
			}
		}},
		{Name: "source", Type: "func()->stream<u8>", Serve: h.now("source", func(c *abi.Call) {
			h.open.Add(1)
			body := &errandsBody{h, io.MultiReader(strings.NewReader("some "), strings.NewReader("thing"))}
			c.Return(uint64(c.LowerByteStream(body, 0, func(error) {})))
		})},
		{Name: "sink", Type: "async func(s:stream<u8>)->u32", Serve: func(c *abi.Call) {
			r := c.ByteStream(c.Args().U32(0), 0)
			if c.Failed() {
				return
			}
			h.open.Add(1)
			c.Go(func(ctx context.Context) func(*abi.Call) {
				defer h.open.Add(-1)
				defer r.Close()
				stop := context.AfterFunc(ctx, func() { r.Close() })
				defer stop()
				err := h.point("sink")
				n := int64(0)
				if err == nil {
					n, err = io.Copy(io.Discard, r)
				}
				return func(c *abi.Call) {
					if err != nil {
						c.Fail(err)
						return
					}
					wastReturn(c, uint32(n))
				}
			})
		}},
		{Name: "promise", Type: "func()->future<u32>", Serve: h.now("promise", func(c *abi.Call) {
			p := abi.NewPromise[uint32]()
			c.Return(uint64(abi.LowerPromise(&c.Guest, p, 0, func(g *abi.Guest, at uint32, v uint32) {
				if err := h.point("promise, giving its value"); err != nil {
					g.Fail(err)
				}
				g.PutU32(at, v)
			})))
			p.Resolve(7)
		})},
	}
	l := engine.NewLinker()
	l.Define(errandsID, func() (*abi.Interface, error) {
		return &abi.Interface{ID: errandsID, Resources: []string{"thing"}, Funcs: funcs}, nil
	})
	return l
}

const errandsResult = 7*10_000 + 5*100 + 10

// errands runs the guest with a host at whose point number at something goes wrong. It says
// whether the guest got there.
func errands(t *testing.T, rt *engine.Runtime, at int, cause error, fails func(i *engine.Instance, cancel func()) error) bool {
	t.Helper()
	h := &errandsHost{at: at}
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	p, err := h.linker().Link(ctx, rt, decode(t, wasmFile(t, "wast", "errands.0.wasm")))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	i, err := p.Instantiate(ctx, engine.InstanceConfig{Shared: true})
	if err != nil {
		t.Fatal(err)
	}
	h.fails = func() error { return fails(i, func() { cancel(cause) }) }
	got, err := i.Call(ctx, function(t, i, "run"), uint32(1))
	h.mu.Lock()
	where := h.where
	h.mu.Unlock()
	// A stream that cannot be read, or not be closed, only ends.
	survives := where == "" || where == "read" || where == "close"
	switch {
	case err == nil && !survives && cause == errErrand:
		t.Errorf("%s: the guest got %v", where, got)
	case err == nil && where != "read" && got != uint32(errandsResult):
		t.Errorf("%s: the guest got %v", where, got)
	case err != nil && !errors.Is(err, cause) && !strings.Contains(err.Error(), cause.Error()):
		t.Errorf("%s: got %v, want %v", where, err, cause)
	case err != nil && cause == errErrand && !errors.Is(err, engine.ErrTrap):
		t.Errorf("%s: %v is no trap", where, err)
	}
	closeInstance(t, i)
	if s := rt.Stats(); s != (engine.Stats{}) {
		t.Errorf("%s: left %+v", where, s)
	}
	if n := h.open.Load(); n != 0 {
		t.Errorf("%s: %d things or streams are left open", where, n)
	}
	return where != ""
}

var (
	errErrand   = errors.New("the host is out of order")
	errCanceled = errors.New("nobody wants the result")
	errKilled   = errors.New("the instance has to go")
)

// Whichever piece of the host's code fails, and however: the caller is told why, and nothing
// is left open.
func TestEachHostCallFailsOnce(t *testing.T) {
	rt := newRuntime(t)
	for name, tt := range map[string]struct {
		cause error
		fails func(i *engine.Instance, cancel func()) error
	}{
		"error":                {errErrand, func(*engine.Instance, func()) error { return errErrand }},
		"panic":                {errErrand, func(*engine.Instance, func()) error { panic(errErrand) }},
		"nil pointer":          {errors.New("nil pointer dereference"), func(i *engine.Instance, _ func()) error { return (*errandsHost)(nil).point("nowhere") }},
		"context is cancelled": {errCanceled, func(_ *engine.Instance, cancel func()) error { cancel(); return nil }},
		"instance is killed":   {errKilled, func(i *engine.Instance, _ func()) error { i.Kill(errKilled); return nil }},
		"instance is closed": {engine.ErrClosed, func(i *engine.Instance, _ func()) error {
			ctx, cancel := context.WithCancel(context.Background())
			cancel() // it cannot wait for itself
			_ = i.Close(ctx)
			return nil
		}},
	} {
		t.Run(name, func(t *testing.T) {
			at := 1
			for ; errands(t, rt, at, tt.cause, tt.fails); at++ {
				if at > 100 {
					t.Fatal("the guest calls for ever")
				}
			}
			if at < 20 {
				t.Errorf("only %d points", at)
			}
		})
	}
	t.Run("no failure", func(t *testing.T) {
		if errands(t, rt, 0, errErrand, nil) {
			t.Error("something failed")
		}
	})
}
