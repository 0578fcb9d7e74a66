package sqlite_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/internal/guesttest"
	"github.com/spinhost/spin/hostapi/sqlite"
)

// guest is a guest of one instance.
type guest struct {
	*guesttest.Guest
	t      testing.TB
	locals *abi.Locals
}

// newGuest makes a guest that may open databases of these labels.
func newGuest(t testing.TB, dbs *sqlite.Databases, labels ...string) *guest {
	t.Helper()
	s := new(hostapi.Scope)
	sqlite.Provide(s, dbs, labels)
	return inScope(t, s)
}

func inScope(t testing.TB, s *hostapi.Scope) *guest {
	g := &guest{guesttest.New(t, s, sqlite.Interfaces()), t, new(abi.Locals)}
	g.SetContext(g.context(context.Background()))
	t.Cleanup(g.end)
	return g
}

// context is that of a call in the guest's instance.
func (g *guest) context(ctx context.Context) context.Context {
	return context.WithValue(ctx, abi.LocalsKey{}, g.locals)
}

// end ends the instance.
func (g *guest) end() {
	g.Close()
	g.locals.Close()
}

// databases makes databases that are closed with the test, when all connections must be.
func databases(t testing.TB, list map[string]sqlite.Database) *sqlite.Databases {
	t.Helper()
	d := sqlite.NewDatabases(list)
	if err := d.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeDatabases(t, d) })
	return d
}

func closeDatabases(t testing.TB, d *sqlite.Databases) {
	t.Helper()
	ctx, stop := context.WithTimeout(context.Background(), 20*time.Second)
	defer stop()
	if err := d.Close(ctx); err != nil {
		t.Errorf("close: %v", err)
	}
}

// memory is a guest with one database, "default", in memory.
func memory(t testing.TB) *guest {
	return newGuest(t, databases(t, map[string]sqlite.Database{"default": sqlite.Memory(sqlite.Options{})}), "default")
}

// result is what a statement returns, as text.
type result struct {
	columns, rows, err string
}

// version is a way to call SQLite.
type version struct {
	name    string
	open    func(g *guest, label string) (conn uint64, err string)
	execute func(g *guest, conn uint64, sql string, params ...any) result
	close   func(g *guest, conn uint64)
}

const (
	id1 = "fermyon:spin/sqlite#"
	id2 = "fermyon:spin/sqlite@2.0.0#"
	id3 = "spin:sqlite/sqlite@3.1.0#"
)

var versions = []version{
	{"1", opener(id1 + "open"), executer(id1 + "execute"), func(g *guest, conn uint64) { g.must(g.Call(id1+"close", conn)) }},
	{"2", opener(id2 + "[static]connection.open"), executer(id2 + "[method]connection.execute"), dropped},
	{"3", opener(id3 + "[static]connection.open"), executer(id3 + "[method]connection.execute"), dropped},
	{"3 async", opener(id3 + "[static]connection.open-async"), streamed, dropped},
}

// each runs a test with every version.
func each(t *testing.T, test func(t *testing.T, v version)) {
	for _, v := range versions {
		t.Run(v.name, func(t *testing.T) { test(t, v) })
	}
}

func dropped(g *guest, conn uint64) {
	if err := g.Drop(conn); err != nil {
		g.t.Error(err)
	}
}

func (g *guest) must(v uint64, err error) uint64 {
	g.t.Helper()
	if err != nil {
		g.t.Fatal(err)
	}
	return v
}

func (g *guest) load(name string, args ...uint64) uint32 {
	g.t.Helper()
	p, err := g.Load(name, args...)
	if err != nil {
		g.t.Fatal(err)
	}
	return p
}

func opener(name string) func(*guest, string) (uint64, string) {
	return func(g *guest, label string) (uint64, string) {
		p, n := g.Put(label)
		r := g.load(name, p, n)
		if g.U8(r) == 1 {
			return 0, g.fault(r + 4)
		}
		return uint64(g.U32(r + 4)), ""
	}
}

// mustOpen opens a connection.
func (v version) mustOpen(g *guest, label string) uint64 {
	g.t.Helper()
	conn, err := v.open(g, label)
	if err != "" {
		g.t.Fatalf("open %q: %s", label, err)
	}
	return conn
}

