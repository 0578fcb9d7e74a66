package spin_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/hostapi/wasi/sockets"
)

// socketGuest is a guest that uses sockets of one version of WASI.
type socketGuest struct {
	name    string
	denied  string // as it says that something is not allowed
	unknown string // as it says that a name is not looked up
	full    string // as it says that there are too many sockets
}

// eachSocketGuest runs a test with a guest of each version.
func eachSocketGuest(t *testing.T, test func(t *testing.T, g socketGuest)) {
	for _, g := range []socketGuest{
		{"sockets-p2", "PermissionDenied", "Uncategorized", "Uncategorized"},
		{"sockets-p3", "ErrorCode::AccessDenied", `ErrorCode::Other(Some("ErrorCode::PermanentResolverFailure"))`, `ErrorCode::Other(Some("connection quota exhausted"))`},
	} {
		t.Run(g.name, func(t *testing.T) { test(t, g) })
	}
}

// load loads an app with the guest, which may reach hosts, separated by spaces.
func (g socketGuest) load(t *testing.T, hosts string, configure func(*spin.Config)) *spin.App {
	t.Helper()
	wasm, err := os.ReadFile("testdata/guests/rust/" + g.name + ".wasm")
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, h := range strings.Fields(hosts) {
		list = append(list, fmt.Sprintf("%q", h))
	}
	manifest := fmt.Sprintf(`spin_manifest_version = 2
[application]
name = "sockets"
[[trigger.http]]
route = "/..."
component = "guest"
[component.guest]
source = "guest.wasm"
allowed_outbound_hosts = [%s]
`, strings.Join(list, ", "))
	app, err := loadBundle(t, bundle(manifest, map[string][]byte{"guest.wasm": wasm}), configure)
	if err != nil {
		t.Fatal(err)
	}
	return app
}

// echoTCP sends back what it gets, and returns its address.
func echoTCP(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var conns sync.WaitGroup
	conns.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			conns.Go(func() {
				defer c.Close()
				_, _ = io.Copy(c, c)
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		conns.Wait()
	})
	return l.Addr().String()
}

// echoUDP does the same with datagrams.
func echoUDP(t *testing.T) string {
	t.Helper()
	c, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		buf := make([]byte, 1<<16)
		for {
			n, from, err := c.ReadFrom(buf)
			if err != nil {
				return
			}
			_, _ = c.WriteTo(buf[:n], from)
		}
	}()
	t.Cleanup(func() {
		c.Close()
		<-done
	})
	return c.LocalAddr().String()
}

func portOf(address string) string { return address[strings.LastIndexByte(address, ':'):] }

func TestGuestsUseSockets(t *testing.T) {
	eachSocketGuest(t, func(t *testing.T, g socketGuest) {
		tcp, udp := echoTCP(t), echoUDP(t)
		app := g.load(t, "tcp://127.0.0.0/24"+portOf(tcp)+" udp://127.0.0.1"+portOf(udp)+" udp://0.0.0.0:0", nil)
		wantText(t, app, "/tcp?text=hello&address="+tcp, "hello")
		wantText(t, app, "/tcp-large?address="+tcp, "1000000")
		wantText(t, app, "/udp?text=hello&address="+udp, "hello from "+udp)
		wantText(t, app, "/udp-connected?text=hello&address="+udp, "hello from "+udp)
		wantText(t, app, "/tcp?text=hello&address=127.0.0.1:1", "error: "+g.denied)
		wantText(t, app, "/tcp?text=hello&address=127.0.1.1"+portOf(tcp), "error: "+g.denied)
		wantText(t, app, "/udp?text=hello&address="+tcp, "error: "+g.denied)
		wantText(t, app, "/listen?address=127.0.0.1:0", "error: "+g.denied)
	})
}

