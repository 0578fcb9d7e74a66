package spin_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/spinhost/spin"
)

// netServer is what the guest sends requests to.
func netServer(t *testing.T, seen chan<- string) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/exchange", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		seen <- fmt.Sprintf("%s %s %q %q %v %v", r.Method, r.URL, r.Header["X-A"], body, r.Trailer, err)
		w.Header().Set("Trailer", "X-Sum")
		w.Header().Set("X-Peer", "yes")
		w.WriteHeader(http.StatusTeapot)
		_, _ = w.Write(append([]byte("got "), body...))
		w.Header().Set("X-Sum", "7")
	})
	mux.HandleFunc("/short", func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		seen <- fmt.Sprintf("%q %v", body, err)
	})
	mux.HandleFunc("/late-head", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	mux.HandleFunc("/late-body", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "begin")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL
}

func testNetExchanges(t *testing.T, g netGuest) {
	seen := make(chan string, 1)
	url := netServer(t, seen)
	g.want(t, "got some bytes", "http-exchange", url+"/exchange?a=b")
	if got, want := <-seen, `POST /exchange?a=b ["1" "2"] "some bytes" map[X-Sum:[10]] <nil>`; got != want {
		t.Errorf("the server has seen %s, want %s", got, want)
	}
	g.want(t, "ErrorCode::HttpRequestBodySize(Some(5))", "http-short-body", url+"/short")
	if got, want := <-seen, `"short" unexpected EOF`; got != want {
		t.Errorf("the server has seen %s, want %s", got, want)
	}
}

func testNetFailures(t *testing.T, g netGuest) {
	url := netServer(t, nil)
	over := make(chan struct{})
	silent := tcpPeer(t, "127.0.0.1:0", func(*net.TCPConn) { <-over })
	t.Cleanup(func() { close(over) }) // net/http goes on with the handshake, until the peer hangs up
	rude := tcpPeer(t, "127.0.0.1:0", func(c *net.TCPConn) {
		_, _ = c.Read(make([]byte, 4096))
		_, _ = io.WriteString(c, "no HTTP\r\n\r\n")
	})
	for _, c := range []struct{ function, url, want string }{
		{"http-failure", "http://127.0.0.2:1/", "ErrorCode::HttpRequestDenied"},
		{"http-failure", "http://" + noPeer(t) + "/", "ErrorCode::ConnectionRefused"},
		{"http-failure", "http://" + rude + "/", "ErrorCode::HttpProtocolError"},
		{"http-late-handshake", "https://" + silent + "/", "ErrorCode::ConnectionTimeout"},
		{"http-late-head", url + "/late-head", "ErrorCode::ConnectionReadTimeout"},
		{"http-late-body", url + "/late-body", "Some(ErrorCode::ConnectionReadTimeout)"},
	} {
		g.want(t, c.want, c.function, c.url)
	}
}

// What the interfaces forbid ends the guest, and nothing else.
func testNetMistakes(t *testing.T, g netGuest) {
	url := netServer(t, make(chan string, 1))
	for _, what := range []string{
		"two pairs of datagram streams", "more datagrams than allowed",
		"a body finished before its stream", "trailers before the stream is dropped",
	} {
		t.Run(what, func(t *testing.T) {
			got, err := g.app.Invoke(t.Context(), "guest", netChecks+"mistake", what, url+"/exchange")
			if !errors.Is(err, spin.ErrTrap) {
				t.Errorf("%v, %v, want a trap", got, err)
			}
		})
	}
}

// netAnswer is what the guest has answered a request with, in text.
func netAnswer(t *testing.T, req *http.Request, err error) (*http.Response, string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Error(err)
	}
	return res, string(body)
}

// Requests that the guest serves come over a socket, so that there are trailers.
func testNetServed(t *testing.T, g netGuest) {
	server := httptest.NewServer(g.app)
	defer server.Close()
	host := strings.TrimPrefix(server.URL, "http://")
	req, err := http.NewRequest("BREW", server.URL+"/a%20b?c=d", io.MultiReader(strings.NewReader("some "), strings.NewReader("bytes")))
	if err == nil {
		req.Header["X-A"] = []string{"1", "2"}
		req.Trailer = http.Header{"X-Sum": {"10"}}
	}
	res, text := netAnswer(t, req, err)
	for _, want := range []string{
		fmt.Sprintf("Method::Other(\"BREW\") Some(Scheme::Http) Some(%q) Some(\"/a%%20b?c=d\")\n", host),
		"\nx-a: 1\nx-a: 2\n", "\n\nsome bytes\nx-sum: 10\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the guest has not seen %q but\n%s", want, text)
		}
	}
	if res.StatusCode != 203 || res.Header.Get("X-Guest") != "wasi-p2-net" || res.Trailer.Get("X-Length") != fmt.Sprint(len(text)) {
		t.Errorf("%s %v %v", res.Status, res.Header, res.Trailer)
	}
	for path, want := range map[string]string{"/empty": "204 wasi-p2-net", "/fail": "500 ", "/": "203 wasi-p2-net"} {
		req, err := http.NewRequest(http.MethodGet, server.URL+path, nil)
		res, text := netAnswer(t, req, err)
		if got := fmt.Sprint(res.StatusCode, " ", res.Header.Get("X-Guest")); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
		if path == "/" && !strings.HasSuffix(text, "\nno trailers\n") {
			t.Errorf("the guest has seen\n%s", text)
		}
	}
}
