package spin_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/registry"
	"github.com/spinhost/spin/runtimeconfig"
)

// Networks are blocked by what the embedder sets and by the runtime configuration, for guests of
// all versions, and whatever the manifest allows.
func TestBlockedNetworks(t *testing.T) {
	u := newUpstream(t)
	private, err := capability.ParseNetworks("private")
	if err != nil {
		t.Fatal(err)
	}
	other, err := capability.ParseNetworks("10.0.0.0/8")
	if err != nil {
		t.Fatal(err)
	}
	each(t, isRust, func(t *testing.T, g guest) {
		for _, tt := range []struct {
			behaviour string
			set       capability.Networks
			rc        string
			blocked   bool
		}{
			{"nothing is", capability.Networks{}, "", false},
			{"others are", other, `outbound_networking.block_networks = ["203.0.113.0/24"]`, false},
			{"by Config", private, "", true},
			{"by the runtime configuration", capability.Networks{}, `outbound_networking.block_networks = ["private"]`, true},
			{"by either", other, `outbound_networking.block_networks = ["127.0.0.0/8"]`, true},
		} {
			t.Run(tt.behaviour, func(t *testing.T) {
				hits := u.count("/ok")
				r := serve(t, g.manifest(t, `["*://*:*"]`), func(c *spin.Config) {
					c.BlockNetworks, c.RuntimeConfig = tt.set, configured(t, "", tt.rc)
				})
				status, body := r.get("/outbound?url=" + u.URL + "/ok")
				if blocked := status == http.StatusBadGateway && u.count("/ok") == hits; blocked != tt.blocked || !blocked && body != "fine" {
					t.Errorf("%d %s", status, body)
				}
			})
		}
	})
}

func TestFaultyBlockedNetworks(t *testing.T) {
	_, err := runtimeconfig.Parse([]byte("[outbound_networking]\nblock_networks = [\n  \"private\",\n  \"localhost\",\n]\n"), "rc.toml")
	var fault *capability.NetworkError
	if !errors.As(err, &fault) || fault.Index != 1 || !strings.HasPrefix(err.Error(), `rc.toml:4:3: outbound_networking.block_networks[1]: "localhost" is not a network: write `) {
		t.Errorf("got %v", err)
	}
}

// What is downloaded for an app is not for its guests: blocked networks do not concern it.
func TestBlockedNetworksDoNotConcernDownloads(t *testing.T) {
	wasm := guestP3.wasm(t)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(wasm) }))
	defer s.Close()
	private, err := capability.ParseNetworks("private")
	if err != nil {
		t.Fatal(err)
	}
	app, err := loadBundle(t, bundle(fromURL(s.URL+"/guest.wasm", registry.DigestOf(wasm).String()), nil), func(c *spin.Config) {
		c.BlockNetworks, c.SourceCache = private, "-"
	})
	if err != nil {
		t.Fatal(err)
	}
	if w := ask(app, "/hello"); w.Code != http.StatusOK {
		t.Errorf("%d", w.Code)
	}
}
