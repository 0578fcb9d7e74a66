package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/spinhost/spin/hostapi/internal/guesttest"
	"github.com/spinhost/spin/hostapi/sqlite"
	v3 "github.com/spinhost/spin/hostapi/sqlite/v3"
)

var async = versions[3]

// endless counts, slow computes for ever before its first row, late after its tenth.
const (
	endless = "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i+1 FROM n) SELECT i, 'text' FROM n"
	slow    = "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i+1 FROM n) SELECT max(i) FROM n"
	late    = "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i+1 FROM n) SELECT i FROM n WHERE i <= 10"
)

// numbers counts up to n.
func numbers(n int) string { return fmt.Sprint(endless, " LIMIT ", n) }

func TestRowsComeBeforeTheStatementHasEnded(t *testing.T) {
	g := memory(t)
	conn := async.mustOpen(g, "default")
	columns, rows, done, err := g.start(conn, late)
	if columns != "i" || err != "" {
		t.Fatalf("%q %q", columns, err)
	}
	for want := 1; want <= 10; {
		p, n := rows.Next(3, 8)
		for i := range n {
			if got := g.row(p + 8*i); got != fmt.Sprint(want) {
				t.Fatalf("row %s, want %d", got, want)
			}
			want++
		}
	}
	rows.Drop()
	if err := g.outcome(done); err != "io: row send error" {
		t.Errorf("the future of a stream that was dropped: %q", err)
	}
	async.want(g, conn, "1", "SELECT 1")
}

func TestDroppingTheStreamStopsTheStatement(t *testing.T) {
	for what, sql := range map[string]string{"before a row": slow, "with rows left": endless} {
		t.Run(what, func(t *testing.T) {
			g := memory(t)
			conn := async.mustOpen(g, "default")
			_, rows, done, _ := g.start(conn, sql)
			if sql == endless {
				rows.Next(1, 8)
			}
			rows.Drop()
			if err := g.outcome(done); err != "io: row send error" {
				t.Errorf("got %q", err)
			}
			async.want(g, conn, "1", "SELECT 1")
		})
	}
}

// A statement that writes runs to its end, whoever wants its rows.
func TestDroppingTheStreamStopsNoWriting(t *testing.T) {
	g := memory(t)
	conn := async.mustOpen(g, "default")
	async.want(g, conn, "", "CREATE TABLE t (a)")
	for i, x := range []struct{ sql, want string }{
		{"INSERT INTO t SELECT i FROM (" + numbers(20_000) + ")", ""},
		{"INSERT INTO t SELECT i FROM (" + numbers(20_000) + ") RETURNING a", "io: row send error"},
	} {
		_, rows, done, _ := g.start(conn, x.sql)
		rows.Drop()
		if err := g.outcome(done); err != x.want {
			t.Errorf("%s: %q", x.sql, err)
		}
		if n := g.must(g.Call(id3+"[method]connection.changes-async", conn)); n != 20_000 {
			t.Errorf("%s: %d changes", x.sql, n)
		}
		async.want(g, conn, fmt.Sprint(20_000*(i+1)), "SELECT count(*) FROM t")
	}
}

// The future of a small result is there although nobody has read the rows.
func TestFutureOfASmallResultComesFirst(t *testing.T) {
	g := memory(t)
	conn := async.mustOpen(g, "default")
	_, rows, done, _ := g.start(conn, numbers(5))
	if err := g.outcome(done); err != "" {
		t.Error(err)
	}
	read := uint32(0)
	for {
		_, n := rows.Next(100, 8) // as many as there are by then
		if n == 0 {
			break
		}
		read += n
	}
	if read != 5 {
		t.Errorf("%d rows then", read)
	}
}

func TestErrorsOfAStream(t *testing.T) {
	g := memory(t)
	conn := async.mustOpen(g, "default")
	for _, x := range []struct {
		sql  string
		rows uint32
		want string
	}{
		{"oops", 0, `io: near "oops": syntax error`},
		{"SELECT ?", 0, "io: wrong number of parameters"},
		{endless + " WHERE abs(i - 30) > -1 AND CASE WHEN i = 30 THEN abs(-9223372036854775807 - 1) ELSE 1 END", 29, "io: integer overflow"},
		{"SELECT zeroblob(70000000), zeroblob(70000000)", 0, "io: query result exceeds limit of 134217728 bytes"},
	} {
		columns, rows, done, err := g.start(conn, x.sql)
		if err != "" || strings.HasPrefix(x.want, "io: near") && columns != "" {
			t.Errorf("%s: %q, %q", x.sql, columns, err)
			continue
		}
		read := uint32(0)
		for {
			_, n := rows.Next(7, 8)
			if n == 0 {
				break
			}
			read += n
		}
		if err := g.outcome(done); read != x.rows || !strings.HasPrefix(err, x.want) {
			t.Errorf("%s: %d rows, %q", x.sql, read, err)
		}
	}
	async.want(g, conn, "1", "SELECT 1")
}

