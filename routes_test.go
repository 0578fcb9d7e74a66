package spin_test

import (
	"strings"
	"testing"

	"github.com/spinhost/spin"
)

const routesTOML = `spin_manifest_version = 2
[application]
name = "routes"
version = "1.2.3"

[[trigger.http]]
route = "/hello"
component = "guest"

[[trigger.http]]
id = "moved"
route = "/moved/..."
static_response = { status_code = 301, headers = { location = "/hello" } }

[[trigger.http]]
route = { private = true }
component = "inner"

[component.guest]
source = "guest.wasm"

[component.inner]
source = "guest.wasm"
`

func TestRoutesWithoutComponentAndComponentsWithoutRoute(t *testing.T) {
	app, err := loadBundle(t, bundle(routesTOML, map[string][]byte{"guest.wasm": guestP3.wasm(t)}), nil)
	if err != nil {
		t.Fatal(err)
	}
	if w := ask(app, "/hello"); w.Code != 200 || !strings.HasPrefix(w.Body.String(), "Hello") {
		t.Errorf("%d %q", w.Code, w.Body)
	}
	if w := ask(app, "/moved/x"); w.Code != 301 || w.Header().Get("Location") != "/hello" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	wantEmpty(t, ask(app, "/inner"), 404)
	if w := ask(app, "/.well-known/spin/info"); w.Body.String() != "{\n  \"name\": \"routes\",\n  \"version\": \"1.2.3\"\n}" {
		t.Errorf("%q", w.Body)
	}
	if got := app.Routes(); len(got) != 2 || got[0] != (spin.Route{ID: "guest-http-trigger", Component: "guest", Raw: "/hello", Path: "/hello"}) || got[1].ID != "moved" {
		t.Errorf("%+v", got)
	}
	if list := app.Components(); len(list) != 2 || list[1].ID() != "inner" {
		t.Errorf("a private component is not loaded: %+v", list)
	}
}
