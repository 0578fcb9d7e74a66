package filesystem_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi/wasi/filesystem"
	"github.com/spinhost/spin/hostapi/wasi/io"
	p2fs "github.com/spinhost/spin/hostapi/wasi/p2/filesystem"
	"github.com/spinhost/spin/internal/guestfs"
)

func TestMountsAreWhatWasProvided(t *testing.T) {
	for _, v := range versions {
		if got := newGuest(t, v).preopens(); len(got) != 0 {
			t.Errorf("%s: %v without mounts", v, got)
		}
		a := filesystem.FS(fstest.MapFS{"f": {Data: []byte("from a")}})
		b := filesystem.FS(fstest.MapFS{"f": {Data: []byte("from b")}})
		g := newGuest(t, v, filesystem.Mount{Path: "/", Volume: a}, filesystem.Mount{Path: "b", Volume: b})
		for range 2 { // guests may ask more than once
			dirs := g.preopens()
			for path, want := range map[string]string{"/": "from a", "b": "from b"} {
				f := g.open(dirs[path], "f", 0, read)
				if got, code := g.read(f, 0); got != want || code != "" {
					t.Errorf("%s: %s has %q, %s", v, path, got, code)
				}
				g.Drop(f)
				g.Drop(dirs[path])
			}
		}
	}
}

func TestReading(t *testing.T) {
	each(t, func(t *testing.T, g *guest, top uint64, dir string) {
		big := strings.Repeat("0123456789", 20_000)
		put(t, dir, "big", big)
		for _, c := range []struct {
			file   string
			offset uint64
			want   string
			code   string
		}{
			{"hello.txt", 0, "hello", ""}, {"hello.txt", 3, "lo", ""}, {"hello.txt", 5, "", ""}, {"hello.txt", 99, "", ""},
			{"big", 0, big, ""}, {"big", 199_990, "0123456789", ""}, {"hello.txt", 1<<64 - 1, "", "invalid"},
		} {
			f := g.open(top, c.file, 0, read)
			if got, code := g.read(f, c.offset); got != c.want || code != c.code {
				t.Errorf("%s from %d has %d bytes, %q", c.file, c.offset, len(got), code)
			}
			if g.Drop(f); g.three {
				continue
			}
			f = g.open(top, c.file, 0, read)
			p, code := g.call("read", 4, f, 1<<40, c.offset)
			if code != c.code || code == "" && (g.Text(p) != c.want[:min(len(c.want), 64<<10)] || g.U8(p+8) == 1 != (len(c.want) < 64<<10)) {
				t.Errorf("read of %s at %d: %q", c.file, c.offset, code)
			}
			g.Drop(f)
		}
		if _, code := g.read(top, 0); code != "bad-descriptor" {
			t.Errorf("read of a directory: %q", code)
		}
		f := g.open(top, "hello.txt", 0, write)
		if _, code := g.read(f, 0); code != "bad-descriptor" {
			t.Errorf("read of a file that is open for writing: %q", code)
		}
	})
}

func TestWriting(t *testing.T) {
	each(t, func(t *testing.T, g *guest, top uint64, dir string) {
		f := g.open(top, "new.txt", create|exclusive, read|write)
		step := func(what, code, content string) {
			t.Helper()
			if got := text(t, dir, "new.txt"); got != content || code != "" {
				t.Errorf("after %s there is %q, %q", what, got, code)
			}
		}
		step("create", "", "")
		step("write", g.write(f, "hello", "write-via-stream", 0), "hello")
		step("write at an offset", g.write(f, "J", "write-via-stream", 0), "Jello")
		step("append", g.write(f, ", world", "append-via-stream"), "Jello, world")
		if !g.three {
			ptr, n := g.Put("!!")
			p, code := g.call("write", 8, f, ptr, n, 12)
			if step("write without a stream", code, "Jello, world!!"); g.U64(p) != 2 {
				t.Errorf("%d bytes were written", g.U64(p))
			}
		}
		g.do("", "set-size", f, 5)
		step("set-size", "", "Jello")
		g.do("", "sync", f)
		g.do("", "sync-data", f)
		g.do("", "sync", top)
		g.open(top, "new.txt", truncate, write)
		step("truncate", "", "")

		if code := g.write(f, "x", "write-via-stream", 1<<63); code != "file-too-large" {
			t.Errorf("write far behind the end: %q", code)
		}
		g.do("file-too-large", "set-size", f, 1<<63)
		if code := g.write(top, "x", "write-via-stream", 0); code != "bad-descriptor" {
			t.Errorf("write to a directory: %q", code)
		}
		r := g.open(top, "new.txt", 0, read)
		if code := g.write(r, "x", "append-via-stream"); code != "bad-descriptor" {
			t.Errorf("write to a file that is open for reading: %q", code)
		}
		g.do("bad-descriptor", "set-size", r, 1)
		g.do("bad-descriptor", "set-size", top, 1)
	})
}

