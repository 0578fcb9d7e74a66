package capability_test

import (
	"errors"
	"net/netip"
	"strings"
	"testing"

	"github.com/spinhost/spin/capability"
)

func TestParseDestination(t *testing.T) {
	for raw, want := range map[string]string{
		"http://Example.com:80/a":             "http://example.com",
		"example.com/a":                       "https://example.com",
		"localhost:6379":                      "https://localhost:6379",
		"localhost:6379/?next=http://x":       "https://localhost:6379",
		"redis://user:p@ss@h/0":               "redis://h",
		"redis://user:p#ss@h:6380":            "redis://h:6380",
		"mysql://user:a?b@[::1]:3306/db":      "mysql://[::1]",
		"http://example.com?mail=me@evil.com": "http://example.com",
		"http://example.com#me@evil.com":      "http://example.com",
		"http://[::ffff:1.2.3.4]:8080":        "http://1.2.3.4:8080",
		"postgres://u:p@h?sslmode=require":    "postgres://h",
		"postgres://u:p?@h:5433?a=b#c":        "postgres://h:5433",
		"redis://[::1]:6380?protocol=3":       "redis://[::1]:6380",
		"mqtt://h#x":                          "mqtt://h",
		"h?x=1":                               "https://h",
		"foo://h":                             "foo://h",
		"http://h:00080":                      "http://h",
	} {
		d, err := capability.ParseDestination(raw, "https")
		if err != nil || d.String() != want {
			t.Errorf("%q: got %s, %v", raw, d, err)
		}
	}
}

func TestParseDestinationRefuses(t *testing.T) {
	for raw, want := range map[string]string{
		"":                                 "no host",
		"/relative":                        "no host",
		"http://":                          "no host",
		"https:///x":                       "no host",
		"//evil.com/x":                     "no host",
		"http://a b/":                      "character",
		"http://a\tb":                      "character that URLs cannot have",
		"http://good.com\\@evil.com":       "character that URLs cannot have",
		"http://ex%61mple.com":             "character",
		"http://bücher.example":            "outside ASCII",
		"http://h:port":                    "port",
		"http://h:65536":                   "port",
		"http://::1":                       "without brackets",
		"http://[fe80::1%25eth0]":          "malformed IPv6",
		"redis://u:p/w@host":               "port",
		"redis://evil.com:80#@good.com":    "two ways",
		"redis://evil.com?x=@good.com":     "two ways",
		"redis://evil.com\\@good.com":      "two ways",
		"redis://evil#@good.com":           "two ways",
		"redis://0#@good.com":              "two ways",
		"redis://[::1]#@good.com":          "two ways",
		"redis://evil.com:99999#@good.com": "two ways",
		"redis://a:b@evil.com#@good.com:1": "two ways",
	} {
		_, err := capability.ParseDestination(raw, "https")
		var destErr *capability.DestinationError
		if !errors.As(err, &destErr) || !strings.Contains(destErr.Reason, want) {
			t.Errorf("%q: got %v", raw, err)
		}
		if parse(t, "*://*:*").CheckURL(raw, "https").Allowed() {
			t.Errorf("%q is allowed", raw)
		}
	}
	if _, err := capability.ParseDestination("example.com", ""); err == nil {
		t.Error("no scheme at all is accepted")
	}
}

func TestParseAuthority(t *testing.T) {
	for authority, want := range map[string]string{
		"example.com": "http://example.com", "example.com:81": "http://example.com:81", "me@[::1]:80": "http://[::1]",
	} {
		if d, err := capability.ParseAuthority("HTTP", authority); err != nil || d.String() != want {
			t.Errorf("%q: got %s, %v", authority, d, err)
		}
	}
	for _, authority := range []string{"", ":80", "good.com/@evil.com", "good.com#@evil.com", "good.com\\@evil.com", "a?b", "h:x"} {
		if d, err := capability.ParseAuthority("http", authority); err == nil {
			t.Errorf("%q: got %s", authority, d)
		}
	}
	for _, scheme := range []string{"", "1x", "h t", strings.Repeat("a", 65)} {
		if _, err := capability.ParseAuthority(scheme, "h"); err == nil {
			t.Errorf("scheme %q is accepted", scheme)
		}
	}
}

func TestNewDestination(t *testing.T) {
	tests := []struct {
		scheme, host string
		port         uint16
		want         string
	}{
		{"postgres", "db", 0, "postgres://db"},
		{"postgres", "DB", 5433, "postgres://db:5433"},
		{"postgres", "::1", 5432, "postgres://[::1]"},
		{"postgres", "[::1]", 1, "postgres://[::1]:1"},
		{"postgres", "::ffff:1.2.3.4", 0, "postgres://1.2.3.4"},
	}
	for _, test := range tests {
		if d, err := capability.NewDestination(test.scheme, test.host, test.port); err != nil || d.String() != test.want {
			t.Errorf("%s: got %s, %v", test.want, d, err)
		}
	}
	for _, host := range []string{"", "/var/run/postgres", "a:b", "fe80::1%eth0", ":"} {
		if d, err := capability.NewDestination("postgres", host, 0); err == nil {
			t.Errorf("%q: got %s", host, d)
		}
	}
}

func TestDestinationParts(t *testing.T) {
	d, err := capability.ParseDestination("HTTPS://[2001:DB8::1]/", "")
	if err != nil {
		t.Fatal(err)
	}
	addr, isAddr := d.Addr()
	port, hasPort := d.Port()
	if d.Scheme() != "https" || d.Host() != "2001:db8::1" || !isAddr || addr != netip.MustParseAddr("2001:db8::1") || !hasPort || port != 443 || d.IsSelf() {
		t.Errorf("got %s", d)
	}
	d, _ = capability.ParseDestination("foo://name", "")
	if _, hasPort := d.Port(); hasPort || d.Host() != "name" {
		t.Errorf("got %s", d)
	}
	if self := capability.Self(); !self.IsSelf() || self.String() != "self" || self.Host() != "" {
		t.Errorf("got %s", self)
	}
	if zero := (capability.Destination{}); zero.String() != "unknown destination" {
		t.Errorf("got %s", zero)
	}
}
