package preview1_test

import (
	"context"
	"log/slog"
	"os"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/internal/guesttest"
	"github.com/spinhost/spin/hostapi/wasi/filesystem"
	"github.com/spinhost/spin/hostapi/wasi/preview1"
)

// The numbers of errors that tests expect.
const (
	success   = 0
	again     = 6
	badf      = 8
	exist     = 20
	inval     = 28
	isdir     = 31
	nametoo   = 37
	noent     = 44
	notdir    = 54
	notempty  = 55
	notsock   = 57
	notsup    = 58
	permitted = 63
	spipe     = 70
)

// guest is a guest that imports preview 1.
type guest struct {
	*guesttest.Guest
	t testing.TB
}

// start makes a guest whose instance ends with the test.
func start(t testing.TB, s *hostapi.Scope, c *hostapi.Command) *guest {
	t.Helper()
	if s.Logger == nil {
		s.Logger = slog.New(slog.DiscardHandler)
	}
	var locals abi.Locals
	t.Cleanup(locals.Close)
	g := &guest{guesttest.New(t, s, preview1.Interfaces()), t}
	ctx := context.WithValue(context.Background(), abi.LocalsKey{}, &locals)
	if c != nil {
		ctx = hostapi.WithCommand(ctx, c)
	}
	g.SetContext(ctx)
	return g
}

// withFiles makes a guest with a folder at descriptor 3 and returns that.
func withFiles(t testing.TB, writable bool) (*guest, string) {
	t.Helper()
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	volume := filesystem.Root(root, writable)
	t.Cleanup(func() { volume.Close() })
	s := &hostapi.Scope{}
	filesystem.Provide(s, []filesystem.Mount{{Path: "/data", Volume: volume}}, 8)
	return start(t, s, nil), dir
}

// call calls a function and returns its errno.
func (g *guest) call(name string, args ...uint64) uint64 {
	g.t.Helper()
	e, err := g.Call(preview1.Module+"#"+name, args...)
	if err != nil {
		g.t.Fatalf("%s: %v", name, err)
	}
	return e
}

// ok calls a function that is to succeed.
func (g *guest) ok(name string, args ...uint64) {
	g.t.Helper()
	if e := g.call(name, args...); e != success {
		g.t.Fatalf("%s%v = %d", name, args, e)
	}
}

// fails calls a function that is to fail with an errno.
func (g *guest) fails(want uint64, name string, args ...uint64) {
	g.t.Helper()
	if e := g.call(name, args...); e != want {
		g.t.Errorf("%s%v = %d, want %d", name, args, e, want)
	}
}

// room allocates n bytes.
func (g *guest) room(n uint32) uint64 { return uint64(g.Alloc(n, 8)) }

// text reads n bytes.
func (g *guest) text(at uint64, n uint32) string { return string(g.Memory(0)[at : at+uint64(n)]) }

// write writes a text to a descriptor by two buffers and returns how much was taken.
func (g *guest) write(fd uint64, text string) uint32 {
	g.t.Helper()
	a, n := g.Put(text[:len(text)/2])
	b, m := g.Put(text[len(text)/2:])
	list, _ := g.PutU32(a, n, b, m)
	at := g.room(4)
	g.ok("fd_write", fd, list, 2, at)
	return g.U32(uint32(at))
}

// read reads up to n bytes from a descriptor by two buffers.
func (g *guest) read(fd uint64, n uint32) string {
	g.t.Helper()
	buf := g.room(n)
	list, _ := g.PutU32(buf, uint64(n/3), buf+uint64(n/3), uint64(n-n/3))
	at := g.room(4)
	g.ok("fd_read", fd, list, 2, at)
	return g.text(buf, g.U32(uint32(at)))
}

// open opens a path below descriptor 3.
func (g *guest) open(path string, oflags, rights, flags uint64) uint64 {
	g.t.Helper()
	p, n := g.Put(path)
	at := g.room(4)
	g.ok("path_open", 3, 1, p, n, oflags, rights, 0, flags, at)
	return uint64(g.U32(uint32(at)))
}

func TestThereAreAllFunctions(t *testing.T) {
	g := start(t, &hostapi.Scope{}, nil)
	names := g.Names()
	if len(names) != 46 {
		t.Errorf("%d functions", len(names))
	}
	for _, n := range names {
		if !strings.HasPrefix(n, "wasi_snapshot_preview1#") {
			t.Error(n)
		}
	}
}
