package http_test

import (
	"encoding/json"
	nethttp "net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	httptrigger "github.com/spinhost/spin/trigger/http"
)

// ask makes a request without a socket.
func ask(h nethttp.Handler, target string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "http://example.com"+target, nil))
	return w
}

func TestPrivateRoutes(t *testing.T) {
	text, components := routes(`{ private = true }`, `"/public"`, `{ private = true }`)
	a := load(t, httptrigger.Config{}, text, components...)
	for _, path := range []string{"/", "/g1", "/t1", "/private"} {
		if w := ask(a, path); w.Code != 404 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	if r := a.Routes(); len(r) != 1 || r[0].ID != "t2" {
		t.Errorf("%+v", r)
	}
	// Other components reach private and public ones alike.
	for _, id := range []string{"g1", "g2", "g3"} {
		if w := ask(a.Local(id), "/any"); w.Code != 200 || w.Body.String() != id {
			t.Errorf("%s: %d %q", id, w.Code, w.Body)
		}
	}
	if a.Local("g4") != nil || a.Local("t1") != nil {
		t.Error("a component that no route names can be reached")
	}
}

func TestPrivateComponentsAreChecked(t *testing.T) {
	_, err := tryLoad(httptrigger.Config{}, "[[trigger.http]]\nroute = { private = true }\ncomponent = \"guest\"\n", guestOf("wasi:cli/run@0.2.0"))
	if err == nil || !strings.Contains(err.Error(), "spin.toml:6:1") || !strings.Contains(err.Error(), "exports no HTTP handler") {
		t.Error(err)
	}
}

func TestFieldsOfLocalRequests(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		a := load(t, httptrigger.Config{}, single("/shop/:id"), &component{id: "guest", exports: []string{export}, serve: inspect})
		r := httptest.NewRequest("GET", "http://guest.spin.internal/p//q/?a=b", nil)
		r.Header.Set("spin-path-info", "forged")
		r.Header.Set("X-Own", "yes")
		w := httptest.NewRecorder()
		a.Local("guest").ServeHTTP(w, r)
		var s seen
		if err := json.Unmarshal(w.Body.Bytes(), &s); err != nil {
			t.Fatalf("%d %q: %v", w.Code, w.Body, err)
		}
		want := map[string][]string{
			"x-own": {"yes"}, "spin-path-info": {"/p//q/"}, "spin-full-url": {"http://localhost/p//q/?a=b"},
			"spin-matched-route": {"/..."}, "spin-raw-component-route": {"/..."}, "spin-component-route": {""},
			"spin-base-path": {"/"}, "spin-client-addr": {"0.0.0.0:0"},
		}
		if !reflect.DeepEqual(s.Fields, want) || s.Path != "/p//q/?a=b" || s.Authority != "guest.spin.internal" || s.Scheme != "http" {
			t.Errorf("%+v", s)
		}
	})
}
