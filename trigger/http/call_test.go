package http_test

import (
	"context"
	"errors"
	"strings"
	"sync"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	p2cli "github.com/spinhost/spin/hostapi/wasi/p2/cli"
	"github.com/spinhost/spin/internal/httpguest"
	"github.com/spinhost/spin/trigger"
	"github.com/spinhost/spin/trigger/http/internal/inbound"
)

// call is a call of a guest's handler.
type call struct {
	c           *component
	done, ended chan struct{}
	mu          sync.Mutex
	over        bool
	err         error
	begun       bool
	cancelled   chan struct{}
}

func (c *call) Done() <-chan struct{}  { return c.done }
func (c *call) Ended() <-chan struct{} { return c.ended }

func (c *call) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

func (c *call) Begun() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.begun
}

func (c *call) Cancel() {
	c.c.mu.Lock()
	c.c.cancels++
	c.c.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	select {
	case <-c.cancelled:
	default:
		close(c.cancelled)
	}
}

func (c *call) resolve(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.over {
		c.over, c.err = true, err
		close(c.done)
	}
}

// Start implements trigger.Instance.
func (i *instance) Start(ctx context.Context, f trigger.Func, inv abi.Invocation) trigger.Call {
	c := &call{c: i.c, done: make(chan struct{}), ended: make(chan struct{}), cancelled: make(chan struct{})}
	if i.stale {
		c.resolve(errors.New("instance has ended"))
		close(c.ended)
		return c
	}
	i.in.Start(ctx, func(t *httpguest.Task) {
		c.mu.Lock()
		c.begun = true
		c.mu.Unlock()
		switch inv := inv.(type) {
		case *inbound.InboundHTTPHandleRequest:
			t.Off(func() { inv.Result = i.c.inbound(ctx, inv.Req) })
			c.resolve(i.c.killed())
			return
		case *p2cli.RunRun:
			var err error
			t.Off(func() { inv.Err, err = i.c.program(hostapi.CommandOf(ctx)) })
			c.resolve(err)
			return
		}
		g := &guest{Task: t, call: c, inv: inv, typ: f.Type(), v3: strings.HasPrefix(f.Type(), "async")}
		if g.v3 {
			g.req = t.Lower(inv, g.typ, 1)[0]
		} else {
			args := t.Lower(inv, g.typ, 2)
			g.req, g.out = args[0], args[1]
		}
		i.c.serve(g)
		if !g.v3 {
			t.Lift(inv, g.typ)
			c.resolve(nil)
		}
	}, func(err error) {
		if err == nil {
			err = errors.New("task ended without a result")
		}
		c.resolve(err)
		close(c.ended)
	})
	return c
}
