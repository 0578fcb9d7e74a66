package spin_test

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/hostapi/wasi/cli"
	"github.com/spinhost/spin/hostapi/wasi/preview1"
)

const wasiP1TOML = `spin_manifest_version = 2
[application]
name = "checks"
[trigger]
[component.guest]
source = "guest.wasm"
environment = { KEPT = "1" }
files = [{ source = "data", destination = "/data" }]
`

// A program that calls every function of WASI preview 1 itself, without a library, finds that it does
// what it has to.
func TestAProgramCallsAllOfWASIPreview1(t *testing.T) {
	noGoroutines(t)
	calls := &wasiCalls{version: preview1.Module}
	apis := calls.apis()
	for _, c := range []struct {
		args  []string
		files wasiP2Files // that are there afterwards
		code  uint8       // with which it ends
	}{
		{args: []string{"process", ""}},
		{args: []string{"poll"}},
		{args: []string{"sockets"}},
		{args: []string{"exit"}, code: 7},
		{args: []string{"files"}, files: wasiP2Files{"file": "Jell!"}},
		{args: []string{"descriptors"}, files: wasiP2Files{"times": "", "other": ""}},
		{args: []string{"paths"}, files: wasiP2Files{"sub/": "", "sub/moved": "", "link": "->sub/moved"}},
	} {
		t.Run(c.args[0], func(t *testing.T) {
			dir := writeBundle(t, bundle(wasiP1TOML, map[string][]byte{"guest.wasm": module(t, "wasi-p1")}))
			data := filepath.Join(dir, "data")
			if err := os.Mkdir(data, 0o700); err != nil {
				t.Fatal(err)
			}
			app, err := spin.Load(t.Context(), dir, &spin.Config{HostAPIs: apis, DirectMounts: true, AllowTransientWrite: true})
			if err != nil {
				t.Fatal(err)
			}
			defer closeApp(t, app)
			out, errs, err := run(t, app, nil, c.args...)
			var exit *cli.ExitError
			if errors.As(err, &exit) && exit.Code == c.code {
				err = nil
			}
			if err != nil || out+errs != "" {
				t.Errorf("%v, printed %q and %q", err, out, errs)
			}
			if got := wasiP2FilesIn(t, data); !maps.Equal(got, c.files) {
				t.Errorf("there is %q, want %q", got, c.files)
			}
		})
	}
	calls.complete(t, preview1.Module)
}
