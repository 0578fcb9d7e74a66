package bundle_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/spinhost/spin/internal/bundle"
	"github.com/spinhost/spin/manifest"
	"github.com/spinhost/spin/registry"
)

const text = `spin_manifest_version = 2
application.name = "test"
trigger = {}
component.main.source = "main.wasm"
`

// lock is a locked app whose component has a source.
func lock(source string) string {
	return `{"spin_lock_version": 1, "metadata": {"name": "test"}, "triggers": [],
 "components": [{"id": "main", "source": {"content_type": "application/wasm", ` + source + `}}]}`
}

func anything(string) ([]string, bool) { return nil, false }

func open(t *testing.T, files fstest.MapFS) *bundle.Bundle {
	t.Helper()
	b := bundle.New(bundle.Config{FS: files, Features: anything})
	t.Cleanup(b.Close)
	return b
}

func TestWhatAFolderIsLoadedFrom(t *testing.T) {
	manifest, locked := &fstest.MapFile{Data: []byte(text)}, &fstest.MapFile{Data: []byte(lock(`"source": "file:///main.wasm"`))}
	for _, tt := range []struct {
		behaviour, name string
		files           fstest.MapFS
		file            string // that is read
		locked          bool
	}{
		{"the manifest", "app", fstest.MapFS{"app/spin.toml": manifest}, "app/spin.toml", false},
		{"a locked app without one", "app", fstest.MapFS{"app/spin.lock": locked}, "app/spin.lock", true},
		{"the manifest beside a locked app", "app", fstest.MapFS{"app/spin.toml": manifest, "app/spin.lock": locked}, "app/spin.toml", false},
		{"a file of any name", "app/x", fstest.MapFS{"app/x": manifest}, "app/x", false},
		{"a locked app of any name", "app/x", fstest.MapFS{"app/x": locked}, "app/x", true},
	} {
		b := open(t, tt.files)
		m, err := b.Manifest(tt.name)
		if err != nil {
			t.Errorf("%s: %v", tt.behaviour, err)
			continue
		}
		if m.File != tt.file || b.Locked() != tt.locked {
			t.Errorf("%s: %s was read, locked is %v", tt.behaviour, m.File, b.Locked())
		}
	}
	for name, want := range map[string]string{"none": "open none", "app": "open app/spin.toml"} {
		if _, err := open(t, fstest.MapFS{"app/main.wasm": manifest}).Manifest(name); err == nil || !strings.Contains(err.Error(), "manifest: "+want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCodeInFiles(t *testing.T) {
	files := fstest.MapFS{
		"app/spin.toml": {Data: []byte(text)}, "app/main.wasm": {Data: []byte("code")}, "beside.wasm": {Data: []byte("beside")},
	}
	b := open(t, files)
	if _, err := b.Manifest("app/spin.toml"); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"main.wasm":         "code",
		"./x/../main.wasm":  "code",
		"../beside.wasm":    "beside", // the file system is the bound
		"../../beside.wasm": "the path leads out of Config.FS",
		"/beside.wasm":      "the path leads out of Config.FS",
		".":                 "app is not a regular file",
		"none.wasm":         "open app/none.wasm: file does not exist",
	} {
		code, err := b.Code(t.Context(), manifest.Source{Path: path}, false)
		got := string(code)
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
}

func TestCodeOfLockedApps(t *testing.T) {
	code := []byte("code")
	sum, wrong := registry.DigestOf(code).String(), registry.DigestOf(nil).String()
	for source, want := range map[string]string{
		`"source": "file:///app/main.wasm"`:                              "",
		`"source": "file:///app/main.wasm", "digest": "` + sum + `"`:     "",
		`"source": "file:///app/main.wasm", "digest": "` + wrong + `"`:   "the file app/main.wasm: is " + sum + " and not " + wrong,
		`"inline": "` + base64.RawStdEncoding.EncodeToString(code) + `"`: "",
		`"inline": "AAAA", "digest": "` + sum + `"`:                      "spin.lock: components[0].source: the inline content: is ",
		`"digest": "` + sum + `"`:                                        "only the digest of the content is known, and there is no cache",
		`"digest": "sha256:../x"`:                                        `digest "sha256:../x" is not`,
	} {
		b := open(t, fstest.MapFS{"spin.lock": {Data: []byte(lock(source))}, "app/main.wasm": {Data: code}})
		m, err := b.Manifest("spin.lock")
		var got []byte
		if err == nil {
			got, err = b.Code(t.Context(), m.Components[0].Source, false)
		}
		switch {
		case want == "" && (err != nil || string(got) != "code"):
			t.Errorf("%s: %q, %v", source, got, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: got %v, want %s", source, err, want)
		}
	}
}

func TestRequirementsOfLockedApps(t *testing.T) {
	app := `{"spin_lock_version": 1, "metadata": {"name": "test"}, "must_understand": ["host_requirements"], "host_requirements": {"local_service_chaining": "required"},
 "triggers": [{"id": "t", "trigger_type": "timer", "trigger_config": {"component": "main"}}],
 "components": [{"id": "main", "source": {"content_type": "application/wasm", "source": "file:///main.wasm"}}]}`
	for _, features := range [][]string{nil, {"local_service_chaining"}} {
		b := bundle.New(bundle.Config{
			FS:       fstest.MapFS{"spin.lock": {Data: []byte(app)}},
			Features: func(kind string) ([]string, bool) { return features, kind == "timer" },
		})
		defer b.Close()
		if _, err := b.Manifest("spin.lock"); (err == nil) != (features != nil) || err != nil && !strings.HasPrefix(err.Error(), "spin.lock: ") {
			t.Errorf("%q: %v", features, err)
		}
	}
}

func TestAProfileIsThatOfTheLock(t *testing.T) {
	b := bundle.New(bundle.Config{Profile: "debug", Features: anything, FS: fstest.MapFS{"spin.lock": {Data: []byte(lock(`"source": "file:///main.wasm"`))}}})
	defer b.Close()
	if _, err := b.Manifest("spin.lock"); err == nil || !strings.Contains(err.Error(), `Config.Profile is "debug"`) {
		t.Errorf("got %v", err)
	}
}

// What several components use is fetched once, and kept.
func TestCodeIsFetchedOnce(t *testing.T) {
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		fmt.Fprint(w, "code")
	}))
	defer server.Close()
	b := bundle.New(bundle.Config{FS: fstest.MapFS{}, Features: anything, Fetcher: registry.Fetcher{Cache: registry.NewCache(t.TempDir())}})
	defer b.Close()
	source := manifest.Source{URL: server.URL + "/main.wasm", Digest: registry.DigestOf([]byte("code")).String()}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if code, err := b.Code(t.Context(), source, false); string(code) != "code" {
				t.Errorf("%q, %v", code, err)
			}
		})
	}
	wg.Wait()
	if n := asked.Load(); n != 1 {
		t.Errorf("asked %d times", n)
	}
	_, err := b.Code(t.Context(), manifest.Source{Package: "acme:main", Version: "1.0.0"}, true)
	if !errors.Is(err, registry.ErrUnavailable) || !strings.Contains(err.Error(), "Config.Registry") {
		t.Errorf("got %v", err)
	}
}

