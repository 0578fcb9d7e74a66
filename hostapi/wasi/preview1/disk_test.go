package preview1_test

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// Rights that path_open is asked for.
const (
	canRead  = 1 << 1
	canWrite = 1 << 6
)

func TestFilesAreReadAndWritten(t *testing.T) {
	g, dir := withFiles(t, true)
	fd := g.open("a.txt", 1, canRead|canWrite, 0)
	if fd != 4 {
		t.Errorf("descriptor %d", fd)
	}
	if n := g.write(fd, "hello world"); n != 11 {
		t.Errorf("wrote %d", n)
	}
	at := g.room(8)
	g.ok("fd_tell", fd, at)
	if g.U64(uint32(at)) != 11 {
		t.Errorf("at %d", g.U64(uint32(at)))
	}
	for _, s := range []struct {
		delta  int64
		whence uint64
		want   uint64
	}{{-5, 2, 6}, {-2, 1, 4}, {6, 0, 6}} {
		g.ok("fd_seek", fd, uint64(s.delta), s.whence, at)
		if got := g.U64(uint32(at)); got != s.want {
			t.Errorf("seek %+v = %d", s, got)
		}
	}
	if s := g.read(fd, 100); s != "world" {
		t.Errorf("read %q", s)
	}
	if s := g.read(fd, 100); s != "" {
		t.Errorf("read %q at the end", s)
	}
	for _, s := range [][2]uint64{{uint64(1<<64 - 100), 1}, {1<<64 - 12, 2}, {1<<64 - 1, 0}, {1 << 63, 0}, {1<<63 - 1, 1}, {0, 3}} {
		g.fails(inval, "fd_seek", fd, s[0], s[1], at)
	}
	buf := g.room(8)
	list, _ := g.PutU32(buf, 5)
	g.ok("fd_pread", fd, list, 1, 6, at)
	if s := g.text(buf, g.U32(uint32(at))); s != "world" {
		t.Errorf("pread %q", s)
	}
	g.ok("fd_pwrite", fd, list, 1, 0, at)
	g.ok("fd_allocate", fd, 10, 10)
	g.ok("fd_sync", fd)
	g.ok("fd_datasync", fd)
	g.ok("fd_advise", fd, 0, 0, 1)
	g.fails(inval, "fd_advise", fd, 0, 0, 6)
	stat := g.room(64)
	g.ok("fd_filestat_get", fd, stat)
	if kind, size := g.U8(uint32(stat)+16), g.U64(uint32(stat)+32); kind != 4 || size != 20 {
		t.Errorf("type %d of %d bytes", kind, size)
	}
	g.ok("fd_filestat_set_size", fd, 7)
	g.ok("fd_filestat_set_times", fd, 5e9, 0, 1)
	g.fails(inval, "fd_filestat_set_times", fd, 5e9, 0, 3)
	p, n := g.Put("a.txt")
	g.ok("path_filestat_set_times", 3, 1, p, n, 0, 7e9, 4)
	g.ok("path_filestat_get", 3, 1, p, n, stat)
	if a, m := g.U64(uint32(stat)+40), g.U64(uint32(stat)+48); a != 5e9 || m != 7e9 {
		t.Errorf("times %d and %d", a, m)
	}
	g.ok("fd_close", fd)
	if b, err := os.ReadFile(filepath.Join(dir, "a.txt")); string(b) != "worldwo"[:5]+" w" && err == nil {
		t.Errorf("the file has %q", b)
	}
	end := g.open("a.txt", 0, canWrite, 1)
	g.write(end, "!")
	g.write(end, "?")
	list, _ = g.PutU32(buf, 5)
	g.fails(badf, "fd_read", end, list, 1, at)
	if b, _ := os.ReadFile(filepath.Join(dir, "a.txt")); string(b) != "world w!?" {
		t.Errorf("the file has %q", b)
	}
}

