package spin_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spinhost/spin"
)

const oldTOML = `spin_manifest_version = 2
[application]
name = "old"

[[trigger.http]]
route = "/v1/..."
component = "inbound"

[[trigger.http]]
route = "/cgi/:what/..."
component = "cgi"
executor = { type = "wagi" }

[[trigger.http]]
route = "/argv/..."
component = "cgi"
executor = { type = "wagi", argv = "${SCRIPT_NAME} fixed ${ARGS}" }

[component.inbound]
source = "inbound.wasm"

[component.cgi]
source = "cgi.wasm"
environment = { COLOUR = "green", REQUEST_METHOD = "hidden by that of the request" }
`

func loadOld(t *testing.T, cgi string, configure func(*spin.Config)) *spin.App {
	t.Helper()
	app, err := loadBundle(t, bundle(oldTOML, map[string][]byte{"inbound.wasm": rustGuest(t, "inbound"), "cgi.wasm": rustGuest(t, cgi)}), configure)
	if err != nil {
		t.Fatal(err)
	}
	return app
}

// askWith makes a request with a body without a socket.
func askWith(app http.Handler, method, target, body string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	r := httptest.NewRequest(method, "http://localhost"+target, strings.NewReader(body))
	r.Header.Set("X-Mine", "yes")
	app.ServeHTTP(w, r)
	return w
}

func TestComponentOfSpin1(t *testing.T) {
	app := loadOld(t, "cgi", func(c *spin.Config) { c.Limits.ComputeTime = 300 * time.Millisecond })
	long := strings.Repeat("0123456789abcdef", 100_000)
	w := askWith(app, "PATCH", "/v1/a%20b?c=d", long)
	if w.Code != 200 || w.Header().Get("X-Guest") != "inbound" || w.Header().Get("Content-Type") != "text/plain" {
		t.Fatalf("%d %v", w.Code, w.Header())
	}
	head, body, _ := strings.Cut(w.Body.String(), "\n\n")
	for _, want := range []string{"Method::Patch /v1/a%20b?c=d", "x-mine: yes", "host: localhost", "spin-path-info: /a%20b", "spin-matched-route: /v1/..."} {
		if !slices.Contains(strings.Split(head, "\n"), want) {
			t.Errorf("no %q in\n%s", want, head)
		}
	}
	if body != long {
		t.Errorf("%d bytes of the body", len(body))
	}
	for _, path := range []string{"/v1/panic", "/v1/loop"} {
		wantEmpty(t, ask(app, path), 500)
		if w := ask(app, "/v1/"); w.Code != 200 {
			t.Errorf("after %s: %d", path, w.Code)
		}
	}
	wantEmpty(t, askWith(app, "TRACE", "/v1/", ""), 405)
}

// A program is a component, or a core module of WASI preview 1 as tools made them for Spin 1 and 2.
func TestProgramServes(t *testing.T) {
	for _, cgi := range []string{"cgi", "cgi-p1"} {
		t.Run(cgi, func(t *testing.T) { testProgram(t, cgi) })
	}
}

func testProgram(t *testing.T, cgi string) {
	stderr := new(buffer)
	app := loadOld(t, cgi, func(c *spin.Config) { c.Stderr = func(string) io.Writer { return stderr } })
	long := strings.Repeat("0123456789abcdef", 100_000)
	w := askWith(app, "POST", "/cgi/x/y%20z?a=1&b", long)
	if w.Code != 200 || w.Header().Get("X-Guest") != "cgi" || w.Header().Get("Content-Type") != "text/plain" {
		t.Fatalf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	head, body, _ := strings.Cut(w.Body.String(), "stdin 1600000\n")
	for _, want := range []string{
		`args ["/cgi/x/y%20z", "a=1", "b"]`, "COLOUR=green", "REQUEST_METHOD=POST", "CONTENT_LENGTH=1600000", "HTTP_X_MINE=yes",
		"PATH_INFO=/y%20z", "PATH_TRANSLATED=/y z", "X_PATH_MATCH_WHAT=x", "SCRIPT_NAME=/cgi/:what", "QUERY_STRING=a=1&b",
	} {
		if !slices.Contains(strings.Split(head, "\n"), want) {
			t.Errorf("no %q in\n%s", want, head)
		}
	}
	if body != long {
		t.Errorf("%d bytes of the body", len(body))
	}
	if !strings.Contains(stderr.String(), "served /cgi/x/y%20z") {
		t.Errorf("stderr: %q", stderr)
	}
	if w := ask(app, "/argv/x?one&two"); !strings.Contains(w.Body.String(), `args ["/argv/x", "fixed", "one", "two"]`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := ask(app, "/argv"); !strings.Contains(w.Body.String(), `args ["/argv", "fixed", ""]`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	for path, want := range map[string]int{"silent": 500, "exit": 500, "panic": 500, "done": 200} {
		wantBy(t, ask(app, "/cgi/x/"+path), path, want)
	}
}

func wantBy(t *testing.T, w *httptest.ResponseRecorder, what string, status int) {
	t.Helper()
	if w.Code != status || w.Body.Len() > 0 {
		t.Errorf("%s: %d %q, want %d", what, w.Code, w.Body, status)
	}
}
