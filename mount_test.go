package spin_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/manifest/locked"
)

// The guests that use files, by the versions of wasi:filesystem that they speak.
var fileGuests = []string{"files-p2", "files-p3"}

// fileManifest is an app with both, which have the same files. The first line of keys is 12.
func fileManifest(keys string) string {
	return fmt.Sprintf(`spin_manifest_version = 2
[application]
name = "site"
[[trigger.http]]
route = "/2/..."
component = "files-p2"
[[trigger.http]]
route = "/..."
component = "files-p3"
[component.files-p2]
source = "files-p2.wasm"
%s
[component.files-p3]
source = "files-p3.wasm"
%[1]s
`, keys)
}

// site are the files of an app.
func site(t testing.TB, keys string) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{"spin.toml": {Data: []byte(fileManifest(keys))}}
	for name, text := range map[string]string{
		"assets/index.html": "<h1>home</h1>", "assets/css/main.css": "body {}", "assets/empty": "", "assets/css/main.css.map": "{}",
		"secret.txt": "secret", "words.txt": "hello", "assets/big": strings.Repeat("0123456789", 100_000), "empty/.keep": "",
	} {
		files[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
	}
	for _, name := range fileGuests {
		files[name+".wasm"] = &fstest.MapFile{Data: rustGuest(t, name)}
	}
	return files
}

// eachSite runs a test with an app from a folder and from a file system that is given.
func eachSite(t *testing.T, keys string, cfg spin.Config, test func(t *testing.T, app *spin.App, dir string)) {
	t.Helper()
	files := site(t, keys)
	t.Run("folder", func(t *testing.T) {
		dir, cfg := t.TempDir(), cfg
		if err := os.CopyFS(dir, files); err != nil {
			t.Fatal(err)
		}
		app, err := spin.Load(t.Context(), filepath.Join(dir, "spin.toml"), &cfg)
		if err != nil {
			t.Fatal(err)
		}
		defer closeApp(t, app)
		test(t, app, dir)
	})
	t.Run("fs.FS", func(t *testing.T) {
		cfg := cfg
		cfg.FS = files
		app, err := spin.Load(t.Context(), "spin.toml", &cfg)
		if err != nil {
			t.Fatal(err)
		}
		defer closeApp(t, app)
		test(t, app, "")
	})
}

const siteKeys = `files = [{ source = "assets", destination = "/" }, "words.txt"]
exclude_files = ["assets/*.map"]`

func TestGuestsReadTheirFiles(t *testing.T) {
	eachSite(t, siteKeys, spin.Config{}, func(t *testing.T, app *spin.App, _ string) {
		for target, want := range map[string]string{
			"/std/read?path=/index.html":       `read: "<h1>home</h1>"`,
			"/std/read?path=css/main.css":      `read: "body {}"`,
			"/std/read?path=/css/../words.txt": `read: "hello"`,
			"/std/read?path=/empty":            `read: ""`,
			"/std/read?path=/css/main.css.map": `read: error NotFound`,
			"/std/read?path=/secret.txt":       `read: error NotFound`,
			"/std/read?path=/assets":           `read: error NotFound`,
			"/std/read?path=/../secret.txt":    `read: error PermissionDenied`,
			"/std/size?path=/big":              "size: 1000000\nmetadata: 1000000",
			"/std/list?path=/":                 `list: ["big", "css/", "empty", "index.html", "words.txt"]`,
			"/std/list?path=/css":              `list: ["main.css"]`,
			"/std/list?path=/words.txt":        `list: error NotADirectory`,
		} {
			wantText(t, app, target, want+"\n")
			wantText(t, app, strings.Replace(target, "/std/", "/2/", 1), want+"\n")
		}
		for target, want := range map[string]string{
			"/3/mounts":                     `mounts: ["/"]`,
			"/3/read?path=index.html":       `read: "<h1>home</h1>"`,
			"/3/read?path=words.txt&from=2": `read: "llo"`,
			"/3/read?path=nothing":          `read: error ErrorCode::NoEntry`,
			"/3/read?path=../secret.txt":    `read: error ErrorCode::NotPermitted`,
			"/3/read?path=/words.txt":       `read: error ErrorCode::NotPermitted`,
			"/3/size?path=big":              `size: 1000000`,
			"/3/list?path=.":                `list: ["big", "css/", "empty", "index.html", "words.txt"]`,
		} {
			wantText(t, app, target, want+"\n")
		}
		if w := ask(app, "/3/tour"); !strings.Contains(w.Body.String(), "create: error ErrorCode::NotPermitted") {
			t.Errorf("%s", w.Body)
		}
	})
}