func TestStatementsWaitForTheirConnection(t *testing.T) {
	g := memory(t)
	conn := async.mustOpen(g, "default")
	_, first, _, _ := g.start(conn, numbers(200))
	second := make(chan error, 1)
	c := g.Get(conn).(v3.Connection)
	go func() {
		a, err := c.ExecuteAsync(g.context(context.Background()), "SELECT 1", nil)
		if err == nil {
			err = a.F1.Close()
		}
		second <- err
	}()
	total := uint32(0)
	for {
		_, n := first.Next(50, 8)
		if n == 0 {
			break
		}
		if total += n; total < 100 {
			select {
			case err := <-second:
				t.Fatalf("a statement has not waited for another one on its connection: %v", err)
			default:
			}
		}
	}
	if err := <-second; err != nil || total != 200 {
		t.Errorf("%d rows, then %v", total, err)
	}
}

// A guest that is frozen in a call cannot read the rows for which that call would wait.
func TestFrozenGuestsDoNotWaitForThemselves(t *testing.T) {
	g := memory(t)
	conn := async.mustOpen(g, "default")
	_, rows, done, _ := g.start(conn, numbers(1000))
	rows.Next(1, 8)
	if r := versions[2].execute(g, conn, "SELECT 1"); !strings.Contains(r.err, "neither read to its end nor dropped") {
		t.Errorf("got %+v", r)
	}
	if n := g.must(g.Call(id3+"[method]connection.changes", conn)); n != 0 {
		t.Errorf("%d changes", n)
	}
	rows.Drop()
	if err := g.outcome(done); err != "io: row send error" {
		t.Error(err)
	}
	versions[2].want(g, conn, "1", "SELECT 1")
}

func TestSlowStatementsHoldNobodyUp(t *testing.T) {
	g := memory(t)
	a, b := async.mustOpen(g, "default"), async.mustOpen(g, "default")
	_, rows, done, _ := g.start(a, slow)
	for range 100 {
		async.want(g, b, "1", "SELECT 1")
	}
	async.close(g, a) // statements go on
	rows.Drop()
	if err := g.outcome(done); err != "io: row send error" {
		t.Error(err)
	}
}

func TestCancelledCallsStop(t *testing.T) {
	g := memory(t)
	conn := async.mustOpen(g, "default")
	c := g.Get(conn).(v3.Connection)
	for _, sql := range []string{slow, endless} {
		ctx, stop := context.WithCancel(context.Background())
		time.AfterFunc(5*time.Millisecond, stop)
		if _, err := c.Execute(g.context(ctx), sql, nil); err == nil {
			t.Error("it returns")
		}
		async.want(g, conn, "1", "SELECT 1")
	}
	// One that waits for its connection, and one that is prepared when nobody wants it any more.
	_, rows, done, _ := g.start(conn, slow)
	ctx, stop := context.WithCancel(context.Background())
	time.AfterFunc(5*time.Millisecond, stop)
	a, err := c.ExecuteAsync(g.context(ctx), "SELECT 1", nil)
	if err != nil || a.F1 != nil {
		t.Errorf("%v, %v", a.F1, err)
	}
	rows.Drop()
	g.outcome(done)
	async.want(g, conn, "1", "SELECT 1")
}

