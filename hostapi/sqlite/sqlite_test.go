package sqlite_test

import (
	"context"
	"errors"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/sqlite"
)

// broken is a database that cannot be opened.
type broken struct{}

func (broken) Open(context.Context) (sqlite.Connection, error) { return nil, errors.New("no route") }

// panicking is a database with a fault.
type panicking struct{}

func (panicking) Open(context.Context) (sqlite.Connection, error) { panic("oops") }

func TestOpen(t *testing.T) {
	dbs := databases(t, map[string]sqlite.Database{
		"default": sqlite.Memory(sqlite.Options{}), "other": sqlite.Memory(sqlite.Options{}),
		"broken": broken{}, "panics": panicking{}, "folder": sqlite.File(t.TempDir(), sqlite.Options{}),
	})
	each(t, func(t *testing.T, v version) {
		g := newGuest(t, dbs, "default", "nowhere", "broken", "panics", "folder")
		for label, want := range map[string]string{
			"default": "", "other": "access-denied", "unheard-of": "access-denied", "": "access-denied",
			"nowhere": "no-such-database", "broken": "invalid-connection", "panics": "invalid-connection", "folder": "invalid-connection",
		} {
			if conn, err := v.open(g, label); err != want {
				t.Errorf("open %q: %q, want %q", label, err, want)
			} else if err == "" {
				v.close(g, conn)
			}
		}
	})
}

func TestWithoutProvideEverythingIsDenied(t *testing.T) {
	each(t, func(t *testing.T, v version) {
		g := inScope(t, new(hostapi.Scope))
		if _, err := v.open(g, "default"); err != "access-denied" {
			t.Errorf("got %q", err)
		}
		if v.name == "1" {
			if r := v.execute(g, 0, "SELECT 1"); r.err != "invalid-connection" {
				t.Errorf("got %+v", r)
			}
			v.close(g, 0)
		}
	})
}

func TestAtMost256ConnectionsAreOpen(t *testing.T) {
	each(t, func(t *testing.T, v version) {
		g := memory(t)
		var last uint64
		for range 256 {
			last = v.mustOpen(g, "default")
		}
		if _, err := v.open(g, "default"); err != "io: too many connections opened" {
			t.Errorf("the 257th: %q", err)
		}
		v.close(g, last)
		conn := v.mustOpen(g, "default")
		v.want(g, conn, "1", "SELECT 1")
		if _, err := v.open(g, "default"); err == "" {
			t.Error("the 257th after one was closed can be opened")
		}
	})
}

func TestValues(t *testing.T) {
	each(t, func(t *testing.T, v version) {
		g := memory(t)
		conn := v.mustOpen(g, "default")
		r := v.execute(g, conn, "select 1, 'x', 2.5, null, x'00ff' as b")
		if r.rows != `1 "x" 2.5f null x00ff` || r.columns != "1 'x' 2.5 null b" {
			t.Errorf("got %+v", r)
		}
		v.want(g, conn, "", "CREATE TABLE t (a TEXT, b BOOLEAN, c DATETIME, d BLOB, e)")
		v.want(g, conn, "", "INSERT INTO t VALUES (?, ?, ?, ?, ?)", "ü\x00", 7, "yesterday", []byte{}, nil)
		v.want(g, conn, "", "INSERT INTO t VALUES (?5, ?4, ?3, ?2, ?1)", math.MinInt64, 1.5, []byte("\xff\x00"), "", 1e300)
		v.want(g, conn, `"ü\x00" 7 "yesterday" x null|"1.0e+300" "" xff00 1.5f -9223372036854775808`, "SELECT * FROM t")
		if r := v.execute(g, conn, "SELECT 1 AS a, CAST(x'41ff' AS TEXT) AS b"); !strings.HasPrefix(r.err, `io: column "b" holds text that is not UTF-8`) {
			t.Errorf("text that is not UTF-8: %+v", r)
		}
		v.want(g, conn, "x41ff", "SELECT CAST(CAST(x'41ff' AS TEXT) AS BLOB)")
	})
}

