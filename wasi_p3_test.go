package spin_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/engine/value"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/wasi/cli"
)

// wasiP3 is an app with a guest that calls what it is asked to of WASI 0.3, on mounts that are
// folders of the disk.
type wasiP3 struct {
	app            *spin.App
	dir            string // holds the folders of the mounts, first and second
	stdout, stderr buffer
}

const wasiP3TOML = `spin_manifest_version = 2
[application]
name = "wasi"
[trigger]
[component.guest]
source = "guest.wasm"
environment = { COLOUR = "green" }
files = [{ source = "first", destination = "/" }, { source = "second", destination = "/data" }]
`

func loadWASIP3(t *testing.T, apis hostapi.Registry, configure func(c *spin.Config, dir string)) *wasiP3 {
	t.Helper()
	p := &wasiP3{dir: t.TempDir()}
	for name, text := range map[string]string{
		"spin.toml": wasiP3TOML, "guest.wasm": string(rustGuest(t, "wasi-p3")), "second/.keep": "", "first/a.txt": "hello", "first/sub/b.txt": "",
	} {
		file := filepath.Join(p.dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cfg, manifest := spin.Config{
		HostAPIs: apis, DirectMounts: true,
		Stdout: func(string) io.Writer { return &p.stdout }, Stderr: func(string) io.Writer { return &p.stderr },
	}, filepath.Join(p.dir, "spin.toml")
	if configure != nil {
		configure(&cfg, p.dir)
	}
	if cfg.FS != nil {
		manifest = "spin.toml"
	}
	var err error
	p.app, err = spin.Load(t.Context(), manifest, &cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeApp(t, p.app) })
	if s := p.app.StandIns(); len(s) > 0 {
		t.Errorf("stand-ins: %v", s)
	}
	return p
}

// call returns what a function of the guest has seen, and fails the test if that was wrong.
func (p *wasiP3) call(t *testing.T, ctx context.Context, function string, args ...any) string {
	t.Helper()
	got, err := p.app.Invoke(ctx, "guest", "acme:wasi-p3/checks#"+function, args...)
	if err != nil {
		t.Fatalf("%s: %v", function, err)
	}
	r := got.(value.Result)
	if !r.OK {
		t.Errorf("%s: %s", function, r.Value)
	}
	return r.Value.(string)
}

// WASI 0.3 does for a guest what it says: the guest calls every function and looks at what comes
// of it, and the test at what the guest leaves.
func TestAGuestCallsAllOfWASI3(t *testing.T) {
	noGoroutines(t)
	w := &wasiCalls{version: "0.3.0"}
	apis := w.apis()
	for _, part := range []struct {
		name      string
		configure func(c *spin.Config, dir string)
		test      func(p *wasiP3, t *testing.T)
	}{
		{"clocks and random", nil, (*wasiP3).clocksAndRandom},
		{"commands", nil, (*wasiP3).commands},
		{"standard streams", nil, (*wasiP3).standardStreams},
		{"exits", nil, (*wasiP3).exits},
		{"files", func(c *spin.Config, _ string) { c.AllowTransientWrite = true }, (*wasiP3).files},
		{"read-only files", nil, (*wasiP3).readOnly},
		{"files of a file system", func(c *spin.Config, dir string) { c.FS = os.DirFS(dir) }, (*wasiP3).readOnly},
	} {
		t.Run(part.name, func(t *testing.T) { part.test(loadWASIP3(t, apis, part.configure), t) })
	}
	w.complete(t, "wasi:cli", "wasi:clocks", "wasi:random", "wasi:filesystem")
}

func (p *wasiP3) clocksAndRandom(t *testing.T) {
	seconds, err := strconv.ParseInt(p.call(t, t.Context(), "clocks"), 10, 64)
	if d := time.Since(time.Unix(seconds, 0)).Abs(); err != nil || d > time.Hour {
		t.Errorf("the guest's clock is off by %v, %v", d, err)
	}
	seed := p.call(t, t.Context(), "random")
	if again := p.call(t, t.Context(), "random"); again != seed {
		t.Errorf("seeds of one component: %s and %s", seed, again)
	}
}

func (p *wasiP3) commands(t *testing.T) {
	run := &hostapi.Command{Args: []string{"guest", "one", ""}, Env: []hostapi.EnvVar{{Name: "SIZE", Value: "9 mm"}}}
	for _, test := range []struct {
		behaviour string
		ctx       context.Context
		want      string
	}{
		{"of the manifest", t.Context(), "[]\n" + `[("COLOUR", "green")]` + "\nNone"},
		{"of a run", hostapi.WithCommand(t.Context(), run), `["guest", "one", ""]` + "\n" + `[("COLOUR", "green"), ("SIZE", "9 mm")]` + "\nNone"},
	} {
		t.Run(test.behaviour, func(t *testing.T) {
			if got := p.call(t, test.ctx, "environment"); got != test.want {
				t.Errorf("%s\nwant %s", got, test.want)
			}
		})
	}
	p.call(t, t.Context(), "terminals")
}

// failing is a writer that always fails.
type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func (p *wasiP3) standardStreams(t *testing.T) {
	broken := errors.New("broken")
	text := strings.Repeat("some text\n", 1000)
	half := io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken))
	var out, errs buffer
	for _, test := range []struct {
		function       string
		arg            any
		run            hostapi.Command
		want           string
		stdout, stderr string
	}{
		{"copy", nil, hostapi.Command{Stdin: strings.NewReader(text), Stdout: &out, Stderr: &errs}, "Ok(())", text, "10000"},
		{"copy", nil, hostapi.Command{Stdout: &out, Stderr: &errs}, "Ok(())", "", "0"},
		{"copy", nil, hostapi.Command{Stdin: half, Stdout: &out, Stderr: &errs}, "Err(ErrorCode::Io)", "half", "4"},
		{"head", uint32(4), hostapi.Command{Stdin: strings.NewReader(text)}, "some Ok(())", "", ""},
		{"head", uint32(4), hostapi.Command{Stdin: strings.NewReader("so")}, "so Ok(())", "", ""},
		{"print", "x", hostapi.Command{Stdout: &out, Stderr: &errs}, "Ok(()) Ok(())", "x", "x"},
		{"print", "x", hostapi.Command{Stdout: failing{broken}, Stderr: &errs}, "Err(ErrorCode::Io) Ok(())", "", "x"},
		{"print", "x", hostapi.Command{Stdout: &out, Stderr: failing{syscall.EPIPE}}, "Ok(()) Err(ErrorCode::Pipe)", "x", ""},
	} {
		t.Run(fmt.Sprint(test.function, " ", test.want), func(t *testing.T) {
			out, errs = buffer{}, buffer{}
			var args []any
			if test.arg != nil {
				args = append(args, test.arg)
			}
			got := p.call(t, hostapi.WithCommand(t.Context(), &test.run), test.function, args...)
			if got != test.want || out.String() != test.stdout || errs.String() != test.stderr {
				t.Errorf("%s, printed %.20q and %q\nwant %s", got, out.String(), errs.String(), test.want)
			}
		})
	}
	p.call(t, t.Context(), "print", "of the component")
	if p.stdout.String() != "of the component" || p.stderr.String() != "of the component" {
		t.Errorf("printed %q and %q", p.stdout.String(), p.stderr.String())
	}
}

