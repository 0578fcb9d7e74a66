package spin_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/wasi/cli"
	"github.com/spinhost/spin/hostapi/wasi/filesystem"
	"github.com/spinhost/spin/hostapi/wasi/preview1"
)

// module reads a guest that is a core module.
func module(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/guests/rust/" + name + ".wasm")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// A guest of Spin's SDK 3 is a core module with component types, on WASI preview 1.
func TestAModuleServesHTTP(t *testing.T) {
	app, err := loadBundle(t, bundle(minimal, map[string][]byte{"guest.wasm": module(t, "hello-p1")}), nil)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		w := httptest.NewRecorder()
		app.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/any/path", nil))
		if w.Code != http.StatusOK || w.Body.String() != "Hello, world!" || w.Header().Get("content-type") != "text/plain" {
			t.Fatalf("%d %q %v", w.Code, w.Body, w.Header())
		}
	}
	emptied(app) // an instance may end just after its response
	if s := app.StandIns(); len(s) > 0 {
		t.Errorf("stand-ins %v", s)
	}
}

const programTOML = minimal + `environment = { SPIN_LEVEL = "component", KEPT = "yes" }
`

// run runs the program with arguments and an input.
func run(t *testing.T, app *spin.App, in io.Reader, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	var out, errs bytes.Buffer
	ctx := hostapi.WithCommand(t.Context(), &hostapi.Command{
		Args: append([]string{"program"}, args...), Env: []hostapi.EnvVar{{Name: "SPIN_LEVEL", Value: "run"}},
		Stdin: in, Stdout: &out, Stderr: &errs,
	})
	_, err = app.Invoke(ctx, "guest", "wasi:cli/run#run")
	return out.String(), errs.String(), err
}

func loadProgram(t *testing.T, configure func(*spin.Config)) *spin.App {
	t.Helper()
	app, err := loadBundle(t, bundle(strings.Replace(programTOML, `
[[trigger.http]]
route = "/..."
component = "guest"
`, "[trigger]\n", 1), map[string][]byte{"guest.wasm": module(t, "command")}), configure)
	if err != nil {
		t.Fatal(err)
	}
	return app
}

func TestAProgramRuns(t *testing.T) {
	app := loadProgram(t, nil)
	big := strings.Repeat("0123456789abcdef", 1<<15)
	for name, test := range map[string]struct {
		args   []string
		in     io.Reader
		out    string
		stderr string
	}{
		"arguments and variables": {[]string{"env", "two words", ""}, nil,
			`["program", "env", "two words", ""]` + "\nKEPT=yes\nSPIN_LEVEL=run\n", "done\n"},
		"no input":            {[]string{"echo"}, nil, "", ""},
		"input":               {[]string{"echo"}, strings.NewReader("some input"), "some input", ""},
		"input byte by byte":  {[]string{"lines"}, iotest.OneByteReader(strings.NewReader("one\ntwo\n\nfour")), "0: one\n1: two\n2: \n3: four\n", ""},
		"input that is large": {[]string{"echo"}, strings.NewReader(big), big, ""},
		"time passes":         {[]string{"sleep", "20"}, nil, "slept\n", ""},
		"no directories":      {nil, nil, "args 1\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			out, errs, err := run(t, app, test.in, test.args...)
			if err != nil || out != test.out || errs != test.stderr {
				t.Errorf("%.100q %.100q %v, want %.100q %.100q", out, errs, err, test.out, test.stderr)
			}
		})
	}
	if out, _, err := run(t, app, nil, "bytes", "3000000"); err != nil || len(out) != 3_000_000 || out[2_999_999] != byte(2_999_999%251) {
		t.Errorf("%d bytes, %v", len(out), err)
	}
	for code := range 3 {
		_, _, err := run(t, app, nil, "exit", fmt.Sprint(code))
		var exit *cli.ExitError
		if code == 0 && err == nil {
			continue // returned, which is the same
		}
		if !errors.As(err, &exit) || int(exit.Code) != code {
			t.Errorf("exit %d: %v", code, err)
		}
	}
	if _, errs, err := run(t, app, nil, "panic"); !errors.Is(err, spin.ErrTrap) || !strings.Contains(errs, "as asked") {
		t.Errorf("%q %v", errs, err)
	}
	emptied(app)
}

// emptied waits until nothing of an app runs.
func emptied(app *spin.App) {
	for app.Stats() != (spin.Stats{}) {
		time.Sleep(time.Millisecond)
	}
}

// A program that waits for input gives its thread back, and ends when nobody wants it any more.
func TestAProgramWaitsForItsInput(t *testing.T) {
	app := loadProgram(t, nil)
	in, w := io.Pipe()
	got := make(chan string)
	ctx, cancel := context.WithCancel(hostapi.WithCommand(t.Context(), &hostapi.Command{
		Args: []string{"program", "lines"}, Stdin: in, Stdout: writerFunc(func(p []byte) { got <- string(p) }),
	}))
	ended := make(chan error)
	go func() {
		_, err := app.Invoke(ctx, "guest", "wasi:cli/run#run")
		ended <- err
	}()
	for n, line := range []string{"first", "second"} {
		io.WriteString(w, line+"\n")
		if out := <-got; out != fmt.Sprintf("%d: %s\n", n, line) {
			t.Errorf("printed %q", out)
		}
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	emptied(app) // when its tail time is over
}

type writerFunc func([]byte)

func (f writerFunc) Write(p []byte) (int, error) { f(p); return len(p), nil }

// A program does with files what Rust's standard library can.
func TestAProgramHasFiles(t *testing.T) {
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	volume := filesystem.Root(root, true)
	defer volume.Close()
	p1 := preview1.Interfaces()[0]
	bind := p1.Bind
	p1.Bind = func(s *hostapi.Scope) (*abi.Interface, error) {
		filesystem.Provide(s, []filesystem.Mount{{Path: "/data", Volume: volume}}, 0)
		return bind(s)
	}
	app := loadProgram(t, func(c *spin.Config) { c.HostAPIs = spin.DefaultHostAPIs().With(p1) })
	out, errs, err := run(t, app, nil, "files", "/data")
	want := `read "first line\nsecond\n"
end "second\n" at 18
size 10 "FIRST line"
before the beginning: InvalidInput
42 entries from many-00 to two
links true
missing: NotFound
twice: AlreadyExists
full: Uncategorized
outside: true
gone: true
`
	if err != nil || out != want || errs != "" {
		t.Errorf("%v\n%s%s, want\n%s", err, out, errs, want)
	}
	emptied(app)
}
