package spin_test

import (
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
	"testing/fstest"
	"testing/iotest"
	"time"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/engine/value"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/wasi/cli"
)

// wasiP3 is an app with a guest that calls what it is asked to of a version of WASI 0.3, on mounts
// that are folders of the disk.
type wasiP3 struct {
	version        string
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

// wasiP3Guests are the guests, of the same source, by the version that they are of.
var wasiP3Guests = map[string]string{"0.3.0": "wasi-p3", "0.3.0-rc-2026-03-15": "wasi-rc"}

func loadWASIP3(t *testing.T, version string, apis hostapi.Registry, configure func(c *spin.Config, dir string)) *wasiP3 {
	t.Helper()
	p := &wasiP3{version: version, dir: t.TempDir()}
	files := bundle(wasiP3TOML, map[string][]byte{"guest.wasm": rustGuest(t, wasiP3Guests[version])})
	for name, text := range map[string]string{"first/a.txt": "hello", "first/sub/b.txt": "", "second/.keep": ""} {
		files[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o600}
	}
	if err := os.CopyFS(p.dir, files); err != nil {
		t.Fatal(err)
	}
	cfg := &spin.Config{
		HostAPIs: apis, DirectMounts: true,
		Stdout: func(string) io.Writer { return &p.stdout }, Stderr: func(string) io.Writer { return &p.stderr },
	}
	manifest := filepath.Join(p.dir, "spin.toml")
	if configure != nil {
		configure(cfg, p.dir)
	}
	if cfg.FS != nil {
		manifest = "spin.toml"
	}
	var err error
	if p.app, err = spin.Load(t.Context(), manifest, cfg); err != nil {
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
	for version := range wasiP3Guests {
		t.Run(version, func(t *testing.T) { callAllOfWASI3(t, version) })
	}
}

func callAllOfWASI3(t *testing.T, version string) {
	noGoroutines(t)
	w := &wasiCalls{version: version}
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
		t.Run(part.name, func(t *testing.T) { part.test(loadWASIP3(t, version, apis, part.configure), t) })
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
		if p.version != "0.3.0" {
			test.code = min(test.code, 1) // there are no others
		}
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
