package filesystem_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/spinhost/spin/hostapi/wasi/filesystem"
)

// What access-at asks: modes, or existence.
const (
	readable   = 1
	writing    = 2
	executable = 4
)

func (g *guest) access(dir uint64, path string, flags uint64, modes ...uint64) (code string) {
	g.t.Helper()
	args := g.path([]uint64{dir, flags}, path, 1, 0) // existence
	if len(modes) > 0 {
		args = g.path([]uint64{dir, flags}, path, 0, modes[0])
	}
	_, code = g.call("access-at", 1, args...)
	return code
}

func TestAccess(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "hello.txt", "hello")
	put(t, dir, "dir/inner.txt", "inner")
	for name, to := range map[string]string{"link": "hello.txt", "dangling": "nothing"} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	g := newGuest(t, october, filesystem.Mount{Path: "/rw", Volume: writable(t, dir)}, filesystem.Mount{Path: "/ro", Volume: volume(t, dir, false)})
	rw, ro := g.preopens()["/rw"], g.preopens()["/ro"]
	for _, test := range []struct {
		path   string
		flags  uint64
		modes  []uint64
		rw, ro string
	}{
		{"hello.txt", follow, nil, "", ""},
		{"hello.txt", 0, []uint64{0}, "", ""},
		{"hello.txt", follow, []uint64{readable}, "", ""},
		{"hello.txt", follow, []uint64{writing}, "", "not-permitted"},
		{"hello.txt", follow, []uint64{readable | writing}, "", "not-permitted"},
		{"hello.txt", follow, []uint64{executable}, "access", "access"},
		{"dir", follow, []uint64{readable}, "", ""},
		{"dir", follow, []uint64{readable | writing}, "", "not-permitted"},
		{"link", follow, []uint64{writing}, "", "not-permitted"},
		{"link", 0, []uint64{readable}, "", ""},
		{"dangling", 0, nil, "", ""},
		{"dangling", follow, nil, "no-entry", "no-entry"},
		{"nothing", follow, nil, "no-entry", "no-entry"},
		{"nothing", follow, []uint64{writing}, "no-entry", "no-entry"},
		{"../secret", follow, nil, "not-permitted", "not-permitted"},
	} {
		for dir, want := range map[uint64]string{rw: test.rw, ro: test.ro} {
			if code := g.access(dir, test.path, test.flags, test.modes...); code != want {
				t.Errorf("%+v: %q, want %q", test, code, want)
			}
		}
	}
	if os.Geteuid() != 0 { // who may do all
		if err := os.Chmod(filepath.Join(dir, "hello.txt"), 0o400); err != nil {
			t.Fatal(err)
		}
		if code := g.access(rw, "hello.txt", follow, writing); code != "access" {
			t.Errorf("of a file that the host may not write: %q", code)
		}
	}
	if s, _ := os.Stat(filepath.Join(dir, "hello.txt")); s.Size() != 5 {
		t.Errorf("the file has %d bytes", s.Size())
	}
}

// Nobody has permissions of files and locks to give.
func TestWhatNoVolumeHas(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "hello.txt", "hello")
	g := newGuest(t, october, filesystem.Mount{Path: "/", Volume: writable(t, dir)})
	top := g.preopens()["/"]
	f := g.open(top, "hello.txt", 0, read|write)
	for _, method := range []string{"lock-shared", "lock-exclusive", "try-lock-shared", "try-lock-exclusive", "unlock"} {
		g.do("unsupported", method, f)
	}
	for _, method := range []string{"change-file-permissions-at", "change-directory-permissions-at"} {
		g.do("unsupported", method, g.path([]uint64{top, follow}, "hello.txt", readable)...)
	}
}
