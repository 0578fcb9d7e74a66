package spin_test

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/target"
	"github.com/spinhost/spin/trigger"
)

// withHost adds the definition of the host that cfg makes to files, in a folder.
func withHost(t testing.TB, cfg *spin.Config, dir string, files fstest.MapFS) fstest.MapFS {
	t.Helper()
	written, err := spin.EnvironmentDefinition(cfg, "our-host", "spinhost:host@1.0.0")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range written {
		files[dir+name] = &fstest.MapFile{Data: text}
	}
	return files
}

// forAll are names of guests that need nothing but what comes with spin.
var forAll = regexp.MustCompile(`^((files|hello|kv|sockets|sqlite|variables)-)?(p2|p3|rc)$|^hello-p1$|^(wasi-)?(october|november)$|^wasi-p[23]-net$|^inbound$|^middleware$`)

// Every guest that this host serves fits the definition that it gives of itself.
func TestGuestsFitTheirHost(t *testing.T) {
	paths, err := filepath.Glob("testdata/guests/rust/*.wasm")
	if err != nil || len(paths) < 10 {
		t.Fatal(paths, err)
	}
	text := "spin_manifest_version = 2\n[application]\nname = \"all\"\ntargets = [{ path = \"env/our-host.toml\" }]\n"
	files := withHost(t, nil, "env/", fstest.MapFS{})
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".wasm")
		if !forAll.MatchString(name) { // serves no requests, or is for hosts with interfaces of their own
			continue
		}
		files[name+".wasm"] = &fstest.MapFile{Data: rustGuest(t, name)}
		text += fmt.Sprintf("[component.%s]\nsource = \"%[1]s.wasm\"\n", name)
		if name == "middleware" {
			text += "[[trigger.http]]\nid = \"behind\"\nroute = \"/behind\"\ncomponent = \"hello-p3\"\ndependencies.middleware = [{ component = \"middleware\" }]\n"
			continue
		}
		text += fmt.Sprintf("[[trigger.http]]\nroute = \"/%s\"\ncomponent = \"%[1]s\"\n", name)
	}
	files["spin.toml"] = &fstest.MapFile{Data: []byte(text)}
	app, err := loadBundle(t, files, func(c *spin.Config) { c.Targets = &target.Loader{} })
	if err != nil {
		t.Fatal(err)
	}
	if w := ask(app, "/hello-p2"); w.Code != 200 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

const geoWIT = `package acme:geo@1.0.0;
interface lookup { here: func() -> u32; }
`

// composedTOML is the manifest of an app of which a component has a dependency, which imports
// acme:geo/lookup.
const composedTOML = `spin_manifest_version = 2
[application]
name = "composed"
targets = [{ path = "our-host.toml" }]
[[trigger.plain]]
component = "main"
[component.main]
source = "main.wasm"
dependencies."acme:probe/probe" = { path = "probe.wasm" }
`

// geo is an interface of the embedder's own.
func geo(wit string) hostapi.Interface {
	i := hostapi.Interface{ID: "acme:geo/lookup@1.0.0", Bind: func(*hostapi.Scope) (*abi.Interface, error) {
		return &abi.Interface{ID: "acme:geo/lookup@1.0.0", Funcs: []abi.Func{{Name: "here", Type: "*", Serve: func(c *abi.Call) { c.DynamicReturn(uint32(7)) }}}}, nil
	}}
	if wit != "" {
		i.WIT = fstest.MapFS{"wit/geo.wit": {Data: []byte(wit)}}
	}
	return i
}

// A host with interfaces of its own says so; another one does not have them.
func TestTargetsOfAComposedApp(t *testing.T) {
	plain := trigger.NewRegistry(&plainTrigger{kind: "plain"})
	apis := new(reached).recording().With(geo(geoWIT))
	env, _ := apis.Lookup("wasi:cli/environment@0.2.0-rc-2023-10-18")
	env.WIT = fstest.MapFS{"x.wit": {Data: []byte("package wasi:cli@0.2.0-rc-2023-10-18;\ninterface environment { get-environment: func() -> list<tuple<string, string>>; }\n")}}
	with := spin.Config{HostAPIs: apis.With(env), Triggers: plain}
	for name, c := range map[string]struct {
		host *spin.Config // of which there is the definition
		want []string
		is   error
	}{
		"the same host": {host: &with},
		"a host without it": {
			host: &spin.Config{HostAPIs: with.HostAPIs.Without("acme:geo/lookup@1.0.0"), Triggers: plain},
			want: []string{
				`spin.toml:7:12: component "main" does not fit the environment "our-host", as it conforms to no world for triggers of type "plain":`,
				`world spinhost:host/plain-world@1.0.0:`, `"acme:geo/lookup@1.0.0"`,
			},
			is: target.ErrWorld,
		},
		"a host with another of that name": {
			host: &spin.Config{HostAPIs: with.HostAPIs.With(geo(strings.Replace(geoWIT, "u32", "string", 1))), Triggers: plain},
			want: []string{`it imports the function "acme:geo/lookup@1.0.0#here" with the type func()->u32, and in the world it has the type func()->string`},
			is:   target.ErrWorld,
		},
		"a host without the trigger": {
			host: &spin.Config{HostAPIs: with.HostAPIs, Triggers: spin.DefaultTriggers()},
			want: []string{`spin.toml:5:11: the environment "our-host" does not run triggers of type "plain", only of type "http"`},
			is:   target.ErrTrigger,
		},
	} {
		t.Run(name, func(t *testing.T) {
			files := withHost(t, c.host, "", watFS(t, composedTOML))
			_, err := loadBundle(t, files, func(cfg *spin.Config) {
				*cfg = with
				cfg.FS, cfg.Targets = files, &target.Loader{}
			})
			if c.want == nil && err != nil || c.want != nil && !errors.Is(err, c.is) {
				t.Fatal(err)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got  %v\nwant %s", err, want)
				}
			}
		})
	}
}

