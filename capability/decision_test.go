package capability_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/spinhost/spin/capability"
)

func TestAllowedDecisionNamesItsEntry(t *testing.T) {
	d := parse(t, "http://a.example", "http://*.example").CheckURL("http://B.example:80/x", "")
	entry, ok := d.AllowedBy()
	if !ok || entry.Text != "http://*.example" || entry.Pos.Line != 2 {
		t.Errorf("got %v, %t", entry, ok)
	}
	if d.Err() != nil || d.MissingEntry() != "" || d.Destination().Host() != "b.example" {
		t.Errorf("got %v, %q", d.Err(), d.MissingEntry())
	}
	if want := `http://b.example is allowed by "http://*.example" at spin.toml:2:5`; d.String() != want {
		t.Errorf("got %s", d)
	}
}

func TestDeniedDecisionNamesTheMissingEntry(t *testing.T) {
	hosts := parse(t, "http://other.example")
	for url, want := range map[string]string{
		"http://example.com:8080/x":      "http://example.com:8080",
		"http://example.com:80":          "http://example.com",
		"https://example.com:80":         "https://example.com:80",
		"redis://user:secret@h:6379/0":   "redis://h",
		"http://[::1]:81":                "http://[::1]:81",
		"http://[::ffff:1.2.3.4]":        "http://1.2.3.4",
		"foo://h":                        "foo://h:*",
		"redis+tls://h:6380":             "*://h:6380",
		"http://self/x":                  "http://*",
		"http://api.spin.internal/items": "http://api.spin.internal",
		"http://a b":                     "",
	} {
		d := hosts.CheckURL(url, "")
		if d.Allowed() || d.MissingEntry() != want {
			t.Errorf("%s: got %q", url, d.MissingEntry())
		}
		if want != "" && !parse(t, want).CheckURL(url, "").Allowed() {
			t.Errorf("%s: not allowed by %q", url, want)
		}
	}
	if got := hosts.CheckSelf().MissingEntry(); got != "http://self" {
		t.Errorf("got %q", got)
	}
	if _, ok := hosts.CheckSelf().AllowedBy(); ok {
		t.Error("a denied destination has an entry that allows it")
	}
}

func TestDeniedError(t *testing.T) {
	err := parse(t, " http://a.example ").CheckURL("http://example.com:8080/x", "").Err()
	var denied *capability.DeniedError
	if !errors.Is(err, capability.ErrDenied) || !errors.As(err, &denied) {
		t.Fatalf("got %v", err)
	}
	if want := `component "hello" may not connect to http://example.com:8080: add "http://example.com:8080" to allowed_outbound_hosts (spin.toml:1:1)`; err.Error() != want {
		t.Errorf("got  %s\nwant %s", err, want)
	}
	if denied.Component != "hello" || denied.MissingEntry != "http://example.com:8080" || denied.Pos.File != "spin.toml" {
		t.Errorf("got %+v", denied)
	}
	if want := `allowed_outbound_hosts = ["http://a.example", "http://example.com:8080"]`; denied.ManifestLine() != want {
		t.Errorf("got %s", denied.ManifestLine())
	}
}

func TestDeniedErrorWithoutList(t *testing.T) {
	err := parse(t).CheckSelf().Err()
	if want := `component "hello" may not connect to self: add the line allowed_outbound_hosts = ["http://self"] (spin.toml:1:1)`; err.Error() != want {
		t.Errorf("got %s", err)
	}
	var none *capability.Hosts
	if want, got := `a component may not connect to http://h: add the line allowed_outbound_hosts = ["http://h"]`, none.CheckURL("http://h", "").String(); got != want {
		t.Errorf("got %s", got)
	}
	if got := none.Check(capability.Destination{}).Err().Error(); got != "a component may not connect to an unknown destination" {
		t.Errorf("got %s", got)
	}
}

func TestDeniedErrorKeepsPasswordsOut(t *testing.T) {
	for _, url := range []string{"mysql://root:secret@h/db", "redis://root:secret/x@h", "redis://root:secret@h h", "redis://evil:1#secret@h"} {
		d := parse(t).CheckURL(url, "")
		var denied *capability.DeniedError
		if !errors.As(d.Err(), &denied) {
			t.Fatalf("%s: got %v", url, d.Err())
		}
		if text := d.String() + denied.Destination + denied.ManifestLine(); strings.Contains(text, "secret") || strings.Contains(text, "root") {
			t.Errorf("%s: got %s", url, text)
		}
	}
}

func TestDeniedErrorUnwrapsToTheFaultOfTheURL(t *testing.T) {
	err := parse(t, "*://*:*").CheckURL("http://a b", "").Err()
	var fault *capability.DestinationError
	if !errors.Is(err, capability.ErrDenied) || !errors.As(err, &fault) {
		t.Errorf("got %v", err)
	}
	if want := `component "hello" may not connect: the URL has a character that host names cannot have`; err.Error() != want {
		t.Errorf("got %s", err)
	}
}

func TestPosition(t *testing.T) {
	for want, pos := range map[string]capability.Position{
		"-":             {},
		"spin.toml":     {File: "spin.toml"},
		"spin.toml:3":   {File: "spin.toml", Line: 3},
		"spin.toml:3:7": {File: "spin.toml", Line: 3, Column: 7},
		"3:7":           {Line: 3, Column: 7},
	} {
		if pos.String() != want || pos.IsValid() != (pos.Line > 0) {
			t.Errorf("got %s, want %s", pos, want)
		}
	}
}
