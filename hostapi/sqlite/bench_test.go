package sqlite_test

import (
	"context"
	"fmt"
	"io"
	"testing"

	"github.com/spinhost/spin/hostapi/sqlite"
	v3 "github.com/spinhost/spin/hostapi/sqlite/v3"
)

// table is a guest with a table of n rows of two columns.
func table(b *testing.B, n int) (*guest, v3.Connection) {
	dbs := databases(b, map[string]sqlite.Database{"default": sqlite.Memory(sqlite.Options{Statements: []string{
		"CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)",
		"INSERT INTO t SELECT i, 'row number ' || i FROM (" + numbers(n) + ")",
	}})})
	g := newGuest(b, dbs, "default")
	return g, g.Get(async.mustOpen(g, "default")).(v3.Connection)
}

func perRow(b *testing.B, n int) {
	b.ReportMetric(float64(b.N)*float64(n)/b.Elapsed().Seconds(), "rows/s")
}

// Rows as the stream takes them: the host's side.
func BenchmarkStream(b *testing.B) {
	const n = 10_000
	g, c := table(b, n)
	ctx := g.context(context.Background())
	b.ReportAllocs()
	for b.Loop() {
		a, err := c.ExecuteAsync(ctx, "SELECT a, b FROM t", nil)
		if err != nil {
			b.Fatal(err)
		}
		rows := 0
		for ; err == nil; rows++ {
			_, err = a.F1.Next(ctx)
		}
		if a.F1.Close(); rows != n+1 || err != io.EOF {
			b.Fatal(rows, err)
		}
	}
	perRow(b, n)
}

// Rows as they arrive in a guest's memory that asks for k at once.
func BenchmarkStreamToGuest(b *testing.B) {
	for _, k := range []uint32{1, 64} {
		b.Run(fmt.Sprintf("by %d", k), func(b *testing.B) {
			const n = 10_000
			g, _ := table(b, n)
			conn := async.mustOpen(g, "default")
			b.ReportAllocs()
			for b.Loop() {
				_, rows, _, _ := g.start(conn, "SELECT a, b FROM t")
				total := uint32(0)
				for {
					_, got := rows.Next(k, 8)
					if got == 0 {
						break
					}
					total += got
				}
				if total != n {
					b.Fatal(total)
				}
				g.Free()
			}
			perRow(b, n)
		})
	}
}

func BenchmarkExecute(b *testing.B) {
	for _, n := range []int{1, 1000} {
		b.Run(fmt.Sprint(n, " rows"), func(b *testing.B) {
			g, c := table(b, n)
			ctx := g.context(context.Background())
			b.ReportAllocs()
			for b.Loop() {
				q, err := c.Execute(ctx, "SELECT a, b FROM t", nil)
				if err != nil || len(q.Rows) != n {
					b.Fatal(err)
				}
			}
			perRow(b, n)
		})
	}
}

func BenchmarkOpen(b *testing.B) {
	g, _ := table(b, 1)
	for b.Loop() {
		async.close(g, async.mustOpen(g, "default"))
	}
}