func (p *wasiP3) exits(t *testing.T) {
	for _, test := range []struct {
		function string
		arg      any
		code     uint8
	}{
		{"exit", true, 0}, {"exit", false, 1}, {"exit-with-code", uint8(0), 0}, {"exit-with-code", uint8(255), 255},
	} {
		var out buffer
		ctx := hostapi.WithCommand(t.Context(), &hostapi.Command{Stdout: &out})
		_, err := p.app.Invoke(ctx, "guest", "acme:wasi-p3/checks#"+test.function, test.arg)
		var exit *cli.ExitError
		if !errors.As(err, &exit) || exit.Code != test.code {
			t.Errorf("%s(%v): %v", test.function, test.arg, err)
		}
		if out.String() != "so far" {
			t.Errorf("%s(%v): printed %q", test.function, test.arg, out.String())
		}
	}
}

func (p *wasiP3) files(t *testing.T) {
	if got := p.call(t, t.Context(), "mounts"); got != `["/", "/data"]` {
		t.Errorf("mounts: %s", got)
	}
	for _, test := range []struct {
		function string
		files    map[string]string // that are there after it, in a folder of the name of the function
	}{
		{"contents", map[string]string{"streams.txt": "hello, World!\x00\x00far", "sizes.txt": "\x00\x00", "advice.txt": "hello", "wrong.txt": "hell!"}},
		{"openings", map[string]string{"flags.txt": "hello", "old.txt": "", "a.txt": "same"}},
		{"folders", nil},
		{"renames", map[string]string{"empty/c": "of b", "../../second/moved": "x"}},
		{"links", map[string]string{"file": "hello!", "sub/link": "hello!", "folder/link": "hello!"}},
		{"metadata", map[string]string{"file": "hello", "link": "hello"}},
		{"times", map[string]string{"file": "hello"}},
	} {
		t.Run(test.function, func(t *testing.T) {
			p.call(t, t.Context(), test.function)
			for name, want := range test.files {
				got, err := os.ReadFile(filepath.Join(p.dir, "first", test.function, name))
				if err != nil || string(got) != want {
					t.Errorf("%s is %q, %v, want %q", name, got, err, want)
				}
			}
		})
	}
	p.filesOnDisk(t)
}

// filesOnDisk looks at what only the operating system tells.
func (p *wasiP3) filesOnDisk(t *testing.T) {
	at := func(name string) string { return filepath.Join(p.dir, "first", filepath.FromSlash(name)) }
	for name, want := range map[string]time.Time{
		"times": time.Unix(8, 0), "times/file": time.Unix(101, 2), "times/link": time.Unix(201, 2),
	} {
		info, err := os.Lstat(at(name))
		if err != nil {
			t.Error(err)
		} else if !info.ModTime().Equal(want) {
			t.Errorf("%s was changed at %v, want %v", name, info.ModTime(), want)
		}
	}
	for name, want := range map[string]string{"links/sub/link": "../file", "links/dangling": "nowhere", "folders/link": "file"} {
		if got, err := os.Readlink(at(name)); err != nil || filepath.ToSlash(got) != want {
			t.Errorf("%s leads to %q, %v, want %q", name, got, err, want)
		}
	}
	large, err := os.ReadFile(at("contents/large.txt"))
	if err != nil || !bytes.HasPrefix(large, []byte("0\n1\n2\n")) || !bytes.HasSuffix(large, []byte("\n199998\n199999\n")) {
		t.Errorf("large.txt has %d bytes, %v", len(large), err)
	}
	if names, err := filepath.Glob(at("folders/*")); err != nil || len(names) != 1 {
		t.Errorf("left in folders: %v, %v", names, err)
	}
}

func (p *wasiP3) readOnly(t *testing.T) {
	before := listing(t, p.dir)
	if got, want := p.call(t, t.Context(), "refusals"), `[("a.txt", "RegularFile"), ("sub", "Directory")]`; got != want {
		t.Errorf("there is %s, want %s", got, want)
	}
	if after := listing(t, p.dir); after != before {
		t.Errorf("there is\n%s\nand was\n%s", after, before)
	}
}
