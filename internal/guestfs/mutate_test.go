package guestfs

import (
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"
)

// tree describes all that is in a folder.
func tree(t testing.TB, dir string) string {
	t.Helper()
	var list []string
	err := filepath.WalkDir(dir, func(name string, e os.DirEntry, err error) error {
		rel, _ := filepath.Rel(dir, name)
		switch {
		case err != nil || rel == ".":
			return err
		case e.IsDir():
			rel += "/"
		case e.Type()&os.ModeSymlink != 0:
			target, _ := os.Readlink(name)
			rel += "->" + target
		default:
			content, _ := os.ReadFile(name)
			rel += "=" + string(content)
		}
		list = append(list, rel)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	sort.Strings(list)
	return strings.Join(list, " ")
}

func TestChanges(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(d, sub *Descriptor) error
		err  Errno
		want string // what is in the folder; "" for no change
	}{
		{"mkdir", func(d, _ *Descriptor) error { return d.MkdirAt("new") }, 0, "d/ d/x=1 e/ f=2 l->d m->f new/"},
		{"mkdir with a slash", func(d, _ *Descriptor) error { return d.MkdirAt("new//") }, 0, "d/ d/x=1 e/ f=2 l->d m->f new/"},
		{"mkdir through a link", func(d, _ *Descriptor) error { return d.MkdirAt("l/new") }, 0, "d/ d/new/ d/x=1 e/ f=2 l->d m->f"},
		{"mkdir over a file", func(d, _ *Descriptor) error { return d.MkdirAt("f") }, Exist, ""},
		{"mkdir over a link", func(d, _ *Descriptor) error { return d.MkdirAt("l/") }, Exist, ""},
		{"mkdir of itself", func(d, _ *Descriptor) error { return d.MkdirAt(".") }, Exist, ""},
		{"mkdir in nothing", func(d, _ *Descriptor) error { return d.MkdirAt("no/new") }, NoEntry, ""},
		{"mkdir in a file", func(d, _ *Descriptor) error { return d.MkdirAt("f/new") }, NotDirectory, ""},
		{"mkdir outside", func(_, sub *Descriptor) error { return sub.MkdirAt("../new") }, NotPermitted, ""},

		{"rmdir", func(d, _ *Descriptor) error { return d.RmdirAt("e") }, 0, "d/ d/x=1 f=2 l->d m->f"},
		{"rmdir with a slash", func(d, _ *Descriptor) error { return d.RmdirAt("e/") }, 0, "d/ d/x=1 f=2 l->d m->f"},
		{"rmdir of a full one", func(d, _ *Descriptor) error { return d.RmdirAt("d") }, NotEmpty, ""},
		{"rmdir of a file", func(d, _ *Descriptor) error { return d.RmdirAt("f") }, NotDirectory, ""},
		{"rmdir of a link", func(d, _ *Descriptor) error { return d.RmdirAt("l/") }, NotDirectory, ""},
		{"rmdir of itself", func(d, _ *Descriptor) error { return d.RmdirAt(".") }, Invalid, ""},
		{"rmdir of nothing", func(d, _ *Descriptor) error { return d.RmdirAt("no") }, NoEntry, ""},
		{"rmdir outside", func(_, sub *Descriptor) error { return sub.RmdirAt("../e") }, NotPermitted, ""},

		{"unlink", func(d, _ *Descriptor) error { return d.UnlinkAt("f") }, 0, "d/ d/x=1 e/ l->d m->f"},
		{"unlink of a link", func(d, _ *Descriptor) error { return d.UnlinkAt("l") }, 0, "d/ d/x=1 e/ f=2 m->f"},
		{"unlink through a link", func(d, _ *Descriptor) error { return d.UnlinkAt("l/x") }, 0, "d/ e/ f=2 l->d m->f"},
		{"unlink of a directory", func(d, _ *Descriptor) error { return d.UnlinkAt("e") }, IsDirectory, ""},
		{"unlink of a file with a slash", func(d, _ *Descriptor) error { return d.UnlinkAt("f/") }, NotDirectory, ""},
		{"unlink of a link with a slash", func(d, _ *Descriptor) error { return d.UnlinkAt("l/") }, NotDirectory, ""},
		{"unlink outside", func(_, sub *Descriptor) error { return sub.UnlinkAt("../f") }, NotPermitted, ""},

		{"symlink", func(d, _ *Descriptor) error { return d.SymlinkAt("../up", "e/s") }, 0, "d/ d/x=1 e/ e/s->../up f=2 l->d m->f"},
		{"symlink over something", func(d, _ *Descriptor) error { return d.SymlinkAt("x", "m") }, Exist, ""},
		{"symlink to an absolute path", func(d, _ *Descriptor) error { return d.SymlinkAt("/etc/passwd", "s") }, NotPermitted, ""},
		{"symlink to nothing", func(d, _ *Descriptor) error { return d.SymlinkAt("", "s") }, NoEntry, ""},
		{"symlink with a slash", func(d, _ *Descriptor) error { return d.SymlinkAt("f", "s/") }, NoEntry, ""},

		{"link", func(d, _ *Descriptor) error { return d.LinkAt("f", false, d, "d/g") }, 0, "d/ d/g=2 d/x=1 e/ f=2 l->d m->f"},
		{"link across", func(d, sub *Descriptor) error { return d.LinkAt("f", false, sub, "g") }, 0, "d/ d/g=2 d/x=1 e/ f=2 l->d m->f"},
		{"link of a link", func(d, _ *Descriptor) error { return d.LinkAt("m", false, d, "g") }, 0, "d/ d/x=1 e/ f=2 g->f l->d m->f"},
		{"link of a link across", func(d, sub *Descriptor) error { return d.LinkAt("m", false, sub, "g") }, 0, "d/ d/g->f d/x=1 e/ f=2 l->d m->f"},
		{"link of a directory", func(d, _ *Descriptor) error { return d.LinkAt("d", false, d, "g") }, NotPermitted, ""},
		{"link with links followed", func(d, _ *Descriptor) error { return d.LinkAt("f", true, d, "g") }, Invalid, ""},
		{"link over something", func(d, _ *Descriptor) error { return d.LinkAt("f", false, d, "m") }, Exist, ""},
		{"link with a slash", func(d, _ *Descriptor) error { return d.LinkAt("f/", false, d, "g") }, NotDirectory, ""},
		{"link to a slash", func(d, _ *Descriptor) error { return d.LinkAt("f", false, d, "g/") }, NoEntry, ""},
		{"link to the outside", func(d, sub *Descriptor) error { return d.LinkAt("f", false, sub, "../g") }, NotPermitted, ""},
		{"link from the outside", func(d, sub *Descriptor) error { return sub.LinkAt("../f", false, d, "g") }, NotPermitted, ""},

		{"rename", func(d, _ *Descriptor) error { return d.RenameAt("f", d, "g") }, 0, "d/ d/x=1 e/ g=2 l->d m->f"},
		{"rename over a file", func(d, _ *Descriptor) error { return d.RenameAt("f", d, "d/x") }, 0, "d/ d/x=2 e/ l->d m->f"},
		{"rename of a link", func(d, _ *Descriptor) error { return d.RenameAt("l", d, "g") }, 0, "d/ d/x=1 e/ f=2 g->d m->f"},
		{"rename of a directory", func(d, _ *Descriptor) error { return d.RenameAt("d/", d, "e/new/") }, 0, "e/ e/new/ e/new/x=1 f=2 l->d m->f"},
		{"rename across", func(d, sub *Descriptor) error { return d.RenameAt("f", sub, "g") }, 0, "d/ d/g=2 d/x=1 e/ l->d m->f"},
		{"rename across, the other way", func(d, sub *Descriptor) error { return sub.RenameAt("x", d, "e/x") }, 0, "d/ e/ e/x=1 f=2 l->d m->f"},
		{"rename of a directory into itself", func(d, sub *Descriptor) error { return d.RenameAt("d", sub, "g") }, Invalid, ""},
		{"rename over a full directory", func(d, _ *Descriptor) error { return d.RenameAt("e", d, "d") }, NotEmpty, ""},
		{"rename over an empty directory", func(d, _ *Descriptor) error { return d.RenameAt("d", d, "e") }, 0, "e/ e/x=1 f=2 l->d m->f"},
		{"rename of a directory over a file", func(d, _ *Descriptor) error { return d.RenameAt("d", d, "f") }, NotDirectory, ""},
		{"rename of a file over a directory", func(d, _ *Descriptor) error { return d.RenameAt("f", d, "e") }, IsDirectory, ""},
		{"rename of a file to a slash", func(d, _ *Descriptor) error { return d.RenameAt("f", d, "g/") }, NotDirectory, ""},
		{"rename of a file with a slash", func(d, _ *Descriptor) error { return d.RenameAt("f/", d, "g") }, NotDirectory, ""},
		{"rename of itself", func(d, _ *Descriptor) error { return d.RenameAt(".", d, "g") }, Busy, ""},
		{"rename of nothing", func(d, _ *Descriptor) error { return d.RenameAt("no", d, "g") }, NoEntry, ""},
		{"rename to the outside", func(d, sub *Descriptor) error { return d.RenameAt("f", sub, "../g") }, NotPermitted, ""},
		{"rename from the outside", func(d, sub *Descriptor) error { return sub.RenameAt("../f", d, "g") }, NotPermitted, ""},
		{"rename across with links in between", func(d, sub *Descriptor) error { return d.RenameAt("l/../f", sub, "g") }, 0, "d/ d/g=2 d/x=1 e/ l->d m->f"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			lay(t, dir, "d/x", "1", "e/", "", "f", "2", "l", "->d", "m", "->f")
			before := tree(t, dir)
			if c.want == "" {
				c.want = before
			}
			d := writable(t, dir)
			sub, err := d.OpenAt("d", OpenOptions{Directory: true})
			if err != nil {
				t.Fatal(err)
			}
			defer sub.Close()
			want(t, c.name, c.do(d, sub), c.err)
			if got := tree(t, dir); got != c.want {
				t.Errorf("there is %s, want %s", got, c.want)
			}
		})
	}
}

