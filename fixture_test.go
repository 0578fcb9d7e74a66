package spin_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/spinhost/spin"
)

// The guests that are committed, by the WASI that they speak.
var (
	guestP2 = guests[0]
	guestP3 = guests[2]
)

func isRust(g guest) bool { return g.lang == "rust" }

// wasm reads a guest.
func (g guest) wasm(t testing.TB) []byte {
	t.Helper()
	b, err := os.ReadFile(g.component(t))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// bundle is a file system with a manifest and components.
func bundle(manifest string, components map[string][]byte) fstest.MapFS {
	m := fstest.MapFS{"spin.toml": {Data: []byte(manifest)}}
	for name, b := range components {
		m[name] = &fstest.MapFile{Data: b}
	}
	return m
}

// minimal is a manifest with one component at all paths.
const minimal = `spin_manifest_version = 2
[application]
name = "test"

[[trigger.http]]
route = "/..."
component = "guest"

[component.guest]
source = "guest.wasm"
`

// loadBundle loads a bundle, and closes it when the test ends.
func loadBundle(t testing.TB, files fstest.MapFS, configure func(*spin.Config)) (*spin.App, error) {
	t.Helper()
	cfg := &spin.Config{FS: files}
	if configure != nil {
		configure(cfg)
	}
	app, err := spin.Load(context.Background(), "spin.toml", cfg)
	if err != nil {
		if app != nil {
			t.Error("an app beside an error")
		}
		return nil, err
	}
	t.Cleanup(func() { closeApp(t, app) })
	return app, nil
}

// mustLoad loads the guest as the one component of an app.
func (g guest) mustLoad(t testing.TB, configure func(*spin.Config)) *spin.App {
	t.Helper()
	app, err := loadBundle(t, bundle(minimal, map[string][]byte{"guest.wasm": g.wasm(t)}), configure)
	if err != nil {
		t.Fatal(err)
	}
	return app
}

func closeApp(t testing.TB, app *spin.App) {
	t.Helper()
	ctx, stop := context.WithTimeout(context.Background(), 20*time.Second)
	defer stop()
	if err := app.Close(ctx); err != nil {
		t.Errorf("close: %v", err)
	}
	if s := app.Stats(); s != (spin.Stats{}) {
		t.Errorf("left behind: %+v", s)
	}
}

// ask makes a request without a socket.
func ask(app http.Handler, target string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	app.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost"+target, nil))
	return w
}

// wantEmpty checks a response that no guest has made: it tells the client nothing.
func wantEmpty(t testing.TB, w *httptest.ResponseRecorder, status int) {
	t.Helper()
	if w.Code != status || w.Body.Len() > 0 || w.Header().Get("x-guest") != "" {
		t.Errorf("%d %q %v, want an empty %d", w.Code, w.Body, w.Header(), status)
	}
}

// logTo makes a logger that writes to b, without times.
func logTo(b *buffer, level slog.Level) *slog.Logger {
	return slog.New(slog.NewTextHandler(b, &slog.HandlerOptions{Level: level, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
}

// noGoroutines checks that the app has left no goroutine behind: that as few run as did
// when the test began.
func noGoroutines(t testing.TB) {
	t.Helper()
	http.DefaultClient.CloseIdleConnections()
	before := appGoroutines()
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		eventuallyNot(t, before)
	})
}

func eventuallyNot(t testing.TB, before map[string]bool) {
	t.Helper()
	var left []string
	for range 1000 {
		left = left[:0]
		for g := range appGoroutines() {
			if !before[g] {
				left = append(left, g)
			}
		}
		if len(left) == 0 {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Errorf("goroutines were left behind:\n%s", strings.Join(left, "\n\n"))
}

// appGoroutines returns the stacks of goroutines that run code of this module, by id, but for
// those of tests and the one of each runtime.
func appGoroutines() map[string]bool {
	buf := make([]byte, 4<<20)
	list := map[string]bool{}
	for _, g := range strings.Split(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
		if !strings.Contains(g, "spinhost/spin") || strings.Contains(g, "testing.tRunner") || strings.Contains(g, "(*scheduler).run") {
			continue
		}
		id, rest, _ := strings.Cut(g, " [")
		_, rest, _ = strings.Cut(rest, "\n")
		list[id+"\n"+rest] = true
	}
	return list
}

// name writes a name of the component format.
func name(s string) string { return string(rune(len(s))) + s }

func section(id byte, content string) string { return string([]byte{id, byte(len(content))}) + content }

// tiny encodes a component that imports an instance of each name, and exports the first under
// the second list's names.
func tiny(imports, exports []string) []byte {
	s := "\x00asm\x0d\x00\x01\x00"
	s += section(7, "\x01\x42\x00") // one type: an instance without exports
	if len(imports) > 0 {
		list := string(rune(len(imports)))
		for _, i := range imports {
			list += "\x00" + name(i) + "\x05\x00"
		}
		s += section(10, list)
	}
	if len(exports) > 0 {
		list := string(rune(len(exports)))
		for _, e := range exports {
			list += "\x00" + name(e) + "\x05\x00\x00"
		}
		s += section(11, list)
	}
	return []byte(s)
}

// writeBundle writes a bundle to a folder.
func writeBundle(t testing.TB, files fstest.MapFS) string {
	t.Helper()
	dir := t.TempDir()
	for name, f := range files {
		if err := os.WriteFile(filepath.Join(dir, name), f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// several is a manifest of components at /1, /2 and so on, in folders of their own.
func several(n int) string {
	text := "spin_manifest_version = 2\n[application]\nname = \"test\"\n"
	for i := range n {
		text += fmt.Sprintf("[[trigger.http]]\nroute = \"/%d\"\ncomponent = \"c%d\"\n[component.c%d]\nsource = \"%d.wasm\"\n", i+1, i+1, i+1, i+1)
	}
	return text
}

// stalled is a request body of which one byte comes, and then nothing until it is closed.
type stalled struct {
	started, over chan struct{}
	first, last   sync.Once
	sent          bool
}

func (s *stalled) Read(p []byte) (int, error) {
	if !s.sent && len(p) > 0 {
		s.sent, p[0] = true, 'x'
		return 1, nil
	}
	s.first.Do(func() { close(s.started) })
	<-s.over
	return 0, io.ErrUnexpectedEOF
}

func (s *stalled) Close() error {
	s.last.Do(func() { close(s.over) })
	return nil
}
