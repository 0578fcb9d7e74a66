package sqlite

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/spinhost/spin/internal/sqlite3"
)

// Options are of databases in this process. The zero value is right for most.
type Options struct {
	// AllowAttach lets statements attach and write other files by ATTACH and VACUUM INTO. It
	// gives guests every file that this process may open.
	AllowAttach bool
	// Statements are run when the app starts, once, in their order. Each text may hold several
	// statements.
	Statements []string
	// MaxBytes bounds the size of the database. A statement that needs more fails with the
	// error case database-full. The default is no bound for files, 1 GiB in memory.
	MaxBytes int64
	// BusyTimeout is how long a statement waits while others have the database locked. The
	// default is 5 s; negative means not at all.
	BusyTimeout time.Duration
}

const defaultBusyTimeout = 5 * time.Second

// File returns the database in a file of SQLite, which is made, with the folders that lead to
// it, when it is opened for the first time. A relative path is taken from the present working
// directory of the process. Other processes may use the file too.
func File(path string, o Options) Database { return &local{path: path, o: o} }

// Memory returns a new database in memory. All its connections share it; what is in it is lost
// when it is closed.
func Memory(o Options) Database {
	return &local{path: "/spin-" + rand.Text(), vfs: "memdb", o: o}
}

// local is a database in this process.
type local struct {
	path, vfs string
	o         Options

	mu     sync.Mutex
	anchor *sqlite3.Conn // keeps a database in memory alive
	closed bool
}

// Start runs the initial statements.
func (l *local) Start(ctx context.Context) error {
	if len(l.o.Statements) == 0 {
		return nil
	}
	c, err := l.open(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	for _, s := range l.o.Statements {
		if err := c.Exec(ctx, s); err != nil {
			return fmt.Errorf("initial statements: %w", err)
		}
	}
	return nil
}

// Open implements Database.
func (l *local) Open(ctx context.Context) (Connection, error) {
	c, err := l.open(ctx)
	if err != nil {
		return nil, err
	}
	return &localConn{c}, nil
}

func (l *local) open(ctx context.Context) (*sqlite3.Conn, error) {
	if l.vfs == "" {
		if err := os.MkdirAll(filepath.Dir(l.path), 0o700); err != nil {
			return nil, err
		}
	} else if err := l.keep(); err != nil {
		return nil, err
	}
	c, err := l.connect()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", l.path, err)
	}
	if err := l.bound(ctx, c); err != nil {
		c.Close()
		return nil, fmt.Errorf("%s: %w", l.path, err)
	}
	return c, nil
}

func (l *local) connect() (*sqlite3.Conn, error) {
	wait := l.o.BusyTimeout
	if wait == 0 {
		wait = defaultBusyTimeout
	}
	return sqlite3.Open(l.path, sqlite3.Options{VFS: l.vfs, Attach: l.o.AllowAttach, Busy: max(wait, 0), MaxLength: MaxResult})
}

// keep opens the connection that keeps a database in memory alive.
func (l *local) keep() (err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return os.ErrClosed
	}
	if l.anchor == nil {
		l.anchor, err = l.connect()
	}
	return err
}

// bound sets the limit of the size, which SQLite has for each connection.
func (l *local) bound(ctx context.Context, c *sqlite3.Conn) error {
	if l.o.MaxBytes <= 0 {
		return nil
	}
	s, err := c.Prepare(ctx, "PRAGMA page_size")
	if err != nil {
		return err
	}
	_, err = s.Step()
	var size int64
	if err == nil {
		size = s.Integer(0)
	}
	s.Close()
	if err != nil {
		return err
	}
	pages := max(l.o.MaxBytes/max(size, 1), 1)
	if err := c.Exec(ctx, "PRAGMA max_page_count = "+strconv.FormatInt(pages, 10)); err != nil {
		return err
	}
	c.Seal()
	return nil
}

// Close lets go of a database in memory.
func (l *local) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	if l.anchor == nil {
		return nil
	}
	err := l.anchor.Close()
	l.anchor = nil
	return err
}
