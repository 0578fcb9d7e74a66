package capability_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/spinhost/spin/capability"
)

func parse(t *testing.T, entries ...string) *capability.Hosts {
	t.Helper()
	hosts, err := parseEntries(entries...)
	if err != nil {
		t.Fatal(err)
	}
	return hosts
}

// parseEntries places the i-th entry at line i+1 of spin.toml.
func parseEntries(entries ...string) (*capability.Hosts, error) {
	var list []capability.Entry
	for i, text := range entries {
		list = append(list, capability.Entry{
			Text: text,
			Pos:  capability.Position{File: "spin.toml", Line: i + 1, Column: 5},
		})
	}
	owner := capability.Owner{
		Component: "hello",
		Pos:       capability.Position{File: "spin.toml", Line: 1, Column: 1},
		HasList:   len(entries) > 0,
	}
	return capability.ParseHosts(owner, list)
}

func TestParseHostsAccepts(t *testing.T) {
	for _, entry := range []string{
		"http://example.com", "https://example.com:443", "http://example.com/", "http://example.com:80/",
		"http://example.com:", "  http://example.com  ", "http://EXAMPLE.com", "http://my_host", "http://a.example.com.",
		"*://example.com:8080", "*://*:*", "*://*:8000..9000", "ftp://example.com:21", "http://*", "http://*.example.com",
		"http://self", "http://self.alt", "http://SELF", "*://self:*", "http://*.spin.internal", "http://api.spin.internal",
		"http://127.0.0.1", "http://10.0.0.0/8", "http://10.0.0.0/8:80", "http://10.0.0.0/8/", "*://127.0.0.1/24:63551",
		"http://[::1]", "http://[::1]:80", "http://[::1]/", "http://ff00::/8", "http://ff00::/8:80", "http://::ffff:10.0.0.0/104",
		"redis://r", "mysql://m", "postgres://p", "mqtt://q", "http://h:0", "http://h:65535",
	} {
		if _, err := parseEntries(entry); err != nil {
			t.Errorf("%q: %v", entry, err)
		}
	}
}

func TestParseHostsRejects(t *testing.T) {
	label64 := strings.Repeat("a", 64)
	tests := []struct{ entry, reason, fix string }{
		{"", "is empty", "remove the entry"},
		{"  ", "is empty", ""},
		{"*", "has no scheme", `"*://*:*"`},
		{":", "has no scheme", `"*://*:*"`},
		{"?", "has no scheme", `"*://*:*"`},
		{"example.com", "has no scheme", `"https://example.com"`},
		{"example.com:80", "has no scheme", `"http://example.com:80"`},
		{"db:5432", "has no scheme", `"postgres://db:5432"`},
		{"insecure:allow-all", "no longer accepted", `"*://*:*"`},
		{"http://{a,b}.com", "list in braces", "one entry for each"},
		{"{http,https}://a.com", "list in braces", ""},
		{"http://a.com:{80,81}", "list in braces", ""},
		{"https://{{ host }", "malformed template", `write "{{ host }}"`},
		{"https://{{ }}", "malformed template", "it is empty"},
		{"https://{{ my-host }}", "malformed template", `"my-host" is not a variable name`},
		{"https://{{ host }}/" + strings.Repeat("a", 600), "more than 512 bytes", ""},
		{"://example.com", "empty scheme", `"https://example.com"`},
		{"h2://example.com", "other characters than letters", ""},
		{"redis+tls://h:1", "other characters than letters", ""},
		{"HTTP://example.com", "capitals", `"http://example.com"`},
		{"http://", "has no host", ""},
		{"http:///", "has no host", ""},
		{"http://:80", "has no host", ""},
		{"http:///8", "has no host", ""},
		{"http://e.com/x", "has a path", `"http://e.com"`},
		{"http://e.com:81/x", "has a path", `"http://e.com:81"`},
		{"http://e.com/a:b", "has a path", `"http://e.com"`},
		{"http://e.com//", "has a path", `"http://e.com"`},
		{"http://[::1]:80/x", "has a path", `"http://[::1]:80"`},
		{"http://e.com?x", "query or fragment", `"http://e.com"`},
		{"http://e.com#x", "query or fragment", `"http://e.com"`},
		{"http://me:pw@e.com", "user or password", `write "http://e.com"`},
		{"http://me@e.com:81", "user or password", `write "http://e.com:81"`},
		{"http://a b", "character", ""},
		{"http://a%62c", "character", ""},
		{"http://bücher.example", "outside ASCII", "xn--"},
		{"http://a..b", "empty label", ""},
		{"http://.", "empty label", ""},
		{"http://" + label64, "label of more than 63 bytes", ""},
		{"http://" + strings.Repeat(label64[:60]+".", 5), "more than 253 bytes", ""},
		{"http://" + strings.Repeat("a", 600), "more than 512 bytes", ""},
		{"http://a*b.com", "* inside", `"https://*.example.com"`},
		{"http://*.*.com", "* inside", ""},
		{"http://**", "* inside", ""},
		{"http://*.", "has no host", ""},
		{"http://*.127.0.0.1", "* before an address", `"10.0.0.0/8"`},
		{"http://*.0.0.1", "malformed IPv4", ""},
		{"http://127.1", "malformed IPv4", ""},
		{"http://2130706433", "malformed IPv4", ""},
		{"http://0x7f.0x1", "malformed IPv4", ""},
		{"http://127.0.0.1.", "malformed IPv4", ""},
		{"http://256.0.0.1", "malformed IPv4", ""},
		{"http://::1", "IPv6 address without brackets", `"[::1]"`},
		{"http://[::1", "unclosed [", ""},
		{"http://[127.0.0.1]", "malformed IPv6", ""},
		{"http://[fe80::1%eth0]", "malformed IPv6", ""},
		{"http://10.0.0.0/33", "malformed prefix length", ""},
		{"http://10.0.0.0/x", "malformed prefix length", ""},
		{"http://[ff00::]/8", "brackets around an address block", `"http://ff00::/8"`},
		{"http://h:x", "no number", ""},
		{"http://h:65536", "no number", ""},
		{"http://h:+80", "no number", ""},
		{"http://h:1..x", "malformed port range", ""},
		{"http://h:..", "malformed port range", ""},
		{"http://h:1..65536", "malformed port range", ""},
		{"http://h:80..80", "empty port range", ""},
		{"http://h:90..80", "empty port range", ""},
		{"*://h", "has no port", `"*://h:*"`},
		{"*://10.0.0.0/8", "has no port", `"*://10.0.0.0/8:*"`},
		{"ftp://h", "has no port", `"ftp://h:*"`},
		{"*://self", "has no port", `"*://self:*"`},
	}
	for _, test := range tests {
		_, err := parseEntries(test.entry)
		var entryErr *capability.EntryError
		if !errors.As(err, &entryErr) {
			t.Errorf("%q: got %v", test.entry, err)
			continue
		}
		if entryErr.Entry.Text != test.entry {
			t.Errorf("%q: error is about %q", test.entry, entryErr.Entry.Text)
		}
		if !strings.Contains(entryErr.Reason, test.reason) || !strings.Contains(entryErr.Fix, test.fix) {
			t.Errorf("%q: got %q, fix %q", test.entry, entryErr.Reason, entryErr.Fix)
		}
	}
}

