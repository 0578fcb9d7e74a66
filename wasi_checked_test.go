package spin_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/engine/value"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/wasi/sockets"
)

// checked is an app with a guest whose functions check what the host does.
type checked struct {
	app, readOnly *spin.App
	guest         string
	calls         *wasiCalls
	data          string        // the folder of its files
	waits         chan struct{} // closed when the guest prints that it waits
	http          string        // addresses of peers that it may reach
	tcp, udp      string
	received      chan string // by the TCP peer
}

const checkedTOML = `spin_manifest_version = 2
[application]
name = "checked"
[[trigger.http]]
route = "/..."
component = "guest"
[component.guest]
source = "guest.wasm"
files = [{ source = "data", destination = "/data" }]
environment = { MINE = "yes", OTHER = "" }
allowed_outbound_hosts = ["http://%s", "tcp://%s", "tcp://127.0.0.1:1", "udp://%s", "udp://0.0.0.0:0", "tcp://db.example.com:5432"]
`

// newChecked loads an app with the guest and its peers. The second app has files that cannot be changed.
func newChecked(t *testing.T, guest string, calls *wasiCalls) *checked {
	t.Helper()
	h := &checked{guest: guest, calls: calls, waits: make(chan struct{}), udp: echoUDP(t), http: checkedPeer(t)}
	h.tcp, h.received = answering(t)
	dir := t.TempDir()
	h.data = filepath.Join(dir, "data")
	if err := os.MkdirAll(filepath.Join(h.data, "dir", "sub"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"spin.toml": fmt.Sprintf(checkedTOML, h.http, h.tcp, h.udp), "guest.wasm": string(rustGuest(t, guest)),
		"data/digits.txt": "0123456789", "data/dir/inner.txt": "inner",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	apis := calls.apis(sockets.InterfacesWith(sockets.Options{Lookup: h.resolve})...)
	h.app, h.readOnly = h.load(t, dir, apis, true), h.load(t, dir, apis, false)
	return h
}

func (h *checked) load(t *testing.T, dir string, apis hostapi.Registry, write bool) *spin.App {
	t.Helper()
	said := writerFunc(func([]byte) { close(h.waits) })
	app, err := spin.Load(context.Background(), dir, &spin.Config{
		HostAPIs: apis, DirectMounts: true, AllowTransientWrite: write, Stdout: func(string) io.Writer { return said },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeApp(t, app) })
	if s := app.StandIns(); len(s) > 0 {
		t.Errorf("stand-ins: %v", s)
	}
	return app
}

// resolve looks a name up as soon as the guest says that it has seen that it has to wait.
func (h *checked) resolve(ctx context.Context, name string) ([]netip.Addr, error) {
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-h.waits:
		return []netip.Addr{netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("2001:db8::1")}, nil
	}
}

// try calls a function of the guest.
func (h *checked) try(ctx context.Context, app *spin.App, function string, args ...any) (any, error) {
	return app.Invoke(ctx, "guest", "test:"+h.guest+"/checks#"+function, args...)
}

// call calls a function and returns its text.
func (h *checked) call(t *testing.T, function string, args ...any) string {
	t.Helper()
	return h.text(t, t.Context(), h.app, function, args...)
}

func (h *checked) text(t *testing.T, ctx context.Context, app *spin.App, function string, args ...any) string {
	t.Helper()
	got, err := h.try(ctx, app, function, args...)
	if err != nil {
		t.Fatalf("%s: %v", function, err)
	}
	r := got.(value.Result)
	text, _ := r.Value.(string)
	if !r.OK {
		t.Errorf("%s: %s", function, text)
	}
	return text
}

// traps calls a function that ends the guest.
func (h *checked) traps(t *testing.T, want, function string, args ...any) {
	t.Helper()
	if got, err := h.try(t.Context(), h.app, function, args...); !errors.Is(err, spin.ErrTrap) || !strings.Contains(err.Error(), want) {
		t.Errorf("%s: %v, %v, want %s", function, got, err, want)
	}
}

// checkedPeer serves requests of the guest.
func checkedPeer(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/late":
			<-r.Context().Done()
		case "/broken":
			w.Header().Set("Content-Length", "10")
			_, _ = io.WriteString(w, "half")
			http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		case "/short":
		default:
			body, _ := io.ReadAll(r.Body)
			w.Header().Set("Trailer", "X-Sum")
			w.Header().Set("X-Peer", r.Method+" "+r.URL.String()+" "+r.Header.Get("X-Mine"))
			w.WriteHeader(http.StatusTeapot)
			_, _ = w.Write(slices.Concat([]byte("got "), body))
			w.Header().Set("X-Sum", r.Trailer.Get("X-Sum")+"6")
		}
	}))
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}

// answering says to each TCP peer what it has got, and from where, once nothing follows.
func answering(t *testing.T) (address string, received chan string) {
	t.Helper()
	received = make(chan string, 10)
	return tcpPeer(t, "127.0.0.1:0", func(c *net.TCPConn) {
		text, _ := io.ReadAll(c)
		fmt.Fprintf(c, "%s from %v", text, c.RemoteAddr())
		received <- string(text)
	}), received
}
