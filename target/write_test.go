package target_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/spinhost/spin/hostapi/wit"
	"github.com/spinhost/spin/target"
)

const hostWIT = `package acme:base@1.0.0;
interface unused { f: func(); }

package acme:store@0.2.6 {
  interface types {
    resource cursor { next: func() -> option<string>; }
    record pair { key: string, value: string }
  }
  interface store {
    use types.{cursor, pair};
    get: func(key: string) -> option<pair>;
    all: func() -> cursor;
  }
  world whole { import store; import acme:base/unused@1.0.0; }
}
package acme:web@0.2.0 {
  interface %interface { handle: func(path: string) -> string; }
}
package acme:web@0.3.0 {
  interface handler { handle: async func(path: string) -> string; }
  interface other { handle: async func(path: string) -> string; }
}
package acme:web@0.4.0-rc.1 {
  interface handler { handle: async func(path: string) -> string; }
}
`

func host(t *testing.T) target.Host {
	t.Helper()
	set, err := wit.Parse("host.wit", hostWIT)
	if err != nil {
		t.Fatal(err)
	}
	return target.Host{
		Name: "acme-host", Package: "acme:host@1.2.0", WIT: set,
		Imports: []string{"acme:store/store@0.2.1"},
		Triggers: []target.HostTrigger{
			{Type: "http", Exports: []string{"acme:web/handler@0.3.0", "acme:web/interface@0.2.0", "acme:web/handler@0.4.0-rc.1"}, Capabilities: []string{"local_service_chaining"}},
			{Type: "cron job"},
		},
	}
}

const wantDefinition = `[triggers]
[triggers.'cron job']
worlds = [{path = 'wit', world = 'acme:host/trigger-world@1.2.0'}]

[triggers.http]
worlds = [{path = 'wit', world = 'acme:host/http-handler@1.2.0'}, {path = 'wit', world = 'acme:host/http-interface@1.2.0'}, {path = 'wit', world = 'acme:host/http-handler-v2@1.2.0'}]
capabilities = ['local_service_chaining']
`

func TestWrite(t *testing.T) {
	files, err := target.Write(host(t))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(files["acme-host.toml"]); got != wantDefinition || len(files) != 2 {
		t.Errorf("wrote %d files\n%s", len(files), got)
	}
	if text := string(files["wit/host.wit"]); strings.Contains(text, "unused") || strings.Contains(text, "whole") || strings.Contains(text, "other") {
		t.Errorf("wrote\n%s", text)
	}
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys["env/"+name] = &fstest.MapFile{Data: text}
	}
	l := target.Loader{FS: fsys}
	e, err := l.Load(t.Context(), target.Reference{Path: "env/acme-host.toml"})
	if err != nil {
		t.Fatal(err)
	}
	store := target.Extern{Name: "acme:store/store@0.2.0", Kind: "instance", Items: []target.Extern{
		{Name: "cursor", Kind: "type"},
		{Name: "all", Kind: "function", Type: "func()->own<acme:store/types@0.2.0#cursor>"},
	}}
	types := target.Extern{Name: "acme:store/types@0.2.0", Kind: "instance", Items: []target.Extern{
		{Name: "[method]cursor.next", Kind: "function", Type: "func(self:borrow<acme:store/types@0.2.0#cursor>)->option<string>"},
	}}
	handler := target.Extern{Name: "acme:web/handler@0.4.0-rc.1", Kind: "instance", Items: []target.Extern{
		{Name: "handle", Kind: "function", Type: "async func(path:string)->string"},
	}}
	err = target.Check(target.App{
		Triggers: []target.AppTrigger{{Type: "http", Component: "a"}, {Type: "cron job", Component: "b"}},
		Components: []*target.Component{
			{ID: "a", Environments: []*target.Environment{e}, Imports: []target.Extern{types, store}, Exports: []target.Extern{handler}, Requirements: []string{"local_service_chaining"}},
			{ID: "b", Environments: []*target.Environment{e}, Imports: []target.Extern{store}},
		},
	})
	if err != nil {
		t.Error(err)
	}
}

func TestWriteErrors(t *testing.T) {
	tests := []struct {
		name   string
		change func(*target.Host)
		want   string
		cause  error
	}{
		{"name", func(h *target.Host) { h.Name = "../x" }, `the name "../x" cannot be that of a file`, nil},
		{"package", func(h *target.Host) { h.Package = "acme:host" }, `"acme:host" is not a package with version`, nil},
		{"package name", func(h *target.Host) { h.Package = "acme@1.0.0" }, `"acme@1.0.0" is not a package`, nil},
		{"no triggers", func(h *target.Host) { h.Triggers = nil }, "no triggers", nil},
		{"trigger twice", func(h *target.Host) { h.Triggers[1].Type = "http" }, `more than one trigger of type "http"`, nil},
		{"import", func(h *target.Host) { h.Imports[0] = "acme:store/store@0.3.0" }, `no WIT for the interface "acme:store/store@0.3.0"`, target.ErrNoInterface},
		{"export", func(h *target.Host) { h.Triggers[0].Exports[2] = "acme:web/handler@0.4.0-rc.2" }, `"acme:web/handler@0.4.0-rc.2"`, target.ErrNoInterface},
		{"no WIT", func(h *target.Host) { h.WIT = nil }, `"acme:store/store@0.2.1"`, target.ErrNoInterface},
		{"package of the host", func(h *target.Host) { h.Package = "acme:store@0.2.6" }, "write WIT", wit.ErrDuplicate},
	}
	for _, test := range tests {
		h := host(t)
		test.change(&h)
		files, err := target.Write(h)
		if err == nil || !strings.Contains(err.Error(), test.want) || files != nil {
			t.Errorf("%s: got %v", test.name, err)
		}
		if test.cause != nil && !errors.Is(err, test.cause) {
			t.Errorf("%s: cause of %v", test.name, err)
		}
	}
}