// Environments are found by name, URL and path, and whatever is wrong is placed in the manifest.
func TestTargetsAreFound(t *testing.T) {
	catalogue := target.FSCatalogue(withHost(t, nil, "envs/our-host/", fstest.MapFS{}))
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/redis-only.toml" {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, "[triggers.redis]\nworlds = [\"acme:host/redis@1.0.0\"]\n")
	}))
	defer elsewhere.Close()
	for name, c := range map[string]struct {
		targets string
		loader  *target.Loader
		want    string
		is      error
	}{
		"nobody looks":     {`"no-such-host:1.0"`, nil, "", nil},
		"by name":          {`"our-host"`, &target.Loader{Catalogue: catalogue}, "", nil},
		"no such name":     {`"out-host"`, &target.Loader{Catalogue: catalogue}, `spin.toml:4:12: target environment "out-host": "out-host": no such environment in the catalogue: write one of "our-host"`, target.ErrNoEnvironment},
		"no catalogue":     {`"our-host"`, &target.Loader{}, "spin.toml:4:12: target environment", target.ErrNoSource},
		"no such path":     {`{ path = "env/our-host.toml" }`, &target.Loader{}, "spin.toml:4:12: target environment", nil},
		"outside":          {`{ path = "../our-host.toml" }`, &target.Loader{}, "spin.toml:4:12: target environment", nil},
		"no such URL":      {`{ url = "` + elsewhere.URL + `/x.toml" }`, &target.Loader{HTTP: elsewhere.Client()}, "spin.toml:4:12: target environment", target.ErrNoEnvironment},
		"no such registry": {`{ url = "` + elsewhere.URL + `/redis-only.toml" }`, &target.Loader{HTTP: elsewhere.Client()}, "spin.toml:4:12: target environment", target.ErrNoSource},
		"several":          {`"out-host", { path = "nothing.toml" }`, &target.Loader{Catalogue: catalogue}, "spin.toml:4:24: target environment", nil},
	} {
		t.Run(name, func(t *testing.T) {
			text := replaced("name = \"test\"\n", "name = \"test\"\ntargets = ["+c.targets+"]\n")
			_, err := loadBundle(t, bundle(text, map[string][]byte{"guest.wasm": guestP3.wasm(t)}), func(cfg *spin.Config) { cfg.Targets = c.loader })
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
			if c.is != nil && !errors.Is(err, c.is) {
				t.Errorf("%v is no %v", err, c.is)
			}
		})
	}
}

// Faults of targets come with those of components and triggers, and components that cannot be
// loaded are not told twice.
func TestTargetsAmongOtherFaults(t *testing.T) {
	text := strings.Replace(composedTOML, "main.wasm", "nothing.wasm", 1) + `
[[trigger.plain]]
component = "probe"
[component.probe]
source = "probe.wasm"
`
	host := &spin.Config{Triggers: trigger.NewRegistry(&plainTrigger{kind: "plain"})}
	files := withHost(t, host, "", watFS(t, text))
	_, err := loadBundle(t, files, func(c *spin.Config) {
		c.Targets, c.Triggers, c.HostAPIs = &target.Loader{}, host.Triggers, new(reached).recording()
	})
	var misfit *target.Error
	if !errors.As(err, &misfit) || misfit.Component != "probe" || strings.Count(err.Error(), `component "main"`) != 1 || !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

func TestEnvironmentDefinitionFaults(t *testing.T) {
	for name, c := range map[string]struct {
		cfg       *spin.Config
		name, pkg string
		want      string
		is        error
	}{
		"no WIT":      {&spin.Config{HostAPIs: spin.DefaultHostAPIs().With(geo(""))}, "x", "a:b@1.0.0", `no WIT for the interface "acme:geo/lookup@1.0.0": set WIT of its hostapi.Interface`, target.ErrNoInterface},
		"other WIT":   {&spin.Config{HostAPIs: spin.DefaultHostAPIs().With(geo(strings.Replace(geoWIT, "1.0.0", "2.0.0", 1)))}, "x", "a:b@1.0.0", `"acme:geo/lookup@1.0.0"`, target.ErrNoInterface},
		"wrong WIT":   {&spin.Config{HostAPIs: spin.DefaultHostAPIs().With(geo("package acme"))}, "x", "a:b@1.0.0", "the WIT of interface acme:geo/lookup@1.0.0: wit/geo.wit:1:", nil},
		"no name":     {nil, "", "a:b@1.0.0", "cannot be that of a file", nil},
		"no package":  {nil, "x", "a:b", "is not a package with version", nil},
		"of triggers": {&spin.Config{Triggers: trigger.NewRegistry(wantsExports{&plainTrigger{kind: "plain"}})}, "x", "a:b@1.0.0", `no WIT for the interface "acme:none/none": have WIT of the trigger "plain" return it`, target.ErrNoInterface},
	} {
		files, err := spin.EnvironmentDefinition(c.cfg, c.name, c.pkg)
		if err == nil || files != nil || !strings.Contains(err.Error(), c.want) || c.is != nil && !errors.Is(err, c.is) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

// wantsExports is a trigger whose WIT lacks what it wants.
type wantsExports struct{ *plainTrigger }

func (wantsExports) Exports() []string  { return []string{"acme:none/none"} }
func (wantsExports) WIT() fs.FS         { return nil }
func (wantsExports) Features() []string { return nil }
