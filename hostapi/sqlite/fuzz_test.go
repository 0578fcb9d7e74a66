package sqlite_test

import (
	"context"
	"testing"
	"time"

	"github.com/spinhost/spin/hostapi/sqlite"
	v3 "github.com/spinhost/spin/hostapi/sqlite/v3"
)

// Whatever a guest sends as a statement, the host lives on and the connection works.
func FuzzStatement(f *testing.F) {
	for _, sql := range []string{
		"SELECT ?", "CREATE TABLE t (a)", "SELECT * FROM t; DROP TABLE t", "BEGIN", "ATTACH ':memory:' AS m", "VACUUM", "PRAGMA page_size = 512",
		"SELECT * FROM sqlite_schema", endless, "SELECT CAST(x'ff' AS TEXT)", "EXPLAIN SELECT 1", "\x00", "SELECT 'a\x00b'", "REINDEX", "PRAGMA encoding = 'UTF-16'",
	} {
		f.Add(sql, "text", []byte{0}, int64(1))
	}
	f.Fuzz(func(t *testing.T, sql, text string, blob []byte, number int64) {
		g := memory(t)
		c := g.Get(async.mustOpen(g, "default")).(v3.Connection)
		ctx, stop := context.WithTimeout(g.context(context.Background()), 100*time.Millisecond)
		defer stop()
		params := []sqlite.Value{sqlite.Text(text), sqlite.Blob(blob), sqlite.Integer(number), sqlite.Null()}
		for n := range params {
			_, _ = c.Execute(ctx, sql, params[:n])
		}
		if a, err := c.ExecuteAsync(ctx, sql, nil); err == nil && a.F1 != nil {
			_, _ = a.F1.Next(ctx)
			_ = a.F1.Close()
		}
		q, err := c.Execute(g.context(context.Background()), "SELECT 1", nil)
		if err != nil || len(q.Rows) != 1 {
			t.Errorf("the next statement: %v, %v", q, err)
		}
		if d, ok := c.(interface{ Drop() error }); !ok || d.Drop() != nil {
			t.Error("the connection cannot be dropped")
		}
	})
}
