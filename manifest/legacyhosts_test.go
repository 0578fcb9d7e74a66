package manifest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestLegacyHosts(t *testing.T) {
	for entry, want := range map[string]string{
		"self":                     "http://self",
		"https://self":             "http://self",
		"self:8080":                "http://self",
		"example.com":              "http://example.com https://example.com",
		"example.com:8080":         "http://example.com:8080 https://example.com:8080",
		"example.com:80":           "http://example.com https://example.com",
		"example.com:443":          "http://example.com:443 https://example.com:443",
		"http://example.com":       "http://example.com https://example.com",
		"http://example.com/":      "http://example.com https://example.com",
		"https://example.com:443":  "http://example.com https://example.com",
		"https://example.com:80":   "http://example.com:80 https://example.com:80",
		"HTTPS://example.com:8443": "http://example.com:8443 https://example.com:8443",
		"127.0.0.1:3000":           "http://127.0.0.1:3000 https://127.0.0.1:3000",
		"[::1]":                    "http://[::1] https://[::1]",
		"[::1]:80":                 "http://[::1] https://[::1]",
		"insecure:allow-all":       "http://*:* https://*:* http://self",
	} {
		m := parse(t, fmt.Sprintf(component+"source = \"c\"\nallowed_http_hosts = [%q]\n", entry))
		if got := strings.Join(hosts(m, "c"), " "); got != want {
			t.Errorf("%q: got %s", entry, got)
		}
	}
}

func TestLegacyHostsOfVersion2(t *testing.T) {
	m := parse(t, component+`source = "c"
allowed_outbound_hosts = ["redis://db:6379"]
allowed_http_hosts = ["example.com", "self"]
`)
	if got := hosts(m, "c"); !slices.Equal(got, []string{"redis://db:6379", "http://example.com", "https://example.com", "http://self"}) {
		t.Errorf("got %q", got)
	}
	c := component1(t, m, "c")
	if got := c.AllowedOutboundHosts.CheckURL("https://example.com/x", "").String(); got != `https://example.com is allowed by "https://example.com" at spin.toml:7:23` {
		t.Errorf("got %s", got)
	}
	checkWarnings(t, m, `spin.toml:7:1: component.c.allowed_http_hosts: this key is replaced by allowed_outbound_hosts: write allowed_outbound_hosts = ["redis://db:6379", "http://example.com", "https://example.com", "http://self"]`)
}

func TestLongListsOfLegacyHostsAreCut(t *testing.T) {
	m := parse(t, component+"source = \"c\"\nallowed_http_hosts = ["+strings.Repeat("\"example.com\", ", 20)+"]\n")
	checkWarnings(t, m, `spin.toml:6:1: *"https://example.com", ...]`)
	if n := strings.Count(m.Warnings[0].Msg, "://"); n != 8 {
		t.Errorf("%d hosts in %s", n, m.Warnings[0])
	}
}

func TestLegacyHostFaults(t *testing.T) {
	for entry, want := range map[string]string{
		"ftp://x":           `"ftp://x" is not a URL of HTTP*`,
		"e.com/p":           `"e.com/p" has more than a host and a port*`,
		"http://e.com/p":    `"http://e.com/p" has more than*`,
		"http://e.com?q":    `"http://e.com?q" has more than*`,
		"a b":               `"a b" is not a host*`,
		"":                  `"" is not a host*`,
		"http://":           `"http://" is not a host*`,
		"//e.com":           `"//e.com" is not a URL of HTTP*`,
		"user@e.com":        `"user@e.com" is not a host*`,
		"e.com:port":        `"e.com:port" is not a host*`,
		"http://{{ host }}": `"http://{{ host }}" is not a host*`,
		"e.com:99999":       `"http://e.com:99999" *`,
	} {
		fault := faultsOf(t, fmt.Sprintf(component+"source = \"c\"\nallowed_http_hosts = [\"ok\", %q]\n", entry))[0]
		if !matches("spin.toml:6:29: component.c.allowed_http_hosts: "+want, fault.Error()) {
			t.Errorf("%q: got %s", entry, fault)
		}
	}
}

func TestAllowAllIsNoHostOfTheNewList(t *testing.T) {
	for _, list := range []string{`["insecure:allow-all"]`, `["http://x", "insecure:allow-all"]`} {
		if fault := faultsOf(t, component+"source = \"c\"\nallowed_outbound_hosts = "+list+"\n")[0]; !matches(`spin.toml:6:*: component.c.allowed_outbound_hosts: "insecure:allow-all" *`, fault.Error()) {
			t.Errorf("got %s", fault)
		}
	}
}