func TestStatements(t *testing.T) {
	each(t, func(t *testing.T, v version) {
		g := memory(t)
		file := filepath.Join(t.TempDir(), "other.db")
		conn := v.mustOpen(g, "default")
		for _, x := range []struct {
			sql                string
			params             []any
			columns, rows, err string // err is a part
		}{
			{sql: "CREATE TABLE t (a INTEGER PRIMARY KEY, b UNIQUE)"},
			{sql: "INSERT INTO t VALUES (1, 'x'); INSERT INTO t VALUES (2, 'y')"},
			{sql: "SELECT * FROM t", columns: "a b", rows: `1 "x"`},
			{sql: "SELECT * FROM t WHERE a = 5", columns: "a b"},
			{sql: "INSERT INTO t VALUES (3, 'z') RETURNING a, b", columns: "a b", rows: `3 "z"`},
			{sql: "-- nothing"},
			{sql: ""},
			{sql: "SELEC 1", err: "io: near \"SELEC\": syntax error"},
			{sql: "SELECT * FROM nowhere", err: "io: no such table: nowhere"},
			{sql: "INSERT INTO t VALUES (9, 'x')", columns: "", err: "io: UNIQUE constraint failed: t.b"},
			{sql: "PRAGMA foreign_keys", columns: "foreign_keys", rows: "1"},
			{sql: "CREATE TABLE u (a REFERENCES t (a))"},
			{sql: "INSERT INTO u VALUES (7)", err: "io: FOREIGN KEY constraint failed"},
			{sql: "SELECT ?, ?", params: []any{1}, err: "io: wrong number of parameters: got 1, the statement needs 2"},
			{sql: "SELECT ?", params: []any{1, 2}, err: "io: wrong number of parameters: got 2, the statement needs 1"},
			{sql: "SELECT ?3", params: []any{1, 2, 3}, columns: "?3", rows: "3"},
			{sql: "SELECT abs(a - 9223372036854775807 - a - 1 - a) FROM t WHERE a = 1 LIMIT 0", columns: "abs(a - 9223372036854775807 - a - 1 - a)"},
			{sql: "ATTACH '" + file + "' AS o", err: "io: not authorized"},
			{sql: "VACUUM INTO '" + file + "'", err: "io: authorization denied"},
			{sql: "ATTACH ':memory:' AS m"},
			{sql: "ATTACH '' AS n"},
			{sql: "PRAGMA hard_heap_limit = 1", err: "io: not authorized"},
			{sql: "SELECT count(*) FROM t", columns: "count(*)", rows: "2"},
		} {
			r := v.execute(g, conn, x.sql, x.params...)
			if x.err != "" {
				if !strings.Contains(r.err, x.err) || r.rows != "" {
					t.Errorf("%s: %+v, want an error %q", x.sql, r, x.err)
				}
			} else if (r != result{x.columns, x.rows, ""}) {
				t.Errorf("%s: %+v, want %q, %q", x.sql, r, x.columns, x.rows)
			}
		}
	})
}

func TestFilesCanBeAttachedWhereThatIsAllowed(t *testing.T) {
	folder := t.TempDir()
	dbs := databases(t, map[string]sqlite.Database{"default": sqlite.File(filepath.Join(folder, "a", "b", "main.db"), sqlite.Options{AllowAttach: true})})
	each(t, func(t *testing.T, v version) {
		g := newGuest(t, dbs, "default")
		conn := v.mustOpen(g, "default")
		v.want(g, conn, "", "ATTACH '"+filepath.Join(folder, "other.db")+"' AS o")
	})
}

func TestBufferedResultsAreBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("takes much memory")
	}
	g := memory(t)
	for i, v := range versions[:3] {
		conn := v.mustOpen(g, "default")
		for k, sql := range []string{
			"SELECT zeroblob(70000000), zeroblob(70000000)",
			"SELECT zeroblob(256 << 20)",
			"WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i+1 FROM n) SELECT zeroblob(30000000) FROM n",
			"WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i+1 FROM n) SELECT i FROM n",
		} {
			if k > i { // the longer ones need not run so often
				break
			}
			if r := v.execute(g, conn, sql); !strings.HasPrefix(r.err, "io: query result exceeds limit of 134217728 bytes") {
				t.Errorf("version %s: %s: %q %q", v.name, sql, r.columns, r.err)
			}
		}
		v.want(g, conn, "1", "SELECT 1")
		v.close(g, conn)
	}
}

