package http_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	httptrigger "github.com/spinhost/spin/trigger/http"
)

// guestOf is a component that is never called.
func guestOf(exports ...string) *component {
	return &component{id: "guest", exports: exports, serve: func(*guest) {}}
}

func TestBadEntries(t *testing.T) {
	tests := []struct {
		behaviour, entry string
		want             []string // parts of the error
	}{
		{"no route", `component = "guest"`, []string{"spin.toml:4:1", `add route = "/..."`}},
		{"a route of another kind", "component = \"guest\"\nroute = 3", []string{"spin.toml:6:9", `{ private = true }`}},
		{"a route that is not private", "component = \"guest\"\nroute = { private = false }", []string{"spin.toml:6:1", "is no route"}},
		{"another key in a private route", "component = \"guest\"\nroute = { private = true, x = 1 }", []string{"spin.toml:6:"}},
		{"no component", `route = "/"`, []string{"spin.toml:4:1", `neither "component" nor "static_response"`}},
		{"a private static response", "route = { private = true }\nstatic_response = { }", []string{"spin.toml:5:1", "nobody could reach"}},
		{"a static response with an executor", "route = \"/\"\nstatic_response = { }\nexecutor = { type = \"http\" }", []string{"spin.toml:7:1", "needs no executor"}},
		{"a status that does not end an exchange", "route = \"/\"\nstatic_response = { status_code = 101 }", []string{"spin.toml:6:1", "101 is no status"}},
		{"a status that is no number", "route = \"/\"\nstatic_response = { status_code = \"404\" }", []string{"spin.toml:6:35", "status_code"}},
		{"a body where there is none", "route = \"/\"\nstatic_response = { status_code = 204, body = \"x\" }", []string{"spin.toml:6:1", "204 has no body"}},
		{"a header field with a bad name", "route = \"/\"\nstatic_response = { headers = { \"a b\" = \"c\" } }", []string{"spin.toml:6:1", `"a b" is no name`}},
		{"a header field with a line break", "route = \"/\"\nstatic_response = { headers = { a = \"b\\r\\nc: d\" } }", []string{"spin.toml:6:1", `"a" has a control character`}},
		{"a header field of the connection", "route = \"/\"\nstatic_response = { headers = { Transfer-Encoding = \"chunked\" } }", []string{"spin.toml:6:1", "set by the server"}},
		{"a header field that is no text", "route = \"/\"\nstatic_response = { headers = { a = 1 } }", []string{"spin.toml:6:", "a string"}},
		{"a static response beside a component", "route = \"/\"\ncomponent = \"guest\"\nstatic_response = { }", []string{"spin.toml:7:1", "both"}},
		{"the executor wagi for what is no program", "route = \"/\"\ncomponent = \"guest\"\nexecutor = { type = \"wagi\" }", []string{"spin.toml:6:1", `is no program`, "wasi:cli/run@0.2.0"}},
		{"another entry point of a program", "route = \"/\"\ncomponent = \"guest\"\nexecutor = { type = \"wagi\", entrypoint = \"main\" }", []string{"spin.toml:7:1", `can only be "_start"`}},
		{"an unknown executor", "route = \"/\"\ncomponent = \"guest\"\nexecutor = { type = \"cgi\" }", []string{"spin.toml:7:1", `unknown executor "cgi"`}},
		{"arguments for an executor", "route = \"/\"\ncomponent = \"guest\"\nexecutor = { type = \"http\", argv = \"x\" }", []string{"spin.toml:7:1", "argv"}},
		{"an unknown key", "route = \"/\"\ncomponent = \"guest\"\npath = \"/x\"", []string{"spin.toml:7:1", `unknown key "path"`}},
		{"a wildcard in the middle", "route = \"/a/.../b\"\ncomponent = \"guest\"", []string{"spin.toml:5:1", "character 4", "can only be the end"}},
		{"an asterisk in the middle", "route = \"/a/*/b\"\ncomponent = \"guest\"", []string{"spin.toml:5:1", "character 4", "can only be the end"}},
		{"a parameter without a name", "route = \"/a/:\"\ncomponent = \"guest\"", []string{"spin.toml:5:1", "character 4", "name of a parameter"}},
		{"a wildcard with a name", "route = \"/*rest\"\ncomponent = \"guest\"", []string{"spin.toml:5:1", "character 2", "no name"}},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			_, err := tryLoad(httptrigger.Config{}, "[[trigger.http]]\n"+tt.entry+"\n", guestOf(export3))
			if err == nil {
				t.Fatal("it loads")
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%v\nhas no %q", err, want)
				}
			}
		})
	}
}