func TestNames(t *testing.T) {
	each(t, func(t *testing.T, g *guest, top uint64, dir string) {
		sub := g.open(top, "dir", directory, read)
		path := func(method string, path string) { t.Helper(); g.do("", method, g.path([]uint64{top}, path)...) }
		path("create-directory-at", "made")
		ptr, n := g.Put("made/moved.txt")
		g.do("", "rename-at", g.path([]uint64{top}, "hello.txt", top, ptr, n)...)
		ptr, n = g.Put("linked.txt")
		g.do("", "link-at", g.path([]uint64{top, 0}, "made/moved.txt", sub, ptr, n)...)
		ptr, n = g.Put("made/soft")
		g.do("", "symlink-at", g.path([]uint64{top}, "../dir/linked.txt", ptr, n)...)
		if got := text(t, dir, "made/soft"); got != "hello" {
			t.Errorf("there is %q", got)
		}
		p, code := g.call("readlink-at", 4, g.path([]uint64{top}, "made/soft")...)
		if code != "" || g.Text(p) != "../dir/linked.txt" {
			t.Errorf("link leads to %q, %q", g.Text(p), code)
		}
		path("unlink-file-at", "made/soft")
		path("unlink-file-at", "made/moved.txt")
		path("remove-directory-at", "made")
		if _, err := os.Stat(filepath.Join(dir, "made")); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("directory is still there: %v", err)
		}
		if got := text(t, dir, "dir/linked.txt"); got != "hello" {
			t.Errorf("there is %q", got)
		}
		g.do("no-entry", "unlink-file-at", g.path([]uint64{top}, "made")...)
		g.do("not-empty", "remove-directory-at", g.path([]uint64{top}, "dir")...)
		g.do("exist", "create-directory-at", g.path([]uint64{top}, "dir")...)
		ptr, n = g.Put("x")
		g.do("invalid", "link-at", g.path([]uint64{top, follow}, "dir/linked.txt", sub, ptr, n)...)
	})
}

func TestListing(t *testing.T) {
	each(t, func(t *testing.T, g *guest, top uint64, dir string) {
		if err := os.Symlink("hello.txt", filepath.Join(dir, "link")); err != nil {
			t.Fatal(err)
		}
		names, code := g.list(top)
		if want := []string{"directory dir", "regular-file hello.txt", "symbolic-link link"}; !slices.Equal(names, want) || code != "" {
			t.Errorf("%v, %q", names, code)
		}
		for i := range 300 {
			put(t, dir, fmt.Sprint("dir/", i), "")
		}
		sub := g.open(top, "dir", 0, read)
		if names, code := g.list(sub); len(names) != 301 || code != "" {
			t.Errorf("%d names, %q", len(names), code)
		}
		if _, code := g.list(g.open(top, "hello.txt", 0, read)); code != "not-directory" {
			t.Errorf("listing of a file: %q", code)
		}
		put(t, dir, "dir/\xff", "")
		if _, code := g.list(sub); code != "illegal-byte-sequence" {
			t.Errorf("listing of a name that is no text: %q", code)
		}
	})
}

