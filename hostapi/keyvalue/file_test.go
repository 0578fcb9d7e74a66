package keyvalue_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spinhost/spin/hostapi/keyvalue"
)

// TestMain is also the other process of some tests: it counts until it is killed or has
// counted far enough, and says how far it got.
func TestMain(m *testing.M) {
	path, ok := os.LookupEnv("KEYVALUE_TEST_WRITER")
	if !ok {
		os.Exit(m.Run())
	}
	f, err := keyvalue.OpenFile(ctx, path, nil)
	for n := 0; err == nil && n < 100_000; n++ {
		if err = f.Store("s").Set(ctx, fmt.Sprint(os.Getpid(), "-", n), []byte(strings.Repeat("v", 100))); err == nil {
			if _, err = f.Store("s").Increment(ctx, "count", 1); err == nil {
				_, err = fmt.Println(n)
			}
		}
		if os.Getenv("KEYVALUE_TEST_WRITES") == fmt.Sprint(n+1) {
			break
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// writer starts another process that writes.
func writer(t *testing.T, path string, writes int) (*exec.Cmd, io.Reader) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "KEYVALUE_TEST_WRITER="+path, fmt.Sprint("KEYVALUE_TEST_WRITES=", writes))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return cmd, out
}

func TestAKilledProcessLosesNothingThatWasAcknowledged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kv.db")
	var total int64
	for round := range 3 {
		cmd, out := writer(t, path, 0)
		lines := bufio.NewScanner(out)
		acknowledged := -1
		for lines.Scan() {
			if acknowledged++; lines.Text() != fmt.Sprint(acknowledged) {
				t.Fatalf("%q after %d writes", lines.Text(), acknowledged)
			}
			if acknowledged == 150*(round+1) {
				must(t, cmd.Process.Kill()) // what it has printed until it dies counts too
			}
		}
		_ = cmd.Wait()
		f := openFile(t, path, nil)
		for n := range acknowledged + 1 {
			holds(t, f.Store("s"), fmt.Sprint(cmd.Process.Pid, "-", n), strings.Repeat("v", 100))
		}
		sum, err := f.Store("s").Increment(ctx, "count", 0)
		// One more may be stored that it could not tell.
		if least := total + int64(acknowledged) + 1; err != nil || sum < least || sum > least+1 {
			t.Errorf("counted %d, %v, want %d", sum, err, least)
		}
		total = sum
		must(t, f.Close())
	}
}

func TestProcessesWriteAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kv.db")
	f := openFile(t, path, nil)
	const n = 200
	a, outA := writer(t, path, n)
	b, outB := writer(t, path, n)
	go func() { _, _ = io.Copy(io.Discard, outA) }()
	done := make(chan error)
	go func() {
		var err error
		for range n {
			if _, e := f.Store("s").Increment(ctx, "count", 1); e != nil {
				err = e
			}
		}
		done <- err
	}()
	_, _ = io.Copy(io.Discard, outB)
	if err := errors.Join(a.Wait(), b.Wait(), <-done); err != nil {
		t.Error(err)
	}
	if sum, err := f.Store("s").Increment(ctx, "count", 0); err != nil || sum != 3*n {
		t.Errorf("counted %d, %v, want %d", sum, err, 3*n)
	}
	if k := keys(t, f.Store("s")); len(k) != 2*n+1 {
		t.Errorf("%d keys, want %d", len(k), 2*n+1)
	}
}

func TestAFullDiskLosesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kv.db")
	f := openFile(t, path, &keyvalue.FileConfig{MaxBytes: 256 << 10})
	s := f.Store("s")
	value := []byte(strings.Repeat("v", 3000))
	n, err := 0, error(nil)
	for ; n < 1000; n++ {
		if err = s.Set(ctx, fmt.Sprint(n), value); err != nil {
			break
		}
	}
	if !errors.Is(err, keyvalue.ErrFull) || n == 0 {
		t.Fatalf("after %d writes: %v", n, err)
	}
	if err := s.SetMany(ctx, []keyvalue.Pair{{"0", nil}, {"x", value}, {"y", value}}); !errors.Is(err, keyvalue.ErrFull) {
		t.Errorf("set-many: %v", err)
	}
	check := func(s keyvalue.Store) {
		t.Helper()
		for i := range n {
			holds(t, s, fmt.Sprint(i), string(value))
		}
		holds(t, s, fmt.Sprint(n), "none")
		holds(t, s, "x", "none")
	}
	check(s)
	must(t, f.Close())
	again := openFile(t, path, nil)
	check(again.Store("s"))
	must(t, again.Store("s").Set(ctx, "room", value))
}

