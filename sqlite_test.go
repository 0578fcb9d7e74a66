package spin_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/hostapi/sqlite"
)

// Guests that use SQLite databases.
var (
	sqliteP2 = guest{"sqlite-p2", "rust/sqlite-p2.wasm", false, "rust"}
	sqliteP3 = guest{"sqlite-p3", "rust/sqlite-p3.wasm", true, "rust"}
)

// loadSQLite loads a guest that may open the databases of these labels.
func loadSQLite(t testing.TB, g guest, labels string, configure func(*spin.Config)) (*spin.App, error) {
	t.Helper()
	manifest := minimal + "sqlite_databases = " + labels + "\n"
	return loadBundle(t, bundle(manifest, map[string][]byte{"guest.wasm": g.wasm(t)}), configure)
}

func mustLoadSQLite(t testing.TB, g guest, configure func(*spin.Config)) *spin.App {
	t.Helper()
	app, err := loadSQLite(t, g, `["default"]`, configure)
	if err != nil {
		t.Fatal(err)
	}
	return app
}

// sqlitePath is the target for a route with parameters, given as key, value, key, value.
func sqlitePath(route string, parameters ...string) string {
	q := url.Values{"db": {"default"}}
	for i := 0; i < len(parameters); i += 2 {
		q.Set(parameters[i], parameters[i+1])
	}
	return route + "?" + q.Encode()
}

// wantSQLite checks what a guest saw.
func wantSQLite(t *testing.T, app *spin.App, target, want string) {
	t.Helper()
	w := ask(app, target)
	if got := strings.ReplaceAll(w.Body.String(), "Value::", ""); w.Code != 200 || got != want {
		text, _ := url.QueryUnescape(target)
		t.Errorf("%s: %d\n%s\nwant\n%s", text, w.Code, got, want)
	}
}

const sqliteScript = `CREATE TABLE t (a INTEGER PRIMARY KEY, b)
INSERT INTO t (b) VALUES ('x'), (2.5), (x'00ff'), (NULL)
SELECT a, b FROM t
SELECT a FROM t WHERE a > 99
UPDATE t SET b = 7 WHERE a > 2
oops
ATTACH 'other.db' AS o`

const countTo = "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i+1 FROM n LIMIT %d) SELECT i FROM n"

func TestSQLiteThroughWASI2(t *testing.T) {
	for version, last := range map[string]string{"2": "", "3": "rowid 4 changes 2\n"} {
		app := mustLoadSQLite(t, sqliteP2, nil)
		wantSQLite(t, app, sqlitePath("/"+version+"/run", "sql", sqliteScript), `[]
[]
["a", "b"] [Integer(1), Text("x")] [Integer(2), Real(2.5)] [Integer(3), Blob([0, 255])] [Integer(4), Null]
["a"]
[]
Error::Io("near \"oops\": syntax error")
Error::Io("not authorized")
`+last)
		last = strings.ReplaceAll(last, "4 changes 2", "0 changes 0")
		wantSQLite(t, app, sqlitePath("/"+version+"/run", "sql", "SELECT ?, ?, ?, ?, ? AS e"),
			`["?", "?", "?", "?", "e"] [Integer(-9223372036854775808), Real(2.5), Text("grüße"), Blob([0, 255]), Null]`+"\n"+last)
		wantSQLite(t, app, sqlitePath("/"+version+"/run", "sql", "SELECT sum(b) FROM t"), "[\"sum(b)\"] [Real(16.5)]\n"+last)
		wantSQLite(t, app, sqlitePath("/"+version+"/run", "db", "other"), "Error::AccessDenied\n")
	}
}

func TestSQLiteThroughWASI3(t *testing.T) {
	app := mustLoadSQLite(t, sqliteP3, nil)
	wantSQLite(t, app, sqlitePath("/run", "sql", sqliteScript), `[] Ok(())
[] Ok(())
["a", "b"] [Integer(1), Text("x")] [Integer(2), Real(2.5)] [Integer(3), Blob([0, 255])] [Integer(4), Null] Ok(())
["a"] Ok(())
[] Ok(())
[] Err(Error::Io("near \"oops\": syntax error"))
[] Err(Error::Io("not authorized"))
rowid 4 changes 2
`)
	for target, want := range map[string]string{
		sqlitePath("/values"): `["?", "?", "?", "?", "?"] [Integer(-9223372036854775808), Real(2.5), Text("grüße"), Blob([0, 255]), Null] Ok(())` + "\n",
		sqlitePath("/drop", "sql", fmt.Sprintf(countTo, 1<<40), "n", "3"):                                               "3 rows, Err(Error::Io(\"row send error\"))\n[\"'next'\"] [Text(\"next\")] Ok(())\n",
		sqlitePath("/drop", "sql", fmt.Sprintf(countTo, 3), "n", "9"):                                                   "3 rows, Ok(())\n[\"'next'\"] [Text(\"next\")] Ok(())\n",
		sqlitePath("/sum", "sql", fmt.Sprintf(countTo, 10_000)):                                                         "10000 rows, sum 50005000, Ok(())\n",
		sqlitePath("/beside", "slow", fmt.Sprintf(countTo, 1<<40)+" WHERE i < 0", "sql", "SELECT 5 UNION ALL SELECT 6"): "2 rows, sum 11, Ok(())\n",
		sqlitePath("/exec", "sql", "INSERT INTO t (a) VALUES (41), (42)"):                                               "Ok(()) rowid 42 changes 2\n",
		sqlitePath("/open", "n", "300"):                                                                                 "256 opened, then Error::Io(\"too many connections opened\")\n",
		sqlitePath("/run", "db", "other"):                                                                               "Error::AccessDenied\n",
	} {
		wantSQLite(t, app, target, want)
	}
}

