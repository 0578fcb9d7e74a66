package localhttp_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"

	"github.com/spinhost/spin/internal/leaktest"
	"github.com/spinhost/spin/internal/localhttp"
)

func send(t *testing.T, h http.HandlerFunc, req *http.Request) (*http.Response, error) {
	t.Helper()
	return (&localhttp.Transport{Handler: h, RemoteAddr: "0.0.0.0:0"}).RoundTrip(req)
}

func get(t *testing.T, url string) *http.Request {
	t.Helper()
	req, err := http.NewRequest("GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return req
}

// all reads a body.
func all(t *testing.T, res *http.Response, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Errorf("body: %v", err)
	}
	return string(b)
}

func TestRequestIsAsAServerReceivesIt(t *testing.T) {
	leaktest.Check(t)
	req := get(t, "http://self.alt/a%2Fb//c?x=%zz&y")
	req.Header.Set("X-A", "1")
	req.Header.Set("User-Agent", "")
	res, err := send(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.Method, " ", r.RequestURI, " ", r.URL.EscapedPath(), " ", r.URL.RawQuery, " ", r.URL.Host, r.Host, " ", r.RemoteAddr, " ", r.Header, r.ContentLength)
		r.Header.Set("X-A", "2")
	}, req)
	if got, want := all(t, res, err), "GET /a%2Fb//c?x=%zz&y /a%2Fb//c x=%zz&y self.alt 0.0.0.0:0 map[X-A:[1]] 0"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if req.Header.Get("X-A") != "1" {
		t.Error("the handler has changed the client's header")
	}
}

func TestPathThatCannotBeReadIsRefused(t *testing.T) {
	req := get(t, "http://self.alt/")
	req.URL.Opaque = "/%zz"
	res, err := send(t, func(http.ResponseWriter, *http.Request) { t.Error("the handler is called") }, req)
	if all(t, res, err) != "" || res.StatusCode != 400 {
		t.Errorf("%+v", res)
	}
}

func TestBodiesAndTrailersStreamBothWays(t *testing.T) {
	leaktest.Check(t)
	pr, pw := io.Pipe()
	req, err := http.NewRequest("POST", "http://self.alt/", pr)
	if err != nil {
		t.Fatal(err)
	}
	req.Trailer = http.Header{"X-Sum": nil}
	res, err := send(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Trailer", "X-Announced")
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Error(err)
		}
		buf := make([]byte, 100)
		for {
			n, err := r.Body.Read(buf)
			if err != nil {
				break
			}
			fmt.Fprintf(w, "got %s", buf[:n])
		}
		w.Header().Set("X-Announced", r.Trailer.Get("X-Sum"))
		w.Header().Set(http.TrailerPrefix+"x-late", "2")
	}, req)
	if err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 100)
	for i := range 3 {
		fmt.Fprintf(pw, "piece %d", i)
		n, err := res.Body.Read(buf)
		if got, want := string(buf[:n]), fmt.Sprintf("got piece %d", i); got != want || err != nil {
			t.Errorf("%q %v", got, err)
		}
	}
	req.Trailer.Set("X-Sum", "1")
	pw.Close()
	if rest := all(t, res, nil); rest != "" {
		t.Errorf("%q", rest)
	}
	if res.Trailer.Get("X-Announced") != "1" || res.Trailer.Get("X-Late") != "2" || res.Header.Get("Trailer") != "" {
		t.Errorf("%v %v", res.Header, res.Trailer)
	}
}

// The names of trailers can be looked at from the start, whatever the handler does; values come with
// the end of the body.
func TestTrailersAreAnnounced(t *testing.T) {
	leaktest.Check(t)
	for range 20 {
		req, err := http.NewRequest("GET", "http://self.alt/", nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := send(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Trailer", "X-Sum")
			fmt.Fprint(w, "text")
			w.Header().Set("X-Sum", "1")
			w.Header().Set(http.TrailerPrefix+"X-Late", "2")
		}, req)
		if err != nil {
			t.Fatal(err)
		}
		for range 100 {
			if values, ok := res.Trailer["X-Sum"]; len(res.Trailer) != 1 || !ok || values != nil {
				t.Fatalf("before the end: %v", res.Trailer)
			}
		}
		if got := all(t, res, nil); got != "text" || res.Trailer.Get("X-Sum") != "1" || res.Trailer.Get("X-Late") != "2" {
			t.Errorf("%q %v", got, res.Trailer)
		}
	}
}

// A handler is slowed down by a client that does not read, and not held up by a small response.
func TestHandlerWaitsForItsReader(t *testing.T) {
	leaktest.Check(t)
	small, wrote, over := make(chan bool), make(chan int, 1000), make(chan error, 1)
	res, err := send(t, func(w http.ResponseWriter, r *http.Request) {
		w.Write(make([]byte, 1000))
		close(small)
		for {
			n, err := w.Write(make([]byte, 16<<10))
			if err != nil {
				over <- err
				return
			}
			wrote <- n
		}
	}, get(t, "http://self.alt/"))
	if err != nil {
		t.Fatal(err)
	}
	<-small
	for range 3 {
		<-wrote
	}
	if len(wrote) > 1 {
		t.Error("it is not held up")
	}
	res.Body.Close()
	if err := <-over; !errors.Is(err, localhttp.ErrLeft) {
		t.Errorf("got %v", err)
	}
	if n, err := res.Body.Read(make([]byte, 1)); n != 0 || err == nil {
		t.Error("a closed body can be read")
	}
}