func TestStatDescribesAndTimesAreSet(t *testing.T) {
	const noChange, now, timestamp = 0, 1, 2
	each(t, func(t *testing.T, g *guest, top uint64, dir string) {
		if err := os.Symlink("hello.txt", filepath.Join(dir, "link")); err != nil {
			t.Fatal(err)
		}
		f := g.open(top, "hello.txt", 0, read)
		check := func(what string, s stat, code, kind string) {
			t.Helper()
			if code != "" || s.kind != kind || s.known != [3]bool{true, true, true} || s.links < 1 || kind == "regular-file" && (s.size != 5 || s.links != 1) {
				t.Errorf("%s: %+v, %q", what, s, code)
			}
		}
		s, code := g.stat("stat", f)
		check("file", s, code, "regular-file")
		s, code = g.stat("stat", top)
		check("directory", s, code, "directory")
		s, code = g.stat("stat-at", g.path([]uint64{top, follow}, "link")...)
		check("followed link", s, code, "regular-file")
		s, code = g.stat("stat-at", g.path([]uint64{top, 0}, "link")...)
		check("link", s, code, "symbolic-link")

		g.do("", "set-times", f, timestamp, 1000, 7, timestamp, 2000, 8)
		if s, _ := g.stat("stat", f); s.accessed != [2]uint64{1000, 7} || s.modified != [2]uint64{2000, 8} {
			t.Errorf("times are %+v", s)
		}
		g.do("", "set-times-at", g.path([]uint64{top, follow}, "link", noChange, 0, 0, timestamp, 3000, 9)...)
		if s, _ := g.stat("stat", f); s.accessed != [2]uint64{1000, 7} || s.modified != [2]uint64{3000, 9} {
			t.Errorf("times are %+v", s)
		}
		before := time.Now().Add(-time.Minute)
		g.do("", "set-times", f, now, 0, 0, noChange, 0, 0)
		if s, _ := g.stat("stat", f); s.accessed[0] < uint64(before.Unix()) || s.modified != [2]uint64{3000, 9} {
			t.Errorf("times are %+v", s)
		}
		g.do("", "set-times", top, timestamp, 1000, 0, timestamp, 2000, 0)
		if s, _ := g.stat("stat", top); s.modified != [2]uint64{2000, 0} {
			t.Errorf("times of the directory are %+v", s)
		}
		g.do("invalid", "set-times", f, timestamp, 1, 1_000_000_000, noChange, 0, 0)
		g.do("overflow", "set-times", f, noChange, 0, 0, timestamp, 1<<62, 0)
		g.do("overflow", "set-times-at", g.path([]uint64{top, follow}, "link", timestamp, 1<<63-1, 0, noChange, 0, 0)...)

		old := time.Unix(-10, 5)
		if err := os.Chtimes(filepath.Join(dir, "hello.txt"), old, old); err != nil {
			t.Fatal(err)
		}
		s, _ = g.stat("stat", f)
		if known := s.known[1]; known != g.three || known && (int64(s.modified[0]) != -10 || s.modified[1] != 5) {
			t.Errorf("times before 1970 are %+v", s)
		}
	})
}

func TestFlagsAndTypes(t *testing.T) {
	const mutate = 32
	each(t, func(t *testing.T, g *guest, top uint64, dir string) {
		for _, c := range []struct {
			d     uint64
			flags uint8
			kind  string
		}{
			{top, read | mutate, "directory"}, {g.open(top, "dir", 0, read), read | mutate, "directory"},
			{g.open(top, "hello.txt", 0, read), read, "regular-file"}, {g.open(top, "hello.txt", 0, write), write, "regular-file"},
			{g.open(top, "hello.txt", 0, read|write), read | write, "regular-file"}, {g.open(top, "hello.txt", 0, 0), read, "regular-file"},
		} {
			p, code := g.call("get-flags", 1, c.d)
			if code != "" || g.U8(p) != c.flags {
				t.Errorf("flags are %d, %q; want %d", g.U8(p), code, c.flags)
			}
			p, code = g.call("get-type", 1, c.d)
			kind := p2fs.DescriptorType(g.U8(p)).String()
			if g.three {
				kind = map[uint8]string{2: "directory", 5: "regular-file"}[g.U8(p)]
			}
			if code != "" || kind != c.kind {
				t.Errorf("type is %s, %q; want %s", kind, code, c.kind)
			}
		}
		g.do("", "advise", g.open(top, "hello.txt", 0, read), 0, 10, 3)
		g.do("bad-descriptor", "advise", top, 0, 10, 3)
	})
}