// An answer that nobody takes does not keep the connection.
func TestForgottenStreams(t *testing.T) {
	g := memory(t)
	conn := async.mustOpen(g, "default")
	c := g.Get(conn).(v3.Connection)
	if _, err := c.ExecuteAsync(g.context(context.Background()), endless, nil); err != nil {
		t.Fatal(err)
	}
	next := make(chan result, 1)
	go func() {
		a, _ := c.ExecuteAsync(g.context(context.Background()), "SELECT 1", nil)
		if a.F1 != nil {
			a.F1.Close()
		}
		next <- result{}
	}()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); {
		runtime.GC()
		select {
		case <-next:
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
	t.Fatal("the connection is still taken")
}

func TestTheEndOfAnInstanceStopsItsStatements(t *testing.T) {
	dbs := databases(t, map[string]sqlite.Database{"default": sqlite.Memory(sqlite.Options{})})
	each(t, func(t *testing.T, v version) {
		g := newGuest(t, dbs, "default")
		conn := v.mustOpen(g, "default")
		v.want(g, conn, "", "CREATE TABLE IF NOT EXISTS t (a)")
		var futures []*guesttest.Reader
		if v.name == "3 async" {
			for _, sql := range []string{slow, endless, "INSERT INTO t " + strings.Replace(endless, ", 'text'", "", 1)} {
				_, rows, done, err := g.start(v.mustOpen(g, "default"), sql)
				if err != "" {
					t.Fatal(err)
				}
				if sql == endless { // which nobody computes any more
					defer rows.Drop()
					continue
				}
				futures = append(futures, done)
			}
		}
		g.locals.Close()
		for i, f := range futures {
			if err := g.outcome(f); err == "" {
				t.Errorf("statement %d has ended well", i)
			}
		}
		if r := v.execute(g, conn, "SELECT 1"); r.err == "" {
			t.Error("a connection outlives its instance")
		}
	})
}

func TestClosingTheDatabasesStopsEverything(t *testing.T) {
	d := sqlite.NewDatabases(map[string]sqlite.Database{"default": sqlite.Memory(sqlite.Options{})})
	g := newGuest(t, d, "default")
	conn := async.mustOpen(g, "default")
	_, _, done, _ := g.start(conn, slow)
	ctx, stop := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer stop()
	if err := d.Close(ctx); !errors.Is(err, context.DeadlineExceeded) { // the instance still has the connection
		t.Errorf("got %v", err)
	}
	if err := g.outcome(done); err == "" {
		t.Error("the statement has ended well")
	}
	if _, err := async.open(g, "default"); err != "invalid-connection" {
		t.Errorf("open after Close: %q", err)
	}
	closeDatabases(t, d)
}

// A million rows take no more memory than a few.
func TestMemoryStaysFlat(t *testing.T) {
	g := memory(t)
	c := g.Get(async.mustOpen(g, "default")).(v3.Connection)
	ctx := g.context(context.Background())
	a, err := c.ExecuteAsync(ctx, numbers(1_000_000), nil)
	if err != nil {
		t.Fatal(err)
	}
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	before, most := m.HeapAlloc, uint64(0)
	for i := 1; ; i++ {
		row, err := a.F1.Next(ctx)
		if err == io.EOF && i == 1_000_001 {
			break
		}
		if v, _ := row.Values[0].Integer(); err != nil || v != int64(i) {
			t.Fatal(i, row, err)
		}
		if i%100_000 == 0 {
			runtime.GC()
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
		}
	}
	if most > before+8<<20 {
		t.Errorf("%d bytes in use, %d before", most, before)
	}
	a.F1.Close()
}

func TestManyStatementsAtOnce(t *testing.T) {
	dbs := databases(t, map[string]sqlite.Database{"default": sqlite.Memory(sqlite.Options{BusyTimeout: time.Minute, Statements: []string{"CREATE TABLE t (a)"}})})
	g := newGuest(t, dbs, "default")
	var conns []v3.Connection
	for range 4 {
		conns = append(conns, g.Get(async.mustOpen(g, "default")).(v3.Connection))
	}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			c := conns[i%len(conns)]
			for k := range 25 {
				ctx, stop := context.WithCancel(g.context(context.Background()))
				switch k % 5 {
				case 0:
					a, err := c.ExecuteAsync(ctx, "INSERT INTO t VALUES (1)", nil)
					if err == nil {
						_, err = a.F1.Next(ctx)
					}
					if err != io.EOF {
						t.Error(err)
					}
				case 1, 2:
					a, _ := c.ExecuteAsync(ctx, endless, nil)
					for range k {
						_, _ = a.F1.Next(ctx)
					}
					_ = a.F1.Close()
				case 3:
					_, _ = c.ChangesAsync(ctx)
				case 4:
					go stop()
					_, _ = c.Execute(ctx, slow, nil)
				}
				stop()
			}
		})
	}
	wg.Wait()
	async.want(g, async.mustOpen(g, "default"), "40", "SELECT count(*) FROM t")
}
