package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/spinhost/spin/hostapi/sqlite"
)

// In a child process, TestMain writes to the file of this variable until it is killed.
const writerEnv = "SPIN_SQLITE_TEST_WRITER"

func TestMain(m *testing.M) {
	if file, writer, ok := strings.Cut(os.Getenv(writerEnv), ":"); ok {
		if err := write(writer, file); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// write inserts rows for ever, and prints each number when it is stored.
func write(file, writer string) error {
	ctx := context.Background()
	c, err := sqlite.File(file, sqlite.Options{BusyTimeout: time.Minute}).Open(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	for i := 0; ; i++ {
		r, err := c.Query(ctx, "INSERT INTO t VALUES (?, ?)", []sqlite.Value{sqlite.Text(writer), sqlite.Integer(int64(i))})
		if err != nil {
			return err
		}
		_, err = r.Next()
		r.Close()
		if err != io.EOF {
			return fmt.Errorf("row %d: %w", i, err)
		}
		fmt.Println(i)
	}
}

// What is acknowledged to one of two processes on a file is there when both were killed.
func TestKilledProcessesLoseNothing(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.db")
	opts := sqlite.Options{Statements: []string{"CREATE TABLE IF NOT EXISTS t (writer, n)"}}
	dbs := databases(t, map[string]sqlite.Database{"default": sqlite.File(file, opts)})
	const writers = 2
	stored := make([]int, writers)
	var wg sync.WaitGroup
	for w := range writers {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d:%s", writerEnv, w, file))
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		wg.Go(func() {
			lines := bufio.NewScanner(out)
			for lines.Scan() {
				if stored[w]++; stored[w] == 20 {
					_ = cmd.Process.Kill()
				}
			}
			_ = cmd.Wait()
		})
	}
	wg.Wait()
	g := newGuest(t, dbs, "default")
	each(t, func(t *testing.T, v version) {
		conn := v.mustOpen(g, "default")
		for w, n := range stored {
			if n < 20 {
				t.Fatalf("writer %d has stored %d rows", w, n)
			}
			r := v.execute(g, conn, "SELECT count(*) >= ?, count(*) <= ? + 1, max(n) + 1 = count(*) FROM t WHERE writer = ?", n, n, fmt.Sprint(w))
			if r.rows != "1 1 1" {
				t.Errorf("writer %d was told of %d rows: %+v", w, n, r)
			}
		}
		v.want(g, conn, `"ok"`, "PRAGMA integrity_check")
	})
}

// A database that takes no more says so, and keeps what it has.
func TestFullDatabases(t *testing.T) {
	for name, open := range map[string]func(o sqlite.Options) sqlite.Database{
		"file":   func(o sqlite.Options) sqlite.Database { return sqlite.File(filepath.Join(t.TempDir(), "a.db"), o) },
		"memory": sqlite.Memory,
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, v version) {
				dbs := databases(t, map[string]sqlite.Database{"default": open(sqlite.Options{MaxBytes: 100_000})})
				g := newGuest(t, dbs, "default")
				conn := v.mustOpen(g, "default")
				v.want(g, conn, "", "CREATE TABLE t (a)")
				stored := 0
				for stored < 1000 {
					r := v.execute(g, conn, "INSERT INTO t VALUES (zeroblob(3000))")
					if r.err == "database-full" {
						break
					}
					if r.err != "" {
						t.Fatal(r)
					}
					stored++
				}
				if stored < 10 || stored > 33 {
					t.Errorf("%d rows of 3000 bytes fit", stored)
				}
				for _, sql := range []string{"PRAGMA max_page_count = 1000000", "PRAGMA page_size = 65536"} {
					if r := v.execute(g, conn, sql); !strings.Contains(r.err, "not authorized") {
						t.Errorf("%s: %+v", sql, r)
					}
				}
				other := v.mustOpen(g, "default")
				if r := v.execute(g, other, "INSERT INTO t VALUES (zeroblob(6000))"); r.err != "database-full" {
					t.Errorf("another connection: %+v", r)
				}
				v.want(g, other, fmt.Sprint(stored), "SELECT count(*) FROM t")
				v.want(g, conn, "", "DELETE FROM t")
				v.want(g, conn, "", "INSERT INTO t VALUES (1)")
			})
		})
	}
}

// A statement that a guest's end stops in the middle changes nothing.
func TestStoppedWritesAreUndone(t *testing.T) {
	dbs := databases(t, map[string]sqlite.Database{
		"file":   sqlite.File(filepath.Join(t.TempDir(), "a.db"), sqlite.Options{Statements: []string{"CREATE TABLE t (a); INSERT INTO t VALUES (1)"}}),
		"memory": sqlite.Memory(sqlite.Options{Statements: []string{"CREATE TABLE t (a); INSERT INTO t VALUES (1)"}}),
	})
	for _, label := range dbs.Labels() {
		g := newGuest(t, dbs, label)
		_, rows, done, _ := g.start(async.mustOpen(g, label), "INSERT INTO t SELECT i FROM ("+endless+")")
		rows.Drop()
		time.AfterFunc(20*time.Millisecond, func() { g.locals.Close() })
		if err := g.outcome(done); err == "" {
			t.Errorf("%s: it has ended well", label)
		}
		g = newGuest(t, dbs, label)
		async.want(g, async.mustOpen(g, label), "1", "SELECT count(*) FROM t")
	}
}
