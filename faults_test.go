package spin_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/internal/skiptest"
	"github.com/spinhost/spin/manifest"
)

// replaced is the minimal manifest with something else in a place of it.
func replaced(old, by string) string {
	if strings.Count(minimal, old) != 1 {
		panic(old)
	}
	return strings.Replace(minimal, old, by, 1)
}

// Each fault is one line: where it is, whose it is, what is wrong, what to write.
func TestFaults(t *testing.T) {
	handler := "wasi:http/handler@0.3.0"
	tests := []struct {
		behaviour string
		manifest  string
		wasm      []byte // of guest.wasm
		want      string
		is        error
	}{
		{
			"a source that is not there", replaced("guest.wasm", "gast.wasm"), nil,
			`spin.toml:10:10: component "guest": source "gast.wasm": open gast.wasm: file does not exist; build the component, or correct the path`, fs.ErrNotExist,
		},
		{
			"a source that was not built", minimal + "[component.guest.build]\ncommand = \"make guest\"\n", nil,
			`spin.toml:10:10: component "guest": source "guest.wasm": open guest.wasm: file does not exist; build the component with "make guest"`, fs.ErrNotExist,
		},
		{
			"a source that is a folder", replaced("guest.wasm", "."), nil,
			`spin.toml:10:10: component "guest": source ".": . is not a regular file`, nil,
		},
		{
			"a source outside of the file system", replaced("guest.wasm", "../guest.wasm"), nil,
			`spin.toml:10:10: component "guest": source "../guest.wasm": the path leads out of Config.FS`, nil,
		},
		{
			"an absolute source in a file system", replaced("guest.wasm", "/guest.wasm"), nil,
			`spin.toml:10:10: component "guest": source "/guest.wasm": the path leads out of Config.FS`, nil,
		},
		{
			"an empty source file", minimal, []byte{},
			`spin.toml:10:10: component "guest": source "guest.wasm": not a WebAssembly component`, spin.ErrNotComponent,
		},
		{
			"text", minimal, []byte("(component)"),
			`spin.toml:10:10: component "guest": source "guest.wasm": not a WebAssembly component`, spin.ErrNotComponent,
		},
		{
			"a core module", minimal, []byte("\x00asm\x01\x00\x00\x00"),
			`spin.toml:10:10: component "guest": source "guest.wasm": core module: not a WebAssembly component without a component type, and no program either, which would export _start; ` +
				`build for the target wasm32-wasip2, or make a component of it with wasm-tools component new`, spin.ErrCoreModule,
		},
		{
			"an import that nobody knows", minimal, tiny([]string{"wasi:http/typos@0.2.0"}, nil),
			`spin.toml:10:10: component "guest": source "guest.wasm": import "wasi:http/typos@0.2.0": ` +
				`the host does not provide it; did you mean "wasi:http/types@0.3.0"?`, nil,
		},
		{
			"an import that resembles nothing", minimal, tiny([]string{"acme:rockets/launch-pad@7.0.0"}, nil),
			`spin.toml:10:10: component "guest": source "guest.wasm": import "acme:rockets/launch-pad@7.0.0": the host does not provide it`, nil,
		},
		{
			"no export", minimal, tiny(nil, nil),
			`spin.toml:7:1: component "guest" exports no HTTP handler: an HTTP trigger needs wasi:http/handler@0.3.0 or wasi:http/incoming-handler@0.2.0`, nil,
		},
		{
			"an export that nobody serves", minimal, tiny([]string{"wasi:cli/environment@0.2.0"}, []string{"acme:rockets/launch@7.0.0"}),
			`spin.toml:7:1: component "guest" exports no HTTP handler: an HTTP trigger needs wasi:http/handler@0.3.0 or wasi:http/incoming-handler@0.2.0`, nil,
		},
		{
			"a handler without function", minimal, tiny([]string{"wasi:cli/environment@0.2.0"}, []string{handler}),
			`spin.toml:7:1: component "guest": component has no exported function "wasi:http/handler@0.3.0#handle"`, nil,
		},
		{
			"a trigger that nobody knows", replaced("[[trigger.http]]", "[[trigger.htp]]"), nil,
			`spin.toml:5:11: there is no trigger "htp": write one of http, or add it to Config.Triggers`, nil,
		},
		{
			"a trigger to come", replaced("[[trigger.http]]", "[[trigger.redis]]"), nil,
			`spin.toml:5:11: the trigger "redis" is not supported yet: remove its entries`, spin.ErrUnsupported,
		},
		{
			"a key with a typing mistake", replaced("source", "sorce"), nil,
			"spin.toml:9:12: component.guest: the key \"source\" is missing: write source = \"path/to/component.wasm\"\n" +
				`spin.toml:10:1: component.guest.sorce: unknown key "sorce": did you mean "source"?`, manifest.ErrUnknownKey,
		},
		{
			"a key of the trigger with a typing mistake", replaced("route", "rout"), tiny(nil, nil),
			`spin.toml:6:1: trigger.http[0].rout: unknown key "rout": did you mean "route"?`, manifest.ErrUnknownKey,
		},
		{
			"a component that is not there", replaced(`component = "guest"`, `component = "gast"`), nil,
			`spin.toml:7:13: trigger.http[0].component: there is no component "gast": write one of "guest", or add the table [component.gast]`, nil,
		},
		{
			"a bad route", replaced("/...", "/.../x"), tiny(nil, nil),
			`spin.toml:6:1: route "/.../x", character 2: a wildcard matches all the rest of a path and can only be the end of a route; use a parameter such as ":name" for one part of it`, nil,
		},
		{
			"text that is no manifest", "not toml\n", nil,
			`spin.toml:1:5: expected '=' after key`, manifest.ErrSyntax,
		},
		{
			"a version to come", "spin_manifest_version = 3\n", nil,
			`spin.toml:1:25: spin_manifest_version: the manifest version is 3: write spin_manifest_version = 2`, manifest.ErrVersion,
		},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			components := map[string][]byte{}
			if tt.wasm != nil {
				components["guest.wasm"] = tt.wasm
			}
			_, err := loadBundle(t, bundle(tt.manifest, components), nil)
			if err == nil {
				t.Fatal("it loads")
			}
			if err.Error() != tt.want {
				t.Errorf("got  %s\nwant %s", err, tt.want)
			}
			if tt.is != nil && !errors.Is(err, tt.is) {
				t.Errorf("%v is no %v", err, tt.is)
			}
			var e *spin.Error
			var m *manifest.Error
			if !errors.As(err, &e) && !errors.As(err, &m) {
				t.Errorf("%T has no position", err)
			}
		})
	}
}