func TestSameObjectsHaveTheSameHash(t *testing.T) {
	each(t, func(t *testing.T, g *guest, top uint64, dir string) {
		a, b, c := g.open(top, "hello.txt", 0, read), g.open(top, "dir/../hello.txt", 0, read), g.open(top, "dir", 0, read)
		same := func(x, y uint64) bool {
			v, err := g.Call(g.name("is-same-object"), x, y)
			if err != nil {
				t.Fatal(err)
			}
			return v == 1
		}
		if !same(a, a) || !same(a, b) || same(a, c) || same(c, top) {
			t.Error("wrong objects are the same")
		}
		hash := func(p uint32, code string) [2]uint64 {
			if code != "" {
				t.Error(code)
			}
			return [2]uint64{g.U64(p), g.U64(p + 8)}
		}
		h := hash(g.call("metadata-hash", 8, a))
		if h != hash(g.call("metadata-hash", 8, b)) || h != hash(g.call("metadata-hash-at", 8, g.path([]uint64{top, 0}, "hello.txt")...)) {
			t.Error("one object has two hashes")
		}
		if h == hash(g.call("metadata-hash", 8, c)) || h == ([2]uint64{}) {
			t.Error("two objects have one hash")
		}
	})
}

func TestOpening(t *testing.T) {
	each(t, func(t *testing.T, g *guest, top uint64, dir string) {
		if err := os.Symlink("hello.txt", filepath.Join(dir, "link")); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			path                   string
			pathFlags, open, flags uint64
			code                   string
		}{
			{"missing", 0, 0, read, "no-entry"},
			{"link", 0, 0, read, "loop"},
			{"link", follow, 0, read, ""},
			{"hello.txt", 0, create | exclusive, write, "exist"},
			{"hello.txt", 0, directory, read, "not-directory"},
			{"hello.txt/", 0, 0, read, "not-directory"},
			{"dir", 0, directory | create, read, "invalid"},
			{"dir", 0, directory | exclusive, read, "invalid"},
			{"dir", 0, directory | truncate, read, "invalid"},
			{"dir", 0, 0, write, "is-directory"},
			{"hello.txt", 0, 0, read | fileSync, "unsupported"},
			{"hello.txt", 0, 0, read | 8, "unsupported"},
			{"hello.txt", 0, 0, read | 16, "unsupported"},
			{"/etc/passwd", 0, 0, read, "not-permitted"},
			{"../x", 0, 0, read, "not-permitted"},
			{"dir/../../x", 0, 0, read, "not-permitted"},
			{"", 0, 0, read, "no-entry"},
			{"a\x00b", 0, 0, read, "invalid"},
			{strings.Repeat("x", 300), 0, 0, read, "name-too-long"},
		} {
			h, code := g.openAt(top, c.path, c.pathFlags, c.open, c.flags)
			if code != c.code {
				t.Errorf("open-at %q with %d %d %d: %q, want %q", c.path, c.pathFlags, c.open, c.flags, code, c.code)
			}
			if code == "" {
				g.Drop(h)
			}
		}
		f := g.open(top, "hello.txt", 0, read)
		if _, code := g.openAt(f, "x", 0, 0, read); code != "not-directory" {
			t.Errorf("open-at of a file: %q", code)
		}
	})
}