func TestEarlyEnds(t *testing.T) {
	tests := []struct {
		behaviour   string
		serve       http.HandlerFunc
		fails       bool // there is no response
		body        string
		cut         bool // the body does not come to its end
		wantContent int64
	}{
		{"an empty response", func(http.ResponseWriter, *http.Request) {}, false, "", false, -1},
		{"an abort before the head", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, true, "", true, 0},
		{"a panic before the head", func(http.ResponseWriter, *http.Request) { panic("boom") }, true, "", true, 0},
		{"an abort after it", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "part"); panic(http.ErrAbortHandler) }, false, "part", true, -1},
		{"less than the length", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "10")
			io.WriteString(w, "part")
		}, false, "part", true, 10},
		{"more than the length", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "4")
			io.WriteString(w, "part")
			if _, err := io.WriteString(w, "more"); !errors.Is(err, http.ErrContentLength) {
				t.Errorf("got %v", err)
			}
		}, false, "part", false, 4},
		{"a body where there is none", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(204)
			if _, err := io.WriteString(w, "x"); !errors.Is(err, http.ErrBodyNotAllowed) {
				t.Errorf("got %v", err)
			}
		}, false, "", false, -1},
		{"an informational response", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(103)
			io.WriteString(w, "x")
		}, false, "x", false, -1},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			leaktest.Check(t)
			var panicked any
			tr := &localhttp.Transport{Handler: tt.serve, Panicked: func(_ context.Context, v any) { panicked = v }}
			res, err := tr.RoundTrip(get(t, "http://self.alt/"))
			if (err != nil) != tt.fails || tt.fails && !errors.Is(err, localhttp.ErrAborted) || (panicked != nil) != strings.Contains(tt.behaviour, "panic") {
				t.Fatalf("%v, panicked with %v", err, panicked)
			}
			if tt.fails {
				return
			}
			b, err := io.ReadAll(res.Body)
			if string(b) != tt.body || (err != nil) != tt.cut || res.ContentLength != tt.wantContent {
				t.Errorf("%q %v %d", b, err, res.ContentLength)
			}
		})
	}
}

func TestHeadHasNoBody(t *testing.T) {
	req := get(t, "http://self.alt/")
	req.Method = "HEAD"
	res, err := send(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "5")
		w.Header().Set("Connection", "close")
		io.WriteString(w, "hello")
	}, req)
	if body := all(t, res, err); body != "" || res.ContentLength != 5 || res.Header.Get("Connection") != "" {
		t.Errorf("%q %+v", body, res)
	}
}

// The handler learns that the client has left, before and after the head, and the client gets an
// answer without waiting for the handler.
func TestClientThatLeaves(t *testing.T) {
	leaktest.Check(t)
	why := errors.New("enough")
	for _, head := range []bool{false, true} {
		ctx, cancel := context.WithCancelCause(context.Background())
		started, ended := make(chan bool), make(chan error, 1)
		go func() { <-started; cancel(why) }()
		res, err := send(t, func(w http.ResponseWriter, r *http.Request) {
			if head {
				w.(http.Flusher).Flush()
			}
			close(started)
			<-r.Context().Done()
			ended <- context.Cause(r.Context())
		}, get(t, "http://self.alt/").WithContext(ctx))
		if head && err == nil {
			_, err = res.Body.Read(make([]byte, 1))
		}
		if !errors.Is(err, why) {
			t.Errorf("client: %v", err)
		}
		if err := <-ended; err == nil {
			t.Error("the handler is told nothing")
		}
	}
}

// The request's body is closed when the handler has returned, whether it was read or not.
func TestBodyIsClosedByTheHandlersReturn(t *testing.T) {
	body := &closeable{Reader: strings.NewReader("unread"), closed: make(chan bool)}
	req, err := http.NewRequest("PUT", "http://self.alt/", body)
	if err != nil {
		t.Fatal(err)
	}
	res, err := send(t, func(http.ResponseWriter, *http.Request) {}, req)
	all(t, res, err)
	<-body.closed
}

type closeable struct {
	io.Reader
	closed chan bool
}

func (c *closeable) Close() error {
	close(c.closed)
	return nil
}

// Values of the context reach the handler, but not the hooks of a client that traces its request.
func TestContextValues(t *testing.T) {
	type key struct{}
	ctx := context.WithValue(context.Background(), key{}, "value")
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GetConn: func(string) {}})
	res, err := send(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.Context().Value(key{}), httptrace.ContextClientTrace(r.Context()) == nil)
	}, get(t, "http://self.alt/").WithContext(ctx))
	if got := all(t, res, err); got != "valuetrue" {
		t.Error(got)
	}
}

func TestLargeBodies(t *testing.T) {
	leaktest.Check(t)
	data := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	req, err := http.NewRequest("POST", "http://self.alt/", bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	res, err := send(t, func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) }, req)
	if got := all(t, res, err); got != string(data) {
		t.Errorf("%d bytes of %d", len(got), len(data))
	}
}
