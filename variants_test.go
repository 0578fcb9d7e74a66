package spin_test

import (
	"maps"
	"net/http"
	"testing"

	"github.com/spinhost/spin"
)

// A component that several triggers name is another one for each trigger that places something
// before it; one with a single trigger is what that makes of it, for other components too.
func TestMiddlewareBelongsToTheTrigger(t *testing.T) {
	files := map[string][]byte{"front.wasm": guestP3.wasm(t)}
	for _, name := range []string{"hello-p3", "hello-rc", "middleware"} {
		files[name+".wasm"] = rustGuest(t, name)
	}
	by := 0 // how much middleware the last response has come through
	app, err := loadBundle(t, bundle(shopTOML+`
[[trigger.http]]
route = "/outbound"
component = "front"
[component.front]
source = "front.wasm"
allowed_outbound_hosts = ["http://*.spin.internal"]
`, files), func(c *spin.Config) {
		c.InterceptHTTP = func(_ spin.Origin, next http.RoundTripper) http.RoundTripper {
			return roundTrip(func(req *http.Request) (*http.Response, error) {
				res, err := next.RoundTrip(req)
				if err == nil {
					by = len(res.Header.Values("X-By"))
				}
				return res, err
			})
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, r := range app.Routes() {
		got[r.Path] = r.Component
	}
	want := map[string]string{"/plain": "shop", "/guarded": "shop-for-guarded", "/twice": "shop-for-twice", "/candidate": "candidate", "/outbound": "front"}
	if !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	for _, c := range []struct {
		host string
		by   int // how much is placed before it
	}{{"shop", 0}, {"shop-for-guarded", 1}, {"shop-for-twice", 2}, {"candidate", 1}} {
		w := ask(app, "/outbound?url=http://"+c.host+".spin.internal/plain")
		if w.Code != 200 || w.Body.String() != "Hello, world!" || by != c.by {
			t.Errorf("%s: %d %q, passed on by %d", c.host, w.Code, w.Body, by)
		}
	}
}