const (
	stdTour = `write: ()
create new: error AlreadyExists
append: ()
read: "hello, world"
patch: ("World", 8)
read: "hello, W"
mkdir: ()
rename: ()
link: ()
copy: 8
list: ["c.txt", "d.txt", "sub/"]
times: 1000000000
remove: ()
rmdir of a full one: error Uncategorized
remove all: ()
outside: error PermissionDenied
list: ["d.txt"]
`
	tour3 = `flags: DescriptorFlags(READ | WRITE)
type: DescriptorType::RegularFile
write: ()
append: ()
patch: ()
read: ", World"
set-size: ()
sync: ()
stat: (8, 1)
mkdir: ()
link: ()
rename: ()
symlink: ()
readlink: "../c.txt"
read through it: "hello, W"
from below: error ErrorCode::NotPermitted
same: true
unlink: ()
unlink: ()
rmdir: ()
outside: error ErrorCode::NotPermitted
list: ["a.txt"]
`
)

// listing names all that is in a folder, with what is in it.
func listing(t testing.TB, dir string) string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(dir, func(name string, e os.DirEntry, err error) error {
		if err != nil || name == dir {
			return err
		}
		text := ""
		if e.Type().IsRegular() {
			b, _ := os.ReadFile(name)
			text = fmt.Sprintf(" %x", sha256.Sum256(b))
		}
		all = append(all, name+text)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, "\n")
}

// Guests write into copies, which are shared by all instances of a component and removed with the
// app.
func TestTransientWrites(t *testing.T) {
	temp := t.TempDir()
	cfg := spin.Config{AllowTransientWrite: true, TempDir: temp}
	eachSite(t, `files = ["*.none"]`, cfg, func(t *testing.T, app *spin.App, dir string) {
		wantText(t, app, "/2/tour?path=/", stdTour)
		wantText(t, app, "/2/read?path=/d.txt", "read: \"hello, W\"\n") // by another instance
		wantText(t, app, "/3/tour", tour3)
		wantText(t, app, "/3/read?path=a.txt", "read: \"hello, W\"\n")
		wantText(t, app, "/2/read?path=/a.txt", "read: error NotFound\n") // of another component
	})
	eachSite(t, siteKeys, cfg, func(t *testing.T, app *spin.App, dir string) {
		before := "the files are not in a folder"
		if dir != "" {
			before = listing(t, dir)
		}
		wantText(t, app, "/2/read?path=/index.html", "read: \"<h1>home</h1>\"\n")
		wantText(t, app, "/std/list?path=/css", "list: [\"main.css\"]\n")
		ask(app, "/2/tour?path=/css")
		wantText(t, app, "/2/list?path=/css", "list: [\"d.txt\", \"main.css\"]\n")
		if dir != "" && listing(t, dir) != before {
			t.Errorf("the app's folder has\n%s\nand had\n%s", listing(t, dir), before)
		}
		if listing(t, temp) == "" {
			t.Error("there are no copies")
		}
	})
	if got := listing(t, temp); got != "" {
		t.Errorf("after Close there is %s", got)
	}
}

// Direct mounts are the folders as they are, at the time when a guest looks.
func TestDirectMounts(t *testing.T) {
	keys := `files = ["assets", { source = "empty", destination = "/data" }]`
	eachSite(t, keys, spin.Config{DirectMounts: true}, func(t *testing.T, app *spin.App, dir string) {
		wantText(t, app, "/3/mounts", "mounts: [\"assets\", \"/data\"]\n")
		wantText(t, app, "/2/list?path=/data", "list: [\".keep\"]\n")
		wantText(t, app, "/std/read?path=assets/css/main.css.map", "read: \"{}\"\n")
		wantText(t, app, "/std/read?path=words.txt", "read: error NotFound\n")
		wantText(t, app, "/3/read?path=css/main.css", "read: \"body {}\"\n")
		wantText(t, app, "/3/read?path=../words.txt", "read: error ErrorCode::NotPermitted\n")
		if dir == "" {
			return
		}
		if err := os.WriteFile(filepath.Join(dir, "assets/new"), []byte("news"), 0o600); err != nil {
			t.Fatal(err)
		}
		wantText(t, app, "/3/read?path=new", "read: \"news\"\n")
		if w := ask(app, "/2/tour?path=/data"); !strings.HasPrefix(w.Body.String(), "write: error PermissionDenied\n") {
			t.Errorf("%s", w.Body)
		}
	})
	t.Run("with writes", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.CopyFS(dir, site(t, `files = [{ source = "data", destination = "/" }]`)); err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(filepath.Join(dir, "data"), 0o700); err != nil {
			t.Fatal(err)
		}
		app, err := spin.Load(t.Context(), dir, &spin.Config{DirectMounts: true, AllowTransientWrite: true})
		if err != nil {
			t.Fatal(err)
		}
		wantText(t, app, "/3/tour", tour3)
		closeApp(t, app)
		if got, err := os.ReadFile(filepath.Join(dir, "data/a.txt")); string(got) != "hello, W" {
			t.Errorf("the folder has %q, %v", got, err)
		}
	})
}

