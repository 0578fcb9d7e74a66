package target_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/spinhost/spin/hostapi/wit"
	"github.com/spinhost/spin/target"
)

const webWIT = `package acme:web@1.0.0;
interface handler { handle: func(path: string) -> string; }
interface later { handle: func(path: string) -> result<string>; }
interface log { resource line; write: func(l: line); flush: func(); }
world http { import log; export handler; }
world next { import log; export later; }
`

func files() fstest.MapFS {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	return fstest.MapFS{
		"envs/acme/acme.toml":     file("[triggers.http]\nworlds = [{ path = \"wit\", world = \"acme:web/http@1.0.0\" }]\n"),
		"envs/acme/acme@1.0.toml": file("[triggers.redis]\nworlds = [{ path = \"./wit/\", world = \"acme:web/http\" }]\n"),
		"envs/acme/wit/web.wit":   file(webWIT),
		"envs/broken/broken.toml": file("[triggers.http]\nworlds = [\n  { path = \"../../..\", world = \"acme:web/http\" },\n  { path = \"../acme/wit\", world = \"acme:web/htpp\" },\n" +
			"  { path = \"/etc\", world = \"acme:web/http\" }, { path = \"bad\", world = \"acme:web/http\" }, { path = \"none\", world = \"acme:web/http\" }, \"acme:web/http@1.0.0\" ]\n"),
		"envs/broken/bad/x.wit":   file("package a:b;\ninterface i { f: func(a: missing); }\n"),
		"envs/faulty/faulty.toml": file("[triggers.http]\nworlds = 1\n"),
		"large.toml":              file(strings.Repeat("#", 1<<20)),
	}
}

func TestLoad(t *testing.T) {
	l := &target.Loader{Catalogue: target.FSCatalogue(files()), FS: files()}
	tests := []struct {
		ref              target.Reference
		name, file       string
		trigger, missing string
	}{
		{target.Reference{Name: "acme"}, "acme", "envs/acme/acme.toml", "http", "redis"},
		{target.Reference{Name: "acme:1.0"}, "acme:1.0", "envs/acme/acme@1.0.toml", "redis", "http"},
		{target.Reference{Path: "./envs/x/../acme/acme.toml"}, "acme", "envs/acme/acme.toml", "http", "redis"},
	}
	for _, test := range tests {
		e, err := l.Load(t.Context(), test.ref)
		if err != nil {
			t.Error(err)
			continue
		}
		worlds := e.Worlds(test.trigger)
		if e.Name != test.name || e.File != test.file || len(worlds) != 1 || worlds[0].ID() != "acme:web/http@1.0.0" || e.Worlds(test.missing) != nil {
			t.Errorf("%s: got %s of %s with %v", test.ref, e.Name, e.File, worlds)
		}
	}
}

func TestLoadErrors(t *testing.T) {
	catalogue := target.FSCatalogue(files())
	full := &target.Loader{Catalogue: catalogue, FS: files(), HTTP: http.DefaultClient,
		World: func(context.Context, target.World) (*wit.World, error) { return nil, nil }}
	pos := target.Position{File: "spin.toml", Line: 3, Column: 12}
	tests := []struct {
		name string
		l    *target.Loader
		ref  target.Reference
		want string
		err  error
	}{
		{"position", full, target.Reference{Name: "acme:2.0", Pos: pos}, `spin.toml:3:12: target environment "acme:2.0": "acme:2.0": no such environment in the catalogue: write one of "acme", "acme:1.0"`, target.ErrNoEnvironment},
		{"name", full, target.Reference{Name: "amce"}, `"amce": no such environment in the catalogue: write one of "acme", "broken", "faulty"`, target.ErrNoEnvironment},
		{"way out", full, target.Reference{Name: "../acme"}, `"../acme" is no such environment: write a name`, target.ErrNoEnvironment},
		{"version with a way out", full, target.Reference{Name: "acme:../../x"}, `no such environment`, target.ErrNoEnvironment},
		{"hidden", full, target.Reference{Name: ".."}, `no such environment`, target.ErrNoEnvironment},
		{"no catalogue", &target.Loader{}, target.Reference{Name: "acme"}, "set Loader.Catalogue", target.ErrNoSource},
		{"no files", &target.Loader{}, target.Reference{Path: "x.toml"}, "set Loader.FS", target.ErrNoSource},
		{"no client", &target.Loader{}, target.Reference{URL: "https://localhost/x.toml"}, "set Loader.HTTP", target.ErrNoSource},
		{"no URL", full, target.Reference{URL: "ftp://localhost/x.toml"}, "write a URL", target.ErrNoEnvironment},
		{"no file", full, target.Reference{Path: "x.toml"}, "x.toml", fs.ErrNotExist},
		{"path out", full, target.Reference{Path: "../x.toml"}, "leads out of", fs.ErrInvalid},
		{"large", full, target.Reference{Path: "large.toml"}, "more than 65536 bytes", target.ErrLimit},
		{"fault", full, target.Reference{Name: "faulty"}, "envs/faulty/faulty.toml:2:10: triggers.http.worlds: must be an array", nil},
		{"world path out", full, target.Reference{Name: "broken"}, `envs/broken/broken.toml:3:3: world "acme:web/http": the path "../../.." leads out`, fs.ErrInvalid},
		{"world missing", full, target.Reference{Name: "broken"}, `broken.toml:4:3: world "acme:web/htpp": no such world in "envs/acme/wit": write one of "acme:web/http@1.0.0", "acme:web/next@1.0.0"`, target.ErrNoWorld},
		{"world absolute", full, target.Reference{Name: "broken"}, `the path "/etc" leads out`, nil},
		{"WIT", full, target.Reference{Name: "broken"}, `envs/broken/bad/x.wit:2:26: `, wit.ErrUndefined},
		{"no WIT", full, target.Reference{Name: "broken"}, `envs/broken/none`, fs.ErrNotExist},
		{"not in the registry", full, target.Reference{Name: "broken"}, `world "acme:web/http@1.0.0": no such world`, target.ErrNoWorld},
		{"no registry", &target.Loader{Catalogue: catalogue}, target.Reference{Name: "broken"}, `set Loader.World, or write { path = "wit", world = "acme:web/http@1.0.0" }`, target.ErrNoSource},
	}
	for _, test := range tests {
		e, err := test.l.Load(t.Context(), test.ref)
		var fault *target.LoadError
		if !errors.As(err, &fault) || fault.Reference != test.ref || e != nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got  %v\nwant %s", test.name, err, test.want)
		}
		if test.err != nil && !errors.Is(err, test.err) {
			t.Errorf("%s: cause of %v", test.name, err)
		}
	}
}

