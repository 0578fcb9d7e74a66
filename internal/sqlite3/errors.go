package sqlite3

// #include "sqlite.h"
import "C"

// Result codes that callers tell apart.
const (
	CodeError     = 1
	CodeNoMem     = 7
	CodeInterrupt = 9
	CodeFull      = 13
	CodeTooBig    = 18
	CodeAuth      = 23
)

// Error is an error of SQLite.
type Error struct {
	Code     int    // the primary result code
	Extended int    // the extended result code
	Msg      string // SQLite's message
}

func (e *Error) Error() string { return e.Msg }

// fault makes an error of a result code, with the connection's message.
func (c *Conn) fault(code C.int) error {
	e := &Error{Code: int(code) & 0xff, Extended: int(code)}
	if c.c.db == nil {
		e.Msg = C.GoString(C.sqlite3_errstr(code))
		return e
	}
	e.Extended = int(C.sqlite3_extended_errcode(c.c.db))
	e.Msg = C.GoString(C.sqlite3_errmsg(c.c.db))
	return e
}
