package http_test

import (
	"fmt"
	"io"
	nethttp "net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// newServer starts a server that ends with the test, and a component that may reach it.
func newServer(t testing.TB, h nethttp.HandlerFunc) (*world, *httptest.Server) {
	t.Helper()
	w := newWorld(t, "http://127.0.0.1:*")
	s := httptest.NewUnstartedServer(h)
	s.Config.DisableGeneralOptionsHandler = true
	s.Start()
	t.Cleanup(s.Close)
	return w, s
}

// inspect answers with what the server has got.
func inspect(w nethttp.ResponseWriter, r *nethttp.Request) {
	body, err := io.ReadAll(r.Body)
	var fields []string
	for name, values := range r.Header {
		fields = append(fields, fmt.Sprintf("%s=%q", name, values))
	}
	slices.Sort(fields)
	fmt.Fprintf(w, "%s %s %s %d %q %v %q %v", r.Method, r.RequestURI, r.Proto, r.ContentLength, body, err, fields, r.Trailer)
}

func TestSendRequestLine(t *testing.T) {
	both(t, func(t *testing.T, v3 bool) {
		w, s := newServer(t, inspect)
		w.run(v3, func(g *guest) {
			for _, tt := range [][3]string{
				{"GET", "", "/"}, {"", "/a", "/a"}, {"GET", "/a%2Fb/%41?x=%20&%zz", "/a%2Fb/%41?x=%20&%zz"}, {"GET", "?", "/?"}, {"GET", "//x/y", "//x/y"},
				{"OPTIONS", "*", "*"}, {"DELETE", "/'()[]!$&;=@:", "/'()[]!$&;=@:"}, {"PROPFIND", "/a#b", "/a"}, {"get", "/", "/"},
			} {
				r, code := g.send(to(s, tt[0], tt[1])).receive()
				if code != "" {
					t.Errorf("%q: %s", tt, code)
					continue
				}
				method := tt[0]
				if method == "" {
					method = "GET"
				}
				body, _, _ := r.all()
				if want := method + " " + tt[2] + ` HTTP/1.1 0 "" <nil> [] map[]`; body != want {
					t.Errorf("%q:\n%s, want\n%s", tt, body, want)
				}
			}
		})
	})
}

func TestSendFields(t *testing.T) {
	both(t, func(t *testing.T, v3 bool) {
		w, s := newServer(t, inspect)
		w.run(v3, func(g *guest) {
			m := to(s, "GET", "/")
			m.fields = []string{"x-b", "1", "x-a", "", "x-b", "\xff", "cookie", "a", "accept-encoding", "x"}
			r, code := g.send(m).receive()
			if code != "" {
				t.Fatal(code)
			}
			body, _, _ := r.all()
			want := `GET / HTTP/1.1 0 "" <nil> ["Accept-Encoding=[\"x\"]" "Cookie=[\"a\"]" "X-A=[\"\"]" "X-B=[\"1\" \"\\xff\"]"] map[]`
			if body != want {
				t.Errorf("%s, want\n%s", body, want)
			}
		})
	})
}

func TestSendBodies(t *testing.T) {
	both(t, func(t *testing.T, v3 bool) {
		w, s := newServer(t, inspect)
		w.run(v3, func(g *guest) {
			tests := []struct {
				fields, pieces, trailers []string
				want                     string
			}{
				{nil, []string{"a", "bc"}, nil, `-1 "abc" <nil> [] map[]`},
				{[]string{"content-length", "3"}, []string{"a", "bc"}, nil, `3 "abc" <nil> ["Content-Length=[\"3\"]"] map[]`},
				{[]string{"content-length", "0"}, nil, nil, `0 "" <nil> ["Content-Length=[\"0\"]"] map[]`},
				{[]string{"trailer", "x-sum, Host"}, []string{"a"}, []string{"x-sum", "1", "x-sum", "2"}, `-1 "a" <nil> [] map[X-Sum:[1 2]]`},
				{nil, []string{"a"}, []string{"x-not-announced", "1"}, `-1 "a" <nil> [] map[]`},
				{nil, []string{strings.Repeat("x", 100)}, nil, `-1 "` + strings.Repeat("x", 100) + `" <nil> [] map[]`},
			}
			for _, tt := range tests {
				m := to(s, "POST", "/")
				m.fields, m.body = tt.fields, true
				sending := g.send(m)
				for _, p := range tt.pieces {
					if fault := sending.write(p); fault != "" {
						t.Errorf("write: %s", fault)
					}
				}
				if code, _ := sending.finish(tt.trailers...); code != "" {
					t.Errorf("finish: %s", code)
				}
				r, code := sending.receive()
				if code != "" {
					t.Errorf("%q: %s", tt.pieces, code)
					continue
				}
				if body, _, code := r.all(); body != "POST / HTTP/1.1 "+tt.want || code != "" {
					t.Errorf("%s %s, want\n%s", body, code, tt.want)
				}
				if v3 {
					if code, _ := g.Outcome3(sending.sent); code != "" {
						t.Errorf("outcome: %s", code)
					}
				}
			}
		})
	})
}

func TestReceive(t *testing.T) {
	both(t, func(t *testing.T, v3 bool) {
		w, s := newServer(t, func(w nethttp.ResponseWriter, r *nethttp.Request) {
			h := w.Header()
			h["X-Many"] = []string{"1", "2"}
			h.Set("Content-Type", "text/plain")
			h.Set("Trailer", "X-Sum")
			h["Date"] = nil
			h.Set("Upgrade", "x")
			w.WriteHeader(418)
			io.WriteString(w, "short and stout")
			h.Set("X-Sum", "42")
		})
		w.run(v3, func(g *guest) {
			r, code := g.send(to(s, "GET", "/")).receive()
			if code != "" {
				t.Fatal(code)
			}
			if r.status != 418 {
				t.Errorf("status %d", r.status)
			}
			// Version 0.2 hides what concerns the connection.
			fields := []string{"content-type", "text/plain", "x-many", "1", "x-many", "2"}
			if v3 {
				fields = slices.Insert(fields, 2, "upgrade", "x")
			}
			fields = append(fields, "trailer", "x-sum") // where net/http has hidden it
			equal(t, "fields", r.fields, fields...)
			body, got, code := r.all()
			if body != "short and stout" || code != "" {
				t.Errorf("%q %s", body, code)
			}
			equal(t, "trailers", got, "x-sum", "42")
		})
	})
}

// Redirects and codings of content are the guest's business.
func TestReceiveLeavesTheResponseAsItIs(t *testing.T) {
	both(t, func(t *testing.T, v3 bool) {
		w, s := newServer(t, func(w nethttp.ResponseWriter, r *nethttp.Request) {
			if r.URL.Path != "/" {
				t.Errorf("redirect is followed to %s", r.URL)
			}
			w.Header().Set("Location", "/elsewhere")
			w.Header().Set("Content-Encoding", "gzip")
			w.WriteHeader(302)
			io.WriteString(w, "not really gzip")
		})
		w.run(v3, func(g *guest) {
			r, code := g.send(to(s, "GET", "/")).receive()
			if code != "" {
				t.Fatal(code)
			}
			body, _, code := r.all()
			if r.status != 302 || body != "not really gzip" || code != "" || len(r.field("content-encoding")) != 1 || r.field("location")[0] != "/elsewhere" {
				t.Errorf("%d %q %s %q", r.status, body, code, r.fields)
			}
		})
	})
}

func TestReceiveWithoutBody(t *testing.T) {
	both(t, func(t *testing.T, v3 bool) {
		w, s := newServer(t, func(w nethttp.ResponseWriter, r *nethttp.Request) {
			switch r.URL.Path {
			case "/204":
				w.WriteHeader(204)
			case "/304":
				w.WriteHeader(304)
			}
			w.Header().Set("Content-Length", "0")
		})
		w.run(v3, func(g *guest) {
			for _, m := range []message{to(s, "GET", "/204"), to(s, "GET", "/304"), to(s, "GET", "/"), to(s, "HEAD", "/")} {
				r, code := g.send(m).receive()
				if code != "" {
					t.Fatal(code)
				}
				if body, trailers, code := r.all(); body != "" || trailers != nil || code != "" {
					t.Errorf("%s: %q %q %s", m.Path, body, trailers, code)
				}
			}
		})
	})
}

// Each piece is there before the next is sent, in both directions.
func TestSendStreamsBothWays(t *testing.T) {
	both(t, func(t *testing.T, v3 bool) {
		w, s := newServer(t, func(w nethttp.ResponseWriter, r *nethttp.Request) {
			c := nethttp.NewResponseController(w)
			if err := c.EnableFullDuplex(); err != nil {
				t.Error(err)
			}
			c.Flush()
			buf := make([]byte, 100)
			for {
				n, err := r.Body.Read(buf)
				if err != nil {
					return
				}
				fmt.Fprintf(w, "got %s", buf[:n])
				c.Flush()
			}
		})
		w.run(v3, func(g *guest) {
			m := to(s, "POST", "/")
			m.body = true
			sending := g.send(m)
			if fault := sending.write("piece 0"); fault != "" { // some servers answer only then
				t.Fatal(fault)
			}
			r, code := sending.receive()
			if code != "" {
				t.Fatal(code)
			}
			for i := range 5 {
				if got, want := r.read(), fmt.Sprintf("got piece %d", i); got != want {
					t.Errorf("%q, want %q", got, want)
				}
				if fault := sending.write(fmt.Sprintf("piece %d", i+1)); fault != "" {
					t.Fatal(fault)
				}
			}
			if got := r.read(); got != "got piece 5" {
				t.Errorf("%q", got)
			}
			sending.finish()
			if rest, _, code := r.all(); rest != "" || code != "" {
				t.Errorf("%q %s", rest, code)
			}
		})
	})
}

// More than all buffers hold goes out and comes back at once.
func TestSendAndReceiveAtOnce(t *testing.T) {
	const total = 1 << 20
	both(t, func(t *testing.T, v3 bool) {
		w, s := newServer(t, func(w nethttp.ResponseWriter, r *nethttp.Request) {
			c := nethttp.NewResponseController(w)
			c.EnableFullDuplex()
			for buf := make([]byte, 4<<10); ; {
				n, err := r.Body.Read(buf)
				w.Write(buf[:n])
				c.Flush() // what is read of half a chunk waits for the other half
				if err != nil {
					return
				}
			}
		})
		w.run(v3, func(g *guest) {
			m := to(s, "POST", "/")
			m.body = true
			sending := g.send(m)
			piece := strings.Repeat("0123456789abcdef", 256)
			sent, got := 0, 0
			sending.write(piece)
			sent += len(piece)
			r, code := sending.receive()
			if code != "" {
				t.Fatal(code)
			}
			for sent < total {
				if fault := sending.write(piece); fault != "" {
					t.Fatal(fault)
				}
				sent += len(piece)
				if sent-got >= 64<<10 { // what is under way stays less than sockets hold
					got += len(r.read())
				}
			}
			sending.finish()
			rest, _, code := r.all()
			if got += len(rest); got != total || code != "" {
				t.Errorf("%d bytes, %s", got, code)
			}
		})
	})
}
