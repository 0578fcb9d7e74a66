package spin_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/value"
	"github.com/spinhost/spin/hostapi"
)

// reached notes which part of an app has reached which function of the host.
type reached struct {
	mu    sync.Mutex
	calls map[string]int
}

// host returns an interface that answers calls of its functions with values.
func (r *reached) host(id, capability string, resources []string, answers map[string]any) hostapi.Interface {
	return hostapi.Interface{ID: id, Capability: capability, Bind: func(s *hostapi.Scope) (*abi.Interface, error) {
		i := &abi.Interface{ID: id, Resources: resources}
		for name, answer := range answers {
			i.Funcs = append(i.Funcs, abi.Func{Name: name, Type: "*", Serve: func(c *abi.Call) {
				r.mu.Lock()
				r.calls[s.Name()+" "+name]++
				r.mu.Unlock()
				c.DynamicReturn(answer)
			}})
		}
		return i, nil
	}}
}

// recording returns host interfaces for testdata/guests/wat/probe.wat.
func (r *reached) recording() hostapi.Registry {
	r.calls = map[string]int{}
	return spin.DefaultHostAPIs().With(
		r.host("fermyon:spin/key-value@2.0.0", "key_value_stores", []string{"store"}, map[string]any{"[static]store.open": value.OK("a store")}),
		r.host("wasi:keyvalue/store@0.2.0-draft2", "key_value_stores", []string{"bucket"}, map[string]any{"open": value.OK("a bucket")}),
		r.host("fermyon:spin/variables@2.0.0", "variables", nil, map[string]any{"get": value.OK("value")}),
		r.host("wasi:config/store@0.2.0-draft-2024-09-27", "variables", nil, map[string]any{"get": value.OK(value.Some("value"))}),
		r.host("wasi:cli/environment@0.2.0-rc-2023-10-18", "environment", nil, map[string]any{"get-environment": []any{value.Tuple{"A", "1"}, value.Tuple{"B", "2"}}}),
		r.host("acme:geo/lookup@1.0.0", "", nil, map[string]any{"here": uint32(7)}),
	)
}

// watFS has a manifest beside the components of testdata/guests/wat.
func watFS(t testing.TB, manifest string) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{"spin.toml": {Data: []byte(manifest)}}
	paths, err := filepath.Glob("testdata/guests/wat/*.wasm")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range paths {
		wasm, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(p)] = &fstest.MapFile{Data: wasm}
	}
	return files
}

const mainTOML = `spin_manifest_version = 2
[application]
name = "composed"
[trigger]
[component.main]
source = "main.wasm"
environment = { ONE = "1", TWO = "2", THREE = "3" }
`

func loadComposed(t testing.TB, manifest string, cfg spin.Config) (*spin.App, error) {
	t.Helper()
	cfg.FS = watFS(t, manifest)
	app, err := spin.Load(t.Context(), "spin.toml", &cfg)
	if err == nil {
		t.Cleanup(func() { closeApp(t, app) })
	}
	return app, err
}

// codes of the probe: what is allowed, and what is denied, in the order of its report.
const (
	kvAllowed, kvDenied           = 0, 3 // access-denied
	wkvAllowed, wkvDenied         = 0, 2 // access-denied
	varAllowed, varDenied         = 0, 2 // undefined
	configAllowed, configDenied   = 0, 2 // io
	envAllowed, envDenied         = 3, 0
	snapshotAllowed, snapshotNone = 2, 0
	clockAlways                   = 0
)

func TestDependencyReachesWhatItInherits(t *testing.T) {
	for inherit, allowed := range map[string][]string{
		"":                                    nil,
		"false":                               nil,
		"[]":                                  nil,
		"true":                                {"key_value_stores", "variables", "environment", "all"},
		`["key_value_stores"]`:                {"key_value_stores"},
		`["variables"]`:                       {"variables"},
		`["environment", "key_value_stores"]`: {"environment", "key_value_stores"},
		`["files", "ai_models"]`:              nil,
	} {
		t.Run(inherit, func(t *testing.T) {
			var r reached
			toml := mainTOML + "[component.main.dependencies]\n" + `"acme:probe/probe" = { path = "probe.wasm"`
			if inherit != "" {
				toml += ", inherit_configuration = " + inherit
			}
			app, err := loadComposed(t, toml+" }\n", spin.Config{HostAPIs: r.recording()})
			if err != nil {
				t.Fatal(err)
			}
			got, err := app.Invoke(t.Context(), "main", "acme:main/run#try")
			if err != nil {
				t.Fatal(err)
			}
			has := func(set string) bool { return strings.Contains(strings.Join(allowed, " "), set) }
			pick := func(set string, yes, no uint32) any {
				if has(set) {
					return yes
				}
				return no
			}
			want := []any{
				pick("key_value_stores", kvAllowed, kvDenied), pick("key_value_stores", wkvAllowed, wkvDenied),
				pick("variables", varAllowed, varDenied), pick("variables", configAllowed, configDenied),
				pick("environment", envAllowed, envDenied), pick("environment", snapshotAllowed, snapshotNone), uint32(clockAlways),
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("the probe saw %v, want %v", got, want)
			}
			calls := map[string]int{}
			if has("key_value_stores") {
				calls["main/acme:probe/probe [static]store.open"] = 1
				calls["main/acme:probe/probe open"] = 1
			}
			if has("variables") {
				calls["main/acme:probe/probe get"] = 2
			}
			if has("environment") {
				calls["main/acme:probe/probe get-environment"] = 1
			}
			if !reflect.DeepEqual(r.calls, calls) {
				t.Errorf("the host was reached by %v, want %v", r.calls, calls)
			}
			here, err := app.Invoke(t.Context(), "main", "acme:main/run@1.0.0#here")
			if has("all") != (err == nil && here == uint32(7)) || !has("all") && !strings.Contains(fmt.Sprint(err), "acme:geo/lookup") {
				t.Errorf("an interface of the user's: %v, %v", here, err)
			}
		})
	}
}

