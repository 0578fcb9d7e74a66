package sqlite

import (
	"context"
	"errors"

	v3 "github.com/spinhost/spin/hostapi/sqlite/v3"
)

// Value is a cell of a row, or a parameter: an integer, a real number, text in UTF-8, bytes or
// null. It is made by Integer, Real, Text, Blob and Null, and read by its methods of these
// names.
type Value = v3.Value

// Integer makes a value.
func Integer(v int64) Value { return v3.ValueInteger(v) }

// Real makes a value.
func Real(v float64) Value { return v3.ValueReal(v) }

// Text makes a value.
func Text(v string) Value { return v3.ValueText(v) }

// Blob makes a value, to which v then belongs.
func Blob(v []byte) Value { return v3.ValueBlob(v) }

// Null makes a value.
func Null() Value { return v3.ValueNull() }

// MaxResult bounds the size of a result that is returned as a whole, and of a row in a stream,
// in bytes.
const MaxResult = 128 << 20

// Errors that a Database and what it opens may wrap, to give guests the error case of that
// name. Any other becomes the case io with its text.
var (
	ErrInvalidConnection = errors.New("connection is not valid")
	ErrFull              = errors.New("database is full")
)

// A Database opens connections. It is safe for concurrent use. If it is an [io.Closer], it is
// closed with its Databases, when no connection is left.
type Database interface {
	// Open opens a connection. An error is logged, and the guest told that the connection is
	// invalid. A database that connects late may have the connection's first Query fail with
	// ErrInvalidConnection.
	Open(ctx context.Context) (Connection, error)
}

// A Connection runs one statement at a time: its methods are not called concurrently, and Query
// not again before the rows of the last one are closed. Whoever opened it closes it.
type Connection interface {
	// Query prepares a statement, the first in the text, with its parameters by position. It
	// need not run before Next is called. When ctx ends before the rows are closed, Query and
	// Next return soon, best with the context's cause.
	Query(ctx context.Context, statement string, params []Value) (Rows, error)
	// LastInsertRowID returns the rowid of the row that the connection has inserted last; 0
	// before. It may be called between calls of Next.
	LastInsertRowID(ctx context.Context) (int64, error)
	// Changes returns how many rows the last INSERT, UPDATE or DELETE of the connection that
	// is over has changed. It may be called between calls of Next.
	Changes(ctx context.Context) (uint64, error)
	// Close closes the connection.
	Close() error
}

// Rows are the rows of a statement as it computes them.
type Rows interface {
	// Columns returns the names of the columns; none if the statement returns no rows.
	Columns() []string
	// ReadOnly reports whether the statement changes nothing, so that it can be stopped when
	// nobody wants its rows.
	ReadOnly() bool
	// Next returns the next row, which belongs to the caller, or [io.EOF]. A statement that
	// returns no rows runs in its first call. Next is not called again after an error.
	Next() ([]Value, error)
	// Close ends the statement. It is called once.
	Close() error
}
