package spin_test

import (
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/engine/value"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/wasi/cli"
)

const wasiP2TOML = `spin_manifest_version = 2
[application]
name = "checks"
[trigger]
[component.guest]
source = "guest.wasm"
environment = { KEPT = "1", SET = "component" }
files = [{ source = "data", destination = "/data" }]
`

// wasiP2 is an app with a guest that checks WASI 0.2.
type wasiP2 struct {
	app  *spin.App
	data string // the folder that is /data in the guest
}

func newWASIP2(t *testing.T, apis hostapi.Registry) wasiP2 {
	t.Helper()
	dir := writeBundle(t, bundle(wasiP2TOML, map[string][]byte{"guest.wasm": rustGuest(t, "wasi-p2")}))
	data := filepath.Join(dir, "data")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	app, err := spin.Load(t.Context(), dir, &spin.Config{HostAPIs: apis, DirectMounts: true, AllowTransientWrite: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeApp(t, app) })
	return wasiP2{app, data}
}

// check calls one of the guest's functions and returns what that has to tell.
func (w wasiP2) check(t *testing.T, name string, c *hostapi.Command) string {
	t.Helper()
	got, err := w.app.Invoke(hostapi.WithCommand(t.Context(), c), "guest", "acme:wasi-p2/checks#"+name)
	if err != nil {
		t.Fatal(err)
	}
	r := got.(value.Result)
	if !r.OK {
		t.Fatal(r.Value)
	}
	return r.Value.(string)
}

// Every function of WASI 0.2 that reaches no network does for a guest what it has to.
func TestWASIP2OnOneMachine(t *testing.T) {
	noGoroutines(t)
	calls := &wasiCalls{version: "0.2.12"}
	w := newWASIP2(t, calls.apis())
	t.Run("clocks", w.clocks)
	t.Run("random", w.random)
	t.Run("cli", w.cli)
	t.Run("exit", w.exit)
	t.Run("stdio", w.stdio)
	t.Run("input that comes late", w.late)
	t.Run("files", w.files)
	calls.complete(t, "wasi:io", "wasi:cli", "wasi:clocks", "wasi:random", "wasi:filesystem")
}

func (w wasiP2) clocks(t *testing.T) {
	w.check(t, "monotonic-clock", nil)
	before := time.Now().Round(0) // by the wall clock too
	seconds, nanoseconds, _ := strings.Cut(w.check(t, "wall-clock", nil), " ")
	s, _ := strconv.ParseInt(seconds, 10, 64)
	ns, _ := strconv.ParseInt(nanoseconds, 10, 64)
	if now := time.Unix(s, ns); now.Before(before) || now.After(time.Now()) {
		t.Errorf("the guest's time is %v, not from %v on", now, before)
	}
}

func (w wasiP2) random(t *testing.T) {
	w.check(t, "random", nil)
	w.check(t, "insecure", nil)
	if a, b := w.check(t, "insecure-seed", nil), w.check(t, "insecure-seed", nil); a != b {
		t.Errorf("instances of a component have the seeds %s and %s", a, b)
	}
}

func (w wasiP2) cli(t *testing.T) {
	w.check(t, "terminals", nil)
	got := w.check(t, "environment", &hostapi.Command{
		Args: []string{"prog", "-v"}, Env: []hostapi.EnvVar{{Name: "SET", Value: "command"}},
	})
	if want := "prog\n-v\nKEPT=1\nSET=command"; got != want {
		t.Errorf("arguments and environment are %q, want %q", got, want)
	}
}

// A guest that exits is ended where it is.
func (w wasiP2) exit(t *testing.T) {
	for _, c := range []struct {
		function string
		arg      any
		code     uint8
	}{
		{"exit", false, 0}, {"exit", true, 1}, {"exit-with-code", uint8(0), 0}, {"exit-with-code", uint8(42), 42},
	} {
		var out buffer
		ctx := hostapi.WithCommand(t.Context(), &hostapi.Command{Stdout: &out})
		_, err := w.app.Invoke(ctx, "guest", "acme:wasi-p2/checks#"+c.function, c.arg)
		var exit *cli.ExitError
		if !errors.As(err, &exit) || exit.Code != c.code || out.String() != "before" {
			t.Errorf("%s(%v) = %v, after printing %q", c.function, c.arg, err, out.String())
		}
	}
}