func TestReportSaysWhatADependencyUsed(t *testing.T) {
	var r reached
	app, err := loadComposed(t, mainTOML+`[component.main.dependencies]
"acme:probe/probe@1.0.0" = { path = "probe.wasm", inherit_configuration = ["variables"] }
`, spin.Config{HostAPIs: r.recording()})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := app.Invoke(t.Context(), "main", "acme:main/run#try"); err != nil {
			t.Fatal(err)
		}
	}
	list := app.Components()
	if len(list) != 1 || list[0].ID() != "main" || !slices.Equal(list[0].Functions(), []string{"acme:main/run@1.0.0#try", "acme:main/run@1.0.0#here"}) {
		t.Fatalf("components %v, functions %q", list, list[0].Functions())
	}
	if _, err := list[0].Invoke(t.Context(), "acme:main/run#try"); err != nil {
		t.Error(err)
	}
	got := app.Capabilities().String()
	for _, want := range []string{
		`component "main" (spin.toml:5:12)`,
		"granted  environment  ONE",
		`dependency "acme:probe/probe@1.0.0" (spin.toml:9:1), inherits variables`,
		"denied   fermyon:spin/key-value@2.0.0",
		"[static]store.open                                               denied 4",
		"allowed  fermyon:spin/variables@2.0.0",
		"returned 4",
		"denied   wasi:cli/environment@0.2.0-rc-2023-10-18",
		"denied   acme:geo/lookup@1.0.0",
		"allowed  wasi:clocks/monotonic-clock@0.2.6",
	} {
		if !strings.Contains(strings.Join(strings.Fields(got), " "), strings.Join(strings.Fields(want), " ")) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
}

func TestDependencyFaults(t *testing.T) {
	for name, c := range map[string]struct{ deps, want string }{
		"no such import":           {`"acme:other/thing" = { path = "probe.wasm" }`, `spin.toml:9:1: component "main": dependency "acme:other/thing": the component imports nothing of that name: write one of acme:probe/probe@1.1.0, or remove it`},
		"another track":            {`"acme:probe/probe@2.0.0" = { path = "probe.wasm" }`, "the component imports nothing of that name"},
		"no such file":             {`"acme:probe/probe" = { path = "nowhere.wasm" }`, `spin.toml:9:22: component "main": source "nowhere.wasm"`},
		"no such export":           {`"acme:probe/probe" = { path = "main.wasm" }`, `dependency "acme:probe/probe": it does not export "acme:probe/probe@1.1.0", which the component imports: it exports acme:main/run@1.0.0`},
		"an export that is none":   {`"acme:probe/probe" = { path = "probe.wasm", export = "acme:probe/prob@1.2.0" }`, `it does not export "acme:probe/prob@1.2.0"`},
		"unknown capability set":   {`"acme:probe/probe" = { path = "probe.wasm", inherit_configuration = ["key_value_store"] }`, `spin.toml:9:70: component "main": `},
		"not given at all":         {"", `acme:probe/probe@1.1.0`},
		"two files that are wrong": {`"acme:probe/probe" = { path = "nowhere.wasm" }` + "\n" + `"acme:zoo/zoo" = { path = "spin.toml" }`, "not a WebAssembly component"},
	} {
		t.Run(name, func(t *testing.T) {
			var r reached
			app, err := loadComposed(t, mainTOML+"[component.main.dependencies]\n"+c.deps+"\n", spin.Config{HostAPIs: r.recording()})
			if err == nil {
				_, err = app.Invoke(t.Context(), "main", "acme:main/run#try")
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

// A dependency that is a component of the app has the dependencies of that, each of which may
// use no more than every one around it.
func TestDependenciesOfDependencies(t *testing.T) {
	for name, c := range map[string]struct {
		outer, inner string
		key          uint32
	}{
		"both inherit":        {"true", "true", kvAllowed},
		"both inherit a set":  {`["key_value_stores"]`, `["key_value_stores"]`, kvAllowed},
		"only the outer does": {"true", "false", kvDenied},
		"only the inner does": {`["variables"]`, "true", kvDenied},
	} {
		t.Run(name, func(t *testing.T) {
			var r reached
			app, err := loadComposed(t, mainTOML+`[component.main.dependencies]
"acme:probe/probe" = { component = "middle", export = "acme:main/run@1.0.0", inherit_configuration = `+c.outer+` }
[component.middle]
source = "main.wasm"
dependencies."acme:probe/probe" = { path = "probe.wasm", inherit_configuration = `+c.inner+` }
`, spin.Config{HostAPIs: r.recording()})
			if err != nil {
				t.Fatal(err)
			}
			got, err := app.Invoke(t.Context(), "main", "acme:main/run#try")
			if err != nil {
				t.Fatal(err)
			}
			if codes := got.([]any); codes[0] != any(c.key) {
				t.Errorf("the probe saw %v", got)
			}
			if reached := r.calls["main/acme:probe/probe/acme:probe/probe [static]store.open"] == 1; reached != (c.key == kvAllowed) {
				t.Errorf("the host was reached by %v", r.calls)
			}
			main := app.Capabilities().Components[0]
			if len(main.Dependencies) != 1 || len(main.Dependencies[0].Dependencies) != 1 {
				t.Errorf("the report is\n%s", app.Capabilities())
			}
		})
	}
}
