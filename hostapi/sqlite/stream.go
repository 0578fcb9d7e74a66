package sqlite

import (
	"context"
	"errors"
	"io"
	"runtime"
	"sync"

	"github.com/spinhost/spin/engine/abi"
	v3 "github.com/spinhost/spin/hostapi/sqlite/v3"
)

// outcome is how a statement has ended.
type outcome = abi.Result[abi.None, v3.Error]

// answer is what a statement with a stream returns.
type answer = abi.Tuple3[[]string, abi.Elements[v3.RowResult], *abi.Promise[outcome]]

// Rows are computed before the guest asks for them: so many at once, and of so many bytes.
const (
	headRows  = 16
	headBytes = 64 << 10
)

// stream is a statement whose rows a guest reads one after the other. The first rows, and
// so all of a statement that returns none, are computed whether they are read or not.
type stream struct {
	c      *conn
	rows   Rows
	reads  bool // and changes nothing
	cancel context.CancelCauseFunc
	done   *abi.Promise[outcome]
	head   chan v3.RowResult // the first rows; closed when no more are computed unasked
	watch  func() bool       // nil before a row was asked for
	once   sync.Once

	mu      sync.Mutex
	heading bool // the first rows are being computed
	dropped bool // the guest wants no more
	over    bool // there are no more
}

// executeAsync runs a statement. What goes wrong is told by the future, except that the
// connection is invalid.
func (c *conn) executeAsync(ctx context.Context, statement string, params []Value) (a answer, err error) {
	a.F2 = abi.NewPromise[outcome]()
	s, err := c.start(ctx, statement, params, a.F2)
	if err != nil {
		e := fault(err)
		if e.Case == v3.ErrorCaseInvalidConnection {
			return answer{}, e
		}
		a.F2.Resolve(abi.Failure[abi.None](e))
		return a, nil
	}
	a.F0 = s.rows.Columns()
	e := &elements{s}
	// An answer that comes when nobody wants it any more is lost without a word.
	runtime.AddCleanup(e, func(s *stream) { s.drop(true) }, s)
	a.F1 = e
	go s.begin()
	return a, nil
}

// start prepares the statement, and leaves the connection locked for its first step.
func (c *conn) start(ctx context.Context, statement string, params []Value, done *abi.Promise[outcome]) (*stream, error) {
	if err := c.use(); err != nil {
		return nil, err
	}
	life, cancel := joined(context.WithoutCancel(ctx), c.inst.life)
	stop := context.AfterFunc(ctx, func() { cancel(context.Cause(ctx)) })
	defer stop() // the call is over, the statement is not
	err := c.begin(life, false)
	if err != nil {
		cancel(nil)
		c.done()
		return nil, err
	}
	c.step.Lock()
	r, err := c.prepare(life, statement, params)
	if err == nil {
		if err = context.Cause(ctx); err != nil {
			_ = r.Close()
		}
	}
	if err != nil {
		c.step.Unlock()
		cancel(nil)
		c.end()
		c.done()
		return nil, err
	}
	return &stream{
		c: c, rows: r, reads: r.ReadOnly(), cancel: cancel, done: done,
		head: make(chan v3.RowResult, headRows), heading: true,
	}, nil
}

// begin computes the first rows.
func (s *stream) begin() {
	err := s.ahead()
	s.mu.Lock()
	s.heading = false
	s.over = err != nil
	if err == nil && s.dropped {
		err = errRowSend
	}
	s.mu.Unlock()
	if err != nil {
		s.finish(err)
	}
	close(s.head)
}

func (s *stream) ahead() error {
	locked := true
	for n, size := 0, 0; n < headRows && size < headBytes; n++ {
		if !locked {
			s.c.step.Lock()
		}
		row, bytes, err := s.step()
		s.c.step.Unlock()
		if locked = false; err != nil {
			return err
		}
		if s.gone() {
			return errRowSend
		}
		size += bytes
		s.head <- row // there is room
	}
	return nil
}

// step computes a row of n bytes. The connection must be locked for it.
func (s *stream) step() (row v3.RowResult, n int, err error) {
	if row.Values, err = s.c.next(s.rows); err != nil {
		return row, 0, err
	}
	if n = rowSize(row.Values); n > MaxResult {
		return row, 0, errTooLarge
	}
	return row, n, nil
}

func (s *stream) gone() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dropped
}

// next returns the next row for the guest.
func (s *stream) next(ctx context.Context) (v3.RowResult, error) {
	if s.watch == nil {
		s.watch = context.AfterFunc(ctx, func() { s.drop(false) })
	}
	select {
	case row, ok := <-s.head:
		if ok {
			return row, nil
		}
	case <-ctx.Done():
		return v3.RowResult{}, context.Cause(ctx)
	}
	if s.over { // written before head was closed
		return v3.RowResult{}, io.EOF
	}
	s.c.step.Lock()
	row, _, err := s.step()
	s.c.step.Unlock()
	if err != nil {
		s.finish(err)
	}
	return row, err
}

// drop is called when the guest has dropped the stream, and with last when nobody computes a
// row for it any more.
func (s *stream) drop(last bool) {
	s.mu.Lock()
	s.dropped = true
	heading := s.heading
	s.mu.Unlock()
	if s.reads {
		s.cancel(errRowSend)
	}
	if last && !heading {
		s.finish(errRowSend)
	}
}

// finish ends the statement and tells how it has ended; only the first call counts.
func (s *stream) finish(err error) {
	s.once.Do(func() {
		s.c.closeRows(s.rows)
		s.cancel(nil)
		s.c.end()
		s.c.done()
		if errors.Is(err, io.EOF) {
			s.done.Resolve(outcome{})
		} else {
			s.done.Resolve(abi.Failure[abi.None](fault(err)))
		}
	})
}

// elements is the stream as its guest has it. Nothing that runs refers to it.
type elements struct{ s *stream }

// Next implements abi.Elements.
func (e *elements) Next(ctx context.Context) (v3.RowResult, error) { return e.s.next(ctx) }

// Close implements abi.Elements.
func (e *elements) Close() error {
	if e.s.watch != nil {
		e.s.watch()
	}
	e.s.drop(true)
	return nil
}

var _ abi.Sizer[v3.RowResult] = (*elements)(nil)

// Size implements abi.Sizer.
func (e *elements) Size(row v3.RowResult) int { return rowSize(row.Values) }
