package capability_test

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/spinhost/spin/capability"
)

func TestCheckURL(t *testing.T) {
	tests := []struct {
		entry          string
		allow, refused []string
	}{
		{"http://example.com",
			[]string{"http://example.com", "http://example.com:80/x?y#z", "HTTP://EXAMPLE.com", "http://user:pw@example.com/", "http://example.com:/"},
			[]string{"https://example.com", "http://example.com:8080", "http://www.example.com", "http://example.com.", "ws://example.com:80"}},
		{"http://EXAMPLE.com", []string{"http://example.com"}, nil},
		{"https://api.example.com", nil, []string{"https://api.example.com:8443"}},
		{"http://h:8000..9000",
			[]string{"http://h:8000", "http://h:8999"},
			[]string{"http://h:9000", "http://h:7999", "http://h"}},
		{"*://h:*",
			[]string{"http://h", "foo://h:1", "foo://h", "redis+tls://h:6380"},
			[]string{"http://g"}},
		{"foo://h:7", []string{"foo://h:7"}, []string{"foo://h"}},
		{"http://*.example.com",
			[]string{"http://a.example.com", "http://a.b.example.com", "http://A.Example.Com"},
			[]string{"http://example.com", "http://myexample.com", "http://.example.com", "http://a.example.com.evil.org"}},
		{"*://*.example.com:*", []string{"ftp://a.b.example.com"}, []string{"http://example.com"}},
		{"http://*", []string{"http://example.com", "http://127.0.0.1", "http://[::1]", "http://x.spin.internal"}, []string{"https://example.com"}},
		{"http://localhost:80", []string{"http://localhost"}, []string{"http://127.0.0.1", "http://[::1]"}},
		{"http://127.0.0.1", []string{"http://127.0.0.1", "http://[::ffff:127.0.0.1]", "http://[::ffff:7f00:1]"}, []string{"http://localhost", "http://127.1", "http://2130706433"}},
		{"http://[::1]", []string{"http://[::1]/p", "http://[::1]:80", "http://[0:0::1]"}, []string{"http://[::1]:81", "http://[::2]"}},
		{"http://[::ffff:1.2.3.4]", []string{"http://1.2.3.4"}, nil},
		{"*://127.0.0.1/24:63551", []string{"tcp://127.0.0.1:63551", "tcp://127.0.0.255:63551"}, []string{"tcp://127.0.1.0:63551", "tcp://127.0.0.1:63552"}},
		{"http://10.0.0.0/8", []string{"http://10.1.2.3", "http://[::ffff:10.1.2.3]"}, []string{"http://11.0.0.0", "http://10.example.com", "http://10.0.0.0:81"}},
		{"http://::ffff:10.0.0.0/104", []string{"http://10.1.2.3"}, []string{"http://11.0.0.1"}},
		{"http://ff00::/8", []string{"http://[ff02::1]"}, []string{"http://[fe00::1]", "http://1.2.3.4"}},
		{"http://self", nil, []string{"http://self/", "http://self.alt/"}},
		{"http://self.alt", nil, []string{"http://self.alt/"}},
		{"http://*.spin.internal",
			[]string{"http://api.spin.internal/x"},
			[]string{"http://spin.internal", "http://a.b.spin.internal", "http://.spin.internal", "http://api.spin.internal.evil.org"}},
		{"http://api.spin.internal", []string{"http://API.spin.internal"}, []string{"http://web.spin.internal"}},
	}
	for _, test := range tests {
		hosts := parse(t, test.entry)
		for _, url := range test.allow {
			if d := hosts.CheckURL(url, "https"); !d.Allowed() {
				t.Errorf("%s: %s", test.entry, d)
			}
		}
		for _, url := range test.refused {
			if d := hosts.CheckURL(url, "https"); d.Allowed() {
				t.Errorf("%s: %s", test.entry, d)
			}
		}
	}
}

func TestOneEntryMustMatchWholly(t *testing.T) {
	hosts := parse(t, "http://a:1", "https://b:2")
	for _, url := range []string{"http://b:1", "http://a:2", "https://a:1", "http://b:2"} {
		if hosts.CheckURL(url, "").Allowed() {
			t.Error(url)
		}
	}
}

func TestNoListAllowsNothing(t *testing.T) {
	var none *capability.Hosts
	for _, hosts := range []*capability.Hosts{none, {}, parse(t)} {
		if hosts.CheckURL("http://example.com", "").Allowed() || hosts.CheckSelf().Allowed() {
			t.Error("allowed")
		}
		if len(hosts.Entries()) != 0 {
			t.Error("has entries")
		}
	}
	if parse(t, "*://*:*").Check(capability.Destination{}).Allowed() {
		t.Error("the zero destination is allowed")
	}
}

