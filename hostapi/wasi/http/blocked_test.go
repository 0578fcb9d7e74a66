package http_test

import (
	"net"
	nethttp "net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/hostapi"
	wasihttp "github.com/spinhost/spin/hostapi/wasi/http"
	"github.com/spinhost/spin/internal/dnstest"
	"github.com/spinhost/spin/internal/httpguest"
)

// block has a component send its requests by a transport that knows blocked networks.
func (w *world) block(networks ...string) *nethttp.Transport {
	w.t.Helper()
	blocked, err := capability.ParseNetworks(networks...)
	if err != nil {
		w.t.Fatal(err)
	}
	tr := wasihttp.NewTransport(blocked)
	w.t.Cleanup(tr.CloseIdleConnections)
	w.scope.Blocked, w.scope.HTTP = blocked, tr
	return tr
}

// A request goes to no address in a blocked network, whatever the manifest allows and however the
// address is written.
func TestSendToBlockedNetworks(t *testing.T) {
	tests := []struct {
		behaviour, blocked, host string
		prohibited               bool
	}{
		{"an address in another network", "10.0.0.0/8", "127.0.0.1", false},
		{"an address", "127.0.0.1/32", "127.0.0.1", true},
		{"a private address", "private", "127.0.0.1", true},
		{"a name that stands for it", "private", "localhost", true},
		{"IPv4 as IPv6", "127.0.0.0/8", "[::ffff:127.0.0.1]", true},
		{"IPv4 as IPv6 in hexadecimal", "127.0.0.0/8", "[::ffff:7f00:1]", true},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			both(t, func(t *testing.T, v3 bool) {
				w := newWorld(t, "http://*:*")
				hits := 0
				s := httptest.NewServer(nethttp.HandlerFunc(func(nethttp.ResponseWriter, *nethttp.Request) { hits++ }))
				defer s.Close()
				w.block(tt.blocked)
				_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
				w.run(v3, func(g *guest) {
					response, code := g.send(message{Target3: httpguest.Target3{Scheme: "http", Authority: tt.host + ":" + port, Path: "/"}}).wait()
					if prohibited := code == "destination-IP-prohibited"; prohibited != tt.prohibited || !prohibited && code != "" {
						t.Errorf("%q", code)
					}
					if response != 0 {
						g.Drop(response)
					}
				})
				if reached := hits == 1; reached == tt.prohibited {
					t.Errorf("%d requests have come", hits)
				}
				if log := w.log.String(); strings.Contains(log, "block_networks") != tt.prohibited {
					t.Errorf("log: %s", log)
				}
			})
		})
	}
}

// A name with addresses inside and outside of blocked networks is reached at those outside.
func TestSendToTheOpenAddressesOfAName(t *testing.T) {
	both(t, func(t *testing.T, v3 bool) {
		w := newWorld(t, "http://mixed.example:*")
		tr := w.block("10.0.0.0/8", "::/0", "127.0.0.2/32")
		s := httptest.NewServer(nethttp.HandlerFunc(func(nethttp.ResponseWriter, *nethttp.Request) {}))
		defer s.Close()
		dialer := hostapi.NewDialer(w.scope.Blocked)
		dialer.Resolver = dnstest.New([]string{"10.1.2.3", "127.0.0.2", "127.0.0.1", "::1"}).Resolver()
		tr.DialContext = dialer.DialContext
		_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
		w.run(v3, func(g *guest) {
			response, code := g.send(message{Target3: httpguest.Target3{Scheme: "http", Authority: "mixed.example:" + port, Path: "/"}}).wait()
			if code != "" {
				t.Fatalf("%q", code)
			}
			g.Drop(response)
		})
	})
}

// What counts is the address that is connected to, not one that the name stood for earlier.
func TestSendToANameThatIsBoundAgain(t *testing.T) {
	both(t, func(t *testing.T, v3 bool) {
		w := newWorld(t, "http://rebind.example:*")
		tr := w.block("127.0.0.2/32")
		s := httptest.NewServer(nethttp.HandlerFunc(func(w nethttp.ResponseWriter, _ *nethttp.Request) { w.Header().Set("Connection", "close") }))
		defer s.Close()
		// The first answer is harmless, those after it are not.
		dialer := hostapi.NewDialer(w.scope.Blocked)
		dialer.Resolver = dnstest.New([]string{"127.0.0.1"}, []string{"127.0.0.2"}).Resolver()
		tr.DialContext = dialer.DialContext
		_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
		w.run(v3, func(g *guest) {
			for _, want := range []string{"", "destination-IP-prohibited", "destination-IP-prohibited"} {
				response, code := g.send(message{Target3: httpguest.Target3{Scheme: "http", Authority: "rebind.example:" + port, Path: "/"}}).wait()
				if code != want {
					t.Errorf("%q, want %q", code, want)
				}
				if response != 0 {
					g.Drop(response)
				}
			}
		})
	})
}
