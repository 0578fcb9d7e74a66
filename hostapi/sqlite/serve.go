package sqlite

import (
	"context"

	v1 "github.com/spinhost/spin/hostapi/sqlite/v1"
	v2 "github.com/spinhost/spin/hostapi/sqlite/v2"
	v3 "github.com/spinhost/spin/hostapi/sqlite/v3"
)

// server3 implements spin:sqlite/sqlite.
type server3 struct{ g *grant }

var _ v3.SQLite = server3{}

func (s server3) ConnectionOpen(ctx context.Context, database string) (v3.Connection, error) {
	c, err := s.g.open(ctx, database)
	if err != nil {
		return nil, known(err)
	}
	return conn3{c}, nil
}

func (s server3) ConnectionOpenAsync(ctx context.Context, database string) (v3.Connection, error) {
	return s.ConnectionOpen(ctx, database)
}

// conn3 is a connection in version 3.
type conn3 struct{ c *conn }

var _ v3.Connection = conn3{}

func (c conn3) Execute(ctx context.Context, statement string, parameters []Value) (v3.QueryResult, error) {
	return c.c.execute(ctx, statement, parameters)
}

func (c conn3) ExecuteAsync(ctx context.Context, statement string, parameters []Value) (answer, error) {
	return c.c.executeAsync(ctx, statement, parameters)
}

func (c conn3) LastInsertRowid(ctx context.Context) (int64, error) {
	return number(c.c, ctx, Connection.LastInsertRowID), nil
}

func (c conn3) LastInsertRowidAsync(ctx context.Context) (int64, error) {
	return c.LastInsertRowid(ctx)
}

func (c conn3) Changes(ctx context.Context) (uint64, error) {
	return number(c.c, ctx, Connection.Changes), nil
}

func (c conn3) ChangesAsync(ctx context.Context) (uint64, error) { return c.Changes(ctx) }

// Drop implements abi.Dropper.
func (c conn3) Drop() error {
	c.c.drop()
	return nil
}

// server2 implements fermyon:spin/sqlite@2.0.0.
type server2 struct{ g *grant }

var _ v2.SQLite = server2{}

func (s server2) ConnectionOpen(ctx context.Context, database string) (v2.Connection, error) {
	c, err := s.g.open(ctx, database)
	if err != nil {
		return nil, known2(err)
	}
	return conn2{c}, nil
}

// conn2 is a connection in version 2.
type conn2 struct{ c *conn }

var _ v2.Connection = conn2{}

func (c conn2) Execute(ctx context.Context, statement string, parameters []v2.Value) (v2.QueryResult, error) {
	q, err := c.c.execute(ctx, statement, values(parameters))
	if err != nil {
		return v2.QueryResult{}, fault2(err)
	}
	r := v2.QueryResult{Columns: q.Columns, Rows: make([]v2.RowResult, len(q.Rows))}
	for i, row := range q.Rows {
		r.Rows[i].Values = mapped(row.Values, value2)
	}
	return r, nil
}

// Drop implements abi.Dropper.
func (c conn2) Drop() error {
	c.c.drop()
	return nil
}

// server1 implements fermyon:spin/sqlite.
type server1 struct{ g *grant }

var _ v1.SQLite = server1{}

func (s server1) Open(ctx context.Context, database string) (v1.Connection, error) {
	c, err := s.g.open(ctx, database)
	if err != nil {
		return 0, known1(err)
	}
	return c.inst.handle(c), nil
}

func (s server1) Execute(ctx context.Context, handle v1.Connection, statement string, parameters []v1.Value) (v1.QueryResult, error) {
	c, err := s.take(ctx, handle, false)
	if err != nil {
		return v1.QueryResult{}, err
	}
	if c == nil {
		return v1.QueryResult{}, v1.ErrorInvalidConnection()
	}
	q, err := c.execute(ctx, statement, values(parameters))
	if err != nil {
		return v1.QueryResult{}, fault1(err)
	}
	r := v1.QueryResult{Columns: q.Columns, Rows: make([]v1.RowResult, len(q.Rows))}
	for i, row := range q.Rows {
		r.Rows[i].Values = mapped(row.Values, value1)
	}
	return r, nil
}

// Close closes a connection; a handle that is none does no harm.
func (s server1) Close(ctx context.Context, handle v1.Connection) error {
	c, err := s.take(ctx, handle, true)
	if c != nil {
		c.drop()
	}
	return err
}

// take returns the connection of a handle; nil if it is none.
func (s server1) take(ctx context.Context, handle v1.Connection, remove bool) (*conn, error) {
	if s.g.dbs == nil {
		return nil, nil
	}
	i, err := s.g.instance(ctx)
	if err != nil {
		return nil, err
	}
	return i.take(handle, remove), nil
}