// The layout is that of Spin, whose own store is read and written here by its statements.
func TestFilesOfSpinAreReadAndWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "folder", "sqlite_key_value.db")
	must(t, os.MkdirAll(filepath.Dir(path), 0o700))
	db, err := sql.Open("sqlite3", path)
	must(t, err)
	defer db.Close()
	for _, s := range []string{
		"CREATE TABLE spin_key_value (store TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (store, key))",
		"INSERT INTO spin_key_value VALUES ('default', 'bytes', x'00ff'), ('default', 'text', 'hello'), ('default', 'number', 12), ('cache', 'bytes', x'')",
		"INSERT INTO spin_key_value VALUES ('default', x'6b6579', x'01')", // no text: no key
		"INSERT INTO spin_key_value VALUES ('default', 'huge', zeroblob(134217729))",
	} {
		_, err := db.Exec(s)
		must(t, err)
	}
	f := openFile(t, path, &keyvalue.FileConfig{FullSync: true})
	s := f.Store("default")
	holds(t, s, "bytes", "\x00\xff")
	holds(t, s, "text", "hello")
	holds(t, s, "number", "12")
	holds(t, f.Store("cache"), "bytes", "")
	if _, _, err := s.Get(ctx, "huge"); !errors.Is(err, keyvalue.ErrTooLarge) {
		t.Errorf("a value over the limit: %v", err)
	}
	if _, err := s.GetMany(ctx, []string{"huge"}); !errors.Is(err, keyvalue.ErrTooLarge) {
		t.Errorf("a value over the limit: %v", err)
	}
	if _, err := s.Increment(ctx, "huge", 1); !errors.Is(err, keyvalue.ErrNotNumber) {
		t.Errorf("increment of a value over the limit: %v", err)
	}
	if ok, err := s.CompareAndSwap(ctx, "huge", nil, true, nil); ok || err != nil {
		t.Errorf("swap of a value over the limit: %v, %v", ok, err)
	}
	if k := fmt.Sprint(keys(t, s)); k != "[bytes huge number text]" {
		t.Errorf("keys: %s", k)
	}
	must(t, s.Set(ctx, "bytes", []byte{7}))
	var kind string
	var value []byte
	must(t, db.QueryRow("SELECT typeof(value), value FROM spin_key_value WHERE store = 'default' AND key = 'bytes'").Scan(&kind, &value))
	if kind != "blob" || string(value) != "\x07" {
		t.Errorf("stored as %s %q", kind, value)
	}
}

func TestAWriterWaitsForAnotherOneAsLongAsItsContext(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kv.db")
	s := openFile(t, path, nil).Store("s")
	must(t, s.Set(ctx, "k", []byte("before")))
	db, err := sql.Open("sqlite3", path)
	must(t, err)
	defer db.Close()
	db.SetMaxOpenConns(1)
	_, err = db.Exec("BEGIN IMMEDIATE")
	must(t, err)
	holds(t, s, "k", "before") // readers do not wait
	short, stop := context.WithTimeout(ctx, 30*time.Millisecond)
	defer stop()
	if err := s.Set(short, "k", []byte("after")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("set: %v", err)
	}
	result := make(chan error)
	go func() { result <- s.Set(ctx, "k", []byte("after")) }()
	time.Sleep(10 * time.Millisecond)
	_, err = db.Exec("COMMIT")
	must(t, err)
	must(t, <-result)
	holds(t, s, "k", "after")
}

func TestOpeningWaitsForAnotherWriterAsLongAsItsContext(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kv.db")
	db, err := sql.Open("sqlite3", path)
	must(t, err)
	defer db.Close()
	db.SetMaxOpenConns(1)
	_, err = db.Exec("BEGIN EXCLUSIVE") // and no log yet
	must(t, err)
	short, stop := context.WithTimeout(ctx, 20*time.Millisecond)
	defer stop()
	if _, err := keyvalue.OpenFile(short, path, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("open: %v", err)
	}
	_, err = db.Exec("COMMIT")
	must(t, err)
	must(t, openFile(t, path, nil).Store("s").Set(ctx, "k", nil))
}

func TestFilesThatCannotBeOpened(t *testing.T) {
	dir := t.TempDir()
	garbage := filepath.Join(dir, "garbage.db")
	must(t, os.WriteFile(garbage, []byte(strings.Repeat("no database ", 100)), 0o600))
	for _, path := range []string{dir, garbage, filepath.Join(garbage, "below.db")} {
		f, err := keyvalue.OpenFile(ctx, path, nil)
		if err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", path, err)
			_ = f.Close()
		}
	}
}

func TestClosedFiles(t *testing.T) {
	f := openFile(t, filepath.Join(t.TempDir(), "a ?#%20b.db"), nil)
	s := f.Store("s")
	must(t, s.Set(ctx, "k", nil))
	must(t, f.Close())
	must(t, f.Close())
	_, _, get := s.Get(ctx, "k")
	for _, err := range []error{get, s.Set(ctx, "k", nil), s.SetMany(ctx, nil)} {
		if !errors.Is(err, keyvalue.ErrClosed) {
			t.Errorf("after close: %v", err)
		}
	}
}
