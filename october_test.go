package spin_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/spinhost/spin"
)

// loadOctober loads a guest of the snapshot of October 2023, which Spin's SDK 2 was made for, that may
// send requests to the given hosts.
func loadOctober(t *testing.T, hosts ...string) *spin.App {
	t.Helper()
	toml := minimal + fmt.Sprintf("allowed_outbound_hosts = [%s]\n", strings.Join(hosts, ", "))
	app, err := loadBundle(t, bundle(toml, map[string][]byte{"guest.wasm": module(t, "october")}), nil)
	if err != nil {
		t.Fatal(err)
	}
	if s := app.StandIns(); len(s) > 0 {
		t.Errorf("stand-ins: %v", s)
	}
	return app
}

func TestAGuestOfOctober2023IsServed(t *testing.T) {
	app := loadOctober(t)
	long := strings.Repeat("0123456789abcdef", 100_000)
	for _, method := range []string{"PATCH", "GET", "FROBNICATE"} {
		w := askWith(app, method, "/as/it%20is?was", long)
		if w.Code != 203 || w.Header().Get("X-Guest") != "october" {
			t.Fatalf("%s: %d %v %s", method, w.Code, w.Header(), w.Body)
		}
		head, body, _ := strings.Cut(w.Body.String(), "\n\n")
		for _, want := range []string{method + " http://localhost/as/it%20is?was", "x-mine: yes", "spin-path-info: /as/it%20is", "spin-matched-route: /..."} {
			if !slices.Contains(strings.Split(head, "\n"), want) {
				t.Errorf("%s: no %q in\n%s", method, want, head)
			}
		}
		if strings.Contains(head, "host:") || body != long {
			t.Errorf("%s: %d bytes of the body, head\n%s", method, len(body), head)
		}
	}
	wantEmpty(t, ask(app, "/panic"), 500)
	if w := ask(app, "/"); w.Code != 203 {
		t.Errorf("after a trap: %d", w.Code)
	}
	emptied(app) // an instance may end just after its response
}

func TestAGuestOfOctober2023SendsRequests(t *testing.T) {
	peer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Peer", r.Method+" "+r.URL.String())
		w.WriteHeader(418)
		w.Write(slices.Concat([]byte("got "), body))
	}))
	defer peer.Close()
	app := loadOctober(t, `"`+peer.URL+`"`, `"http://self"`)
	for _, test := range []struct {
		behaviour, method, path, body string
		code                          int
		want                          []string
	}{
		{"a response", "GET", "/fetch?" + peer.URL + "/a?b=c", "", 200, []string{"418\n", "x-peer: GET /a?b=c\n", "\n\ngot "}},
		{"with a body", "POST", "/post?" + peer.URL + "/", "some bytes", 200, []string{"x-peer: POST /\n", "\n\ngot some bytes"}},
		{"a host that is not allowed", "GET", "/fetch?http://other.example/", "", 502, []string{"UnexpectedError", "HTTP-request-denied"}},
		{"the app itself", "GET", "/fetch?http://self.alt/inner?x", "", 200, []string{"203\n", "x-guest: october\n", "/inner?x\n"}},
		{"the app itself, without an authority", "GET", "/fetch?/inner?x", "", 200, []string{"203\n", "x-guest: october\n", "/inner?x\n"}},
	} {
		t.Run(test.behaviour, func(t *testing.T) {
			w := askWith(app, test.method, test.path, test.body)
			if w.Code != test.code {
				t.Errorf("%d, want %d", w.Code, test.code)
			}
			for _, want := range test.want {
				if !strings.Contains(w.Body.String(), want) {
					t.Errorf("no %q in\n%s", want, w.Body)
				}
			}
		})
	}
}