// changes are all operations that change something.
var changes = map[string]func(d, f *Descriptor) error{
	"create":       func(d, f *Descriptor) error { _, err := d.OpenAt("new", OpenOptions{Create: true}); return err },
	"truncate":     func(d, f *Descriptor) error { _, err := d.OpenAt("f", OpenOptions{Truncate: true}); return err },
	"write":        func(d, f *Descriptor) error { _, err := d.OpenAt("f", OpenOptions{Write: true}); return err },
	"mkdir":        func(d, f *Descriptor) error { return d.MkdirAt("new") },
	"rmdir":        func(d, f *Descriptor) error { return d.RmdirAt("e") },
	"unlink":       func(d, f *Descriptor) error { return d.UnlinkAt("f") },
	"symlink":      func(d, f *Descriptor) error { return d.SymlinkAt("f", "new") },
	"link":         func(d, f *Descriptor) error { return d.LinkAt("f", false, d, "new") },
	"rename":       func(d, f *Descriptor) error { return d.RenameAt("f", d, "new") },
	"set-times-at": func(d, f *Descriptor) error { return d.SetTimesAt("f", true, time.Now(), time.Now()) },
	"set-times":    func(d, f *Descriptor) error { return f.SetTimes(time.Now(), time.Now()) },
	"set-size":     func(d, f *Descriptor) error { return f.SetSize(1) },
	"write-at":     func(d, f *Descriptor) error { _, err := f.WriteAt([]byte("x"), 0); return err },
	"append":       func(d, f *Descriptor) error { _, err := f.Append([]byte("x")); return err },
	"times of dir": func(d, f *Descriptor) error { return d.SetTimes(time.Now(), time.Now()) },
}

