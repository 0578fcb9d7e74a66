package http_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	nethttp "net/http"
	"strings"
	"testing"
	"time"

	httptrigger "github.com/spinhost/spin/trigger/http"
)

// Each piece reaches the client before the guest writes the next.
func TestResponseStreams(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		next := make(chan bool)
		r := one(t, export, func(g *guest) {
			res := g.respond(200)
			for i := range 5 {
				g.Off(func() { <-next })
				res.write(fmt.Sprintf("piece %d\n", i))
			}
			res.finish()
		})
		res, err := r.client.Do(r.request("GET", "/", nil))
		if err != nil { // the head comes before the first piece
			t.Fatal(err)
		}
		defer res.Body.Close()
		lines := bufio.NewScanner(res.Body)
		for i := range 5 {
			next <- true
			if !lines.Scan() || lines.Text() != fmt.Sprintf("piece %d", i) {
				t.Fatalf("%q, %v", lines.Text(), lines.Err())
			}
		}
		if lines.Scan() || lines.Err() != nil {
			t.Errorf("%q, %v", lines.Text(), lines.Err())
		}
	})
}

// A guest that computes and never waits keeps the request's goroutine, and not the client.
func TestResponseStreamsWhileTheGuestComputes(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		next := make(chan bool)
		r := one(t, export, func(g *guest) {
			res := g.respond(200)
			for i := range 3 {
				<-next // as if it computed: nothing else of the instance runs
				res.write(fmt.Sprintf("piece %d\n", i))
			}
			res.finish()
		})
		res, err := r.client.Do(r.request("GET", "/", nil))
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		lines := bufio.NewScanner(res.Body)
		for i := range 3 {
			next <- true
			if !lines.Scan() || lines.Text() != fmt.Sprintf("piece %d", i) {
				t.Fatalf("%q, %v", lines.Text(), lines.Err())
			}
		}
	})
}

// A response that is complete reaches the client to its end, even if the guest computes on.
func TestResponseEndsWhileTheGuestComputes(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		end := make(chan bool)
		r := serve(t, httptrigger.Config{}, single("/"), &component{
			id: "guest", exports: []string{export},
			serve: func(g *guest) {
				g.answer(200, "all of it")
				<-end
			},
		})
		a := r.get("/")
		close(end)
		if a.status != 200 || a.body != "all of it" || a.err != nil {
			t.Errorf("%+v", a)
		}
	})
}

// Both directions stream at once, over HTTP/1 and HTTP/2.
func TestFullDuplex(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		r := one(t, export, func(g *guest) {
			b := g.body()
			res := g.respond(200)
			for s := b.read(); s != ""; s = b.read() {
				res.write("got " + s)
			}
			res.finish()
		})
		for _, client := range []*nethttp.Client{r.client, h2c(t)} {
			in, out := io.Pipe()
			res, err := client.Do(r.request("POST", "/", in))
			if err != nil {
				t.Fatal(err)
			}
			buf := make([]byte, 100)
			for i := range 5 {
				piece := fmt.Sprintf("piece %d", i)
				if _, err := io.WriteString(out, piece); err != nil {
					t.Fatal(err)
				}
				n, err := io.ReadFull(res.Body, buf[:len("got "+piece)])
				if err != nil || string(buf[:n]) != "got "+piece {
					t.Fatalf("%q, %v", buf[:n], err)
				}
			}
			out.Close()
			if rest, err := io.ReadAll(res.Body); err != nil || len(rest) > 0 {
				t.Errorf("%q, %v", rest, err)
			}
			res.Body.Close()
		}
	})
}

// h2c returns a client that speaks HTTP/2 without TLS.
func h2c(t testing.TB) *nethttp.Client {
	var p nethttp.Protocols
	p.SetUnencryptedHTTP2(true)
	tr := &nethttp.Transport{Protocols: &p, DisableCompression: true}
	t.Cleanup(tr.CloseIdleConnections)
	return &nethttp.Client{Transport: tr}
}