// want runs a statement that succeeds and checks its rows.
func (v version) want(g *guest, conn uint64, rows, sql string, params ...any) {
	g.t.Helper()
	if r := v.execute(g, conn, sql, params...); r.err != "" || r.rows != rows {
		g.t.Errorf("%s: %+v, want %q", sql, r, rows)
	}
}

func executer(name string) func(*guest, uint64, string, ...any) result {
	return func(g *guest, conn uint64, sql string, params ...any) result {
		p, n := g.Put(sql)
		list, count := g.params(params)
		r := g.load(name, conn, p, n, list, count)
		if g.U8(r) == 1 {
			return result{err: g.fault(r + 4)}
		}
		var rows []string
		for i := range g.U32(r + 16) {
			rows = append(rows, g.row(g.U32(r+12)+8*i))
		}
		return result{columns: g.columns(r + 4), rows: strings.Join(rows, "|")}
	}
}

// start begins a statement whose rows are streamed.
func (g *guest) start(conn uint64, sql string, params ...any) (columns string, rows, done *guesttest.Reader, err string) {
	g.t.Helper()
	p, n := g.Put(sql)
	list, count := g.params(params)
	r := g.load(id3+"[method]connection.execute-async", conn, p, n, list, count)
	if g.U8(r) == 1 {
		return "", nil, nil, g.fault(r + 4)
	}
	return g.columns(r + 4), g.Reader(g.U32(r + 12)), g.Reader(g.U32(r + 16)), ""
}

// outcome waits for the future of a statement.
func (g *guest) outcome(done *guesttest.Reader) string {
	p, n := done.Next(1, 16)
	if n != 1 {
		g.t.Fatal("a future without a value")
	}
	if g.U8(p) == 1 {
		return g.fault(p + 4)
	}
	return ""
}

func streamed(g *guest, conn uint64, sql string, params ...any) result {
	columns, rows, done, err := g.start(conn, sql, params...)
	if err != "" {
		return result{err: err}
	}
	var list []string
	for {
		p, n := rows.Next(3, 8)
		if n == 0 {
			break
		}
		for i := range n {
			list = append(list, g.row(p+8*i))
		}
	}
	return result{columns, strings.Join(list, "|"), g.outcome(done)}
}

// params stores a list of values and returns its address and length.
func (g *guest) params(list []any) (ptr, n uint64) {
	at := g.Alloc(uint32(16*len(list)), 8)
	type cell struct {
		tag  byte
		a, b uint64
	}
	cells := make([]cell, len(list))
	for i, v := range list {
		switch v := v.(type) {
		case int:
			cells[i] = cell{0, uint64(v), 0}
		case float64:
			cells[i] = cell{1, math.Float64bits(v), 0}
		case string:
			p, n := g.Put(v)
			cells[i] = cell{2, p | n<<32, 0}
		case []byte:
			p, n := g.Put(string(v))
			cells[i] = cell{3, p | n<<32, 0}
		case nil:
			cells[i] = cell{4, 0, 0}
		}
	}
	mem := g.Memory(0)
	for i, c := range cells {
		mem[int(at)+16*i] = c.tag
		binary.LittleEndian.PutUint64(mem[int(at)+16*i+8:], c.a)
	}
	return uint64(at), uint64(len(list))
}

// fault is the error at p.
func (g *guest) fault(p uint32) string {
	switch g.U8(p) {
	case 0:
		return "no-such-database"
	case 1:
		return "access-denied"
	case 2:
		return "invalid-connection"
	case 3:
		return "database-full"
	}
	return "io: " + g.Text(p+4)
}

func (g *guest) columns(p uint32) string {
	var list []string
	for i := range g.U32(p + 4) {
		list = append(list, g.Text(g.U32(p)+8*i))
	}
	return strings.Join(list, " ")
}

// row is the row at p.
func (g *guest) row(p uint32) string {
	var list []string
	for i := range g.U32(p + 4) {
		v := g.U32(p) + 16*i
		switch g.U8(v) {
		case 0:
			list = append(list, fmt.Sprint(int64(g.U64(v+8))))
		case 1:
			list = append(list, fmt.Sprintf("%gf", math.Float64frombits(g.U64(v+8))))
		case 2:
			list = append(list, fmt.Sprintf("%q", g.Text(v+8)))
		case 3:
			list = append(list, fmt.Sprintf("x%x", g.Text(v+8)))
		case 4:
			list = append(list, "null")
		}
	}
	return strings.Join(list, " ")
}
