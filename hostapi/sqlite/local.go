package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/spinhost/spin/internal/sqlite3"
)

// localConn is a connection to a database in this process.
type localConn struct{ c *sqlite3.Conn }

// LastInsertRowID implements Connection.
func (l *localConn) LastInsertRowID(context.Context) (int64, error) {
	return l.c.LastInsertRowID(), nil
}

// Changes implements Connection.
func (l *localConn) Changes(context.Context) (uint64, error) { return uint64(l.c.Changes()), nil }

// Close implements Connection.
func (l *localConn) Close() error { return l.c.Close() }

// Query implements Connection.
func (l *localConn) Query(ctx context.Context, statement string, params []Value) (Rows, error) {
	s, err := l.c.Prepare(ctx, statement)
	if err != nil {
		return nil, translate(err)
	}
	if n := s.Params(); n != len(params) {
		s.Close()
		return nil, fmt.Errorf("wrong number of parameters: got %d, the statement needs %d", len(params), n)
	}
	for i, v := range params {
		if err := bind(s, i+1, v); err != nil {
			s.Close()
			return nil, translate(err)
		}
	}
	return &localRows{s: s, columns: s.Columns()}, nil
}

func bind(s *sqlite3.Stmt, i int, v Value) error {
	if x, ok := v.Integer(); ok {
		return s.BindInteger(i, x)
	}
	if x, ok := v.Real(); ok {
		return s.BindReal(i, x)
	}
	if x, ok := v.Text(); ok {
		return s.BindText(i, x)
	}
	if x, ok := v.Blob(); ok {
		return s.BindBlob(i, x)
	}
	return s.BindNull(i)
}

// translate gives errors of SQLite the meaning that guests are told.
func translate(err error) error {
	var e *sqlite3.Error
	switch {
	case !errors.As(err, &e):
	case e.Code == sqlite3.CodeFull:
		return fmt.Errorf("%w: %w", ErrFull, err)
	case e.Code == sqlite3.CodeTooBig:
		return fmt.Errorf("%w: %w", errTooLarge, err)
	}
	return err
}

// localRows are the rows of a statement.
type localRows struct {
	s       *sqlite3.Stmt
	columns []string
	slab    []Value // room for cells of rows to come
}

// slabCells is for how many cells memory is taken at once.
const slabCells = 64

// Columns implements Rows.
func (r *localRows) Columns() []string { return r.columns }

// ReadOnly implements Rows.
func (r *localRows) ReadOnly() bool { return r.s.ReadOnly() }

// Close implements Rows.
func (r *localRows) Close() error {
	r.s.Close()
	return nil
}

// Next implements Rows.
func (r *localRows) Next() ([]Value, error) {
	ok, err := r.s.Step()
	if err != nil {
		return nil, translate(err)
	}
	if !ok {
		return nil, io.EOF
	}
	n := len(r.columns)
	if r.size(n) > MaxResult {
		return nil, errTooLarge
	}
	if len(r.slab) < n {
		r.slab = make([]Value, max(n, slabCells))
	}
	row := r.slab[:n:n]
	r.slab = r.slab[n:]
	for i := range row {
		if row[i], err = r.cell(i); err != nil {
			return nil, err
		}
	}
	return row, nil
}

// size is that of the present row, before anything is copied.
func (r *localRows) size(n int) int {
	size := n * cellSize
	for i := range n {
		if t := r.s.Type(i); t == sqlite3.Text || t == sqlite3.Blob {
			size += r.s.Len(i)
		}
	}
	return size
}

func (r *localRows) cell(i int) (Value, error) {
	switch r.s.Type(i) {
	case sqlite3.Integer:
		return Integer(r.s.Integer(i)), nil
	case sqlite3.Real:
		return Real(r.s.Real(i)), nil
	case sqlite3.Blob:
		return Blob(r.s.Blob(i)), nil
	case sqlite3.Text:
		text := r.s.Text(i)
		if !utf8.ValidString(text) {
			return Value{}, fmt.Errorf("column %q holds text that is not UTF-8; select it as CAST(... AS BLOB)", r.columns[i])
		}
		return Text(text), nil
	}
	return Null(), nil
}
