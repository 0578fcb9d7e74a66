package sqlite3

// #include <stdlib.h>
// #include "sqlite.h"
import "C"

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
	"unsafe"
)

// Options are for Open.
type Options struct {
	VFS       string        // "" means the default
	Attach    bool          // statements may attach databases in files
	MaxLength int           // of a cell, in bytes
	Busy      time.Duration // how long to wait for locks of other connections
}

// Conn is a connection. It is used by one goroutine at a time; only Close may be called at any
// time, when no statement is left.
type Conn struct {
	c *C.spin_conn

	mu  sync.Mutex // between what runs and those who stop it
	run uint64     // counts what ran; odd while something does
}

const (
	openReadWrite = 0x2
	openCreate    = 0x4
	openNoMutex   = 0x8000
)

var errClosed = errors.New("connection is closed")

// Open opens the database file of that name, and makes it if there is none. ":memory:" is a new
// database in memory.
func Open(name string, o Options) (*Conn, error) {
	c := &Conn{c: (*C.spin_conn)(C.calloc(1, C.sizeof_spin_conn))}
	if o.Attach {
		c.c.attach = 1
	}
	c.c.busy_ms = C.int(min(o.Busy, time.Hour).Milliseconds())
	file := C.CString(name)
	defer C.free(unsafe.Pointer(file))
	var vfs *C.char
	if o.VFS != "" {
		vfs = C.CString(o.VFS)
		defer C.free(unsafe.Pointer(vfs))
	}
	if rc := C.spin_open(c.c, file, openReadWrite|openCreate|openNoMutex, vfs, C.int(o.MaxLength)); rc != 0 {
		err := c.fault(rc)
		c.Close()
		return nil, err
	}
	return c, nil
}

// Seal forbids statements to change max_page_count and page_size from now on.
func (c *Conn) Seal() { c.c.sized = 1 }

// Close closes the connection. A second call does nothing.
func (c *Conn) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.c == nil {
		return nil
	}
	rc := C.sqlite3_close_v2(c.c.db)
	C.free(unsafe.Pointer(c.c))
	c.c = nil
	if rc != 0 {
		return &Error{Code: int(rc) & 0xff, Extended: int(rc), Msg: C.GoString(C.sqlite3_errstr(rc))}
	}
	return nil
}

// attachedBytes bounds the size of each database in memory, or temporary one, that statements
// attach.
const (
	attachedBytes = 256 << 20
	pageSize      = 4096 // of all of them: statements cannot change it
)

// limitAttached gives databases that the last statement has attached their limit.
func (c *Conn) limitAttached() {
	if c.c.attached == 0 {
		return
	}
	c.c.attached, c.c.limiting = 0, 1
	defer func() { c.c.limiting = 0 }()
	var names []string
	s, err := c.Prepare(context.Background(), "SELECT name FROM pragma_database_list WHERE name NOT IN ('main', 'temp')")
	if err != nil {
		return // nor can the guest use them
	}
	for {
		if ok, _ := s.Step(); !ok {
			break
		}
		names = append(names, strings.ReplaceAll(s.Text(0), `"`, `""`))
	}
	s.Close()
	for _, name := range names {
		_ = c.Exec(context.Background(), fmt.Sprintf(`PRAGMA "%s".max_page_count = %d`, name, attachedBytes/pageSize))
	}
}

// LastInsertRowID returns the rowid of the last row that was inserted; 0 before.
func (c *Conn) LastInsertRowID() int64 { return int64(C.sqlite3_last_insert_rowid(c.c.db)) }

// Changes returns how many rows the last INSERT, UPDATE or DELETE that is over has changed.
func (c *Conn) Changes() int64 { return int64(C.sqlite3_changes64(c.c.db)) }

// begin has the end of ctx stop what runs until the function that it returns is called.
func (c *Conn) begin(ctx context.Context) (end func(), err error) {
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	if ctx.Done() == nil {
		return func() {}, nil
	}
	c.mu.Lock()
	c.run++
	run := c.run
	c.mu.Unlock()
	stop := context.AfterFunc(ctx, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.c != nil && c.run == run {
			C.spin_interrupt(c.c)
		}
	})
	return func() {
		stop()
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.run == run {
			c.run++
			C.spin_set_stop(c.c, 0)
		}
	}, nil
}

// Exec runs all statements of a text, one after the other, until one fails or ctx ends.
func (c *Conn) Exec(ctx context.Context, text string) error {
	for text != "" {
		s, err := c.Prepare(ctx, text)
		if err != nil {
			return err
		}
		for err == nil {
			_, err = s.Step()
			if s.Done() {
				break
			}
		}
		text = text[s.used:]
		s.Close()
		if err != nil {
			return err
		}
	}
	return nil
}