func TestHandlesOfVersion1(t *testing.T) {
	g, v := memory(t), versions[0]
	for want := range uint64(3) {
		if conn := v.mustOpen(g, "default"); conn != want {
			t.Errorf("handle %d, want %d", conn, want)
		}
	}
	v.close(g, 1)
	for _, conn := range []uint64{1, 3, math.MaxUint32} {
		if r := v.execute(g, conn, "SELECT 1"); r.err != "invalid-connection" {
			t.Errorf("handle %d: %+v", conn, r)
		}
	}
	v.close(g, 1)
	v.close(g, 77)
	if conn := v.mustOpen(g, "default"); conn != 3 {
		t.Errorf("handle %d is given again", conn)
	}
	other := memory(t)
	if r := v.execute(other, 0, "SELECT 1"); r.err != "invalid-connection" {
		t.Errorf("the handle of another instance: %+v", r)
	}
}

func TestRowidsAndChangesAreThoseOfAConnection(t *testing.T) {
	g, v := memory(t), versions[3]
	a, b := v.mustOpen(g, "default"), v.mustOpen(g, "default")
	numbers := func(conn uint64) (n [4]uint64) {
		for i, f := range []string{"last-insert-rowid", "last-insert-rowid-async", "changes", "changes-async"} {
			n[i] = g.must(g.Call(id3+"[method]connection."+f, conn))
		}
		return n
	}
	if n := numbers(a); n != [4]uint64{} {
		t.Errorf("before: %v", n)
	}
	v.want(g, a, "", "CREATE TABLE t (a)")
	v.want(g, a, "", "INSERT INTO t VALUES (1), (2), (3)")
	if n := numbers(a); n != [4]uint64{3, 3, 3, 3} {
		t.Errorf("after: %v", n)
	}
	v.want(g, b, "3", "SELECT count(*) FROM t")
	if n := numbers(b); n != [4]uint64{} {
		t.Errorf("of another connection: %v", n)
	}
}

// All connections to a database in memory see the same, also those of another instance.
func TestMemoryIsShared(t *testing.T) {
	d := sqlite.Memory(sqlite.Options{Statements: []string{"CREATE TABLE t (a); INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)"}})
	dbs := databases(t, map[string]sqlite.Database{"default": d, "other": sqlite.Memory(sqlite.Options{})})
	for i, v := range versions {
		g := newGuest(t, dbs, "default", "other")
		conn := v.mustOpen(g, "default")
		v.want(g, conn, string(rune('2'+i)), "SELECT count(*) FROM t")
		v.want(g, conn, "", "INSERT INTO t VALUES (?)", i)
		if r := v.execute(g, v.mustOpen(g, "other"), "SELECT * FROM t"); r.err == "" {
			t.Error("another database has the table too")
		}
		g.end()
	}
}

func TestInitialStatementsThatFail(t *testing.T) {
	d := sqlite.NewDatabases(map[string]sqlite.Database{
		"bad": sqlite.Memory(sqlite.Options{Statements: []string{"CREATE TABLE t (a); oops"}}), "worse": sqlite.File(t.TempDir(), sqlite.Options{Statements: []string{"SELECT 1"}}),
	})
	defer closeDatabases(t, d)
	err := d.Start(context.Background())
	if err == nil || !strings.Contains(err.Error(), `SQLite database "bad": initial statements: near "oops"`) || !strings.Contains(err.Error(), `"worse"`) {
		t.Errorf("got %v", err)
	}
}

func TestUncommittedWorkOfADroppedConnectionIsUndone(t *testing.T) {
	each(t, func(t *testing.T, v version) {
		g := memory(t)
		a := v.mustOpen(g, "default")
		for _, sql := range []string{"CREATE TABLE t (a)", "BEGIN", "INSERT INTO t VALUES (1)"} {
			v.want(g, a, "", sql)
		}
		v.close(g, a)
		b := v.mustOpen(g, "default")
		v.want(g, b, "", "INSERT INTO t VALUES (2)")
		v.want(g, b, "2", "SELECT a FROM t")
	})
}
