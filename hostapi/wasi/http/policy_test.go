package http_test

import (
	"context"
	"fmt"
	nethttp "net/http"
	"strings"
	"testing"

	"github.com/spinhost/spin/capability"
	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
	"github.com/spinhost/spin/internal/httpguest"
)

// A denied request gets its code, and the log says which line of the manifest would allow it.
func TestDenied(t *testing.T) {
	tests := []struct {
		behaviour string
		hosts     []string
		to        httpguest.Target3
		log       []string
	}{
		{"no list", nil, httpguest.Target3{Scheme: "https", Authority: "api.example.com"},
			[]string{`add the line allowed_outbound_hosts = [\"https://api.example.com\"]`, "spin.toml:7:1", "component=shop"}},
		{"another host", []string{"https://example.com"}, httpguest.Target3{Scheme: "https", Authority: "example.org"},
			[]string{`add \"https://example.org\" to allowed_outbound_hosts`, "spin.toml:7:1"}},
		{"another port", []string{"https://example.com"}, httpguest.Target3{Scheme: "https", Authority: "example.com:8443"}, []string{`add \"https://example.com:8443\"`}},
		{"another scheme", []string{"https://example.com"}, httpguest.Target3{Scheme: "http", Authority: "example.com"}, []string{`add \"http://example.com\"`}},
		{"a scheme of none is https", []string{"http://example.com"}, httpguest.Target3{Authority: "example.com"}, []string{`add \"https://example.com\"`}},
		{"the bare domain of a wildcard", []string{"http://*.example.com"}, httpguest.Target3{Scheme: "http", Authority: "example.com"}, []string{`add \"http://example.com\"`}},
		{"a port after the range", []string{"http://h:8000..8002"}, httpguest.Target3{Scheme: "http", Authority: "h:8002"}, []string{`add \"http://h:8002\"`}},
		{"a name for an allowed address", []string{"http://127.0.0.1:80"}, httpguest.Target3{Scheme: "http", Authority: "localhost"}, []string{`add \"http://localhost\"`}},
		{"user information is not logged", nil, httpguest.Target3{Scheme: "http", Authority: "u:secret@example.com"}, []string{`\"http://example.com\"`}},
		{"user information does not hide the host", []string{"http://good.example"}, httpguest.Target3{Scheme: "http", Authority: "good.example@bad.example"}, []string{`\"http://bad.example\"`}},
		{"the app itself", nil, httpguest.Target3{Scheme: "http", Authority: "self.alt"}, []string{"self"}},
		{"the app itself without a name", []string{"http://example.com"}, httpguest.Target3{Scheme: "http", Authority: ":80"}, []string{"self"}},
		{"a host that is none", []string{"*://*:*"}, httpguest.Target3{Scheme: "http", Authority: "[x]"}, []string{"denied"}},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			both(t, func(t *testing.T, v3 bool) {
				w := newWorld(t, tt.hosts...)
				w.scope.HTTP = roundTrip(func(r *nethttp.Request) (*nethttp.Response, error) {
					t.Errorf("it is sent to %s", r.URL)
					return nil, context.Canceled
				})
				tt.to.Path = "/x"
				m := message{Target3: tt.to, body: true}
				w.run(v3, func(g *guest) {
					for range 3 {
						s := g.send(m)
						if !v3 && s.refused != "" {
							t.Errorf("handle itself fails: %q", s.refused)
						}
						if _, code := s.wait(); code != "HTTP-request-denied" {
							t.Errorf("%q", code)
						}
						if v3 {
							if code, _ := g.Outcome3(s.sent); code != "HTTP-request-denied" {
								t.Errorf("outcome %q", code)
							}
						}
						if fault := s.write(strings.Repeat("x", 2<<20)); fault != "closed" {
							t.Errorf("the body is taken: %q", fault)
						}
					}
				})
				log := w.log.String()
				for _, want := range append(tt.log, "outbound HTTP request denied", "level=WARN") {
					if !strings.Contains(log, want) {
						t.Errorf("%s\nhas no %s", log, want)
					}
				}
				if strings.Contains(log, "secret") || strings.Count(log, "\n") != 1 {
					t.Errorf("log: %s", log)
				}
			})
		})
	}
}

func TestAllowed(t *testing.T) {
	tests := []struct {
		hosts     string
		to        httpguest.Target3
		url, host string
	}{
		{"https://example.com", httpguest.Target3{Authority: "example.com"}, "https://example.com/x", "example.com"},
		{"https://example.com", httpguest.Target3{Scheme: "https", Authority: "EXAMPLE.com:443"}, "https://example.com/x", "example.com"},
		{"http://*.example.com", httpguest.Target3{Scheme: "http", Authority: "a.b.example.com"}, "http://a.b.example.com/x", "a.b.example.com"},
		{"http://h:8000..8002", httpguest.Target3{Scheme: "http", Authority: "h:8001"}, "http://h:8001/x", "h:8001"},
		{"http://10.0.0.0/8", httpguest.Target3{Scheme: "http", Authority: "10.1.2.3"}, "http://10.1.2.3/x", "10.1.2.3"},
		{"*://*:*", httpguest.Target3{Scheme: "http", Authority: "u:p@[::1]:81"}, "http://[::1]:81/x", "[::1]:81"},
	}
	for _, tt := range tests {
		both(t, func(t *testing.T, v3 bool) {
			w := newWorld(t, tt.hosts)
			sent := false
			w.scope.HTTP = roundTrip(func(r *nethttp.Request) (*nethttp.Response, error) {
				sent = true
				if got := r.URL.Scheme + "://" + r.URL.Host + r.URL.RequestURI(); got != tt.url || r.Host != tt.host || r.Header["Authorization"] != nil {
					t.Errorf("%v: %s, host %s, want %s", tt.to, got, r.Host, tt.url)
				}
				return &nethttp.Response{StatusCode: 200, Body: nethttp.NoBody}, nil
			})
			tt.to.Path = "/x"
			w.run(v3, func(g *guest) {
				if _, code := g.send(message{Target3: tt.to}).wait(); code != "" {
					t.Errorf("%v: %s", tt.to, code)
				}
			})
			if !sent {
				t.Errorf("%v is not sent", tt.to)
			}
		})
	}
}