func TestFaultTellsComponentAndImport(t *testing.T) {
	_, err := loadBundle(t, bundle(minimal, map[string][]byte{"guest.wasm": tiny([]string{"acme:a/b"}, nil)}), nil)
	var e *spin.Error
	var i *spin.ImportError
	if !errors.As(err, &e) || e.Component != "guest" || e.Pos.Line != 10 || e.Pos.Column != 10 {
		t.Errorf("%+v", e)
	}
	if !errors.As(err, &i) || i.Import != "acme:a/b" {
		t.Errorf("%+v", i)
	}
}

// Faults of several components and triggers come together, once each, in the file's order.
func TestFaultsComeTogether(t *testing.T) {
	const text = `spin_manifest_version = 2
[application]
name = "test"

[[trigger.http]]
route = "/a"
component = "one"

[[trigger.http]]
route = "/b"
component = "one"

[[trigger.http]]
route = "/:"
component = "two"

[[trigger.timer]]
component = "one"

[[trigger.http]]
route = "/c"
component = "two"

[component.two]
source = "two.wasm"
[component.one]
source = "one.wasm"
[component.nobody-asks-for-it]
source = "three.wasm"
`
	_, err := loadBundle(t, bundle(text, nil), nil)
	want := `spin.toml:14:1: route "/:", character 2: ":" needs the name of a parameter after it, as in "/:id"
spin.toml:17:11: there is no trigger "timer": write one of http, or add it to Config.Triggers
spin.toml:25:10: component "two": source "two.wasm": open two.wasm: file does not exist; build the component, or correct the path
spin.toml:27:10: component "one": source "one.wasm": open one.wasm: file does not exist; build the component, or correct the path`
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

func TestUnsupportedKeys(t *testing.T) {
	tests := map[string]string{
		"another trigger beside it": minimal + "[[trigger.redis]]\nchannel = \"x\"\ncomponent = \"guest\"\n",
	}
	for what, text := range tests {
		t.Run(what, func(t *testing.T) {
			_, err := loadBundle(t, bundle(text, map[string][]byte{"guest.wasm": guestP3.wasm(t)}), nil)
			if err == nil {
				t.Fatal("it loads")
			}
			if !strings.Contains(err.Error(), "not supported yet") || !strings.HasPrefix(err.Error(), "spin.toml:") || strings.Contains(err.Error(), "\n") {
				t.Error(err)
			}
			if !errors.Is(err, spin.ErrUnsupported) {
				t.Errorf("%v is no ErrUnsupported", err)
			}
		})
	}
}

func TestManifestThatIsNotThere(t *testing.T) {
	for _, cfg := range []*spin.Config{nil, {FS: fstest.MapFS{}}} {
		name := "nowhere/spin.toml"
		if cfg == nil {
			name = filepath.Join(t.TempDir(), name)
		}
		if _, err := spin.Load(context.Background(), name, cfg); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), name) {
			t.Error(err)
		}
	}
}

