package filesystem_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/internal/guesttest"
	"github.com/spinhost/spin/hostapi/wasi/filesystem"
	"github.com/spinhost/spin/hostapi/wasi/io"
	p2fs "github.com/spinhost/spin/hostapi/wasi/p2/filesystem"
	p3fs "github.com/spinhost/spin/hostapi/wasi/p3/filesystem"
)

// versions are those of the interfaces.
var versions = []string{"0.2.12", "0.3.0", "0.3.0-rc-2026-03-15", october}

const october = "0.2.0-rc-2023-10-18"

// guest calls one version of the interfaces.
type guest struct {
	*guesttest.Guest
	t       testing.TB
	scope   *hostapi.Scope
	ctx     context.Context
	version string
	three   bool
}

func newGuest(t testing.TB, version string, mounts ...filesystem.Mount) *guest {
	t.Helper()
	return limited(t, version, 0, mounts...)
}

// limited returns a guest with a bound on its descriptors.
func limited(t testing.TB, version string, maxOpen int, mounts ...filesystem.Mount) *guest {
	t.Helper()
	s := new(hostapi.Scope)
	filesystem.Provide(s, mounts, maxOpen)
	locals := new(abi.Locals)
	g := &guest{
		Guest: guesttest.New(t, s, append(filesystem.Interfaces(), io.Interfaces()...)), t: t, scope: s,
		ctx: context.WithValue(context.Background(), abi.LocalsKey{}, locals), version: version, three: strings.HasPrefix(version, "0.3."),
	}
	g.SetContext(g.ctx)
	t.Cleanup(func() {
		g.Guest.Close()
		locals.Close()
		if n := filesystem.Open(s, g.ctx); n != 0 {
			t.Errorf("%d descriptors are left", n)
		}
	})
	return g
}

// each runs a test with every version, in a folder of its own that guests can change and that has
// the files hello.txt and dir/inner.txt.
func each(t *testing.T, test func(t *testing.T, g *guest, top uint64, dir string)) {
	for _, v := range versions {
		t.Run(v, func(t *testing.T) {
			dir := t.TempDir()
			put(t, dir, "hello.txt", "hello")
			put(t, dir, "dir/inner.txt", "inner")
			g := newGuest(t, v, filesystem.Mount{Path: "/", Volume: writable(t, dir)})
			test(t, g, g.preopens()["/"], dir)
		})
	}
}

func put(t testing.TB, dir, name, content string) {
	t.Helper()
	name = filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
}

func text(t testing.TB, name ...string) string {
	t.Helper()
	p, err := os.ReadFile(filepath.Join(name...))
	if err != nil {
		t.Error(err)
	}
	return string(p)
}

func writable(t testing.TB, dir string) *filesystem.Volume { return volume(t, dir, true) }

func volume(t testing.TB, dir string, writable bool) *filesystem.Volume {
	t.Helper()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	v := filesystem.Root(root, writable)
	t.Cleanup(func() { v.Close() })
	return v
}

// preopens returns descriptors by path.
func (g *guest) preopens() map[string]uint64 {
	g.t.Helper()
	p, err := g.Load("wasi:filesystem/preopens@" + g.version + "#get-directories")
	if err != nil {
		g.t.Fatal(err)
	}
	found := map[string]uint64{}
	list := g.U32(p)
	for i := range g.U32(p + 4) {
		found[g.Text(list+12*i+4)] = uint64(g.U32(list + 12*i))
	}
	return found
}

// name returns the full name of a method of the descriptor.
func (g *guest) name(method string) string {
	return "wasi:filesystem/types@" + g.version + "#[method]descriptor." + method
}

// call calls a method that returns a result whose value has an alignment. It returns where that
// lies, and the name of the error, "" for none.
func (g *guest) call(method string, align uint32, args ...uint64) (uint32, string) {
	g.t.Helper()
	p, err := g.Load(g.name(method), args...)
	if err != nil {
		g.t.Fatalf("%s: %v", method, err)
	}
	return g.result(p, align)
}

// result reads a result.
func (g *guest) result(p, align uint32) (uint32, string) {
	if g.three {
		align = max(align, 4)
	}
	switch {
	case g.U8(p) == 0:
		return p + align, ""
	case g.three:
		return 0, p3fs.ErrorCodeCase(g.U8(p + align)).String()
	}
	return 0, p2fs.ErrorCode(g.U8(p + align)).String()
}

// do calls a method that returns no value, and wants an error.
func (g *guest) do(want, method string, args ...uint64) {
	g.t.Helper()
	if _, code := g.call(method, 1, args...); code != want {
		g.t.Errorf("%s: %q, want %q", method, code, want)
	}
}

// path returns the arguments for a path, among others.
func (g *guest) path(before []uint64, path string, after ...uint64) []uint64 {
	ptr, n := g.Put(path)
	return slices.Concat(before, []uint64{ptr, n}, after)
}

// Flags of both versions.
const (
	follow    = 1
	create    = 1
	directory = 2
	exclusive = 4
	truncate  = 8
	read      = 1
	write     = 2
	fileSync  = 4
)

// open opens a path, following links.
func (g *guest) open(dir uint64, path string, open, flags uint64) uint64 {
	g.t.Helper()
	h, code := g.openAt(dir, path, follow, open, flags)
	if code != "" {
		g.t.Fatalf("open-at %s: %s", path, code)
	}
	return h
}