// Requests to the app and to its components are sent by plain names, whatever scheme, port and user
// information the guest has given them.
func TestRequestsToTheAppAndItsComponents(t *testing.T) {
	tests := []struct{ hosts, scheme, authority, url string }{
		{"http://self", "http", "self.alt", "http://self.alt/x?y"},
		{"https://self.alt", "https", "u:p@SELF.alt:8080", "http://self.alt/x?y"},
		{"*://*:*", "", ":443", "http://self.alt/x?y"},
		{"http://other.spin.internal", "http", "other.spin.internal", "http://other.spin.internal/x?y"},
		{"https://*.spin.internal", "", "Other.spin.internal", "http://other.spin.internal/x?y"},
		{"*://*:*", "https", "u@other.spin.internal:123", "http://other.spin.internal/x?y"},
	}
	for _, tt := range tests {
		both(t, func(t *testing.T, v3 bool) {
			w := newWorld(t, tt.hosts)
			w.scope.HTTP = roundTrip(func(r *nethttp.Request) (*nethttp.Response, error) {
				if got := r.URL.Scheme + "://" + r.URL.Host + r.URL.RequestURI(); got != tt.url || r.Host != r.URL.Host || r.URL.User != nil {
					t.Errorf("%v: %s, host %s", tt, got, r.Host)
				}
				return nil, fmt.Errorf("nobody is there: %w", p3http.ErrorCodeDestinationNotFound())
			})
			w.run(v3, func(g *guest) {
				for range 2 {
					if _, code := g.send(message{Target3: httpguest.Target3{Scheme: tt.scheme, Authority: tt.authority, Path: "/x?y"}}).wait(); code != "destination-not-found" {
						t.Errorf("%v: %q", tt, code)
					}
				}
			})
			if log := w.log.String(); strings.Count(log, "\n") != 1 || !strings.Contains(log, "refused: nobody is there") {
				t.Errorf("log: %s", log)
			}
		})
	}
}

// Without a host that answers them, they do not leave the machine.
func TestRequestsToTheAppAreNotForTheNetwork(t *testing.T) {
	both(t, func(t *testing.T, v3 bool) {
		w := newWorld(t, "http://self", "http://other.spin.internal")
		w.run(v3, func(g *guest) {
			for _, authority := range []string{"self.alt", "other.spin.internal"} {
				if _, code := g.send(message{Target3: httpguest.Target3{Scheme: "http", Authority: authority, Path: "/"}}).wait(); code != "destination-not-found" {
					t.Errorf("%s: %q", authority, code)
				}
			}
		})
	})
}

func TestNothingThatSends(t *testing.T) {
	both(t, func(t *testing.T, v3 bool) {
		w := newWorld(t, "http://example.com")
		w.scope.HTTP = nil
		w.run(v3, func(g *guest) {
			if _, code := g.send(message{Target3: httpguest.Target3{Scheme: "http", Authority: "example.com", Path: "/"}}).wait(); code != "internal-error" {
				t.Errorf("%q", code)
			}
		})
	})
}

// A scope without hosts allows none.
func TestNoHosts(t *testing.T) {
	both(t, func(t *testing.T, v3 bool) {
		w := newWorld(t)
		w.scope.Hosts = (*capability.Hosts)(nil)
		w.run(v3, func(g *guest) {
			for _, authority := range []string{"example.com", "self.alt"} {
				if _, code := g.send(message{Target3: httpguest.Target3{Scheme: "http", Authority: authority, Path: "/"}}).wait(); code != "HTTP-request-denied" {
					t.Errorf("%s: %q", authority, code)
				}
			}
		})
	})
}

// However many destinations a guest tries, the log stays short.
func TestDenialsAreLoggedSoOften(t *testing.T) {
	w := newWorld(t)
	w.run(false, func(g *guest) {
		for i := range 300 {
			authority := "h" + strings.Repeat("x", i%250) + string(rune('a'+i%26))
			f := g.send(message{Target3: httpguest.Target3{Scheme: "http", Authority: authority, Path: "/"}})
			if _, code := f.wait(); code != "HTTP-request-denied" {
				t.Errorf("%q", code)
			}
		}
	})
	if n := strings.Count(w.log.String(), "\n"); n != 100 {
		t.Errorf("%d lines", n)
	}
}