func TestReadOnlyVolumesDoNotChange(t *testing.T) {
	dir := t.TempDir()
	lay(t, dir, "f", "text", "e/", "")
	before := tree(t, dir)
	all := readers(t, dir)
	delete(all, "writable root")
	for name, d := range all {
		f, err := d.OpenAt("f", OpenOptions{Read: true})
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for what, do := range changes {
			want(t, name+": "+what, do(d, f), NotPermitted)
		}
		if d.CanWrite() || f.CanWrite() || !f.CanRead() {
			t.Errorf("%s: descriptor says it can write", name)
		}
		other := writable(t, t.TempDir())
		want(t, name+": rename out of it", d.RenameAt("f", other, "f"), NotPermitted)
		want(t, name+": link into it", other.LinkAt("f", false, d, "g"), NotPermitted)
		want(t, name+": sync", f.Sync(), 0)
		want(t, name+": sync of a directory", d.Sync(), 0)
	}
	if got := tree(t, dir); got != before {
		t.Errorf("there is %s", got)
	}
}

func TestWriting(t *testing.T) {
	dir := t.TempDir()
	d := writable(t, dir)
	f, err := d.OpenAt("f", OpenOptions{Create: true, Write: true})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	step := func(what string, err error, content string) {
		t.Helper()
		if got := read(t, d, "f"); err != nil || got != content {
			t.Errorf("after %s there is %q, %v", what, got, err)
		}
	}
	_, err = f.WriteAt([]byte("hello"), 0)
	step("write", err, "hello")
	_, err = f.WriteAt([]byte("J"), 0)
	step("write at the beginning", err, "Jello")
	_, err = f.WriteAt([]byte("!"), 7)
	step("write behind the end", err, "Jello\x00\x00!")
	step("set-size", f.SetSize(4), "Jell")
	_, err = f.Append([]byte("y"))
	step("append", err, "Jelly")
	step("set-size to more", f.SetSize(6), "Jelly\x00")
	step("sync", f.Sync(), "Jelly\x00")
	_, err = f.ReadAt(make([]byte, 1), 0)
	want(t, "read of a file that is open for writing", err, BadDescriptor)
	_, err = f.WriteAt([]byte("x"), 1<<63)
	want(t, "write behind all files", err, FileTooLarge)
	want(t, "set-size beyond all files", f.SetSize(1<<63), FileTooLarge)
	r, err := d.OpenAt("f", OpenOptions{Read: true, Truncate: true})
	step("truncate", err, "")
	defer r.Close()
	_, err = r.WriteAt([]byte("x"), 0)
	want(t, "write to a file that is open for reading", err, BadDescriptor)
	want(t, "set-size of a file that is open for reading", r.SetSize(1), BadDescriptor)
	_, err = d.WriteAt([]byte("x"), 0)
	want(t, "write to a directory", err, BadDescriptor)
	_, err = d.ReadAt(make([]byte, 1), 0)
	want(t, "read of a directory", err, BadDescriptor)
}

