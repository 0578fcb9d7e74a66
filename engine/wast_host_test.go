package engine_test

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/engine/abi"
)

// wastHost is what scripts may import: test:host/things.
func wastHost() *engine.Linker {
	const id = "test:host/things@1.2.0"
	var drops atomic.Uint32
	borrow := func(c *abi.Call) *wastThing {
		t, ok := c.LiftBorrow(c.Args().U32(0), 0).(*wastThing)
		if !ok {
			return &wastThing{}
		}
		return t
	}
	l := engine.NewLinker()
	l.Define(id, func() (*abi.Interface, error) {
		return &abi.Interface{ID: id, Resources: []string{"thing"}, Funcs: []abi.Func{
			{Name: "echo", Type: "func(s:string)->string", Serve: func(c *abi.Call) {
				c.StoreString(c.Result(8, 4), c.String(c.Args().U32(0), c.Args().U32(1)))
			}},
			{Name: "fail", Type: "func()", Serve: func(c *abi.Call) { c.Fail(errors.New("the host is out of order")) }},
			{Name: "panic", Type: "func()", Serve: func(c *abi.Call) { panic("the host has a bug") }},
			{Name: "later", Type: "async func(x:u32)->u32", Serve: func(c *abi.Call) {
				x := c.Args().U32(0)
				c.Go(func(context.Context) func(*abi.Call) {
					return func(c *abi.Call) { wastReturn(c, x+1) }
				})
			}},
			{Name: "now", Type: "async func(x:u32)->u32", Serve: func(c *abi.Call) { wastReturn(c, c.Args().U32(0)+1) }},
			{Name: "never", Type: "async func(x:u32)->u32", Serve: func(c *abi.Call) {
				c.Go(func(ctx context.Context) func(*abi.Call) {
					<-ctx.Done()
					return func(c *abi.Call) { wastReturn(c, 0) }
				})
			}},
			{Name: "wait", Type: "func()->u32", Serve: waitOnce()},
			{Name: "[constructor]thing", Type: "func(x:u32)->own<" + id + "#thing>", Serve: func(c *abi.Call) {
				c.Return(uint64(c.LowerOwn(&wastThing{x: c.Args().U32(0), drops: &drops}, 0)))
			}},
			{Name: "[method]thing.get", Type: "func(self:borrow<" + id + "#thing>)->u32", Serve: func(c *abi.Call) {
				c.Return(uint64(borrow(c).x))
			}},
			{Name: "[static]thing.take", Type: "func(x:own<" + id + "#thing>)->u32", Serve: func(c *abi.Call) {
				if t, ok := c.LiftOwn(c.Args().U32(0), 0).(*wastThing); ok {
					c.Return(uint64(t.x))
				}
			}},
			{Name: "[static]thing.drops", Type: "func()->u32", Serve: func(c *abi.Call) { c.Return(uint64(drops.Load())) }},
		}}, nil
	})
	return l
}

// wastReturn answers with a u32, as the component has asked for it.
func wastReturn(c *abi.Call, v uint32) {
	if c.InMemory() {
		c.PutU32(c.Result(4, 4), v)
		return
	}
	c.Return(uint64(v))
}

// wastThing is a resource of the host. It cannot be dropped if it is 13.
type wastThing struct {
	x     uint32
	drops *atomic.Uint32
}

func (t *wastThing) Drop() error {
	if t.x == 13 {
		return errors.New("thing 13 does not go away")
	}
	t.drops.Add(1)
	return nil
}

// waitOnce makes a function that waits the first time that it is called, without holding a
// thread, and says how often it has been called in all.
func waitOnce() func(*abi.Call) {
	var calls atomic.Uint32
	p := &wastPollable{}
	return func(c *abi.Call) {
		n := calls.Add(1)
		if !p.Ready() {
			c.Fail(abi.WaitFor(p))
			return
		}
		c.Return(uint64(n))
	}
}

// wastPollable becomes ready, on another goroutine, when somebody waits for it.
type wastPollable struct{ ready atomic.Bool }

func (p *wastPollable) Ready() bool { return p.ready.Load() }

func (p *wastPollable) Arm(wake func()) func() {
	go func() {
		p.ready.Store(true)
		wake()
	}()
	return nil
}