// A component without files has no directories; neither has one whose guests look at another's.
func TestWithoutFilesThereAreNone(t *testing.T) {
	eachSite(t, "", spin.Config{AllowTransientWrite: true}, func(t *testing.T, app *spin.App, _ string) {
		wantText(t, app, "/3/mounts", "mounts: []\n")
		wantText(t, app, "/2/read?path=/words.txt", "read: error NotFound\n")
	})
}

// Every fault of files is told at its place, with those of other keys.
func TestFaultsOfFiles(t *testing.T) {
	for _, c := range []struct {
		keys string
		cfg  spin.Config
		want string
		is   error
	}{
		{keys: `files = ["nothing"]`, is: fs.ErrNotExist,
			want: `spin.toml:12:10: component "files-p2": files: "nothing" does not exist and is no pattern`},
		{keys: `files = ["../x", "/etc"]`, want: `spin.toml:12:18: component "files-p2": files: "/etc" is an absolute path`},
		{keys: `files = [{ source = "words.txt", destination = "/" }]`, want: `write the name of the file too, destination = "/words.txt"`},
		{keys: `files = ["words.txt"]` + "\n" + `exclude_files = ["["]`, want: `spin.toml:13:18: component "files-p2": exclude_files: "["`},
		{keys: `files = ["words.txt"]`, cfg: spin.Config{DirectMounts: true}, want: `files: "words.txt" is no folder: name a folder, or have the files copied`},
		{keys: `files = ["assets"]` + "\n" + `exclude_files = ["*.map"]`, cfg: spin.Config{DirectMounts: true}, want: `exclude_files: "*.map" cannot be excluded`},
		{keys: `files = ["assets"]`, cfg: spin.Config{AllowTransientWrite: true, TempDir: "/nowhere/at/all"}, is: fs.ErrNotExist,
			want: `spin.toml:12:1: component "files-p2": files: a folder for copies: `},
		{keys: `files = ["assets"]`, cfg: spin.Config{DirectMounts: true, AllowTransientWrite: true}, want: "guests cannot write into Config.FS"},
	} {
		c.cfg.FS = site(t, c.keys)
		app, err := spin.Load(t.Context(), "spin.toml", &c.cfg)
		if err == nil {
			closeApp(t, app)
			t.Errorf("%s loads", c.keys)
			continue
		}
		if !strings.Contains(err.Error(), c.want) || c.is != nil && !errors.Is(err, c.is) || strings.Count(err.Error(), `"files-p3"`) == 0 {
			t.Errorf("%s\ngot  %v\nwant %s", c.keys, err, c.want)
		}
	}
}

// What is allowed and was not meant is warned of.
func TestWarningsOfFiles(t *testing.T) {
	var log buffer
	app, err := loadBundle(t, site(t, `files = ["assets"]`), func(c *spin.Config) { c.Logger = logTo(&log, slog.LevelWarn) })
	if err != nil {
		t.Fatal(err)
	}
	defer closeApp(t, app)
	if !strings.Contains(log.String(), "puts its files at /assets/assets") {
		t.Errorf("log is %s", log.String())
	}
	wantText(t, app, "/2/read?path=/assets/assets/index.html", "read: \"<h1>home</h1>\"\n")
}