func (g *guest) openAt(dir uint64, path string, pathFlags, open, flags uint64) (uint64, string) {
	g.t.Helper()
	args := g.path([]uint64{dir, pathFlags}, path, open, flags)
	if g.version == october {
		args = append(args, 0) // modes
	}
	p, code := g.call("open-at", 4, args...)
	if code != "" {
		return 0, code
	}
	return uint64(g.U32(p)), ""
}

// read reads a stream from an offset to its end, and returns the error in its end.
func (g *guest) read(file, offset uint64) (string, string) {
	g.t.Helper()
	if g.three {
		p, err := g.Load(g.name("read-via-stream"), file, offset)
		if err != nil {
			g.t.Fatal(err)
		}
		stream, end := g.Reader(g.U32(p)), g.Reader(g.U32(p+4))
		return string(stream.Bytes()), g.outcome(end)
	}
	p, code := g.call("read-via-stream", 4, file, offset)
	if code != "" {
		return "", code
	}
	stream := uint64(g.U32(p))
	defer g.Drop(stream)
	var all []byte
	for {
		p, err := g.Load("wasi:io/streams@"+g.version+"#[method]input-stream.blocking-read", stream, 1000)
		if err != nil {
			g.t.Fatal(err)
		}
		if g.U8(p) != 0 {
			return string(all), g.streamError(p + 4)
		}
		all = append(all, g.Text(p+4)...)
	}
}

// write writes a stream from an offset on, at the end of the file for "append-via-stream", and
// returns the error in its end.
func (g *guest) write(file uint64, content, method string, offset ...uint64) string {
	g.t.Helper()
	if g.three {
		handle, w := g.Stream()
		end, err := g.Call(g.name(method), append([]uint64{file, handle}, offset...)...)
		if err != nil {
			g.t.Fatal(err)
		}
		w.Write([]byte(content))
		w.Close()
		return g.outcome(g.Reader(uint32(end)))
	}
	p, code := g.call(method, 4, append([]uint64{file}, offset...)...)
	if code != "" {
		return code
	}
	stream := uint64(g.U32(p))
	defer g.Drop(stream)
	ptr, n := g.Put(content)
	p, err := g.Load("wasi:io/streams@"+g.version+"#[method]output-stream.blocking-write-and-flush", stream, ptr, n)
	if err != nil {
		g.t.Fatal(err)
	}
	if g.U8(p) != 0 {
		return g.streamError(p + 4)
	}
	return ""
}

// outcome waits for a future and returns the error in it.
func (g *guest) outcome(end *guesttest.Reader) string {
	g.t.Helper()
	p, n := end.Next(1, 20)
	if n != 1 {
		g.t.Error("there is no outcome")
	}
	_, code := g.result(p, 4)
	return code
}

// streamError returns the name of the error behind a failed operation of a stream, "" for the end.
func (g *guest) streamError(p uint32) string {
	g.t.Helper()
	if g.U8(p) == 1 {
		return ""
	}
	handle := uint64(g.U32(p + 4))
	defer g.Drop(handle)
	p, err := g.Load("wasi:filesystem/types@"+g.version+"#filesystem-error-code", handle)
	if err != nil || g.U8(p) == 0 {
		g.t.Errorf("there is no error code, %v", err)
	}
	return p2fs.ErrorCode(g.U8(p + 1)).String()
}

// list returns the names of a directory's entries with the numbers of their types, sorted, and the
// error in their end.
func (g *guest) list(dir uint64) (names []string, code string) {
	g.t.Helper()
	defer func() { slices.Sort(names) }()
	if g.three {
		p, err := g.Load(g.name("read-directory"), dir)
		if err != nil {
			g.t.Fatal(err)
		}
		stream, end := g.Reader(g.U32(p)), g.Reader(g.U32(p+4))
		for {
			p, n := stream.Next(3, 24)
			if n == 0 {
				return names, g.outcome(end)
			}
			for i := range n {
				names = append(names, p3fs.DescriptorTypeCase(g.U8(p+24*i)).String()+" "+g.Text(p+24*i+16))
			}
		}
	}
	p, code := g.call("read-directory", 4, dir)
	if code != "" {
		return nil, code
	}
	stream := uint64(g.U32(p))
	defer g.Drop(stream)
	for {
		p, err := g.Load("wasi:filesystem/types@"+g.version+"#[method]directory-entry-stream.read-directory-entry", stream)
		if err != nil {
			g.t.Fatal(err)
		}
		if p, code = g.result(p, 4); code != "" || g.U8(p) == 0 {
			return names, code
		}
		names = append(names, p2fs.DescriptorType(g.U8(p+4)).String()+" "+g.Text(p+8))
	}
}

// stat is what stat and stat-at return.
type stat struct {
	kind                        string
	links, size                 uint64
	accessed, modified, changed [2]uint64 // seconds and nanoseconds
	known                       [3]bool
}

func (g *guest) stat(method string, args ...uint64) (s stat, code string) {
	g.t.Helper()
	p, code := g.call(method, 8, args...)
	if code != "" {
		return s, code
	}
	s.kind = p2fs.DescriptorType(g.U8(p)).String()
	if g.three {
		s.kind = p3fs.DescriptorTypeCase(g.U8(p)).String()
		p += 8
	}
	s.links, s.size = g.U64(p+8), g.U64(p+16)
	for i, at := range []*[2]uint64{&s.accessed, &s.modified, &s.changed} {
		at[0], at[1] = g.U64(p+32+24*uint32(i)), uint64(g.U32(p+40+24*uint32(i)))
		s.known[i] = g.U8(p+24+24*uint32(i)) == 1
	}
	return s, ""
}
