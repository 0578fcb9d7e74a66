package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/spinhost/spin/hostapi/sqlite"
)

// remote is a database of a user's own, as a client of a server would be. Statements are names
// of what is to happen.
type remote struct{ closed *int }

func (r remote) Open(context.Context) (sqlite.Connection, error) { return &remoteConn{r}, nil }
func (r remote) Close() error                                    { *r.closed++; return nil }

type remoteConn struct{ r remote }

func (*remoteConn) LastInsertRowID(context.Context) (int64, error) { return 0, errors.New("offline") }
func (*remoteConn) Changes(context.Context) (uint64, error)        { panic("oops") }
func (*remoteConn) Close() error                                   { return errors.New("offline") }

func (*remoteConn) Query(_ context.Context, statement string, params []sqlite.Value) (sqlite.Rows, error) {
	switch statement {
	case "panic":
		panic("oops")
	case "offline":
		return nil, fmt.Errorf("cannot connect: %w", sqlite.ErrInvalidConnection)
	case "full":
		return nil, fmt.Errorf("%w: quota", sqlite.ErrFull)
	}
	return &remoteRows{statement: statement, left: params}, nil
}

type remoteRows struct {
	statement string
	left      []sqlite.Value
}

func (*remoteRows) Columns() []string { return []string{"a"} }
func (*remoteRows) ReadOnly() bool    { return true }
func (*remoteRows) Close() error      { return errors.New("offline") }

func (r *remoteRows) Next() ([]sqlite.Value, error) {
	if len(r.left) > 0 {
		row := r.left[:1]
		r.left = r.left[1:]
		return row, nil
	}
	switch r.statement {
	case "panic later":
		panic("oops")
	case "full later":
		return nil, sqlite.ErrFull
	}
	return nil, io.EOF
}

func TestDatabasesOfUsers(t *testing.T) {
	closed := 0
	dbs := databases(t, map[string]sqlite.Database{"default": remote{&closed}})
	each(t, func(t *testing.T, v version) {
		g := newGuest(t, dbs, "default")
		conn := v.mustOpen(g, "default")
		v.want(g, conn, `1|"x"|null`, "rows", 1, "x", nil)
		for sql, want := range map[string]string{
			"panic": "io: the database panicked: oops", "offline": "invalid-connection", "full": "database-full",
			"panic later": "io: the database panicked: oops", "full later": "database-full",
		} {
			if r := v.execute(g, conn, sql); r.err != want {
				t.Errorf("%s: %+v", sql, r)
			}
		}
		if v.name[0] == '3' {
			for _, f := range []string{"last-insert-rowid", "changes"} {
				if n := g.must(g.Call(id3+"[method]connection."+f, conn)); n != 0 {
					t.Errorf("%s: %d", f, n)
				}
			}
		}
		v.close(g, conn)
	})
	closeDatabases(t, dbs)
	if closeDatabases(t, dbs); closed != 1 {
		t.Errorf("closed %d times", closed)
	}
}