// A client that knows its server by name needs no more than an entry for that name.
func TestGuestsConnectToNames(t *testing.T) {
	const name = "db.example.com"
	eachSocketGuest(t, func(t *testing.T, g socketGuest) {
		tcp := echoTCP(t)
		known := func(_ context.Context, asked string) ([]netip.Addr, error) {
			if asked != name {
				return nil, &net.DNSError{Name: asked, IsNotFound: true}
			}
			return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
		}
		log := new(buffer)
		load := func(o sockets.Options) *spin.App {
			return g.load(t, "tcp://"+name+portOf(tcp), func(cfg *spin.Config) {
				cfg.HostAPIs = spin.DefaultHostAPIs().With(sockets.InterfacesWith(o)...)
				cfg.Logger = logTo(log, slog.LevelWarn)
			})
		}
		app := load(sockets.Options{Lookup: known})
		wantText(t, app, "/tcp?text=hello&address="+tcp, "error: "+g.denied) // whoever has not asked for the name
		wantText(t, app, "/tcp?text=hello&address="+name+portOf(tcp), "hello")
		wantText(t, app, "/tcp?text=hello&address="+name+":1", "error: "+g.denied)
		blocked := load(sockets.Options{Lookup: known, Blocked: netip.Addr.IsLoopback})
		wantText(t, blocked, "/tcp?text=hello&address="+name+portOf(tcp), "error: "+g.unknown)
		wantText(t, app, "/tcp?text=hello&address=evil.example:80", "error: "+g.unknown)
		if want := `tcp://evil.example:*`; !strings.Contains(log.String(), want) {
			t.Errorf("the log does not say to add %s\n%s", want, log)
		}
		if !strings.Contains(log.String(), "has no address outside of the networks that the host blocks") {
			t.Errorf("the log says\n%s", log)
		}
	})
}

// Networks that are blocked for the app are so for sockets, whatever the manifest allows.
func TestBlockedNetworksOfSockets(t *testing.T) {
	eachSocketGuest(t, func(t *testing.T, g socketGuest) {
		tcp, udp := echoTCP(t), echoUDP(t)
		app := g.load(t, "*://*:*", func(cfg *spin.Config) {
			cfg.RuntimeConfig = configured(t, t.TempDir(), "[outbound_networking]\nblock_networks = [\"private\"]\n")
		})
		wantText(t, app, "/tcp?text=hello&address="+tcp, "error: "+g.denied)
		wantText(t, app, "/udp?text=hello&address="+udp, "error: "+g.denied)
		wantText(t, app, "/udp-connected?text=hello&address="+udp, "error: "+g.denied)
	})
}

func TestSocketsOfTheAppAreLimited(t *testing.T) {
	eachSocketGuest(t, func(t *testing.T, g socketGuest) {
		tcp, udp := echoTCP(t), echoUDP(t)
		load := func(key string, limit int) *spin.App {
			return g.load(t, "*://*:*", func(cfg *spin.Config) {
				cfg.RuntimeConfig = configured(t, t.TempDir(), fmt.Sprintf("[outbound_networking]\n%s = %d\n", key, limit))
			})
		}
		for _, key := range []string{"max_socket_connections", "max_total_connections"} {
			one := load(key, 1)
			for range 3 { // each gives back what it took
				eventually(t, "a connection is free", func() bool { return ask(one, "/tcp?text=hello&address="+tcp).Body.String() == "hello" })
				eventually(t, "a socket is free", func() bool { return ask(one, "/udp?text=hello&address="+udp).Body.String() == "hello from "+udp })
			}
			none := load(key, 0)
			wantText(t, none, "/tcp?text=hello&address="+tcp, "error: "+g.full)
			wantText(t, none, "/udp?text=hello&address="+udp, "error: "+g.full)
		}
	})
}

// A guest that waits for a peer takes its connection along when it is ended.
func TestConnectionsEndWithTheirGuest(t *testing.T) {
	eachSocketGuest(t, func(t *testing.T, g socketGuest) {
		noGoroutines(t)
		l, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		app := g.load(t, "*://*:*", nil)
		ctx, cancel := context.WithCancel(t.Context())
		answered := make(chan struct{})
		go func() {
			defer close(answered)
			defer func() { _ = recover() }() // http.ErrAbortHandler, as the client has left
			r := httptest.NewRequest(http.MethodGet, "http://localhost/tcp?text=hello&address="+l.Addr().String(), nil)
			app.ServeHTTP(httptest.NewRecorder(), r.WithContext(ctx))
		}()
		c, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		b := make([]byte, 10)
		if n, err := c.Read(b); string(b[:n]) != "hello" {
			t.Fatalf("got %q, %v", b[:n], err)
		}
		cancel()
		<-answered
		_ = app.Close(ctx) // does not wait
		if s := app.Stats(); s != (spin.Stats{}) {
			t.Errorf("left: %+v", s)
		}
		if n, err := c.Read(b); n > 0 || err == nil {
			t.Errorf("the connection goes on: %q", b[:n])
		}
	})
}
