package engine_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/engine/abi"
)

// defineSpectest provides what the scripts of other implementations expect of their host.
func defineSpectest(l *engine.Linker) error {
	l.DefineFunc(&abi.Func{Name: "host-return-two", Type: "func()->u32", Serve: func(c *abi.Call) { c.Return(2) }})
	l.DefineFunc(&abi.Func{Name: "host-echo-u32", Type: "async func(p1:u32)->u32", Serve: func(c *abi.Call) { wastReturn(c, c.Args().U32(0)) }})
	provide := func(id string, resources []string, funcs ...abi.Func) {
		l.Define(id, func() (*abi.Interface, error) {
			return &abi.Interface{ID: id, Funcs: funcs, Resources: resources}, nil
		})
	}
	provide("host", []string{"resource1", "resource2", "resource1-again=resource1"}, append(spectestResource(),
		abi.Func{Name: "return-three", Type: "func()->u32", Serve: func(c *abi.Call) { c.Return(3) }},
		abi.Func{Name: "return-hi", Type: "func()->string", Serve: func(c *abi.Call) { c.StoreString(c.Result(8, 4), "hi") }},
		abi.Func{Name: "never-return", Type: "async func()", Serve: spectestNever},
		abi.Func{Name: "return-two-slowly", Type: "async func()->s32", Serve: func(c *abi.Call) { spectestSlowly(c, 2) }},
		abi.Func{Name: "echo-slowly", Type: "async func(val:u32)->u32", Serve: func(c *abi.Call) { spectestSlowly(c, c.Args().U32(0)) }},
	)...)
	provide("host#nested", nil, abi.Func{Name: "return-four", Type: "func()->u32", Serve: func(c *abi.Call) { c.Return(4) }})
	provide("wasmtime", nil, abi.Func{Name: "set-max-table-capacity", Type: "func(max:u32)", Serve: func(c *abi.Call) {}})
	m, err := engine.DecodeModule(simpleModule, engine.Limits{})
	if err != nil {
		return err
	}
	l.DefineModule("host", "simple-module", m)
	return nil
}

func emptyInterface(id string) func() (*abi.Interface, error) {
	return func() (*abi.Interface, error) { return &abi.Interface{ID: id}, nil }
}

// simpleModule exports a global g of 100 and a function f that returns 101.
var simpleModule = []byte("\x00asm\x01\x00\x00\x00" +
	"\x01\x05\x01\x60\x00\x01\x7f" + // type 0: () -> (i32)
	"\x03\x02\x01\x00" + // function 0
	"\x06\x07\x01\x7f\x00\x41\xe4\x00\x0b" + // global 0: i32.const 100
	"\x07\x09\x02\x01g\x03\x00\x01f\x00\x00" +
	"\x0a\x07\x01\x05\x00\x41\xe5\x00\x0b") // i32.const 101

// spectestSlowly answers after other work has had its turn.
func spectestSlowly(c *abi.Call, v uint32) {
	c.Go(func(ctx context.Context) func(*abi.Call) {
		select {
		case <-ctx.Done():
		case <-time.After(20 * time.Millisecond):
		}
		return func(c *abi.Call) { wastReturn(c, v) }
	})
}

func spectestNever(c *abi.Call) {
	c.Go(func(ctx context.Context) func(*abi.Call) {
		<-ctx.Done()
		return func(*abi.Call) {}
	})
}

// spectestThing is a resource1: a number.
type spectestThing struct {
	rep         uint32
	last, drops *atomic.Uint32
}

func (t *spectestThing) Drop() error {
	t.last.Store(t.rep)
	t.drops.Add(1)
	return nil
}

// spectestResource has the functions of resource1, which notes what is dropped.
func spectestResource() []abi.Func {
	const own, borrow = "own<host#resource1>", "borrow<host#resource1>"
	last, drops := new(atomic.Uint32), new(atomic.Uint32)
	want := func(c *abi.Call, got any, rep uint32) {
		if t, ok := got.(*spectestThing); ok && t.rep != rep {
			c.Fail(fmt.Errorf("resource %d, want %d", t.rep, rep))
		}
	}
	return []abi.Func{
		{Name: "[constructor]resource1", Type: "func(r:u32)->" + own, Serve: func(c *abi.Call) {
			c.Return(uint64(c.LowerOwn(&spectestThing{c.Args().U32(0), last, drops}, 0)))
		}},
		{Name: "[static]resource1.assert", Type: "func(r:" + own + ",rep:u32)", Serve: func(c *abi.Call) {
			want(c, c.LiftOwn(c.Args().U32(0), 0), c.Args().U32(1))
		}},
		{Name: "[static]resource1.last-drop", Type: "func()->u32", Serve: func(c *abi.Call) { c.Return(uint64(last.Load())) }},
		{Name: "[static]resource1.drops", Type: "func()->u32", Serve: func(c *abi.Call) { c.Return(uint64(drops.Load())) }},
		{Name: "[method]resource1.simple", Type: "*", Serve: func(c *abi.Call) {
			want(c, c.LiftBorrow(c.Args().U32(0), 0), c.Args().U32(1))
		}},
		{Name: "[method]resource1.take-borrow", Type: "func(self:" + borrow + ",b:" + borrow + ")", Serve: func(c *abi.Call) {
			c.LiftBorrow(c.Args().U32(0), 0)
			c.LiftBorrow(c.Args().U32(1), 0)
		}},
		{Name: "[method]resource1.take-own", Type: "func(self:" + borrow + ",b:" + own + ")", Serve: func(c *abi.Call) {
			c.LiftBorrow(c.Args().U32(0), 0)
			c.LiftOwn(c.Args().U32(1), 1)
		}},
		{Name: "[method]resource1.never-return", Type: "async func(self:" + borrow + ")", Serve: func(c *abi.Call) {
			if c.LiftBorrow(c.Args().U32(0), 0) == nil {
				c.Fail(errors.New("no resource"))
				return
			}
			spectestNever(c)
		}},
	}
}
