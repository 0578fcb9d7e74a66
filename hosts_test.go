package spin_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/hostapi/variables"
)

// hostsTOML is a manifest whose component may reach what entries say.
func hostsTOML(entries string) string {
	return strings.Replace(minimal, "[[trigger.http]]", `[variables]
peer = { required = true }
spare = { default = "" }
secret = { required = true, secret = true }

[[trigger.http]]`, 1) + "allowed_outbound_hosts = [" + entries + "]\n"
}

func TestVariablesInAllowedHosts(t *testing.T) {
	peer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("reached"))
	}))
	defer peer.Close()
	address := strings.TrimPrefix(peer.URL, "http://")
	for name, c := range map[string]struct {
		entries, peer string
		reached       bool
		fault         string
	}{
		"a value":                {`"http://{{ peer }}"`, address, true, ""},
		"part of a value":        {`"http://127.0.0.1:{{peer}}"`, strings.TrimPrefix(address, "127.0.0.1:"), true, ""},
		"a secret":               {`"http://{{ secret }}"`, "127.0.0.1:1", true, ""},
		"an endpoint left empty": {`"{{ spare }}", "http://{{ peer }}"`, address, true, ""},
		"another value":          {`"http://{{ peer }}"`, "127.0.0.1:1", false, ""},
		"a value that is none":   {`"http://{{ peer }}"`, "not a host", false, `spin.toml:16:27: component "guest": allowed_outbound_hosts: `},
		"a secret that is none":  {`"http://x/{{ secret }}"`, "127.0.0.1:1", false, `spin.toml:16:27: component "guest": allowed_outbound_hosts: `},
	} {
		t.Run(name, func(t *testing.T) {
			files := bundle(hostsTOML(c.entries), map[string][]byte{"guest.wasm": guestP3.wasm(t)})
			app, err := loadBundle(t, files, func(cfg *spin.Config) {
				cfg.Variables = []variables.Provider{variables.Static(map[string]string{"peer": c.peer, "secret": address})}
			})
			if c.fault != "" {
				if err == nil || !strings.Contains(err.Error(), c.fault) || strings.Contains(c.entries, "secret") && strings.Contains(err.Error(), address) {
					t.Errorf("got %v, want %s", err, c.fault)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			w := httptest.NewRecorder()
			app.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/outbound?url="+peer.URL, nil))
			if reached := w.Body.String() == "reached"; reached != c.reached {
				t.Errorf("%d %q", w.Code, w.Body)
			}
		})
	}
}

// sealed is a provider that fails.
type sealed struct{}

var errSealed = errors.New("the vault is sealed")

func (sealed) Get(context.Context, string) (string, bool, error) { return "", false, errSealed }

func TestAllowedHostWithoutItsVariable(t *testing.T) {
	peer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("reached"))
	}))
	defer peer.Close()
	files := bundle(hostsTOML(`"http://{{ peer }}", "`+peer.URL+`"`), map[string][]byte{"guest.wasm": guestP3.wasm(t)})
	app, err := loadBundle(t, files, func(cfg *spin.Config) { cfg.Variables = []variables.Provider{sealed{}} })
	if err != nil {
		t.Fatal(err)
	}
	for url, want := range map[string]string{peer.URL: "reached", "http://127.0.0.1:9": ""} {
		w := httptest.NewRecorder()
		app.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/outbound?url="+url, nil))
		if got := w.Body.String(); (got == "reached") != (want == "reached") {
			t.Errorf("%s: %d %q", url, w.Code, got)
		}
	}
}