func (w wasiP2) stdio(t *testing.T) {
	for _, c := range []struct {
		function  string
		stdin     io.Reader
		out, errs string
	}{
		{function: "read", stdin: strings.NewReader("0123456789abcdef")},
		{function: "read-by-turns", stdin: strings.NewReader("0123456789abcdef")},
		{function: "broken-input", stdin: io.MultiReader(strings.NewReader("part"), iotest.ErrReader(errors.New("no disk")))},
		{function: "write", out: "one\x00\x00\x00two\x00\x00three", errs: "to stderr"},
		{function: "write-by-turns", out: "abcdefgh"},
	} {
		t.Run(c.function, func(t *testing.T) {
			var out, errs buffer
			w.check(t, c.function, &hostapi.Command{Stdin: c.stdin, Stdout: &out, Stderr: &errs})
			if out.String() != c.out || errs.String() != c.errs {
				t.Errorf("printed %q and %q, want %q and %q", out.String(), errs.String(), c.out, c.errs)
			}
		})
	}
	t.Run("broken-output", func(t *testing.T) {
		broken := func(err error) io.Writer {
			r, w := io.Pipe()
			r.CloseWithError(err)
			return w
		}
		w.check(t, "broken-output", &hostapi.Command{Stdout: broken(io.ErrClosedPipe), Stderr: broken(errors.New("no disk"))})
	})
}

// late gives input to a guest that says that it waits for it.
func (w wasiP2) late(t *testing.T) {
	r, in := io.Pipe()
	var said string
	w.check(t, "wait", &hostapi.Command{Stdin: r, Stdout: writerFunc(func(p []byte) {
		said = string(p)
		io.WriteString(in, "news")
	})})
	if said != "waiting" {
		t.Errorf("printed %q", said)
	}
}

func (w wasiP2) files(t *testing.T) {
	for _, c := range []struct {
		function      string
		before, after wasiP2Files // in the folder; not looked at afterwards if nil
	}{
		{"splice", wasiP2Files{"from": "0123456789"}, wasiP2Files{"from": "0123456789", "to": "2345689!"}},
		{"stream-errors", nil, wasiP2Files{"file": ""}},
		{"open", wasiP2Files{"old": "old text", "link": "->old"}, wasiP2Files{"old": "", "link": "->old", "new": ""}},
		{"contents", nil, wasiP2Files{"text": "hello Wo\x00\x00\x00\x00!"}},
		{"file-streams", wasiP2Files{"log": "0123456789"}, wasiP2Files{"log": "012abc6789XY"}},
		{"names", wasiP2Files{"old": "first", "second": "2", "third": "3", "gone": "", "link": "->third"},
			wasiP2Files{"sub/": "", "sub/new": "first", "third": "2", "link": "->third"}},
		{"links", wasiP2Files{"file": "text", "other": "text", "sub/": ""},
			wasiP2Files{"file": "text", "same": "text", "other": "text", "sub/": "", "sub/link": "->../file", "dangling": "->nothing"}},
		{"times", wasiP2Files{"file": "", "link": "->file", "sub/": "", "now": ""}, nil},
		{"hashes", wasiP2Files{"one": "", "two": "", "link": "->one"}, wasiP2Files{"three": "", "two": "", "link": "->one"}},
	} {
		t.Run(c.function, func(t *testing.T) {
			dir := filepath.Join(w.data, c.function)
			c.before.lay(t, dir)
			w.check(t, c.function, nil)
			if got := wasiP2FilesIn(t, dir); c.after != nil && !maps.Equal(got, c.after) {
				t.Errorf("there is %q, want %q", got, c.after)
			}
		})
	}
	for name, want := range map[string]int64{"file": 4, "link": 2, "sub": 6} {
		info, err := os.Lstat(filepath.Join(w.data, "times", name))
		if err != nil || info.ModTime().Unix() != want {
			t.Errorf("%s was changed at %v, %v, want second %d", name, info.ModTime(), err, want)
		}
	}
}

// wasiP2Files is what is in a folder: texts by path, of symbolic links -> and where they lead. Paths
// of folders end with a slash.
type wasiP2Files map[string]string

// lay makes a folder with the files.
func (f wasiP2Files) lay(t *testing.T, dir string) {
	t.Helper()
	err := os.Mkdir(dir, 0o700)
	for name, text := range f {
		at := filepath.Join(dir, name)
		if target, ok := strings.CutPrefix(text, "->"); ok {
			err = errors.Join(err, os.Symlink(target, at))
		} else if strings.HasSuffix(name, "/") {
			err = errors.Join(err, os.Mkdir(at, 0o700))
		} else {
			err = errors.Join(err, os.WriteFile(at, []byte(text), 0o600))
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}

func wasiP2FilesIn(t *testing.T, dir string) wasiP2Files {
	t.Helper()
	found := wasiP2Files{}
	err := filepath.WalkDir(dir, func(at string, e fs.DirEntry, err error) error {
		if err != nil || at == dir {
			return err
		}
		name, _ := filepath.Rel(dir, at)
		name = filepath.ToSlash(name)
		switch e.Type() {
		case fs.ModeDir:
			found[name+"/"] = ""
		case fs.ModeSymlink:
			target, err := os.Readlink(at)
			found[name] = "->" + filepath.ToSlash(target)
			return err
		default:
			text, err := os.ReadFile(at)
			found[name] = string(text)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
