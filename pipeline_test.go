package spin_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/spinhost/spin"
)

const pipelineTOML = `spin_manifest_version = 2
[application]
name = "pipeline"

[[trigger.http]]
route = "/..."
component = "guest"
dependencies.middleware = [{ component = "cors" }, { component = "auth" }]

[component.guest]
source = "guest.wasm"

[component.cors]
source = "cors.wasm"

[component.auth]
source = "auth.wasm"
`

// pipeline serves a component behind middleware of the manifest, and that behind middleware in
// Go, which notes whom it has let pass.
func pipeline(t *testing.T) (*spin.App, *httptest.Server, *[]string) {
	t.Helper()
	app, err := loadBundle(t, bundle(pipelineTOML, map[string][]byte{
		"guest.wasm": guestP3.wasm(t), "cors.wasm": rustGuest(t, "cors"), "auth.wasm": rustGuest(t, "auth"),
	}), func(c *spin.Config) { c.ComponentDefaults = quiet })
	if err != nil {
		t.Fatal(err)
	}
	var passed []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/blocked" {
			http.Error(w, "blocked", http.StatusForbidden)
			return
		}
		r = r.Clone(r.Context())
		r.Header.Set("X-From-Go", "yes")
		r.URL.Path, r.URL.RawPath = strings.TrimPrefix(r.URL.Path, "/api"), ""
		w.Header().Set("X-Served-By", "go")
		passed = append(passed, r.URL.Path)
		app.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return app, server, &passed
}

func (c *cut) do(t *testing.T, url string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), c.method, url+c.path, c.body)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(c.fields); i += 2 {
		req.Header.Set(c.fields[i], c.fields[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Error(err)
	}
	return res, string(b)
}

// cut is a request to a pipeline.
type cut struct {
	method, path string
	body         io.Reader
	fields       []string
}

func TestPipeline(t *testing.T) {
	_, server, passed := pipeline(t)
	const page = "https://page.example"
	tests := []struct {
		behaviour string
		request   cut
		status    int
		body      string // a part of it
		fields    map[string]string
	}{
		{"what a browser asks before is answered by the first", cut{"OPTIONS", "/hello", nil, []string{"Origin", page, "Access-Control-Request-Method", "GET"}},
			204, "", map[string]string{"Access-Control-Allow-Origin": page, "Access-Control-Allow-Methods": "GET, POST", "X-Served-By": "go", "X-Guest": ""}},
		{"the second answers itself, by way of the first", cut{"GET", "/hello", nil, []string{"Origin", page}},
			401, "who are you?", map[string]string{"Access-Control-Allow-Origin": page, "Www-Authenticate": "Bearer", "X-Guest": ""}},
		{"the component sees what both have passed on", cut{"GET", "/headers", nil, []string{"Authorization", "Bearer alice", "X-User", "forged"}},
			200, "\nx-user: alice\n", map[string]string{"X-Guest": "rust-p3", "X-Served-By": "go", "Access-Control-Allow-Origin": ""}},
		{"and what middleware in Go has changed", cut{"GET", "/api/headers", nil, []string{"Authorization", "Bearer alice"}},
			200, "\nx-from-go: yes\n", map[string]string{"X-Guest": "rust-p3"}},
		{"the fields of the host are there once", cut{"GET", "/headers?a=b", nil, []string{"Authorization", "Bearer alice", "Spin-Path-Info", "forged"}},
			200, "\nspin-path-info: /headers\n", nil},
		{"a body goes through all", cut{"POST", "/echo", strings.NewReader(strings.Repeat("body ", 200_000)), []string{"Authorization", "Bearer alice", "Origin", page}},
			200, strings.Repeat("body ", 200_000), map[string]string{"Access-Control-Allow-Origin": page}},
		{"one that traps is answered for", cut{"GET", "/hello", nil, []string{"Authorization", "Bearer mallory"}},
			500, "", map[string]string{"X-Served-By": "go"}},
		{"the component that traps too", cut{"GET", "/panic", nil, []string{"Authorization", "Bearer alice"}},
			500, "", map[string]string{"X-Served-By": "go"}},
		{"afterwards all is as before", cut{"GET", "/hello", nil, []string{"Authorization", "Bearer alice", "Origin", page}},
			200, "Hello", map[string]string{"Access-Control-Allow-Origin": page}},
		{"middleware in Go answers itself", cut{"GET", "/blocked", nil, nil}, 403, "blocked", map[string]string{"X-Served-By": ""}},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			res, body := tt.request.do(t, server.URL)
			if res.StatusCode != tt.status || !strings.Contains(body, tt.body) || (tt.body == "") != (body == "") {
				t.Errorf("%d %.300q", res.StatusCode, body)
			}
			for name, want := range tt.fields {
				if got := res.Header.Get(name); got != want {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
			if strings.Contains(body, "forged") || strings.Count(body, "\nspin-path-info:") > 1 {
				t.Errorf("%s", body)
			}
		})
	}
	if want := []string{"/hello", "/hello", "/headers", "/headers", "/headers", "/echo", "/hello", "/panic", "/hello"}; !slices.Equal(*passed, want) {
		t.Errorf("middleware in Go has passed on %q", *passed)
	}
}

// Each piece comes back before the next is sent: nothing on the way waits for a whole body.
func TestPipelineStreams(t *testing.T) {
	_, server, _ := pipeline(t)
	in, out := io.Pipe()
	req, _ := http.NewRequest(http.MethodPost, server.URL+"/echo", in)
	req.Header.Set("Authorization", "Bearer alice")
	req.Header.Set("Origin", "https://page.example")
	go out.Write([]byte("piece 0"))
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.Header.Get("Access-Control-Allow-Origin") == "" {
		t.Error(res.Header)
	}
	buf := make([]byte, len("piece 0"))
	for i := range 5 {
		if _, err := io.ReadFull(res.Body, buf); err != nil || string(buf) != "piece "+string(rune('0'+i)) {
			t.Fatalf("%q, %v", buf, err)
		}
		go out.Write([]byte("piece " + string(rune('1'+i))))
	}
	if _, err := io.ReadFull(res.Body, buf); err != nil {
		t.Fatal(err)
	}
	out.Close()
	if rest, err := io.ReadAll(res.Body); err != nil || len(rest) > 0 {
		t.Errorf("%q, %v", rest, err)
	}
}

// A client that leaves is noticed through the middleware, and all is given back.
func TestClientLeavesAPipeline(t *testing.T) {
	app, server, _ := pipeline(t)
	ctx, leave := context.WithCancel(t.Context())
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/slow-body?chunks=100000&ms=5", nil)
	req.Header.Set("Authorization", "Bearer alice")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(res.Body, make([]byte, 8)); err != nil {
		t.Fatal(err)
	}
	leave()
	res.Body.Close()
	eventually(t, "no host function is in progress", func() bool { return app.Stats().HostCalls == 0 })
	if res, body := (&cut{"GET", "/hello", nil, []string{"Authorization", "Bearer alice"}}).do(t, server.URL); res.StatusCode != 200 {
		t.Errorf("%d %q", res.StatusCode, body)
	}
}