func TestParseHostsReportsEveryEntry(t *testing.T) {
	_, err := parseEntries("example.com", "https://ok.example", "http://{{ h }")
	var errs capability.EntryErrors
	if !errors.As(err, &errs) || len(errs) != 2 {
		t.Fatalf("got %v", err)
	}
	want := `spin.toml:1:5: allowed_outbound_hosts: "example.com" has no scheme: write "https://example.com"`
	if errs[0].Error() != want {
		t.Errorf("got %s", errs[0])
	}
	if errs[1].Entry.Pos.Line != 3 || !errors.Is(err, capability.ErrTemplate) {
		t.Errorf("got %s", errs[1])
	}
	if lines := strings.Split(err.Error(), "\n"); len(lines) != 2 || lines[0] != want {
		t.Errorf("got %q", lines)
	}
	if errors.Is(errs[0], capability.ErrTemplate) {
		t.Error("an entry without template is reported as one")
	}
}

func TestParseHostsBoundsTheList(t *testing.T) {
	entries := make([]string, 4097)
	for i := range entries {
		entries[i] = "http://h"
	}
	if _, err := parseEntries(entries[:4096]...); err != nil {
		t.Error(err)
	}
	_, err := parseEntries(entries...)
	var entryErr *capability.EntryError
	if !errors.As(err, &entryErr) || entryErr.Entry.Pos.Line != 4097 {
		t.Errorf("got %v", err)
	}
}

// What is written may have a password by mistake; messages are read by more people than manifests.
func TestErrorsDoNotTellPasswords(t *testing.T) {
	for _, entry := range []string{
		"http://me:hunter2@e.com", "http://me:hunter2@a b", "http://me:hunter2@e.com/x", "http://me:hunter2@e.com?x",
		"HTTP://me:hunter2@e.com", "h2://me:hunter2@e.com", "://me:hunter2@e.com", "me:hunter2@e.com", "http://me:hunter2@{a,b}",
		"http://me:hunter2@{{ h }", "http://me:hun/hunter2@e.com", "http://me:hunter2@" + strings.Repeat("e", 600),
	} {
		if _, err := parseEntries(entry); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: got %v", entry, err)
		}
	}
}

func TestErrorsStayShort(t *testing.T) {
	_, err := parseEntries(strings.Repeat("é", 100_000))
	if err == nil || len(err.Error()) > 500 {
		t.Errorf("got %d bytes", len(err.Error()))
	}
}