func TestTwoTriggersOfOneRoute(t *testing.T) {
	log := new(buffer)
	text := minimal + "[[trigger.http]]\nid = \"second\"\nroute = \"/...\"\ncomponent = \"guest\"\n"
	app, err := loadBundle(t, bundle(text, map[string][]byte{"guest.wasm": guestP3.wasm(t)}), func(c *spin.Config) { c.Logger = logTo(log, 0) })
	if err != nil {
		t.Fatal(err)
	}
	if r := app.Routes(); len(r) != 1 || r[0].ID != "second" {
		t.Errorf("%+v", r)
	}
	if want := `level=ERROR msg="spin.toml:13:1: route \"/...\" is used by two triggers: the later one counts" trigger=http trigger=second replaced=guest-http-trigger`; !strings.Contains(log.String(), want) {
		t.Errorf("log: %s", log)
	}
}

func TestSettingsOfComponentsThatAreNotThere(t *testing.T) {
	_, err := loadBundle(t, bundle(minimal, nil), func(c *spin.Config) {
		c.Components = map[string]spin.ComponentConfig{"guest": {}, "gest": {}, "cart": {}}
	})
	want := "Config.Components: spin.toml has no component \"cart\"\nConfig.Components: spin.toml has no component \"gest\""
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestFilesThatAreTooLarge(t *testing.T) {
	large := bundle(minimal+strings.Repeat("# nothing\n", 1<<17), nil)
	dir := writeBundle(t, large)
	for _, cfg := range []*spin.Config{{FS: large}, {FS: os.DirFS(dir)}} {
		if _, err := spin.Load(context.Background(), "spin.toml", cfg); !errors.Is(err, manifest.ErrLimit) {
			t.Error(err)
		}
	}
	if _, err := spin.Load(context.Background(), dir, nil); !errors.Is(err, manifest.ErrLimit) {
		t.Error(err)
	}
	dir = writeBundle(t, bundle(minimal, map[string][]byte{"guest.wasm": nil}))
	if err := os.Truncate(filepath.Join(dir, "guest.wasm"), 1<<30); err != nil { // takes no room
		skiptest.Lacking(t, err)
	}
	_, err := spin.Load(context.Background(), dir, nil)
	if err == nil || !strings.HasSuffix(err.Error(), "guest.wasm has 1073741824 bytes, at most 536870912 are allowed") {
		t.Error(err)
	}
}