// Guests that share a file to append to lose nothing of it.
func TestAppendsDoNotOverwriteEachOther(t *testing.T) {
	dir := t.TempDir()
	lay(t, dir, "log", "")
	v := FromRoot(openRoot(t, dir), true)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			f, err := v.Open(NewQuota(0)).OpenAt("log", OpenOptions{Write: true})
			if err != nil {
				t.Error(err)
				return
			}
			defer f.Close()
			for range 50 {
				if n, err := f.Append([]byte("line\n")); n != 5 || err != nil {
					t.Error(n, err)
				}
			}
		})
	}
	group.Wait()
	if text, _ := os.ReadFile(filepath.Join(dir, "log")); string(text) != strings.Repeat("line\n", 400) {
		t.Errorf("%d bytes", len(text))
	}
}

func TestTimes(t *testing.T) {
	dir := t.TempDir()
	lay(t, dir, "f", "x", "l", "->f", "d/", "")
	d := writable(t, dir)
	f, err := d.OpenAt("f", OpenOptions{Read: true})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	a, b := time.Unix(1000, 123456789), time.Unix(-5, 1)
	var none time.Time
	check := func(what string, err error, path string, accessed, modified time.Time) {
		t.Helper()
		s, statErr := d.StatAt(path, false)
		if err != nil || statErr != nil || !s.Accessed.Equal(accessed) || !s.Modified.Equal(modified) {
			t.Errorf("%s: %v, %v; times are %v, %v", what, err, statErr, s.Accessed, s.Modified)
		}
	}
	check("file", f.SetTimes(a, b), "f", a, b)
	check("accessed only", f.SetTimes(b, none), "f", b, b)
	check("modified only", f.SetTimes(none, a), "f", b, a)
	check("neither", f.SetTimes(none, none), "f", b, a)
	check("path", d.SetTimesAt("f", false, a, b), "f", a, b)
	check("link", d.SetTimesAt("l", false, b, a), "l", b, a)
	check("file behind a link", d.SetTimesAt("l", true, b, a), "f", b, a)
	check("directory", d.SetTimesAt("d/", true, a, b), "d", a, b)
	check("top", d.SetTimes(a, b), ".", a, b)
	want(t, "nothing", d.SetTimesAt("no", true, none, none), NoEntry)
	want(t, "time that no system has", f.SetTimes(time.Unix(1<<62, 0), none), Overflow)
	want(t, "time that no system has", d.SetTimesAt("f", true, none, time.Unix(-1<<62, 0)), Overflow)
}

func TestReadlink(t *testing.T) {
	dir := t.TempDir()
	lay(t, dir, "f", "", "d/", "", "l", "->../x/y", "abs", "->/etc/passwd", "to-d", "->d", "bad", "->\xff")
	for name, d := range readers(t, dir) {
		for _, c := range []struct {
			path, target string
			err          Errno
		}{
			{"l", "../x/y", 0}, {"to-d", "d", 0}, {"abs", "", NotPermitted}, {"f", "", Invalid}, {"d", "", Invalid}, {"to-d/", "", Invalid},
			{".", "", Invalid}, {"no", "", NoEntry}, {"bad", "", IllegalByteSequence}, {"f/", "", NotDirectory},
		} {
			target, err := d.ReadlinkAt(c.path)
			want(t, name+": "+c.path, err, c.err)
			if target != c.target {
				t.Errorf("%s: %s leads to %q", name, c.path, target)
			}
		}
	}
}

func TestReadOfWhatIsRemovedGoesOn(t *testing.T) {
	dir := t.TempDir()
	lay(t, dir, "f", "text")
	d := writable(t, dir)
	f, err := d.OpenAt("f", OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want(t, "unlink", d.UnlinkAt("f"), 0)
	p := make([]byte, 9)
	if n, err := f.ReadAt(p, 0); string(p[:n]) != "text" || err != io.EOF {
		t.Errorf("%q, %v", p[:n], err)
	}
}