// Guests do not see what a symbolic link in their files leads to outside of them.
func TestLinksDoNotLeadOutOfMounts(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, site(t, `files = [{ source = "assets", destination = "/" }]`)); err != nil {
		t.Fatal(err)
	}
	app, err := spin.Load(t.Context(), dir, &spin.Config{DirectMounts: true})
	if err != nil {
		t.Fatal(err)
	}
	defer closeApp(t, app)
	for name, target := range map[string]string{"up": "../secret.txt", "absolute": filepath.Join(dir, "secret.txt"), "folder": "..", "inner": "css/main.css"} {
		if err := os.Symlink(target, filepath.Join(dir, "assets", name)); err != nil {
			t.Fatal(err)
		}
	}
	for target, want := range map[string]string{
		"/3/read?path=up": "error ErrorCode::NotPermitted", "/3/read?path=absolute": "error ErrorCode::NotPermitted",
		"/3/read?path=folder/secret.txt": "error ErrorCode::NotPermitted", "/2/read?path=/up": "error PermissionDenied",
		"/2/read?path=/folder/secret.txt": "error PermissionDenied", "/2/read?path=/inner": `"body {}"`, "/3/read?path=inner": `"body {}"`,
	} {
		wantText(t, app, target, "read: "+want+"\n")
	}
}

// Many requests at once use the files of shared instances, and leave nothing open.
func TestFilesOfManyRequests(t *testing.T) {
	eachSite(t, siteKeys, spin.Config{}, func(t *testing.T, app *spin.App, dir string) {
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				for range 20 {
					wantText(t, app, "/3/size?path=big", "size: 1000000\n")
					wantText(t, app, "/2/list?path=/css", "list: [\"main.css\"]\n")
				}
			})
		}
		group.Wait()
	})
}

// The files of a locked app are the folders that it names.
func TestLockedFiles(t *testing.T) {
	load := func(t *testing.T, dir string, a *locked.App, files fstest.MapFS, cfg spin.Config) (*spin.App, error) {
		text := marshal(t, a)
		if dir == "" {
			files["spin.lock"] = &fstest.MapFile{Data: text}
			cfg.FS = files
			return spin.Load(t.Context(), "spin.lock", &cfg)
		}
		name := filepath.Join(dir, "spin.lock")
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
		return spin.Load(t.Context(), name, &cfg)
	}
	withFiles := func(t *testing.T, dir, source, path string) *locked.App {
		a := lock(t, fileManifest(""), dir)
		for k := range a.Components {
			a.Components[k].Files = []locked.Mount{{Content: locked.FileContent(source), Path: path}}
		}
		return a
	}
	for _, where := range []string{"folder", "fs.FS"} {
		t.Run(where, func(t *testing.T) {
			files, dir := site(t, ""), ""
			delete(files, "spin.toml")
			if where == "folder" {
				dir = t.TempDir()
				if err := os.CopyFS(dir, files); err != nil {
					t.Fatal(err)
				}
			}
			app, err := load(t, dir, withFiles(t, dir+"/", dir+"/assets", "/site"), files, spin.Config{})
			if err != nil {
				t.Fatal(err)
			}
			wantText(t, app, "/3/mounts", "mounts: [\"/site\"]\n")
			wantText(t, app, "/3/read?path=index.html", "read: \"<h1>home</h1>\"\n")
			wantText(t, app, "/2/read?path=/site/css/main.css", "read: \"body {}\"\n")
			if w := ask(app, "/3/tour"); !strings.HasPrefix(w.Body.String(), "create: error ErrorCode::NotPermitted") {
				t.Errorf("%s", w.Body)
			}
			closeApp(t, app)

			_, err = load(t, dir, withFiles(t, dir+"/", dir+"/words.txt", "/"), files, spin.Config{})
			if err == nil || !strings.Contains(err.Error(), `component "files-p2": files: "words.txt": is no folder`) {
				t.Error(err)
			}
			_, err = load(t, dir, withFiles(t, dir+"/", dir+"/nothing", "/"), files, spin.Config{})
			if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "spin.lock:") {
				t.Error(err)
			}
			app, err = load(t, dir, withFiles(t, dir+"/", dir+"/empty", "/"), files, spin.Config{AllowTransientWrite: true})
			if dir == "" {
				if err == nil || !strings.Contains(err.Error(), "guests cannot write into Config.FS: remove Config.AllowTransientWrite") {
					t.Error(err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			wantText(t, app, "/3/tour", strings.ReplaceAll(tour3, `list: [`, `list: [".keep", `))
			closeApp(t, app)
		})
	}
}
