//go:build unix

package guestfs

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// jail makes a folder with a secret beside it, and links of all sorts to that.
func jail(t testing.TB) (dir, secret string) {
	t.Helper()
	top := t.TempDir()
	dir, secret = filepath.Join(top, "jail"), filepath.Join(top, "secret")
	lay(t, top, "secret/key", "secret", "jail/inside/f", "x",
		"jail/up", "->..", "jail/up-slash", "->../", "jail/absolute", "->"+secret, "jail/to-secret", "->../secret", "jail/to-secret-slash", "->../secret/",
		"jail/to-key", "->../secret/key", "jail/to-key-slash", "->../secret/key/", "jail/chain", "->chain2", "jail/chain2", "->inside/../../secret",
		"jail/inside/up2", "->../../secret", "jail/root", "->/", "jail/inside/back", "->../../jail/inside", "jail/proc", "->/proc/self/cwd",
		"jail/new-outside", "->../secret/new", "jail/self", "->../jail")
	return dir, secret
}

// outside are paths that lead out of a jail.
var outside = []string{
	"..", "../", "../secret/key", "../secret/key/", "inside/../../secret/key", "./../secret", "inside/../..", "../jail/inside/f",
	"/", "//", "/etc/passwd", "//etc/passwd", "/./", "up", "up/", "up/secret/key", "up-slash/", "up-slash/secret/key", "absolute", "absolute/", "absolute/key",
	"to-secret", "to-secret/", "to-secret//", "to-secret/.", "to-secret/key", "to-secret-slash", "to-secret-slash/", "to-secret-slash/key", "to-key", "to-key/", "to-key-slash", "to-key-slash/",
	"chain", "chain/", "chain/key", "inside/up2/key", "inside/up2/", "root/etc/passwd", "root/", "inside/back/f", "inside/back/", "proc/", "self/inside/f", "new-outside",
}

func TestNothingLeadsOut(t *testing.T) {
	dir, secret := jail(t)
	before := tree(t, secret)
	for name, d := range readers(t, dir) {
		for _, path := range outside {
			for what, do := range map[string]func() error{
				"open":           func() error { _, err := d.OpenAt(path, OpenOptions{Follow: true}); return err },
				"open directory": func() error { _, err := d.OpenAt(path, OpenOptions{Follow: true, Directory: true}); return err },
				"stat":           func() error { _, err := d.StatAt(path, true); return err },
				"create": func() error {
					_, err := d.OpenAt(path, OpenOptions{Follow: true, Create: true, Write: true})
					if (strings.HasSuffix(path, "/") || strings.HasSuffix(path, "/.")) && CodeOf(err) == IsDirectory {
						return NotPermitted // refused before the path is looked at
					}
					return err
				},
				"truncate":  func() error { _, err := d.OpenAt(path, OpenOptions{Follow: true, Truncate: true}); return err },
				"mkdir":     func() error { return d.MkdirAt(path + "/x") },
				"unlink":    func() error { return d.UnlinkAt(path + "/x") },
				"rmdir":     func() error { return d.RmdirAt(path + "/x") },
				"symlink":   func() error { return d.SymlinkAt("f", path+"/x") },
				"rename to": func() error { return d.RenameAt("inside/f", d, path+"/x") },
				"rename":    func() error { return d.RenameAt(path+"/key", d, "stolen") },
				"link to":   func() error { return d.LinkAt("inside/f", false, d, path+"/x") },
				"link":      func() error { return d.LinkAt(path+"/key", false, d, "stolen") },
				"readlink":  func() error { _, err := d.ReadlinkAt(path + "/x"); return err },
				"set-times": func() error { return d.SetTimesAt(path, true, time.Now(), time.Now()) },
			} {
				if err := do(); err != NotPermitted {
					t.Errorf("%s: %s of %q: %v", name, what, path, err)
				}
			}
		}
	}
	if got := tree(t, secret); got != before {
		t.Errorf("outside there is %s", got)
	}
}

// A descriptor of a subfolder confines to it, whatever its volume has around it.
func TestSubfoldersConfineToo(t *testing.T) {
	dir := t.TempDir()
	lay(t, dir, "a/b/f", "x", "a/secret", "y", "a/b/l", "->../secret")
	for name, d := range readers(t, dir) {
		b, err := d.OpenAt("a/b", OpenOptions{})
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		for _, path := range []string{"../secret", "l", "..", "../b/f"} {
			_, err := b.OpenAt(path, OpenOptions{Follow: true})
			want(t, name+": "+path, err, NotPermitted)
		}
		if got := read(t, d, "a/b/l"); got != "y" {
			t.Errorf("%s: from above the link reads %q", name, got)
		}
	}
}

