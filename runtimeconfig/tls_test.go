package runtimeconfig_test

import (
	"path/filepath"
	"testing"

	"github.com/spinhost/spin/runtimeconfig"
)

func TestClientTLS(t *testing.T) {
	c := parse(t, complete)
	first, second := c.ClientTLS[0], c.ClientTLS[1]
	if first.CARootsFile != runtimeconfig.Path(filepath.Join("conf", "tls", "bank-ca.pem")) || first.KeyFile != "/keys/a.key" || first.PlatformRoots ||
		!second.PlatformRoots || second.Pos.Line != 52 {
		t.Errorf("got %+v and %+v", first, second)
	}
	for _, q := range []struct {
		component, host string
		want            *runtimeconfig.ClientTLS
	}{
		{"billing", "bank.example", first}, {"shop", "BANK.example", first}, {"billing", "::1", second},
		{"shop", "::1", nil}, {"other", "bank.example", nil}, {"billing", "a.bank.example", nil},
	} {
		if got := c.TLSFor(q.component, q.host); got != q.want {
			t.Errorf("%s %s: got %+v", q.component, q.host, got)
		}
	}
	for text, want := range map[string][2]bool{
		"":                    {true, false},
		"ca_roots_file = 'x'": {false, false},
		"ca_use_platform_roots = true\nca_roots_file = 'x'":         {true, false},
		"ca_use_platform_roots = false\nca_roots_file = 'x'":        {false, false},
		"ca_use_webpki_roots = true":                                {false, true},
		"ca_use_webpki_roots = false\nca_roots_file = 'x'":          {false, false},
		"ca_use_webpki_roots = true\nca_use_platform_roots = true":  {true, true},
		"ca_use_webpki_roots = true\nca_use_platform_roots = false": {false, true},
	} {
		got := parse(t, "[[client_tls]]\ncomponent_ids = ['a']\nhosts = ['b']\n"+text).ClientTLS[0]
		if got.PlatformRoots != want[0] || got.WebPKIRoots != want[1] {
			t.Errorf("%s: got %+v", text, got)
		}
	}
}
