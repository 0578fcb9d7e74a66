package spin_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spinhost/spin/hostapi/wasi"
	"github.com/spinhost/spin/hostapi/wit"
)

// Guests of the snapshot of November 2023 may call all that it has, and see what it says of that.
func TestWASIOfNovember2023(t *testing.T) {
	noGoroutines(t)
	h := newChecked(t, "wasi-november", &wasiCalls{version: wasi.November})
	h.inside(t)
	t.Run("clocks", h.clocks)
	t.Run("console", h.console)
	t.Run("files", h.files)
	t.Run("http client", func(t *testing.T) {
		h.client(t, map[string]string{
			"denied-request": "HttpRequestDenied", "late": "Timeout", "broken": "HttpRequestBodySize(Some(0))",
			"trailers-twice": "the trailers were taken before",
		})
	})
	t.Run("http server", h.server)
	t.Run("sockets", h.sockets)
	t.Run("lookup", h.lookup)
	h.calls.complete(t, wasiPackages...)
}

// The WIT of the guest is what the host has of that snapshot.
func TestWITOfNovember2023(t *testing.T) {
	dirs, err := filepath.Glob("hostapi/wasi/wit/p2/*")
	if err != nil {
		t.Fatal(err)
	}
	set, err := wit.ParseDir(dirs...)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range set.Packages {
		name, version, _ := strings.Cut(strings.TrimPrefix(p.ID(), "wasi:"), "@")
		want := strings.ReplaceAll(wasi.NovemberWIT(p.String()), "@"+version, "@"+wasi.November)
		file := filepath.Join("testdata/guests/rust/wasi-november/wit/deps", name+".wit")
		if got, err := os.ReadFile(file); string(got) != want {
			t.Errorf("%s is not the package, which is\n%s\n%v", file, want, err)
		}
	}
}
