package spin_test

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"testing"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/engine/value"
	"github.com/spinhost/spin/hostapi/wasi/sockets"
)

// netChecks begins the names of the guest's functions.
const netChecks = "acme:wasi-p2-net/checks#"

// netGuest is an app with a guest that calls all of wasi:sockets and wasi:http 0.2.
type netGuest struct{ app *spin.App }

// loadNetGuest loads the app, watched by w.
func loadNetGuest(t *testing.T, w *wasiCalls, o sockets.Options) netGuest {
	t.Helper()
	manifest := minimal + `allowed_outbound_hosts = [
	"tcp://127.0.0.1:*", "tcp://[::1]:*", "udp://127.0.0.1:*", "udp://[::1]:*", "udp://0.0.0.0:0",
	"http://127.0.0.1:*", "https://127.0.0.1:*", "tcp://*.example.com:1",
]
`
	app, err := loadBundle(t, bundle(manifest, map[string][]byte{"guest.wasm": rustGuest(t, "wasi-p2-net")}), func(cfg *spin.Config) {
		cfg.HostAPIs = w.apis(sockets.InterfacesWith(o)...)
	})
	if err != nil {
		t.Fatal(err)
	}
	return netGuest{app}
}

// check has the guest make one group of checks and returns what it tells of them.
func (g netGuest) check(t *testing.T, function string, args ...any) string {
	t.Helper()
	got, err := g.app.Invoke(t.Context(), "guest", netChecks+function, args...)
	if err != nil {
		t.Fatalf("%s: %v", function, err)
	}
	r, ok := got.(value.Result)
	if !ok || !r.OK {
		t.Fatalf("%s: %v", function, r.Value)
	}
	return r.Value.(string)
}

func (g netGuest) want(t *testing.T, want, function string, args ...any) {
	t.Helper()
	if got := g.check(t, function, args...); got != want {
		t.Errorf("%s: %q, want %q", function, got, want)
	}
}

// A guest calls every function of wasi:sockets and wasi:http 0.2.
func TestAGuestUsesAllOfTheNetworkOfWASI02(t *testing.T) {
	noGoroutines(t)
	w := &wasiCalls{version: "0.2.12"}
	asked := make(chan struct{})
	g := loadNetGuest(t, w, sockets.Options{Lookup: lookupHeldBack(asked)})
	for _, c := range []struct {
		name string
		test func(*testing.T, netGuest)
	}{
		{"tcp", testNetTCP},
		{"udp", testNetUDP},
		{"names", testNetNames},
		{"messages", testNetMessages},
		{"exchanges", testNetExchanges},
		{"failures", testNetFailures},
		{"served", testNetServed},
		{"mistakes", testNetMistakes},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, g) })
	}
	w.complete(t, "wasi:sockets", "wasi:http")
}

func testNetMessages(t *testing.T, g netGuest) {
	for _, f := range []string{"http-fields", "http-options", "http-request", "http-response"} {
		g.check(t, f)
	}
}

// lookupHeldBack knows the address of db.example.com once it was asked for go.db.example.com.
func lookupHeldBack(asked chan struct{}) func(context.Context, string) ([]netip.Addr, error) {
	return func(ctx context.Context, name string) ([]netip.Addr, error) {
		switch name {
		case "go.db.example.com":
			close(asked)
		case "db.example.com":
			select {
			case <-asked:
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		case "none.example.com":
			return nil, &net.DNSError{Name: name, IsNotFound: true}
		case "later.example.com":
			return nil, &net.DNSError{Name: name, IsTemporary: true}
		default:
			return nil, errors.New("the resolver is broken")
		}
		one, two := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("2001:db8::1")
		return []netip.Addr{one, two, one}, nil
	}
}

func testNetNames(t *testing.T, g netGuest) {
	g.check(t, "lookup-literals")
	g.want(t, "192.0.2.1 2001:db8::1", "lookup", "db.example.com")
	for name, code := range map[string]string{
		"none.example.com":   "name-unresolvable",
		"later.example.com":  "temporary-resolver-failure",
		"broken.example.com": "permanent-resolver-failure",
		"db.example.org":     "permanent-resolver-failure", // not in the manifest
	} {
		g.want(t, code, "lookup-failure", name)
	}
}
