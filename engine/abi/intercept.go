package abi

import "context"

// An Around is called on the driver before each call of a function that it was put around by
// Intercept, with the context of the call, and must not block.
//
// With an error the call is refused: the function is not called, and the guest is answered as
// if the function had failed with that error, so one of the function's own error type is its
// error case and any other traps; done is not called. Else the function gets the context
// inner, which is made of ctx, or ctx if inner is nil; and done, if it is not nil, is called on
// the driver, once, with what has become of the call. inner ends the context of a function that
// runs on a goroutine, too.
type Around func(ctx context.Context) (inner context.Context, done func(Outcome), err error)

// Intercept returns f with around around its calls. Each call counts once, also if the guest
// waits in it and f is served again. The innermost of several is the first. It costs no garbage
// but for calls that are answered late, and what around makes itself.
func Intercept(f Func, around Around) Func {
	i := &interceptor{serve: f.Serve, refuse: f.Refuse, around: around, fallible: fallible(f.Type)}
	if i.refuse == nil {
		i.refuse = (*Call).Fail
	}
	f.Serve = i.intercept
	return f
}

type interceptor struct {
	serve    func(*Call)
	refuse   func(*Call, error)
	around   Around
	fallible bool
}

// pending is a call that was begun and is still to be answered.
type pending struct {
	by   *interceptor
	ctx  context.Context
	done func(Outcome)
	next *pending
}

// over tells what has become of the call, once.
func (p *pending) over(o Outcome) {
	if done := p.done; done != nil {
		p.done = nil
		done(o)
	}
}

func (i *interceptor) intercept(c *Call) {
	outer := c.ctx
	p, err := i.begin(c)
	if err != nil {
		i.refuse(c, err)
		return
	}
	trapped := true
	defer func() {
		if trapped { // or a panic, which becomes a trap
			p.over(Trapped)
		}
	}()
	c.ctx = p.ctx
	i.serve(c)
	c.ctx = outer
	switch {
	case c.err != nil:
	case c.Undecided():
		trapped = false
		i.suspend(c, p)
	default:
		trapped = false
		p.over(outcome(c, i.fallible))
	}
}

// begin begins a call, or goes on with one that is served again.
func (i *interceptor) begin(c *Call) (p pending, err error) {
	if old := c.take(func(p *pending) bool { return p.by == i }); old != nil {
		return *old, nil
	}
	p.by = i
	if p.ctx, p.done, err = i.around(c.ctx); p.ctx == nil {
		p.ctx = c.ctx
	}
	return p, err
}

// suspend keeps a call that waits or runs on a goroutine.
func (i *interceptor) suspend(c *Call, begun pending) {
	p := &begun
	p.next, c.pending = c.pending, p
	if run := c.started; run != nil {
		c.started = func(ctx context.Context) func(*Call) {
			ctx, stop := p.within(ctx)
			lower := run(ctx)
			stop()
			return func(c *Call) { i.late(c, p, lower) }
		}
	}
}

// within returns ctx with the values of the context that the call was given, whose end ends
// it too.
func (p *pending) within(ctx context.Context) (inner context.Context, stop func() bool) {
	inner, end := context.WithCancelCause(joined{ctx, p.ctx}) // ends with ctx, at the latest when the call is over
	return inner, context.AfterFunc(p.ctx, func() { end(context.Cause(p.ctx)) })
}

// joined is a context with the values of another.
type joined struct {
	context.Context
	values context.Context
}

func (j joined) Value(key any) any { return j.values.Value(key) }

// late lowers the result of a call that has run on a goroutine.
func (i *interceptor) late(c *Call, p *pending, lower func(*Call)) {
	c.take(func(q *pending) bool { return p == q })
	outer, o := c.ctx, Trapped
	defer func() {
		c.ctx = outer
		p.over(o)
	}()
	c.ctx = p.ctx
	if lower(c); c.err == nil {
		o = outcome(c, i.fallible)
	}
}

// take removes a pending call from those that c is.
func (c *Call) take(is func(*pending) bool) *pending {
	for at := &c.pending; *at != nil; at = &(*at).next {
		if p := *at; is(p) {
			*at = p.next
			return p
		}
	}
	return nil
}

// Over tells those who have begun a call that it will not be answered, the inner ones first: the
// engine's part.
func (c *Call) Over(o Outcome) {
	for c.pending != nil {
		var before *pending
		p := c.pending
		for p.next != nil {
			before, p = p, p.next
		}
		if before == nil {
			c.pending = nil
		} else {
			before.next = nil
		}
		quietly(func() { p.over(o) })
	}
}
