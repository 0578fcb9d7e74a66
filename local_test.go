package spin_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/spinhost/spin"
)

// A guest reaches its own app, whatever its embedder serves it by, without a socket.
func TestSelf(t *testing.T) {
	each(t, isRust, func(t *testing.T, g guest) {
		noGoroutines(t)
		app, err := loadBundle(t, bundle(minimal+`allowed_outbound_hosts = ["http://self"]`, map[string][]byte{"guest.wasm": g.wasm(t)}), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, url := range []string{"http://self.alt/hello", "https://self.alt:1234/hello"} {
			if w := ask(app, "/outbound?url="+url); w.Code != 200 || w.Body.String() != "Hello, "+g.name+"!" {
				t.Errorf("%s: %d %s", url, w.Code, w.Body)
			}
		}
		if w := ask(app, "/outbound?url=http://self.alt/headers"); w.Code != 200 || !strings.Contains(w.Body.String(), "spin-full-url: http://localhost/headers\n") ||
			!strings.Contains(w.Body.String(), "spin-client-addr: 127.0.0.1:0\n") {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
}

// Bodies are streamed both ways within the app, however large they are.
func TestSelfStreams(t *testing.T) {
	each(t, isRust, func(t *testing.T, g guest) {
		r := serve(t, g.manifest(t, `["http://self"]`), nil)
		data := strings.Repeat("0123456789abcdef", 1<<16)
		if status, body := r.do(http.MethodPost, "/outbound?url=http://self.alt/echo", strings.NewReader(data)); status != 200 || body != data {
			t.Errorf("%d, %d bytes", status, len(body))
		}
	})
}

// A guest that sends itself what it has received comes to an end.
func TestSelfLoops(t *testing.T) {
	each(t, isRust, func(t *testing.T, g guest) {
		noGoroutines(t)
		url := "http://self.alt/hello"
		for range 4 {
			url = "http://self.alt/outbound?url=" + escape(url)
		}
		for limit, want := range map[int]int{5: 200, 4: 502} {
			var log buffer
			app, err := loadBundle(t, bundle(minimal+`allowed_outbound_hosts = ["http://self"]`, map[string][]byte{"guest.wasm": g.wasm(t)}), func(c *spin.Config) {
				c.Limits.LocalDepth, c.Logger = limit, logTo(&log, 0)
			})
			if err != nil {
				t.Fatal(err)
			}
			if w := ask(app, "/outbound?url="+escape(url)); w.Code != want || (want == 502) != strings.Contains(log.String(), "Limits.LocalDepth") {
				t.Errorf("%d: %d %s, log %s", limit, w.Code, w.Body, &log)
			}
		}
	})
}

func escape(s string) string {
	return strings.NewReplacer("%", "%25", "?", "%3F", "=", "%3D", "/", "%2F", ":", "%3A").Replace(s)
}