func TestPaths(t *testing.T) {
	g, dir := withFiles(t, true)
	path := func(s string) []uint64 { p, n := g.Put(s); return []uint64{p, n} }
	on := func(want uint64, f string, lead []uint64, rest ...[]uint64) {
		t.Helper()
		g.fails(want, f, append(lead, slices.Concat(rest...)...)...)
	}
	top := []uint64{3}
	on(success, "path_create_directory", top, path("sub"))
	on(exist, "path_create_directory", top, path("sub"))
	on(noent, "path_create_directory", top, path(""))
	os.WriteFile(filepath.Join(dir, "sub", "file"), []byte("x"), 0o600)
	on(notempty, "path_remove_directory", top, path("sub"))
	on(success, "path_link", []uint64{3, 0}, path("sub/file"), top, path("linked"))
	on(success, "path_rename", top, path("linked"), top, path("moved"))
	on(success, "path_symlink", path("sub/file"), top, path("soft"))
	on(permitted, "path_symlink", path("/etc/passwd"), top, path("bad"))
	buf, at := g.room(100), g.room(4)
	on(success, "path_readlink", top, path("soft"), []uint64{buf, 100, at})
	if s := g.text(buf, g.U32(uint32(at))); s != "sub/file" {
		t.Errorf("the link leads to %q", s)
	}
	on(success, "path_readlink", top, path("soft"), []uint64{buf, 3, at})
	if n := g.U32(uint32(at)); n != 3 {
		t.Errorf("%d bytes of 3", n)
	}
	stat := g.room(64)
	for flags, kind := range []uint8{7, 4} {
		on(success, "path_filestat_get", []uint64{3, uint64(flags)}, path("soft"), []uint64{stat})
		if got := g.U8(uint32(stat) + 16); got != kind {
			t.Errorf("type %d", got)
		}
	}
	on(isdir, "path_unlink_file", top, path("sub"))
	on(success, "path_unlink_file", top, path("moved"))
	on(permitted, "path_unlink_file", top, path("../other"))
	on(nametoo, "path_unlink_file", top, []uint64{8, 5000})
	open := func(want uint64, name string, oflags, rights, flags uint64) {
		t.Helper()
		on(want, "path_open", []uint64{3, 0}, path(name), []uint64{oflags, rights, 0, flags, at})
	}
	open(noent, "none", 0, canRead, 0)
	open(permitted, "/etc/passwd", 0, canRead, 0)
	open(permitted, "sub/../../up", 0, canRead, 0)
	open(notdir, "sub/file", 2, canRead, 0)
	open(exist, "sub/file", 1|4, canWrite, 0)
	open(inval, "sub/file", 16, canRead, 0)
	open(inval, "sub/file", 0, canRead, 32)
	fd := g.open("sub", 2, canRead, 0)
	on(success, "path_unlink_file", []uint64{fd}, path("file"))
	g.fails(badf, "fd_seek", fd, 0, 0, stat)
	g.ok("fd_fdstat_get", fd, stat)
	if g.U8(uint32(stat)) != 3 {
		t.Errorf("type %d", g.U8(uint32(stat)))
	}
	g.fails(badf, "fd_prestat_get", fd, stat)
	for range 8 { // as many as Provide has allowed
		p, n := g.Put("sub")
		if e := g.call("path_open", 3, 0, p, n, 2, canRead, 0, 0, at); e == 33 {
			return
		}
	}
	t.Error("there is no limit to what can be open")
}

func TestPreopenedDirectories(t *testing.T) {
	g, _ := withFiles(t, false)
	at := g.room(8)
	g.ok("fd_prestat_get", 3, at)
	if n := g.U32(uint32(at) + 4); g.U32(uint32(at)) != 0 || n != 5 {
		t.Errorf("a name of %d bytes", n)
	}
	g.fails(nametoo, "fd_prestat_dir_name", 3, at, 4)
	g.ok("fd_prestat_dir_name", 3, at, 5)
	if s := g.text(at, 5); s != "/data" {
		t.Errorf("it is %q", s)
	}
	g.fails(badf, "fd_prestat_get", 4, at)
	p, n := g.Put("new")
	g.fails(permitted, "path_create_directory", 3, p, n)
	g.fails(permitted, "path_open", 3, 0, p, n, 1, canWrite, 0, 0, at)
}

// Whatever room a guest has for entries, it sees each of them once.
func TestDirectoriesAreListed(t *testing.T) {
	g, dir := withFiles(t, true)
	want := []string{".", ".."}
	for i := range 1500 {
		name := fmt.Sprintf("file-%04d", i)
		want = append(want, name)
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, room := range []uint32{24 + 9, 100, 4096, 60000} {
		g.Free()
		buf, at := g.room(room), g.room(4)
		var got []string
		for cookie := uint64(0); ; {
			g.ok("fd_readdir", 3, buf, uint64(room), cookie, at)
			used := g.U32(uint32(at))
			data := []byte(g.text(buf, used))
			for len(data) >= 24 {
				n := binary.LittleEndian.Uint32(data[16:])
				if uint32(len(data)) < 24+n {
					break
				}
				cookie = binary.LittleEndian.Uint64(data)
				got = append(got, string(data[24:24+n]))
				if kind := data[20]; (kind == 3) != (len(got) <= 2) {
					t.Fatalf("%s is of type %d", got[len(got)-1], kind)
				}
				data = data[24+n:]
			}
			if used < room {
				break
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("room for %d bytes: %d entries, want %d", room, len(got), len(want))
		}
	}
	// Back to one that was read before, and beyond all.
	at := g.room(4)
	g.ok("fd_readdir", 3, 8, 200, 3, at)
	if g.U32(uint32(at)) != 200 {
		t.Error("it cannot be read again")
	}
	g.ok("fd_readdir", 3, 8, 200, 1<<63, at)
	if g.U32(uint32(at)) != 0 {
		t.Error("there are entries behind the last")
	}
	g.fails(notdir, "fd_readdir", 1, 8, 200, 0, at)
}