func TestHardLinksAndRenamesOfLinksTakeThemForThemselves(t *testing.T) {
	dir, secret := jail(t)
	d := writable(t, dir)
	want(t, "link", d.LinkAt("to-key", false, d, "copy"), 0)
	want(t, "rename", d.RenameAt("to-secret", d, "moved"), 0)
	want(t, "unlink", d.UnlinkAt("to-key"), 0)
	for _, path := range []string{"copy", "moved/key", "moved"} {
		_, err := d.OpenAt(path, OpenOptions{Follow: true})
		want(t, path, err, NotPermitted)
	}
	if got := tree(t, secret); got != "key=secret" {
		t.Errorf("outside there is %s", got)
	}
}

func TestPipesAndDevicesAreNotOpened(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o666); err != nil {
		t.Fatal(err)
	}
	for name, d := range readers(t, dir) {
		_, err := d.OpenAt("pipe", OpenOptions{Read: true}) // would wait for ever
		want(t, name, err, NotPermitted)
		_, err = d.OpenAt("pipe", OpenOptions{Directory: true})
		want(t, name, err, NotDirectory)
		if s, err := d.StatAt("pipe", true); s.Type != FIFO || err != nil {
			t.Errorf("%s: %+v, %v", name, s, err)
		}
	}
	_, err := writable(t, dir).OpenAt("pipe", OpenOptions{Write: true})
	want(t, "write", err, NoSuchDevice)
	for name, d := range readers(t, "/dev") {
		_, err := d.OpenAt("null", OpenOptions{})
		want(t, name, err, NotPermitted)
	}
}

func TestPathsThatAreNoPaths(t *testing.T) {
	dir := t.TempDir()
	lay(t, dir, "f", "x")
	deep := strings.Repeat("d/", MaxPath/2)
	for name, d := range readers(t, dir) {
		for path, code := range map[string]Errno{
			"": NoEntry, "f\x00": Invalid, "f\x00/../f": Invalid, "\x00": Invalid, "\xff": IllegalByteSequence,
			strings.Repeat("x", maxName+1): NameTooLong, strings.Repeat("x", MaxPath+1): NameTooLong, strings.Repeat("x", maxName): NoEntry,
			deep: NoEntry, deep + "d": NameTooLong, strings.Repeat("/", MaxPath): NotPermitted,
		} {
			_, err := d.StatAt(path, true)
			want(t, name, err, code)
			_, err = d.OpenAt(path, OpenOptions{})
			want(t, name, err, code)
		}
		if got := read(t, d, strings.Repeat("./", MaxPath/2-1)+"f"); got != "x" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// Somebody exchanges a folder with a link that leads out, over and over. A guest never sees what
// is there.
func TestRenamesMeanwhileDoNotLeadOut(t *testing.T) {
	dir, secret := jail(t)
	lay(t, dir, "door/key", "harmless", "trap", "->../secret")
	root := openRoot(t, dir)
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			default:
			}
			root.Rename("door", "aside")
			os.Rename(filepath.Join(dir, "trap"), filepath.Join(dir, "door"))
			os.Rename(filepath.Join(dir, "door"), filepath.Join(dir, "trap"))
			root.Rename("aside", "door")
		}
	}()
	all := readers(t, dir)
	delete(all, "fs.FS")
	all["fs.FS of a root"] = FromFS(root.FS()).Open(NewQuota(0))
	for range 2000 {
		for name, d := range all {
			if got := read(t, d, "door/key"); got != "harmless" && !strings.HasPrefix(got, "error ") {
				t.Errorf("%s: read %q", name, got)
			}
		}
		w := all["writable root"]
		if f, err := w.OpenAt("door/new", OpenOptions{Create: true, Write: true, Follow: true}); err == nil {
			f.Close()
		}
		w.RenameAt("door/new", w, "inside/new")
		w.LinkAt("inside/f", false, w, "door/f")
		w.SymlinkAt("x", "door/l")
		w.UnlinkAt("door/f")
		w.UnlinkAt("door/l")
	}
	close(stop)
	<-done
	if got := tree(t, secret); got != "key=secret" {
		t.Errorf("outside there is %s", got)
	}
}
