package guestfs

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"testing/synctest"
)

// lay makes files below dir: names that end in a slash are folders, contents that start with "->"
// are symbolic links.
func lay(t testing.TB, dir string, files ...string) {
	t.Helper()
	for i := 0; i < len(files); i += 2 {
		name, content := filepath.Join(dir, files[i]), files[i+1]
		err := os.MkdirAll(filepath.Dir(name), 0o777)
		switch target, link := strings.CutPrefix(content, "->"); {
		case err != nil:
		case strings.HasSuffix(files[i], "/"):
			err = os.MkdirAll(name, 0o777)
		case link:
			err = os.Symlink(target, name)
		default:
			err = os.WriteFile(name, []byte(content), 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func openRoot(t testing.TB, dir string) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root
}

// writable returns the top of a volume that can be changed.
func writable(t testing.TB, dir string) *Descriptor {
	return FromRoot(openRoot(t, dir), true).Open(NewQuota(0))
}

// readers returns the ways in which a folder is served to be read.
func readers(t testing.TB, dir string) map[string]*Descriptor {
	return map[string]*Descriptor{
		"writable root":  writable(t, dir),
		"read-only root": FromRoot(openRoot(t, dir), false).Open(NewQuota(0)),
		"fs.FS":          FromFS(openRoot(t, dir).FS()).Open(NewQuota(0)),
	}
}

func read(t testing.TB, d *Descriptor, path string) string {
	t.Helper()
	f, err := d.OpenAt(path, OpenOptions{Follow: true})
	if err != nil {
		return "error " + err.Error()
	}
	defer f.Close()
	p := make([]byte, 100)
	n, err := f.ReadAt(p, 0)
	if err != nil && err != io.EOF {
		return "error " + err.Error()
	}
	return string(p[:n])
}

func want(t testing.TB, what string, err error, code Errno) {
	t.Helper()
	if CodeOf(err) != code {
		t.Errorf("%s: %v, want %v", what, err, code)
	}
}

func TestOpenAndRead(t *testing.T) {
	dir := t.TempDir()
	lay(t, dir,
		"a.txt", "alpha", "sub/b.txt", "beta", "sub/deep/c.txt", "gamma", "empty", "", "none/", "",
		"link", "->a.txt", "up", "->sub/../a.txt", "sub/up", "->../a.txt", "folder", "->sub/", "circle", "->circle",
		"dangling", "->nowhere", "c:\\a.txt", "windows", "sub/fold", "->deep",
	)
	for name, d := range readers(t, dir) {
		for path, content := range map[string]string{
			"a.txt": "alpha", "./a.txt": "alpha", "sub//b.txt": "beta", "sub/./deep/c.txt": "gamma", "empty": "",
			"sub/../a.txt": "alpha", "none/../sub/deep/../b.txt": "beta", "link": "alpha", "up": "alpha", "sub/up": "alpha",
			"folder/b.txt": "beta", "folder/fold/c.txt": "gamma", "folder/fold/../b.txt": "beta", "c:\\a.txt": "windows",

			"missing": "error no-entry", "none/missing": "error no-entry", "": "error no-entry", "A.TXT": "error no-entry",
			"missing/../a.txt": "error no-entry", "a.txt/": "error not-directory", "a.txt/.": "error not-directory",
			"a.txt/b": "error not-directory", "a.txt/../a.txt": "error not-directory", "link/": "error not-directory",
			"link/b": "error not-directory", "sub": "error bad-descriptor", "sub/": "error bad-descriptor", ".": "error bad-descriptor",
			"circle": "error loop", "circle/a": "error loop", "dangling": "error no-entry", "dangling/": "error no-entry",
			"sub\\b.txt": "error no-entry", "C:": "error no-entry", "NUL": "error no-entry", "\\\\server\\share": "error no-entry",
		} {
			if got := read(t, d, path); got != content {
				t.Errorf("%s: %q reads %q, want %q", name, path, got, content)
			}
		}
	}
}

func TestReadAt(t *testing.T) {
	dir := t.TempDir()
	lay(t, dir, "f", "0123456789")
	all := readers(t, dir)
	all["map"] = FromFS(fstest.MapFS{"f": {Data: []byte("0123456789")}}).Open(NewQuota(0))
	all["seeker"] = FromFS(limited{fstest.MapFS{"f": {Data: []byte("0123456789")}}, true}).Open(NewQuota(0))
	all["reader"] = FromFS(limited{fstest.MapFS{"f": {Data: []byte("0123456789")}}, false}).Open(NewQuota(0))
	for name, d := range all {
		f, err := d.OpenAt("f", OpenOptions{Read: true})
		if err != nil {
			t.Fatal(name, err)
		}
		for _, c := range []struct {
			offset uint64
			n      int
			want   string
			err    error
		}{
			{0, 4, "0123", nil}, {4, 4, "4567", nil}, {8, 4, "89", io.EOF}, {2, 3, "234", nil}, {10, 1, "", io.EOF}, {99, 1, "", io.EOF},
			{0, 10, "0123456789", nil}, {0, 0, "", nil}, {99, 0, "", nil}, {1 << 62, 2, "", io.EOF}, {1<<63 - 1, 5, "", Invalid}, {1<<64 - 1, 5, "", Invalid},
		} {
			p := make([]byte, c.n)
			n, err := f.ReadAt(p, c.offset)
			if string(p[:n]) != c.want || err != c.err {
				t.Errorf("%s: %d bytes at %d = %q, %v", name, c.n, c.offset, p[:n], err)
			}
		}
		f.Close()
		_, err = f.ReadAt(make([]byte, 1), 0)
		want(t, name+" closed", err, BadDescriptor)
		_, err = f.Stat()
		want(t, name+" closed", err, BadDescriptor)
	}
}

// limited has files that are only what fs.File asks for, and perhaps io.Seeker.
type limited struct {
	fs.FS
	seek bool
}

func (l limited) Open(name string) (fs.File, error) {
	f, err := l.FS.Open(name)
	if s, ok := f.(io.Seeker); ok && l.seek {
		return struct {
			fs.File
			io.Seeker
		}{f, s}, err
	}
	return struct{ fs.File }{f}, err
}

func TestStatDescribes(t *testing.T) {
	dir := t.TempDir()
	lay(t, dir, "f", "12345", "d/", "", "l", "->f")
	for name, d := range readers(t, dir) {
		for _, c := range []struct {
			path   string
			follow bool
			kind   FileType
			size   uint64
		}{
			{"f", false, RegularFile, 5}, {"l", true, RegularFile, 5}, {"l", false, SymbolicLink, 1}, {"d", true, Directory, 0},
			{"d/", false, Directory, 0}, {".", false, Directory, 0}, {"d/..", true, Directory, 0},
		} {
			s, err := d.StatAt(c.path, c.follow)
			if err != nil || s.Type != c.kind || c.kind != Directory && s.Size != c.size || s.Links < 1 || s.Modified.IsZero() {
				t.Errorf("%s: %s is %+v, %v", name, c.path, s, err)
			}
			if name != "fs.FS" && (s.Accessed.IsZero() || s.Changed.IsZero()) {
				t.Errorf("%s: %s has no times", name, c.path)
			}
		}
		f, err := d.OpenAt("l", OpenOptions{Follow: true})
		if err != nil {
			t.Fatal(err)
		}
		if s, err := f.Stat(); err != nil || s.Type != RegularFile || s.Size != 5 || f.IsDir() {
			t.Errorf("%s: open file is %+v, %v", name, s, err)
		}
		f.Close()
	}
}

func TestTheSameFileHasTheSameHash(t *testing.T) {
	dir := t.TempDir()
	lay(t, dir, "f", "x", "g", "x", "l", "->f", "d/", "")
	for name, d := range readers(t, dir) {
		open := func(path string) *Descriptor {
			f, err := d.OpenAt(path, OpenOptions{Follow: true})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(f.Close)
			return f
		}
		f, again, g, sub := open("f"), open("l"), open("g"), open("d")
		if !f.SameObject(f) || !f.SameObject(again) || f.SameObject(g) || f.SameObject(sub) || !d.SameObject(open("d/..")) {
			t.Errorf("%s: wrong files are the same", name)
		}
		hash := func(s Stat, err error) [2]uint64 {
			if err != nil {
				t.Error(err)
			}
			a, b := s.Hash()
			return [2]uint64{a, b}
		}
		of := hash(f.Stat())
		if of != hash(again.Stat()) || of != hash(d.StatAt("l", true)) || of != hash(d.StatAt("f", false)) {
			t.Errorf("%s: a file has several hashes", name)
		}
		if of == hash(g.Stat()) || of == hash(sub.Stat()) || of == hash(d.StatAt("l", false)) {
			t.Errorf("%s: two files have one hash", name)
		}
	}
}

func TestListing(t *testing.T) {
	dir := t.TempDir()
	lay(t, dir, "d/f", "x", "d/l", "->f", "d/sub/", "", "f", "")
	for i := range 200 {
		lay(t, dir, "many/"+strings.Repeat("x", i+1), "")
	}
	for name, d := range readers(t, dir) {
		list := func(path string) (found []string) {
			sub, err := d.OpenAt(path, OpenOptions{Directory: true})
			if err != nil {
				t.Fatal(err)
			}
			defer sub.Close()
			l, err := sub.ReadDir()
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			for {
				e, err := l.Next()
				if err == io.EOF {
					slices.Sort(found)
					return found
				}
				if err != nil {
					t.Fatal(err)
				}
				found = append(found, string('0'+rune(e.Type))+e.Name)
			}
		}
		if got := list("d"); !slices.Equal(got, []string{"3sub", "5l", "6f"}) {
			t.Errorf("%s: %v", name, got)
		}
		if got := list("many"); len(got) != 200 {
			t.Errorf("%s: %d of many", name, len(got))
		}
		f, err := d.OpenAt("f", OpenOptions{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = f.ReadDir()
		want(t, "listing of a file", err, NotDirectory)
		f.Close()
		l, _ := d.ReadDir()
		l.Close()
		l.Close()
		_, err = l.Next()
		want(t, "closed listing", err, BadDescriptor)
		if n := d.quota.Open(); n != 0 {
			t.Errorf("%s: %d descriptors are left", name, n)
		}
	}
}

func TestOpenOptions(t *testing.T) {
	for _, c := range []struct {
		path string
		o    OpenOptions
		want Errno
	}{
		{"f", OpenOptions{Directory: true}, NotDirectory},
		{"d", OpenOptions{Directory: true}, 0},
		{"f", OpenOptions{Directory: true, Create: true}, Invalid},
		{"d", OpenOptions{Directory: true, Exclusive: true}, Invalid},
		{"d", OpenOptions{Directory: true, Truncate: true}, Invalid},
		{"f", OpenOptions{Sync: true}, Unsupported},
		{"l", OpenOptions{}, Loop},
		{"l", OpenOptions{Directory: true}, NotDirectory},
		{"l", OpenOptions{Create: true, Exclusive: true}, Exist},
		{"l", OpenOptions{Follow: true, Create: true, Exclusive: true}, Exist},
		{"l", OpenOptions{Follow: true}, 0},
		{"f", OpenOptions{Create: true}, 0},
		{"f", OpenOptions{Create: true, Exclusive: true, Write: true}, Exist},
		{"f", OpenOptions{Exclusive: true}, 0},
		{"new", OpenOptions{}, NoEntry},
		{"new", OpenOptions{Truncate: true, Write: true}, NoEntry},
		{"new", OpenOptions{Create: true, Exclusive: true}, 0},
		{"new/", OpenOptions{Create: true, Write: true}, IsDirectory},
		{"dangling", OpenOptions{Create: true, Exclusive: true, Follow: true}, Exist},
		{"d", OpenOptions{Write: true}, IsDirectory},
		{"d", OpenOptions{Truncate: true}, IsDirectory},
		{"d", OpenOptions{Create: true}, IsDirectory},
	} {
		dir := t.TempDir()
		lay(t, dir, "f", "x", "d/", "", "l", "->f", "dangling", "->nowhere")
		d := writable(t, dir)
		f, err := d.OpenAt(c.path, c.o)
		if want(t, c.path, err, c.want); err == nil {
			f.Close()
		}
		if n := d.quota.Open(); n != 0 {
			t.Errorf("%s %+v: %d descriptors are left", c.path, c.o, n)
		}
	}
}

func TestTooManyOpenFiles(t *testing.T) {
	dir := t.TempDir()
	lay(t, dir, "f", "", "d/", "")
	q := NewQuota(2)
	d := FromRoot(openRoot(t, dir), true).Open(q)
	a, err := d.OpenAt("f", OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	l, err := d.ReadDir()
	if err != nil {
		t.Fatal(err)
	}
	_, err = d.OpenAt("d", OpenOptions{})
	want(t, "third descriptor", err, TooManyOpen)
	_, err = d.ReadDir()
	want(t, "second listing", err, TooManyOpen)
	b, err := a.Dup()
	if err != nil || q.Open() != 2 {
		t.Errorf("%d descriptors, %v", q.Open(), err)
	}
	a.Close()
	a.Close()
	if _, err := b.ReadAt(make([]byte, 1), 0); err != io.EOF {
		t.Errorf("duplicate of a closed descriptor: %v", err)
	}
	if _, err := a.Dup(); err != BadDescriptor {
		t.Errorf("duplicate of a closed descriptor: %v", err)
	}
	b.Close()
	l.Close()
	if q.Open() != 0 {
		t.Errorf("%d descriptors are left", q.Open())
	}
	if _, err := b.Dup(); err != BadDescriptor {
		t.Errorf("duplicate of what is closed: %v", err)
	}
}

// When a guest ends, its files are closed, but for what is still being written.
func TestQuotaClosesWhatIsLeft(t *testing.T) {
	dir := t.TempDir()
	lay(t, dir, "f", "", "d/", "")
	q := NewQuota(0)
	d := FromRoot(openRoot(t, dir), true).Open(q)
	f, err := d.OpenAt("f", OpenOptions{Write: true})
	if err != nil {
		t.Fatal(err)
	}
	writing, err := f.Dup()
	if err != nil {
		t.Fatal(err)
	}
	l, err := d.ReadDir()
	if err != nil {
		t.Fatal(err)
	}
	q.Close()
	_, err = f.Stat()
	want(t, "file", err, BadDescriptor)
	_, err = l.Next()
	want(t, "listing", err, BadDescriptor)
	if n, err := writing.WriteAt([]byte("x"), 0); n != 1 || err != nil {
		t.Errorf("write: %d, %v", n, err)
	}
	writing.Close()
	late, err := d.OpenAt("d", OpenOptions{})
	if err == nil {
		_, err = late.Stat()
	}
	want(t, "opened later", err, BadDescriptor)
	if _, err := d.ReadDir(); err != nil {
		t.Error(err)
	}
	if q.Open() != 0 {
		t.Errorf("%d are left", q.Open())
	}
}

// A guest whose disk does not answer can be ended all the same.
func TestClosingDoesNotWaitForTheDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		disk := &stuck{FS: fstest.MapFS{"f": {Data: []byte("x")}}, ready: make(chan struct{})}
		q := NewQuota(0)
		d := FromFS(disk).Open(q)
		f, err := d.OpenAt("f", OpenOptions{})
		if err != nil {
			t.Fatal(err)
		}
		l, err := d.ReadDir()
		if err != nil {
			t.Fatal(err)
		}
		go f.ReadAt(make([]byte, 1), 0)
		go l.Next()
		synctest.Wait() // both are under way
		q.Close()
		if disk.closed.Load() != 0 {
			t.Error("closed while it is read")
		}
		close(disk.ready)
		synctest.Wait()
		if disk.closed.Load() != 2 || q.Open() != 0 {
			t.Errorf("%d are closed, %d are left", disk.closed.Load(), q.Open())
		}
	})
}

// stuck has files that cannot be read before it is ready.
type stuck struct {
	fs.FS
	ready  chan struct{}
	closed atomic.Int32
}

func (s *stuck) Stat(name string) (fs.FileInfo, error) { return fs.Stat(s.FS, name) }

func (s *stuck) Open(name string) (fs.File, error) {
	f, err := s.FS.Open(name)
	return &stuckFile{f, s}, err
}

type stuckFile struct {
	fs.File
	disk *stuck
}

func (f *stuckFile) Read(p []byte) (int, error) {
	<-f.disk.ready
	return f.File.Read(p)
}

func (f *stuckFile) ReadDir(n int) ([]fs.DirEntry, error) {
	<-f.disk.ready
	return f.File.(fs.ReadDirFile).ReadDir(n)
}

func (f *stuckFile) Close() error {
	f.disk.closed.Add(1)
	return f.File.Close()
}

func TestErrnos(t *testing.T) {
	for i := range len(names) {
		if e := Errno(i); e.Error() == "" || e.Error() == "unknown" || i > 0 && CodeOf(e) != e {
			t.Errorf("%d is %v", i, e)
		}
	}
	if Errno(200).Error() != "unknown" || CodeOf(nil) != 0 || CodeOf(errors.New("odd")) != IO || TooManyOpen.Error() != "too-many-open-files" || CrossDevice.Error() != "cross-device" {
		t.Error("wrong names")
	}
}