// Without a version a world must be the only one of its name.
func TestWorldOfTwoVersions(t *testing.T) {
	fsys := fstest.MapFS{
		"wit/web.wit": {Data: []byte("package a:host@1.0.0 { world w { import f: func(); } }\npackage a:host@2.0.0 { world w { import f: func(); } world only { import f: func(); } }\n")},
	}
	for world, want := range map[string]string{
		"a:host/w":       `world "a:host/w": no such world in "wit": write one of "a:host/w@1.0.0", "a:host/w@2.0.0"`,
		"a:host/w@3.0.0": `world "a:host/w@3.0.0": no such world in "wit"`,
		"a:host/w@2.0.0": "", "a:host/only": "",
	} {
		fsys["e.toml"] = &fstest.MapFile{Data: []byte("[triggers.http]\nworlds = [{ path = \"wit\", world = \"" + world + "\" }]\n")}
		_, err := (&target.Loader{FS: fsys}).Load(t.Context(), target.Reference{Path: "e.toml"})
		if want == "" && err != nil || want != "" && (!errors.Is(err, target.ErrNoWorld) || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: got %v", world, err)
		}
	}
}

// Worlds of registries come from the loader's function.
func TestRegistry(t *testing.T) {
	set, err := wit.Parse("web.wit", webWIT)
	if err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{"e.toml": {Data: []byte("[triggers.http]\nworlds = [\"acme:web/http@1.0.0\", { reference = \"r/x:1\", world = \"acme:web/next@1.0.0\" }]\n")}}
	var asked []string
	l := &target.Loader{FS: fsys, World: func(_ context.Context, w target.World) (*wit.World, error) {
		asked = append(asked, w.Registry+w.Reference)
		return set.World(w.Name.String()), nil
	}}
	e, err := l.Load(t.Context(), target.Reference{Path: "e.toml"})
	if err != nil || len(e.Worlds("http")) != 2 || fmt.Sprint(asked) != "[spinframework.dev r/x:1]" {
		t.Errorf("got %+v, %v, asked for %v", e, err, asked)
	}
	down := errors.New("the registry is down")
	l.World = func(context.Context, target.World) (*wit.World, error) { return nil, down }
	if _, err := l.Load(t.Context(), target.Reference{Path: "e.toml"}); !errors.Is(err, down) {
		t.Errorf("got %v", err)
	}
}

func TestURL(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/acme.toml":
			fmt.Fprint(w, "triggers = {}\n")
		case "/path.toml":
			fmt.Fprint(w, "[triggers.http]\nworlds = [{ path = \"wit\", world = \"acme:web/http\" }]\n")
		case "/large.toml":
			fmt.Fprint(w, strings.Repeat("#", 1<<20))
		case "/error.toml":
			w.WriteHeader(http.StatusTeapot)
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	l := &target.Loader{HTTP: server.Client(), FS: files()}
	e, err := l.Load(t.Context(), target.Reference{URL: server.URL + "/acme.toml"})
	if err != nil || e.Name != "acme" || e.File != server.URL+"/acme.toml" {
		t.Errorf("got %+v, %v", e, err)
	}
	for path, want := range map[string]error{
		"/path.toml": target.ErrNoSource, "/large.toml": target.ErrLimit, "/none.toml": target.ErrNoEnvironment, "/error.toml": nil,
	} {
		if _, err := l.Load(t.Context(), target.Reference{URL: server.URL + path}); err == nil || want != nil && !errors.Is(err, want) {
			t.Errorf("%s: got %v", path, err)
		}
	}
	withPassword := strings.Replace(server.URL, "http://", "http://me:hunter2@", 1)
	for _, path := range []string{"/path.toml", "/large.toml", "/none.toml", "/error.toml"} {
		if _, err := l.Load(t.Context(), target.Reference{URL: withPassword + path}); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: got %v", path, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.Load(ctx, target.Reference{URL: server.URL + "/acme.toml"}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