func TestFoldersOfTheOperatingSystem(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{"spin.toml": text, "main.wasm": "code", "static/a": "a"} {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(content), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	b := bundle.New(bundle.Config{Features: anything})
	defer b.Close()
	if _, err := b.Manifest(dir); err != nil {
		t.Fatal(err)
	}
	fsys, root, err := b.Root()
	if err != nil || root == nil {
		t.Fatal(root, err)
	}
	if _, again, _ := b.Root(); again != root {
		t.Error("there are two roots")
	}
	if err := fstest.TestFS(fsys, "main.wasm", "static/a"); err != nil {
		t.Error(err)
	}
	_, static, err := b.OpenFolder("static")
	if err != nil {
		t.Fatal(err)
	}
	defer static.Close()
	if _, _, err := b.OpenFolder("main.wasm"); err == nil || !strings.Contains(err.Error(), "is no folder") {
		t.Errorf("got %v", err)
	}
}

// A file system that is confined to its folder stays so, whatever links are in it.
func TestLinksOutOfAConfinedFileSystem(t *testing.T) {
	outer := t.TempDir()
	dir := filepath.Join(outer, "app")
	err := errors.Join(os.Mkdir(dir, 0o755), os.Symlink("../outside.wasm", filepath.Join(dir, "out.wasm")), os.Symlink("main.wasm", filepath.Join(dir, "in.wasm")))
	for name, content := range map[string]string{"app/spin.toml": text, "app/main.wasm": "code", "outside.wasm": "outside"} {
		err = errors.Join(err, os.WriteFile(filepath.Join(outer, name), []byte(content), 0o644))
	}
	if err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	b := bundle.New(bundle.Config{FS: root.FS(), Features: anything})
	defer b.Close()
	if _, err := b.Manifest("spin.toml"); err != nil {
		t.Fatal(err)
	}
	if code, err := b.Code(t.Context(), manifest.Source{Path: "in.wasm"}, false); string(code) != "code" {
		t.Errorf("a link inside: %q, %v", code, err)
	}
	for _, path := range []string{"out.wasm", "../outside.wasm", filepath.Join(outer, "outside.wasm")} {
		if code, err := b.Code(t.Context(), manifest.Source{Path: path}, false); err == nil || code != nil {
			t.Errorf("%s: got %q", path, code)
		}
	}
}
