package sqlite3

// #include <stdlib.h>
// #include "sqlite.h"
import "C"

import (
	"context"
	"fmt"
	"math"
	"unsafe"
)

// Type is the storage class of a cell.
type Type int

// The storage classes.
const (
	Integer Type = 1
	Real    Type = 2
	Text    Type = 3
	Blob    Type = 4
	Null    Type = 5
)

// Stmt is a statement. A connection has one at a time, and outlives it.
type Stmt struct {
	c        *Conn
	ctx      context.Context
	end      func()
	s        *C.sqlite3_stmt
	cells    []C.spin_cell // in C's memory
	params   int
	used     int
	readOnly bool
	done     bool
}

// Prepare prepares the first statement of a text; what follows is not looked at. When ctx ends
// before the statement is closed, that and every Step end with its cause.
func (c *Conn) Prepare(ctx context.Context, text string) (*Stmt, error) {
	if len(text) > math.MaxInt32 {
		return nil, &Error{Code: CodeTooBig, Extended: CodeTooBig, Msg: "statement is too long"}
	}
	end, err := c.begin(ctx)
	if err != nil {
		return nil, err
	}
	sql := C.CString(text)
	defer C.free(unsafe.Pointer(sql))
	var used, columns, params, readOnly C.int
	s := &Stmt{c: c, ctx: ctx, end: end}
	if rc := C.spin_prepare(c.c, sql, C.int(len(text)), &s.s, &used, &columns, &params, &readOnly); rc != 0 {
		err := s.fault(rc)
		end()
		return nil, err
	}
	s.used, s.params, s.readOnly = int(used), int(params), readOnly != 0
	if columns > 0 {
		s.cells = unsafe.Slice((*C.spin_cell)(C.calloc(C.size_t(columns), C.sizeof_spin_cell)), columns)
	}
	return s, nil
}

// fault is the error of a result code, or why the statement was stopped.
func (s *Stmt) fault(rc C.int) error {
	if int(rc)&0xff == CodeInterrupt {
		if err := context.Cause(s.ctx); err != nil {
			return err
		}
	}
	return s.c.fault(rc)
}

// Close frees the statement. A second call does nothing.
func (s *Stmt) Close() {
	if s.end == nil {
		return
	}
	C.sqlite3_finalize(s.s) // its error is that of the last step
	C.free(unsafe.Pointer(unsafe.SliceData(s.cells)))
	s.s, s.cells, s.done = nil, nil, true
	s.end()
	s.end = nil
	s.c.limitAttached()
}

// Params returns how many parameters the statement has.
func (s *Stmt) Params() int { return s.params }

// ReadOnly reports whether the statement changes nothing.
func (s *Stmt) ReadOnly() bool { return s.readOnly }

// Columns returns the names of the columns.
func (s *Stmt) Columns() []string {
	names := make([]string, len(s.cells))
	for i := range names {
		names[i] = C.GoString(C.sqlite3_column_name(s.s, C.int(i)))
	}
	return names
}

// BindInteger binds parameter i, the first being 1; so do the other functions of that kind.
func (s *Stmt) BindInteger(i int, v int64) error { return s.bind(i, Integer, v, 0, nil, 0) }

// BindReal binds a number.
func (s *Stmt) BindReal(i int, v float64) error { return s.bind(i, Real, 0, v, nil, 0) }

// BindText binds a text.
func (s *Stmt) BindText(i int, v string) error {
	return s.bind(i, Text, 0, 0, unsafe.Pointer(unsafe.StringData(v)), len(v))
}

// BindBlob binds bytes.
func (s *Stmt) BindBlob(i int, v []byte) error {
	return s.bind(i, Blob, 0, 0, unsafe.Pointer(unsafe.SliceData(v)), len(v))
}

// BindNull binds NULL.
func (s *Stmt) BindNull(i int) error { return s.bind(i, Null, 0, 0, nil, 0) }

func (s *Stmt) bind(i int, t Type, v int64, f float64, p unsafe.Pointer, n int) error {
	if s.s == nil || i < 1 || i > s.params {
		return fmt.Errorf("there is no parameter %d", i)
	}
	if rc := C.spin_bind(s.s, C.int(i), C.int(t), C.sqlite3_int64(v), C.double(f), p, C.sqlite3_uint64(n)); rc != 0 {
		return s.fault(rc)
	}
	return nil
}

// Step computes the next row; false at the end.
func (s *Stmt) Step() (row bool, err error) {
	if s.done || s.s == nil {
		s.done = true
		return false, nil
	}
	const rowCode, doneCode = 100, 101
	switch rc := C.spin_step(s.s, C.int(len(s.cells)), unsafe.SliceData(s.cells)); rc {
	case rowCode:
		return true, nil
	case doneCode:
		s.done = true
		return false, nil
	default:
		s.done = true
		return false, s.fault(rc)
	}
}

// Done reports whether no row follows.
func (s *Stmt) Done() bool { return s.done }

// Type returns the storage class of cell i of the present row.
func (s *Stmt) Type(i int) Type { return Type(s.cells[i]._type) }

// Integer returns a cell that is one.
func (s *Stmt) Integer(i int) int64 { return int64(s.cells[i].i) }

// Real returns a cell that is one.
func (s *Stmt) Real(i int) float64 { return float64(s.cells[i].f) }

// Len returns the length of a cell that is text or bytes.
func (s *Stmt) Len(i int) int { return int(s.cells[i].n) }

// Text returns a copy of a cell that is text, which may be no UTF-8.
func (s *Stmt) Text(i int) string {
	return string(s.bytes(i))
}

// Blob returns a copy of a cell that is bytes.
func (s *Stmt) Blob(i int) []byte { return append([]byte{}, s.bytes(i)...) }

func (s *Stmt) bytes(i int) []byte {
	c := &s.cells[i]
	if c.p == nil {
		return nil
	}
	return unsafe.Slice((*byte)(c.p), int(c.n))
}
