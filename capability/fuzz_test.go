package capability_test

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/spinhost/spin/capability"
)

// FuzzCheckURL looks for panics, and for URLs that net/url reads otherwise: what
// is allowed must be what a Go client connects to. What a denial proposes to
// add must be a valid entry that allows the destination.
func FuzzCheckURL(f *testing.F) {
	for _, entry := range []string{"http://*.example.com:80..90", "*://10.0.0.0/8:*", "http://[::1]", "http://self", "*://*.spin.internal:*", "a://{{ b }}"} {
		for _, raw := range []string{"http://a.example.com:81/x", "redis://u:p#@10.0.0.1:1", "h:1", "http://[::ffff:1.2.3.4]", "foo://0x7f.1", "http://a\\@b", "a+b://c"} {
			f.Add(entry, raw, "https")
		}
	}
	f.Fuzz(func(t *testing.T, entry, raw, scheme string) {
		hosts, err := parseEntries(entry)
		if err != nil {
			if err.Error() == "" || len(err.Error()) > 4096 {
				t.Fatalf("message of %d bytes", len(err.Error()))
			}
			hosts = nil
		}
		hosts.CheckSelf()
		decision := hosts.CheckURL(raw, scheme)
		if !decision.Allowed() && decision.Err() == nil {
			t.Fatal("denied without error")
		}
		dest, err := capability.ParseDestination(raw, scheme)
		if err != nil {
			if decision.Allowed() {
				t.Fatalf("allowed although %v", err)
			}
			return
		}
		agreesWithNetURL(t, raw, dest)
		if decision.Allowed() {
			return
		}
		helpful, err := parseEntries(decision.MissingEntry())
		if err != nil {
			t.Fatalf("missing entry: %v", err)
		}
		if d := helpful.Check(dest); !d.Allowed() {
			t.Fatalf("missing entry does not help: %s", d)
		}
	})
}

func agreesWithNetURL(t *testing.T, raw string, dest capability.Destination) {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme == "" || u.Host == "" {
		return
	}
	host := strings.ToLower(u.Hostname())
	if addr, err := netip.ParseAddr(host); err == nil {
		host = addr.Unmap().String()
	}
	if host != dest.Host() || u.Scheme != dest.Scheme() {
		t.Fatalf("%q: net/url reads %q, we read %s", raw, u.Host, dest)
	}
	if port, ok := dest.Port(); u.Port() != "" {
		if n, err := strconv.Atoi(u.Port()); err != nil || !ok || n != int(port) {
			t.Fatalf("%q: net/url reads port %s, we read %d", raw, u.Port(), port)
		}
	}
}
