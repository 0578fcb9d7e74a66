package sqlite3

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var ctx = context.Background()

func open(t testing.TB, name string, o Options) *Conn {
	t.Helper()
	if o.MaxLength == 0 {
		o.MaxLength = 1 << 20
	}
	c, err := Open(name, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// all returns the rows of a statement as text.
func all(c *Conn, text string) (rows []string, err error) {
	s, err := c.Prepare(ctx, text)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	n := len(s.Columns())
	for {
		ok, err := s.Step()
		if !ok || err != nil {
			return rows, err
		}
		var cells []string
		for i := range n {
			switch s.Type(i) {
			case Integer:
				cells = append(cells, fmt.Sprint(s.Integer(i)))
			case Real:
				cells = append(cells, fmt.Sprintf("%gf", s.Real(i)))
			case Text:
				cells = append(cells, fmt.Sprintf("%q", s.Text(i)))
			case Blob:
				cells = append(cells, fmt.Sprintf("x%x", s.Blob(i)))
			case Null:
				cells = append(cells, "null")
			}
		}
		rows = append(rows, strings.Join(cells, " "))
	}
}

// What a column was declared to hold makes no difference.
func TestCellsHaveTheirStorageClass(t *testing.T) {
	c := open(t, ":memory:", Options{})
	if err := c.Exec(ctx, `
		CREATE TABLE t (a TEXT, b BOOLEAN, c DATETIME, d TIMESTAMP, e DATE, f);
		INSERT INTO t VALUES (1, 5, 'yesterday', 1700000000, 1.5, x'00ff');
		INSERT INTO t VALUES (NULL, 'x' || char(0) || 'y', '', x'', 9223372036854775807, CAST(x'ff41' AS TEXT)); -- done`); err != nil {
		t.Fatal(err)
	}
	rows, err := all(c, "SELECT * FROM t")
	want := []string{
		`"1" 5 "yesterday" 1700000000 1.5f x00ff`,
		`null "x\x00y" "" x 9223372036854775807 "\xffA"`,
	}
	if err != nil || strings.Join(rows, "|") != strings.Join(want, "|") {
		t.Errorf("got %q, %v, want %q", rows, err, want)
	}
	if c.LastInsertRowID() != 2 || c.Changes() != 1 {
		t.Errorf("last row %d, changes %d", c.LastInsertRowID(), c.Changes())
	}
}

func TestAttachedDatabasesAreBounded(t *testing.T) {
	c := open(t, ":memory:", Options{})
	if err := c.Exec(ctx, "ATTACH ':memory:' AS m; ATTACH '' AS \"a \"\" b\""); err != nil {
		t.Fatal(err)
	}
	for _, schema := range []string{"m", `"a "" b"`} {
		rows, err := all(c, "PRAGMA "+schema+".max_page_count")
		if err != nil || rows[0] != fmt.Sprint(attachedBytes/pageSize) {
			t.Errorf("%s: %q pages, %v", schema, rows, err)
		}
		for _, name := range []string{".max_page_count = 1000000", ".page_size = 65536"} {
			if _, err := all(c, "PRAGMA "+schema+name); err == nil {
				t.Errorf("PRAGMA %s%s is not refused", schema, name)
			}
		}
	}
	if rows, err := all(c, "PRAGMA max_page_count = 7"); err != nil || rows[0] != "7" {
		t.Errorf("of the database itself: %q, %v", rows, err)
	}
	for _, text := range []string{"PRAGMA temp_store = 2", "CREATE TEMP TABLE x (a)", "CREATE TABLE m.x (a)"} {
		if _, err := all(c, text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	if rows, err := all(c, "PRAGMA temp_store"); err != nil || rows[0] != "0" {
		t.Errorf("temporary tables are in %q, %v", rows, err)
	}
}

func TestParameters(t *testing.T) {
	c := open(t, ":memory:", Options{})
	s, err := c.Prepare(ctx, "SELECT ?, ?, ?, ?, ?, typeof(?2); SELECT 'never'")
	if err != nil || s.Params() != 5 || !s.ReadOnly() {
		t.Fatal(err, s)
	}
	defer s.Close()
	for i, err := range []error{
		s.BindInteger(1, math.MinInt64), s.BindReal(2, math.Inf(1)), s.BindText(3, ""), s.BindBlob(4, nil), s.BindNull(5),
	} {
		if err != nil {
			t.Errorf("parameter %d: %v", i+1, err)
		}
	}
	for _, i := range []int{-1, 0, 6} {
		if err := s.BindNull(i); err == nil {
			t.Errorf("parameter %d can be bound", i)
		}
	}
	if ok, err := s.Step(); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if s.Integer(0) != math.MinInt64 || s.Real(1) != math.Inf(1) || s.Type(2) != Text || s.Len(2) != 0 ||
		s.Type(3) != Blob || s.Len(3) != 0 || s.Type(4) != Null || s.Text(5) != "real" {
		t.Errorf("got %+v", s.cells)
	}
	for range 2 {
		if ok, err := s.Step(); ok || err != nil || !s.Done() {
			t.Error(ok, err)
		}
	}
	s.Close()
	if ok, err := s.Step(); ok || err != nil {
		t.Error("a step of a closed statement:", ok, err)
	}
}

func TestWhatReachesBeyondTheDatabaseIsRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "other.db")
	for _, x := range []struct {
		text    string
		attach  bool
		sized   bool
		refused bool
	}{
		{text: "ATTACH '" + file + "' AS o", refused: true},
		{text: "ATTACH 'file:" + file + "?mode=ro' AS o", refused: true},
		{text: "ATTACH '" + file + "' || '' AS o", refused: true},
		{text: "ATTACH ':memory:' || '' AS o", refused: true},
		{text: "ATTACH '' AS o"},
		{text: "ATTACH ':memory:' AS o"},
		{text: "VACUUM INTO '" + file + "'", refused: true},
		{text: "VACUUM"},
		{text: "ATTACH '" + file + "' AS o", attach: true},
		{text: "VACUUM INTO '" + file + "2'", attach: true},
		{text: "PRAGMA hard_heap_limit = 1", refused: true},
		{text: "PRAGMA SOFT_heap_limit(1)", refused: true},
		{text: "SELECT * FROM pragma_soft_heap_limit(1)", refused: true},
		{text: "PRAGMA temp_store_directory = '/'", refused: true},
		{text: "PRAGMA mmap_size = 1000000"},
		{text: "PRAGMA max_page_count = 7"},
		{text: "PRAGMA max_page_count = 7", sized: true, refused: true},
		{text: "PRAGMA main.max_page_count = 7", sized: true, refused: true},
		{text: "PRAGMA page_size = 65536", sized: true, refused: true},
		{text: "SELECT load_extension('x')", refused: true},
	} {
		c := open(t, ":memory:", Options{Attach: x.attach})
		if x.sized {
			c.Seal()
		}
		if _, err := all(c, x.text); (err != nil) != x.refused {
			t.Errorf("%s: %v", x.text, err)
		}
		if x.text == "PRAGMA mmap_size = 1000000" {
			if rows, _ := all(c, "PRAGMA mmap_size"); len(rows) > 0 && rows[0] != "0" {
				t.Errorf("the file is mapped: %q", rows)
			}
		}
	}
}

const endless = "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i+1 FROM n) SELECT max(i) FROM n"

func TestContextStopsAStatement(t *testing.T) {
	c := open(t, ":memory:", Options{})
	why := errors.New("enough")
	for range 20 {
		ctx, stop := context.WithCancelCause(context.Background())
		s, err := c.Prepare(ctx, endless)
		if err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(time.Millisecond, func() { stop(why) })
		if ok, err := s.Step(); ok || err != why {
			t.Fatal(ok, err)
		}
		s.Close()
		if _, err := c.Prepare(ctx, "SELECT 1"); err != why {
			t.Fatal("prepared after the end of the context:", err)
		}
		if rows, err := all(c, "SELECT 1"); err != nil || len(rows) != 1 {
			t.Fatal("the next statement:", rows, err)
		}
	}
}

func TestWaitingForALockEndsWithTheContext(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.db")
	a, b := open(t, file, Options{}), open(t, file, Options{Busy: time.Hour})
	if err := a.Exec(ctx, "CREATE TABLE t (a); BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(ctx, 5*time.Millisecond)
	defer stop()
	s, err := b.Prepare(ctx, "INSERT INTO t VALUES (1)")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Step(); err == nil {
		t.Error("wrote to a database that is locked")
	}
}

func TestErrors(t *testing.T) {
	c := open(t, ":memory:", Options{MaxLength: 1000})
	for text, code := range map[string]int{
		"SELEC":                 CodeError,
		"SELECT * FROM nowhere": CodeError,
		"SELECT zeroblob(1001)": CodeTooBig,
		"SELECT abs(-1<<63)":    CodeError,
	} {
		_, err := all(c, text)
		var e *Error
		if !errors.As(err, &e) || e.Code != code || e.Msg == "" || err.Error() != e.Msg {
			t.Errorf("%.20s: %v, want code %d", text, err, code)
		}
	}
	if err := c.Exec(ctx, "CREATE TABLE t (a UNIQUE); INSERT INTO t VALUES (1); INSERT INTO t VALUES (1); INSERT INTO t VALUES (2)"); err == nil {
		t.Error("a failing script succeeds")
	}
	if rows, _ := all(c, "SELECT count(*) FROM t"); rows[0] != "1" {
		t.Errorf("%s rows after a script that failed at the second", rows)
	}
	if _, err := Open(filepath.Join(t.TempDir(), "no", "such.db"), Options{MaxLength: 10}); err == nil {
		t.Error("a file in no folder can be opened")
	}
	for range 2 {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestEmptyStatements(t *testing.T) {
	c := open(t, ":memory:", Options{})
	for _, text := range []string{"", " ", ";", "-- nothing", "/* */ ;"} {
		if rows, err := all(c, text); err != nil || len(rows) > 0 {
			t.Errorf("%q: %q, %v", text, rows, err)
		}
	}
	if err := c.Exec(ctx, "; ;-- x\n;"); err != nil {
		t.Error(err)
	}
}

func BenchmarkStep(b *testing.B) {
	c := open(b, ":memory:", Options{})
	s, err := c.Prepare(ctx, "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i+1 FROM n) SELECT i, 'some text' FROM n")
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	for b.Loop() {
		if ok, err := s.Step(); !ok || s.Text(1) != "some text" {
			b.Fatal(err)
		}
	}
}