func TestReadOnlyMountsDoNotChange(t *testing.T) {
	for _, v := range versions {
		dir := t.TempDir()
		put(t, dir, "f", "text")
		for name, volume := range map[string]*filesystem.Volume{"root": volume(t, dir, false), "fs": filesystem.FS(os.DirFS(dir))} {
			g := newGuest(t, v, filesystem.Mount{Path: "/", Volume: volume})
			top := g.preopens()["/"]
			f := g.open(top, "f", 0, read)
			ptr, n := g.Put("x")
			for method, args := range map[string][]uint64{
				"create-directory-at": {top, ptr, n}, "unlink-file-at": g.path([]uint64{top}, "f"), "remove-directory-at": {top, ptr, n},
				"rename-at": g.path([]uint64{top}, "f", top, ptr, n), "link-at": g.path([]uint64{top, 0}, "f", top, ptr, n),
				"symlink-at": g.path([]uint64{top}, "f", ptr, n), "set-times-at": g.path([]uint64{top, 0}, "f", 1, 0, 0, 1, 0, 0),
				"set-times": {f, 1, 0, 0, 1, 0, 0},
			} {
				t.Run(v+" "+name+" "+method, func(t *testing.T) {
					if _, code := g.call(method, 1, args...); code != "not-permitted" {
						t.Errorf("%q", code)
					}
				})
			}
			for _, c := range [][2]uint64{{create, read}, {truncate, read}, {0, write}} {
				if _, code := g.openAt(top, "f", 0, c[0], c[1]); code != "not-permitted" {
					t.Errorf("%s %s: open-at with %v: %q", v, name, c, code)
				}
			}
			if got, code := g.read(f, 0); got != "text" || code != "" {
				t.Errorf("%s %s: %q, %q", v, name, got, code)
			}
			p, _ := g.call("get-flags", 1, top)
			if g.U8(p) != read {
				t.Errorf("%s %s: flags are %d", v, name, g.U8(p))
			}
		}
	}
}

func TestTooManyDescriptors(t *testing.T) {
	for _, v := range versions {
		dir := t.TempDir()
		put(t, dir, "f", "")
		g := limited(t, v, 3, filesystem.Mount{Path: "/", Volume: volume(t, dir, false)})
		top := g.preopens()["/"]
		for range 3 {
			g.open(top, "f", 0, read)
		}
		_, code := g.openAt(top, "f", 0, 0, read)
		if want := map[bool]string{false: "insufficient-memory", true: "other"}[g.three]; code != want {
			t.Errorf("%s: %q, want %q", v, code, want)
		}
	}
}

// All versions have all errors, by the same names.
func TestErrorCodesHaveTheirNames(t *testing.T) {
	for e := guestfs.Access; e <= guestfs.CrossDevice; e++ {
		two, three := filesystem.Code2(e).String(), filesystem.Code3(e).Case.String()
		if two != e.Error() || three != e.Error() && !(e == guestfs.WouldBlock && three == "other") {
			t.Errorf("%v is %s in 0.2 and %s in 0.3", e, two, three)
		}
	}
}

// Guests that import all of an interface have to link, and cannot make up a handle to call it with.
func TestDescriptorsCannotBeMadeUp(t *testing.T) {
	g := newGuest(t, versions[0])
	stream := g.Add(io.NewInputStream(nil), "wasi:io/streams@0.2.12#input-stream")
	n := 0
	for _, name := range g.Names() {
		if !strings.HasPrefix(name, "wasi:filesystem/") || !strings.Contains(name, "[method]") {
			continue
		}
		n++
		for _, handle := range []uint64{0, 1, stream, 99, 1<<32 - 1} {
			args := make([]uint64, 16)
			args[0] = handle
			if _, err := g.Load(name, args...); !errors.Is(err, abi.ErrTrap) {
				t.Errorf("%s takes %d for a descriptor", name, handle)
			}
		}
	}
	if n != 28+2*25+36 {
		t.Errorf("%d methods", n)
	}
}