// A client that does not read stops the guest, and gets all in the end.
func TestSlowClient(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		const total = 16 << 20
		progress := make(chan int, 1<<16)
		r := one(t, export, func(g *guest) {
			res := g.respond(200)
			piece := strings.Repeat("x", 64<<10)
			for n := 0; n < total; n += len(piece) {
				if !res.write(piece) {
					return
				}
				progress <- n
			}
			res.finish()
			close(progress)
		})
		res, err := r.client.Do(r.request("GET", "/", nil))
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		written := stalls(progress)
		if written > 12<<20 { // what sockets and buffers take
			t.Errorf("the guest has written %d bytes that nobody reads", written)
		}
		n, err := io.Copy(io.Discard, res.Body)
		if n != total || err != nil {
			t.Errorf("%d bytes, %v", n, err)
		}
	})
}

// stalls waits until no more progress comes and returns the last.
func stalls(progress <-chan int) int {
	last := 0
	for {
		select {
		case n, ok := <-progress:
			if !ok {
				return last
			}
			last = n
		case <-time.After(300 * time.Millisecond):
			return last
		}
	}
}

// A guest that does not read stops the client.
func TestSlowGuest(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		const total = 16 << 20
		read := make(chan bool)
		r := one(t, export, func(g *guest) {
			g.Off(func() { <-read })
			b := g.body()
			n := 0
			for s := b.read(); s != ""; s = b.read() {
				n += len(s)
			}
			g.answer(200, fmt.Sprint(n))
		})
		progress := make(chan int, 1<<16)
		in, out := io.Pipe()
		go func() {
			piece := make([]byte, 64<<10)
			for n := 0; n < total; n += len(piece) {
				if _, err := out.Write(piece); err != nil {
					break
				}
				progress <- n
			}
			out.Close()
		}()
		answer := make(chan answered)
		go func() { answer <- r.do(r.request("POST", "/", in)) }()
		if sent := stalls(progress); sent > 12<<20 {
			t.Errorf("the client has sent %d bytes that nobody reads", sent)
		}
		close(read)
		for range progress {
			if len(progress) == 0 {
				break
			}
		}
		done := make(chan bool)
		go func() {
			for {
				select {
				case <-progress:
				case <-done:
					return
				}
			}
		}()
		a := <-answer
		close(done)
		if a.body != fmt.Sprint(total) || a.err != nil {
			t.Errorf("%+v", a)
		}
	})
}

// counted counts reads of a body.
type counted struct {
	io.Reader
	reads int
}

func (c *counted) Read(p []byte) (int, error) {
	c.reads++
	return c.Reader.Read(p)
}

func (c *counted) Close() error { return nil }

func TestBodyThatTheGuestDoesNotWantIsNotRead(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		a := load(t, httptrigger.Config{}, single("/"), &component{id: "guest", exports: []string{export}, serve: func(g *guest) {
			g.Drop(g.req)
			g.answer(200, "no, thanks")
		}})
		body := &counted{Reader: strings.NewReader("much")}
		w := newRecorder()
		r, err := nethttp.NewRequest("POST", "http://x/", body)
		if err != nil {
			t.Fatal(err)
		}
		a.ServeHTTP(w, r)
		if w.status != 200 || w.body.String() != "no, thanks" || body.reads != 0 {
			t.Errorf("%d %q, %d reads", w.status, w.body.String(), body.reads)
		}
	})
}

func TestBodyThatFailsIsToldToTheGuest(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		a := load(t, httptrigger.Config{}, single("/"), &component{id: "guest", exports: []string{export}, serve: func(g *guest) {
			text, _, code := g.body().all()
			g.answer(200, text+" "+code)
		}})
		for want, err := range map[string]error{
			"some HTTP-protocol-error":    errors.New("broken"),
			"some HTTP-request-body-size": &nethttp.MaxBytesError{Limit: 10},
		} {
			body := io.MultiReader(strings.NewReader("some"), failing{err})
			w := newRecorder()
			r, _ := nethttp.NewRequest("POST", "http://x/", io.NopCloser(body))
			a.ServeHTTP(w, r)
			if w.body.String() != want {
				t.Errorf("%d %q, want %q", w.status, w.body.String(), want)
			}
		}
	})
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// recorder is a ResponseWriter without extras.
type recorder struct {
	status int
	header nethttp.Header
	body   strings.Builder
}

func newRecorder() *recorder { return &recorder{header: nethttp.Header{}} }

func (r *recorder) Header() nethttp.Header { return r.header }

func (r *recorder) WriteHeader(code int) {
	if r.status == 0 {
		r.status = code
	}
}

func (r *recorder) Write(p []byte) (int, error) {
	r.WriteHeader(200)
	return r.body.Write(p)
}