// Bytes that a guest streams through need no memory of the host: 200 MB, in rows of 100 kB.
func TestSQLiteStreamsMoreThanFitsInABuffer(t *testing.T) {
	app := mustLoadSQLite(t, sqliteP3, nil)
	sql := strings.Replace(fmt.Sprintf(countTo, 2000), "SELECT i FROM", "SELECT i, zeroblob(100000) FROM", 1)
	wantSQLite(t, app, sqlitePath("/sum", "sql", sql), "2000 rows, sum 2001000, Ok(())\n")
}

func TestSQLiteKeepsItsDataInStateDir(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	in := func(c *spin.Config) { c.StateDir = dir }
	app := mustLoadSQLite(t, sqliteP3, in)
	ask(app, sqlitePath("/run", "sql", "CREATE TABLE t (a)\nINSERT INTO t VALUES (5)"))
	closeApp(t, app)
	if _, err := os.Stat(filepath.Join(dir, "sqlite_db.db")); err != nil {
		t.Error(err)
	}
	wantSQLite(t, mustLoadSQLite(t, sqliteP2, in), sqlitePath("/2/run", "sql", "SELECT a FROM t"), "[\"a\"] [Integer(5)]\n")
}

func TestSQLiteDatabasesOfTheConfiguration(t *testing.T) {
	app, err := loadSQLite(t, sqliteP3, `["ledger", "default"]`, func(c *spin.Config) {
		c.SQLiteDatabases = map[string]sqlite.Database{
			"ledger": sqlite.Memory(sqlite.Options{Statements: []string{"CREATE TABLE entry (a); INSERT INTO entry VALUES (1), (2)"}}),
			"unused": sqlite.Memory(sqlite.Options{}),
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	wantSQLite(t, app, sqlitePath("/sum", "db", "ledger", "sql", "SELECT a FROM entry"), "2 rows, sum 3, Ok(())\n")
	wantSQLite(t, app, sqlitePath("/sum", "sql", "SELECT a FROM entry"), "0 rows, sum 0, Err(Error::Io(\"no such table: entry\"))\n")
	wantSQLite(t, app, sqlitePath("/run", "db", "unused"), "Error::AccessDenied\n")
}

func TestSQLiteDatabasesThatNobodyConfigured(t *testing.T) {
	_, err := loadSQLite(t, sqliteP3, `["default", "ledger", "archive"]`, nil)
	const want = `spin.toml:11:32: component "guest": there is no SQLite database "ledger": add it to Config.SQLiteDatabases, or write one of default
spin.toml:11:42: component "guest": there is no SQLite database "archive": add it to Config.SQLiteDatabases, or write one of default`
	var e *spin.Error
	if err == nil || err.Error() != want || !errors.As(err, &e) || e.Component != "guest" {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
	_, err = loadSQLite(t, sqliteP3, `[]`, func(c *spin.Config) {
		c.SQLiteDatabases = map[string]sqlite.Database{"x": sqlite.Memory(sqlite.Options{Statements: []string{"oops"}})}
	})
	if err == nil || !strings.Contains(err.Error(), `Config.SQLiteDatabases: SQLite database "x": initial statements: near "oops"`) {
		t.Errorf("got %v", err)
	}
}

// What a guest that is ended has left running ends with it.
func TestSQLiteStatementsEndWithTheirGuest(t *testing.T) {
	for name, sql := range map[string]string{
		"one that computes": fmt.Sprintf(countTo, 1<<40) + " WHERE i < 0",
		"one that writes":   "CREATE TABLE t AS " + fmt.Sprintf(countTo, 1<<40),
	} {
		t.Run(name, func(t *testing.T) {
			noGoroutines(t)
			app := mustLoadSQLite(t, sqliteP3, nil)
			done := make(chan struct{})
			go func() {
				defer close(done)
				wantEmpty(t, ask(app, sqlitePath("/sum", "sql", sql)), http.StatusInternalServerError)
			}()
			eventually(t, "the guest runs", func() bool { return app.Stats().Handles > 0 })
			ctx, stop := context.WithTimeout(context.Background(), 50*time.Millisecond)
			defer stop()
			if err := app.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
				t.Error(err)
			}
			<-done
		})
	}
}

// A request that reads 10,000 rows of two columns one after the other.
func BenchmarkSQLiteStream(b *testing.B) {
	app := mustLoadSQLite(b, sqliteP3, func(c *spin.Config) {
		c.SQLiteDatabases = map[string]sqlite.Database{"default": sqlite.Memory(sqlite.Options{
			Statements: []string{"CREATE TABLE t AS " + strings.Replace(fmt.Sprintf(countTo, 10_000), "SELECT i FROM", "SELECT i, 'row number ' || i AS b FROM", 1)},
		})}
	})
	target := sqlitePath("/sum", "sql", "SELECT i, b FROM t")
	b.ReportAllocs()
	for b.Loop() {
		if w := ask(app, target); w.Body.String() != "10000 rows, sum 50005000, Ok(())\n" {
			b.Fatal(w.Code, w.Body)
		}
	}
	b.ReportMetric(float64(b.N)*10_000/b.Elapsed().Seconds(), "rows/s")
}
