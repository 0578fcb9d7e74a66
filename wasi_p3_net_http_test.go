package spin_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// hostOf is the host of a server's URL, with its port.
func hostOf(s *httptest.Server) string {
	_, host, _ := strings.Cut(s.URL, "://")
	return host
}

// serveFor serves until the test ends.
func serveFor(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return hostOf(s)
}

func (g p3Net) messages(t *testing.T) {
	app := g.load(t, "*://*:*")
	for _, group := range []string{"fields", "request-options", "messages"} {
		p3Check(t, app, group)
	}
}

func (g p3Net) client(t *testing.T) {
	app := g.load(t, "*://*:*")
	seen := make(chan string, 1)
	peer := serveFor(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		seen <- fmt.Sprint(r.Method, " ", r.RequestURI, " ", r.Header["X-A"], r.Header["X-B"], len(body), err, r.Trailer)
		w.Header().Set("Trailer", "X-Total")
		w.Header()["X-Peer"] = []string{"one", "two"}
		w.WriteHeader(http.StatusTeapot)
		_, _ = w.Write(body)
		w.Header().Set("X-Total", "8")
	})
	if got := p3Check(t, app, "send", peer); got != "418; one, two; x-total=8" {
		t.Errorf("the guest has got %s", got)
	}
	if got, want := <-seen, "FROB /a%20b?c=d&e [1 3] [2] 300000 <nil> map[X-Sum:[7]]"; got != want {
		t.Errorf("the server has got\n%s, want\n%s", got, want)
	}
}

func (g p3Net) clientFails(t *testing.T) {
	app := g.load(t, "*://127.0.0.1:*")
	ended := make(chan error, 2)
	peer := serveFor(t, func(w http.ResponseWriter, r *http.Request) {
		_, err := io.ReadAll(r.Body)
		ended <- err
	})
	p3Check(t, app, "send-failures", peer, noPeer(t))
	for range 2 {
		if err := <-ended; err == nil {
			t.Error("a request that its guest has aborted is complete")
		}
	}

	silent := serveFor(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	stalling := serveFor(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "partial")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	unconnected, err := net.Listen("tcp4", "127.0.0.1:0") // nobody answers the TLS handshake
	if err != nil {
		t.Fatal(err)
	}
	defer unconnected.Close()
	p3Check(t, app, "timeouts", silent, stalling, unconnected.Addr().String())
}

// A server notices that its client has given up.
func (g p3Net) clientGivesUp(t *testing.T) {
	app := g.load(t, "*://127.0.0.1:*")
	arrived, gone := make(chan struct{}), make(chan struct{})
	peer := serveFor(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/first":
			close(arrived)
			<-r.Context().Done()
			close(gone)
		case "/arrived":
			<-arrived
		case "/noticed":
			<-gone
			w.WriteHeader(http.StatusAccepted)
		}
	})
	if status := p3Check(t, app, "abandon", peer); status != "202" {
		t.Errorf("status %s", status)
	}
}

// post sends a body in pieces, with trailers, to an app.
func post(t *testing.T, server, path string, body []byte) (*http.Response, []byte, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server+path, io.MultiReader(bytes.NewReader(body)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header["X-A"] = []string{"1", "2"}
	r.Trailer = http.Header{"X-Sum": {"7"}}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	return res, got, err
}

// serveApp serves an app that may reach hosts.
func (g p3Net) serveApp(t *testing.T, hosts string) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(g.load(t, hosts))
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		s.Close()
	})
	return s
}

func (g p3Net) handler(t *testing.T) {
	peer := serveFor(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Peer", fmt.Sprint(r.Method, " ", r.RequestURI, " ", r.Header["X-A"]))
		_, _ = w.Write(bytes.ToUpper(body))
	})
	s := g.serveApp(t, "http://"+peer)
	body := bytes.Repeat([]byte("some text "), 50_000)
	res, got, err := post(t, s.URL, "/echo/a%20b?c", body)
	if err != nil || res.StatusCode != http.StatusTeapot || !bytes.Equal(got, body) {
		t.Errorf("%s, %d bytes, %v", res.Status, len(got), err)
	}
	for name, want := range map[string][]string{
		"X-Method":    {"Method::Post"},
		"X-Scheme":    {"Some(Scheme::Http)"},
		"X-Path":      {"/echo/a%20b?c"},
		"X-Authority": {hostOf(s)},
		"X-A":         {"1", "2"},
	} {
		if !slices.Equal(res.Header[name], want) {
			t.Errorf("%s: %q, want %q", name, res.Header[name], want)
		}
	}
	if sum := res.Trailer.Get("X-Sum"); sum != "7" {
		t.Errorf("trailers %v", res.Trailer)
	}
	res, got, err = post(t, s.URL, "/forward/"+peer, body)
	if err != nil || res.Header.Get("X-Peer") != "PUT /forwarded?yes [1 2]" || !bytes.Equal(got, bytes.ToUpper(body)) {
		t.Errorf("forwarded: %s %v, %d bytes, %v", res.Status, res.Header, len(got), err)
	}
	if res, _, _ := post(t, s.URL, "/fails", nil); res.StatusCode != http.StatusInternalServerError {
		t.Errorf("a handler that fails: %s", res.Status)
	}
}

// A guest learns what has become of its response once that is over.
func (g p3Net) handlerLearns(t *testing.T) {
	s := g.serveApp(t, "")
	told := func(want string) {
		t.Helper()
		eventually(t, "the guest is told "+want, func() bool {
			_, got, _ := post(t, s.URL, "/outcome", nil)
			return string(got) == want
		})
	}
	res, got, err := post(t, s.URL, "/sent", nil)
	if err != nil || len(got) != 100_000 {
		t.Errorf("%s, %d bytes, %v", res.Status, len(got), err)
	}
	told("Ok(())")
	if _, got, err := post(t, s.URL, "/aborted", nil); err == nil {
		t.Errorf("a response that its guest has aborted is complete, with %d bytes", len(got))
	}
	told("Err(ErrorCode::LoopDetected)")
}