func TestSettings(t *testing.T) {
	const entry = "[[trigger.http]]\nroute = \"/\"\ncomponent = \"guest\"\n"
	for _, tt := range []struct{ settings, log, fault string }{
		{"", "", ""},
		{`base = "/"`, `spin.toml:5:1: base = \"/\" has no effect any more`, ""},
		{`base = "/api"`, "", `spin.toml:5:1: base is not supported any more: remove it, and begin the route of each trigger with "/api"`},
		{`base = ""`, "", "spin.toml:5:1: base is not supported any more"},
		{"base = 3", "", "spin.toml:5:8"},
		{`bass = "/"`, "", `spin.toml:5:1: application.trigger.http.bass: unknown key "bass": did you mean "base"?`},
	} {
		a, err := tryLoad(httptrigger.Config{}, "[application.trigger.http]\n"+tt.settings+"\n"+entry, guestOf(export3))
		switch {
		case tt.fault != "":
			if err == nil || !strings.Contains(err.Error(), tt.fault) {
				t.Errorf("%s: %v, want %s", tt.settings, err, tt.fault)
			}
		case err != nil:
			t.Errorf("%s: %v", tt.settings, err)
		case tt.log == "" && a.host.log.String() != "" || !strings.Contains(a.host.log.String(), tt.log):
			t.Errorf("%s: logged %s", tt.settings, a.host.log.String())
		}
	}
	_, err := tryLoad(httptrigger.Config{}, "[application.trigger.http]\nbase = \"/x\"\n[[trigger.http]]\nroute = \"/\"\n", guestOf(export3))
	if err == nil || !strings.Contains(err.Error(), "spin.toml:5:1") || !strings.Contains(err.Error(), "spin.toml:6:1") {
		t.Errorf("%v, want the faults of both", err)
	}
}

func TestAllFaultsAreReportedAtOnce(t *testing.T) {
	_, err := tryLoad(httptrigger.Config{}, "[[trigger.http]]\nroute = \"/:\"\ncomponent = \"guest\"\n[[trigger.http]]\nroute = \"/\"\n", guestOf(export3))
	if err == nil || !strings.Contains(err.Error(), "spin.toml:5:1") || !strings.Contains(err.Error(), "spin.toml:7:1") {
		t.Errorf("%v", err)
	}
}

func TestExecutorHTTPIsTheDefault(t *testing.T) {
	for _, name := range []string{"http", "spin"} {
		load(t, httptrigger.Config{}, single("/")+"executor = { type = \""+name+"\" }\n", guestOf(export2))
	}
}

