package keyvalue

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/mattn/go-sqlite3"
)

// patience is for how long an operation waits for other processes that write.
const patience = 30 * time.Second

// errOtherWriter says that it waited in vain.
var errOtherWriter = errors.New("another process keeps the database of the key-value store locked")

// with runs f with a connection out of a channel, again and again while other processes are in
// its way. f must leave no transaction open.
func (f *File) with(ctx context.Context, from chan *conn, do func(*conn) error) error {
	if err := f.ended(ctx); err != nil {
		return err
	}
	var c *conn
	select {
	case c = <-from:
	case <-f.closed:
		return ErrClosed
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	defer func() { from <- c }()
	return retry(ctx, f.closed, func() (err error) {
		if c == nil {
			if c, err = f.connect(false); err != nil {
				return fmt.Errorf("the database of the key-value store cannot be opened: %w", err)
			}
		}
		err = do(c)
		if err != nil && !c.db.AutoCommit() { // what undoes it has failed too: SQLite does so now
			_ = c.close()
			c = nil
		}
		return err
	})
}

func (f *File) ended(ctx context.Context) error {
	select {
	case <-f.closed:
		return ErrClosed
	default:
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

// retry calls do until it returns no error that says that somebody else is at it.
func retry(ctx context.Context, closed <-chan struct{}, do func() error) error {
	err := do()
	if !busy(err) {
		return told(err)
	}
	over := time.Now().Add(patience)
	for pause := 200 * time.Microsecond; ; pause = min(2*pause, 20*time.Millisecond) {
		t := time.NewTimer(pause)
		select {
		case <-t.C:
		case <-closed:
			t.Stop()
			return ErrClosed
		case <-ctx.Done():
			t.Stop()
			return context.Cause(ctx)
		}
		if err = do(); !busy(err) {
			return told(err)
		}
		if time.Now().After(over) {
			return errOtherWriter
		}
	}
}

func busy(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && (e.Code == sqlite3.ErrBusy || e.Code == sqlite3.ErrLocked)
}

// told makes ErrFull of SQLite's own.
func told(err error) error {
	var e sqlite3.Error
	if errors.As(err, &e) && e.Code == sqlite3.ErrFull {
		return fmt.Errorf("%w: %v", ErrFull, e)
	}
	return err
}
