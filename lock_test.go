package spin_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/manifest"
	"github.com/spinhost/spin/manifest/locked"
	"github.com/spinhost/spin/registry"
)

// lock makes a locked app of a manifest.
func lock(t testing.TB, text, dir string) *locked.App {
	t.Helper()
	m, err := manifest.Parse("spin.toml", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	a, err := locked.FromManifest(m, locked.Options{Dir: dir, Origin: "file://" + dir + "/spin.toml"})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func marshal(t testing.TB, a *locked.App) []byte {
	t.Helper()
	text, err := a.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func shopFiles(t testing.TB) fstest.MapFS {
	files := fstest.MapFS{}
	for _, name := range []string{"hello-p2", "hello-p3", "hello-rc", "middleware"} {
		files["shop/"+name+".wasm"] = &fstest.MapFile{Data: rustGuest(t, name)}
	}
	return files
}

// An app that was locked is the same app, with the middleware of its routes.
func TestLockedAppIsTheSame(t *testing.T) {
	t.Run("in a file system that is given", func(t *testing.T) {
		files := shopFiles(t)
		files["shop/spin.lock"] = &fstest.MapFile{Data: marshal(t, lock(t, shopTOML, "/shop"))}
		for _, name := range []string{"shop", "shop/spin.lock"} {
			app, err := spin.Load(t.Context(), name, &spin.Config{FS: files})
			if err != nil {
				t.Fatal(err)
			}
			askShop(t, app)
			closeApp(t, app)
		}
	})
	t.Run("in the machine's", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.CopyFS(dir, shopFiles(t)); err != nil {
			t.Fatal(err)
		}
		text := marshal(t, lock(t, shopTOML, filepath.ToSlash(dir)+"/shop"))
		for _, name := range []string{"shop/spin.lock", "elsewhere.json"} { // beside the components, and not
			name = filepath.Join(dir, name)
			if err := os.WriteFile(name, text, 0o600); err != nil {
				t.Fatal(err)
			}
			app, err := spin.Load(t.Context(), name, nil)
			if err != nil {
				t.Fatal(err)
			}
			askShop(t, app)
			closeApp(t, app)
		}
	})
}

// What dependencies inherit, and the settings of triggers, are the same too.
func TestLockedDependenciesAndSettings(t *testing.T) {
	text := strings.Replace(mainTOML, "[trigger]", "trigger.settled.speed = 5\n[[trigger.settled]]\ncomponent = \"main\"", 1) +
		`dependencies."acme:probe/probe" = { path = "probe.wasm", inherit_configuration = ["environment"] }` + "\n"
	var calls []string
	for _, load := range []func(fstest.MapFS){
		func(fstest.MapFS) {},
		func(files fstest.MapFS) { files["spin.toml"].Data = marshal(t, lock(t, text, "/")) }, // told by its content
	} {
		files := watFS(t, text)
		load(files)
		var r reached
		s := &settled{plainTrigger: plainTrigger{kind: "settled"}}
		app, err := loadBundle(t, files, func(c *spin.Config) {
			c.HostAPIs, c.Triggers = r.recording(), spin.DefaultTriggers().With(s)
		})
		if err != nil {
			t.Fatal(err)
		}
		got, err := app.Invoke(t.Context(), "main", "acme:main/run#try")
		if err != nil {
			t.Fatal(err)
		}
		calls = append(calls, fmt.Sprint(got, r.calls, s.speed))
	}
	if calls[0] != calls[1] || !strings.HasSuffix(calls[0], " 5") {
		t.Errorf("the manifest: %s\nthe lock:     %s", calls[0], calls[1])
	}
}

// TestLockedContent loads a lock whose one component is given in several ways.
func TestLockedContent(t *testing.T) {
	wasm, other := guestP3.wasm(t), guestP2.wasm(t)
	sum, wrong := registry.DigestOf(wasm).String(), registry.DigestOf(other).String()
	cache := t.TempDir()
	if _, err := registry.NewCache(cache).Put(wasm); err != nil {
		t.Fatal(err)
	}
	file := locked.FileContent("/guest.wasm").Source
	for name, c := range map[string]struct {
		content locked.Content
		cache   string
		want    string // parts of the error
		is      error
	}{
		"a file with its digest":      {content: locked.Content{Source: file, Digest: sum}},
		"a file with another digest":  {content: locked.Content{Source: file, Digest: wrong}, want: "spin.lock:24:7: component \"guest\": source \"guest.wasm\": the file guest.wasm: is " + sum + " and not " + wrong, is: registry.ErrDigest},
		"a file with no digest":       {content: locked.Content{Source: file, Digest: "sha256:../x"}, want: `spin.lock: components[0].source: digest "sha256:../x" is not`, is: locked.ErrDigest},
		"a file that is not there":    {content: locked.FileContent("/nothing.wasm"), want: `spin.lock:24:7: component "guest": source "nothing.wasm": open nothing.wasm`},
		"a file above the root":       {content: locked.FileContent("/../guest.wasm")},
		"inline":                      {content: locked.Content{Inline: wasm}},
		"inline with its digest":      {content: locked.Content{Inline: wasm, Digest: sum}},
		"inline with another":         {content: locked.Content{Inline: wasm, Digest: wrong}, want: "spin.lock: components[0].source: the inline content: is " + sum, is: registry.ErrDigest},
		"inline, no component":        {content: locked.Content{Inline: []byte("x")}, want: "spin.lock:24:7: component \"guest\"", is: spin.ErrNotComponent},
		"a digest that the cache has": {content: locked.Content{Digest: sum}, cache: cache},
		"a digest that it has not":    {content: locked.Content{Digest: wrong}, cache: cache, want: "write a source, or set Config.SourceCache to a folder that has it", is: registry.ErrNotFound},
		"a digest without cache":      {content: locked.Content{Digest: sum}, cache: "-", want: "only the digest of the content is known"},
		"nothing":                     {want: "spin.lock: components[0].source: the content has neither a source nor a digest"},
		"a URL without digest":        {content: locked.Content{Source: "https://example.com/a.wasm"}, want: "spin.lock: components[0].source: ", is: locked.ErrNoFile},
	} {
		t.Run(name, func(t *testing.T) {
			a := lock(t, minimal, "/")
			a.Components[0].Source.Content = c.content
			app, err := spin.Load(t.Context(), "spin.lock", &spin.Config{SourceCache: c.cache, FS: fstest.MapFS{
				"spin.lock": {Data: marshal(t, a)}, "guest.wasm": {Data: wasm},
			}})
			if c.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				if w := ask(app, "/hello"); w.Code != 200 {
					t.Errorf("%d %s", w.Code, w.Body)
				}
				closeApp(t, app)
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.want) || c.is != nil && !errors.Is(err, c.is) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

// Faults are placed in the JSON, by whoever they are found.
func TestLockFaults(t *testing.T) {
	const app = `{"spin_lock_version": 1,
 "metadata": {"name": "test", "triggers": {"http": {}}},
 "variables": {"v": {"default": "x"}},
 "triggers": [
  {"id": "t", "trigger_type": "http",
   "trigger_config": {"component": "guest",
    "route": "/..."}}],
 "components": [
  {"id": "guest",
   "source": {"content_type": "application/wasm",
    "source": "file:///guest.wasm"},
   "config": {"w": "{{ v }}"},
   "metadata": {
    "key_value_stores": ["default"]}}]
}`
	for name, c := range map[string]struct {
		from, to string
		profile  string
		want     []string
		is       error
	}{
		"not JSON":          {from: `"variables": {"v"`, to: `"variables" {"v"`, want: []string{"spin.lock:3:14: the text is not JSON"}, is: locked.ErrSyntax},
		"version":           {from: `version": 1`, to: `version": 2`, want: []string{`spin.lock:1:23: spin_lock_version: the version is "2"`}, is: locked.ErrVersion},
		"route":             {from: "/...", to: "/:", want: []string{`spin.lock:7:5: route "/:", character 2`}},
		"settings":          {from: `"http": {}`, to: `"http": {"base": "/x"}`, want: []string{"spin.lock:2:53: base is not supported any more"}},
		"file":              {from: "/guest.wasm", to: "/ghost.wasm", want: []string{`spin.lock:10:4: component "guest": source "ghost.wasm"`}},
		"template":          {from: "{{ v }}", to: "{{ w }}", want: []string{`spin.lock:12:5: component.guest.variables.w: the application has no variable "w"`}},
		"store":             {from: `"default"]`, to: `"other"]`, want: []string{`spin.lock:14:5: component "guest": `, "other"}},
		"trigger":           {from: `_type": "http"`, to: `_type": "cron"`, want: []string{`spin.lock:5:3: there is no trigger "cron"`}},
		"several":           {from: `"file:///guest.wasm"},`, to: `"ftp://guest.wasm"}, "host_requirements": {"middleware": 1, "telepathy": 1},`, want: []string{"components[0].host_requirements.telepathy: the app requires"}, is: locked.ErrRequirement},
		"another profile":   {profile: "debug", want: []string{`spin.lock: the app is locked with the profile "", and Config.Profile is "debug"`}},
		"files":             {from: `"config": `, to: `"files": [{"path": "/x", "inline": "aGk"}], "config": `, want: []string{"spin.lock: components[0].files[0]: content of files that is no folder is not supported yet"}, is: spin.ErrUnsupported},
		"what no TOML says": {from: `"route"`, to: `"id": "x", "route"`, want: []string{"spin.lock: triggers[0].trigger_config.id: no manifest can say it"}, is: locked.ErrManifest},
		"id":                {from: `"id": "guest"`, to: `"id": "my_guest"`, want: []string{"spin.lock:9:3: ", "my_guest"}},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(app, c.from, c.to, 1)
			if c.from != "" && text == app {
				t.Fatal("nothing was replaced")
			}
			a, err := spin.Load(t.Context(), "spin.lock", &spin.Config{Profile: c.profile, FS: fstest.MapFS{
				"spin.lock": {Data: []byte(text)}, "guest.wasm": {Data: guestP3.wasm(t)},
			}})
			if err == nil {
				closeApp(t, a)
				t.Fatal("it loads")
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got  %v\nwant %s", err, want)
				}
			}
			if c.is != nil && !errors.Is(err, c.is) {
				t.Errorf("%v is no %v", err, c.is)
			}
		})
	}
}

// A trigger that knows no middleware does not run what needs it, be it named so or not.
func TestLockRequirements(t *testing.T) {
	a := lock(t, strings.ReplaceAll(minimal, "http", "plain"), "/")
	for _, feature := range []string{locked.Middleware, locked.ServiceChaining} {
		a.Components[0].HostRequirements = locked.Values{feature: locked.Required}
		_, err := spin.Load(t.Context(), ".", &spin.Config{
			FS:       fstest.MapFS{"spin.lock": {Data: marshal(t, a)}, "guest.wasm": {Data: guestP3.wasm(t)}},
			Triggers: spin.DefaultTriggers().With(&plainTrigger{kind: "plain"}),
		})
		if !errors.Is(err, locked.ErrRequirement) || !strings.Contains(err.Error(), `spin.lock: the app needs a host that supports "`+feature+`" for triggers of type "plain"`) {
			t.Errorf("%s: %v", feature, err)
		}
	}
}