func TestCheckSelf(t *testing.T) {
	for entry, want := range map[string]bool{
		"http://self": true, "https://self": true, "http://self.alt": true, "http://self:1": true,
		"*://self:*": true, "http://*": true, "https://*:8443": true, "*://*:*": true,
		"redis://self": false, "redis://*": false, "http://example.com": false, "http://*.spin.internal": false,
		"http://10.0.0.0/8": false, "http://*.alt": false,
	} {
		if got := parse(t, entry).CheckSelf().Allowed(); got != want {
			t.Errorf("%s: got %t", entry, got)
		}
	}
}

func TestCheckSocketAddress(t *testing.T) {
	hosts := parse(t, "*://127.0.0.0/24:7", "tcp://[fe80::1]:7")
	for addr, want := range map[string]bool{
		"127.0.0.9:7": true, "[::ffff:127.0.0.9]:7": true, "127.0.0.9:8": false, "127.0.1.9:7": false, "[fe80::1%eth0]:7": true,
	} {
		if got := hosts.Check(capability.AddrDestination("tcp", netip.MustParseAddrPort(addr))).Allowed(); got != want {
			t.Errorf("%s: got %t", addr, got)
		}
	}
	if parse(t, "*://*:*").Check(capability.AddrDestination("tcp", netip.AddrPort{})).Allowed() {
		t.Error("an invalid address is allowed")
	}
}

func TestCheckName(t *testing.T) {
	hosts := parse(t, "https://*.example.com", "postgres://db", "*://localhost:1", "tcp://10.0.0.0/8:*", "http://self", "http://*.spin.internal", "tcp://10.1.1.1:1")
	for name, want := range map[string]bool{
		"api.example.com": true, "example.com": false, "DB": true, "localhost": true, "10.0.0.1": true,
		"self": false, "a.spin.internal": false, "evil.example": false, "db.evil.example": false,
	} {
		d, err := capability.NewDestination("tcp", name, 0)
		if err != nil {
			t.Fatal(err)
		}
		c := hosts.CheckName(d)
		if _, by := c.AllowedBy(); c.Allowed() != want || by != want {
			t.Errorf("%s: got %t", name, !want)
		}
	}
	d, _ := capability.NewDestination("tcp", "evil.example", 0)
	if e := hosts.CheckName(d).MissingEntry(); e != "tcp://evil.example:*" || !parse(t, e).CheckName(d).Allowed() {
		t.Errorf("missing is %s", e)
	}
	if !parse(t, "http://*").CheckName(d).Allowed() || (*capability.Hosts)(nil).CheckName(d).Allowed() {
		t.Error("any host must be enough, and no list must not")
	}
	if parse(t, "*://*:*").CheckName(capability.Destination{}).Allowed() || parse(t, "*://*:*").CheckName(capability.Self()).Allowed() {
		t.Error("what is no name is allowed")
	}
}

func TestHostsKeepsNoSliceOfTheCaller(t *testing.T) {
	entries := []capability.Entry{{Text: "http://a"}}
	hosts, err := capability.ParseHosts(capability.Owner{}, entries)
	if err != nil {
		t.Fatal(err)
	}
	entries[0].Text = "http://b"
	got := hosts.Entries()
	if !slices.Equal(got, []capability.Entry{{Text: "http://a"}}) {
		t.Errorf("got %v", got)
	}
	got[0].Text = "http://c"
	if by, _ := hosts.CheckURL("http://a", "").AllowedBy(); by.Text != "http://a" {
		t.Errorf("got %v", by)
	}
}

func TestAllowedCheckDoesNotAllocate(t *testing.T) {
	hosts := parse(t, "https://other.example", "http://*.example.com", "http://[::1]", "http://self", "http://10.0.0.0/8")
	for _, url := range []string{"http://user:pw@api.example.com:80/x?q", "http://[::1]/", "http://10.1.2.3"} {
		if n := testing.AllocsPerRun(100, func() {
			if !hosts.CheckURL(url, "https").Allowed() {
				t.Fatal("denied")
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations", url, n)
		}
	}
	if n := testing.AllocsPerRun(100, func() {
		d, _ := capability.ParseAuthority("http", "api.example.com:80")
		if !hosts.Check(d).Allowed() || !hosts.CheckSelf().Allowed() || hosts.CheckURL("http://denied.example", "").Allowed() {
			t.Fatal("wrong decision")
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkCheckURL(b *testing.B) {
	hosts, err := parseEntries("https://a.example", "https://b.example", "http://*.example.com", "postgres://db:5432")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if !hosts.CheckURL("http://api.example.com/v1/items?page=2", "https").Allowed() {
			b.Fatal("denied")
		}
	}
}
