package spin

import (
	"context"
	"sync"
	"time"
)

// killTime is for how long Close waits for guests that it has ended. They yield within a time
// slice; what can take longer is a host function that ignores its context.
const killTime = 5 * time.Second

// Close takes no more requests, waits for those that run and for what their guests still do
// after they have answered, within ctx, and frees what the app holds. When ctx ends first it
// ends the guests that still run, whose unanswered requests get 500, and returns the cause.
// Run returns meanwhile. Closing twice is harmless: a second call waits for the first, and
// returns nil.
func (a *App) Close(ctx context.Context) error {
	a.mu.Lock()
	first := !a.closed.Swap(true)
	list := a.loaded()
	a.mu.Unlock()
	if !first {
		select {
		case <-a.done:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	a.end(ErrClosed)
	errs := make([]error, len(list))
	var wg sync.WaitGroup
	for i, c := range list {
		wg.Go(func() { errs[i] = c.close(ctx) })
	}
	wg.Wait()
	a.mu.Lock()
	closers := a.closers
	a.mu.Unlock()
	for _, f := range closers {
		f()
	}
	close(a.done)
	for _, err := range errs {
		if err != nil {
			return err // those of others say the same
		}
	}
	return nil
}

// close waits for the component's instances and frees its code.
func (c *component) close(ctx context.Context) error {
	err := c.pool.Close(ctx)
	if err == nil {
		c.free()
		return nil
	}
	c.program.Kill(ErrClosed)
	grace, stop := context.WithTimeout(context.Background(), killTime)
	defer stop()
	if c.pool.Close(grace) == nil {
		c.free()
		return err
	}
	go func() { // instances need the code
		_ = c.pool.Close(context.Background())
		c.free()
	}()
	return err
}

// free frees the code, which no instance needs any more.
func (c *component) free() {
	c.a.rt.idle.remove(c.pool)
	c.program.Close()
}