func TestHandlers(t *testing.T) {
	tests := []struct {
		behaviour string
		exports   []string
		want      []string // parts of the error; none if it loads
	}{
		{"0.2.0", []string{"wasi:http/incoming-handler@0.2.0"}, nil},
		{"another 0.2", []string{"wasi:http/incoming-handler@0.2.12"}, nil},
		{"0.3.0", []string{"wasi:http/handler@0.3.0"}, nil},
		{"another 0.3", []string{"wasi:http/handler@0.3.7"}, nil},
		{"the candidate of 0.3", []string{"wasi:http/handler@0.3.0-rc-2026-03-15"}, nil},
		{"beside other exports", []string{"wasi:cli/run@0.2.0", "wasi:http/handler@0.3.0", "init"}, nil},
		{"none", nil, []string{"exports no HTTP handler", "wasi:http/handler@0.3.0"}},
		{"others only", []string{"wasi:cli/run@0.2.0", "spin:redis/inbound-redis@3.0.0"}, []string{"exports no HTTP handler"}},
		{"two versions", []string{"wasi:http/handler@0.3.0", "wasi:http/incoming-handler@0.2.0"}, []string{"several", "wasi:http/handler@0.3.0 and wasi:http/incoming-handler@0.2.0"}},
		{"the candidate beside the release", []string{"wasi:http/handler@0.3.0", "wasi:http/handler@0.3.0-rc-2026-03-15"}, []string{"several"}},
		{"an old one beside a new one", []string{"wasi:http/handler@0.3.0", "fermyon:spin/inbound-http"}, []string{"several"}},
		{"a candidate of 0.2", []string{"wasi:http/incoming-handler@0.2.0-rc-2023-11-10"}, nil},
		{"an older candidate of 0.2", []string{"wasi:http/incoming-handler@0.2.0-rc-2023-10-18"}, nil},
		{"Spin 1", []string{"fermyon:spin/inbound-http"}, nil},
		{"another version of that", []string{"fermyon:spin/inbound-http@2.0.0"}, []string{"a version that is not known"}},
		{"an unknown candidate of 0.3", []string{"wasi:http/handler@0.3.0-rc-2025-09-16"}, []string{"a version that is not known"}},
		{"a version to come", []string{"wasi:http/handler@1.0.0"}, []string{"a version that is not known"}},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			_, err := tryLoad(httptrigger.Config{}, single("/"), guestOf(tt.exports...))
			if (err == nil) != (tt.want == nil) {
				t.Fatalf("%v", err)
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "spin.toml:6:1") {
					t.Errorf("%v\nhas no %q or no place", err, want)
				}
			}
		})
	}
}

func TestHandlerOfAnotherType(t *testing.T) {
	c := guestOf(export3)
	c.typeErr = errors.New("handle has another type")
	if _, err := tryLoad(httptrigger.Config{}, single("/"), c); !errors.Is(err, c.typeErr) || !strings.Contains(err.Error(), "spin.toml:6:1") {
		t.Error(err)
	}
}

func TestRoutes(t *testing.T) {
	a := load(t, httptrigger.Config{},
		"[[trigger.http]]\nid = \"rest\"\nroute = \"/...\"\ncomponent = \"guest\"\n"+
			"[[trigger.http]]\nid = \"user\"\nroute = \"users/:id/...\"\ncomponent = \"other\"\n"+
			"[[trigger.http]]\nid = \"root\"\nroute = \"/\"\ncomponent = \"guest\"\n",
		guestOf(export3), &component{id: "other", exports: []string{export2}})
	want := []httptrigger.Route{
		{ID: "root", Component: "guest", Raw: "/", Path: "/"},
		{ID: "user", Component: "other", Raw: "users/:id/...", Path: "/users/:id", Wildcard: true},
		{ID: "rest", Component: "guest", Raw: "/...", Path: "/", Wildcard: true},
	}
	if got := a.Routes(); !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
}

func TestComponentThatCannotBeLoaded(t *testing.T) {
	entries := "[[trigger.http]]\nroute = \"/\"\ncomponent = \"ghost\"\n[component.ghost]\nsource = \"x.wasm\"\n"
	if _, err := tryLoad(httptrigger.Config{}, entries); err == nil || !strings.Contains(err.Error(), "ghost") {
		t.Error(err)
	}
}

func TestComponentThatNoRouteNamesIsNotAskedFor(t *testing.T) {
	entries := single("/") + "[component.ghost]\nsource = \"x.wasm\"\n"
	if _, err := tryLoad(httptrigger.Config{}, entries, guestOf(export3)); err != nil {
		t.Error(err)
	}
}
