package spin_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/spinhost/spin"
)

func rustGuest(t testing.TB, name string) []byte {
	t.Helper()
	wasm, err := os.ReadFile("testdata/guests/rust/" + name + ".wasm")
	if err != nil {
		t.Fatal(err)
	}
	return wasm
}

const shopTOML = `spin_manifest_version = 2
[application]
name = "shop"

[[trigger.http]]
route = "/plain"
component = "shop"

[[trigger.http]]
id = "guarded"
route = "/guarded"
component = "shop"
dependencies.middleware = [{ component = "auth" }]

[[trigger.http]]
id = "twice"
route = "/twice"
component = "shop"
dependencies.middleware = [{ path = "middleware.wasm", inherit_configuration = ["environment"] }, { component = "auth" }]

[[trigger.http]]
id = "candidate"
route = "/candidate"
component = "candidate"
dependencies.middleware = [{ component = "auth", inherit_configuration = true }]

[component.shop]
source = "hello-p3.wasm"
environment = { A = "1", B = "2" }

[component.candidate]
source = "hello-rc.wasm"
environment = { C = "3" }

[component.auth]
source = "middleware.wasm"
`

func loadShop(t testing.TB, text string) (*spin.App, error) {
	t.Helper()
	files := map[string][]byte{}
	for _, name := range []string{"hello-p2", "hello-p3", "hello-rc", "middleware"} {
		files[name+".wasm"] = rustGuest(t, name)
	}
	return loadBundle(t, bundle(text, files), nil)
}

func TestMiddleware(t *testing.T) {
	app, err := loadShop(t, shopTOML)
	if err != nil {
		t.Fatal(err)
	}
	askShop(t, app)
	report := app.Capabilities().String()
	for _, want := range []string{`dependency "auth" (spin.toml:13:28)`, `dependency "middleware.wasm"`, "inherits everything"} {
		if !strings.Contains(report, want) {
			t.Errorf("%q is not in\n%s", want, report)
		}
	}
}

// askShop asks the app of shopTOML.
func askShop(t *testing.T, app *spin.App) {
	t.Helper()
	for _, c := range []struct {
		path, asks string
		status     int
		body       string
		by         int    // how many have passed it on
		seen       string // by the outermost: variables of the environment
	}{
		{"/plain", "", 200, "Hello, world!", 0, ""},
		{"/guarded", "", 200, "Hello, world!", 1, "0"},
		{"/guarded", "stop", 401, "who are you?", 1, ""},
		{"/guarded", "trap", 500, "", 0, ""},
		{"/guarded", "", 200, "Hello, world!", 1, "0"}, // the trap has harmed nobody else
		{"/plain", "stop", 200, "Hello, world!", 0, ""},
		{"/twice", "", 200, "Hello, world!", 2, "0 2"}, // the inner one's comes first
		{"/candidate", "", 200, "Hello, world!", 1, "1"},
	} {
		req := httptest.NewRequest(http.MethodGet, c.path, nil)
		if c.asks != "" {
			req.Header.Set("x-mw", c.asks)
		}
		w := httptest.NewRecorder()
		app.ServeHTTP(w, req)
		by, seen := len(w.Header().Values("X-By")), strings.Join(w.Header().Values("X-Seen"), " ")
		if w.Code != c.status || w.Body.String() != c.body || by != c.by || seen != c.seen {
			t.Errorf("%s %s: %d %q, by %d, seen %q; want %+v", c.path, c.asks, w.Code, w.Body, by, seen, c)
		}
	}
}

func TestMiddlewareFaults(t *testing.T) {
	for name, c := range map[string]struct{ from, to, want string }{
		"another role":           {"dependencies.middleware = [{ component = \"auth\" }]", "dependencies.filter = [{ component = \"auth\" }]", `spin.toml:13:14: component "shop": the trigger "http" has no dependencies of the role "filter": remove them`},
		"no middleware":          {"dependencies.middleware = [{ component = \"auth\" }]", "dependencies.middleware = [{ path = \"hello-p3.wasm\" }]", `dependency "hello-p3.wasm": it does not import wasi:http/handler, by which it would call what it is placed before`},
		"no handler":             {"dependencies.middleware = [{ component = \"auth\" }]", "dependencies.middleware = [{ path = \"hello-p2.wasm\" }]", `dependency "hello-p2.wasm": it does not export wasi:http/handler`},
		"nothing to be before":   {"source = \"hello-p3.wasm\"", "source = \"hello-p2.wasm\"", `source "hello-p2.wasm" does not export wasi:http/handler`},
		"a file that is nowhere": {"path = \"middleware.wasm\"", "path = \"nowhere.wasm\"", `spin.toml:19:28: component "shop": source "nowhere.wasm"`},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(shopTOML, c.from, c.to, 1)
			if text == shopTOML {
				t.Fatal("nothing was replaced")
			}
			if _, err := loadShop(t, text); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got\n%v\nwant\n%s", err, c.want)
			}
		})
	}
}
