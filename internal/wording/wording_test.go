package wording_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/spinhost/spin/internal/wording"
)

func TestQuote(t *testing.T) {
	long := strings.Repeat("x", wording.MaxQuoted)
	for text, want := range map[string]string{
		"":                            `""`,
		"a\"b\n":                      `"a\"b\n"`,
		long:                          `"` + long + `"`,
		long + "y":                    `"` + long + `"...`,
		strings.Repeat("x", 79) + "ß": `"` + strings.Repeat("x", 79) + `"...`, // cut within a letter
	} {
		if got := wording.Quote(text); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

func TestHidePassword(t *testing.T) {
	for text, want := range map[string]string{
		"https://e.com/a":                  "https://e.com/a",
		"https://me@e.com/a":               "https://me@e.com/a",
		"https://me:pw@e.com/a":            "https://me:xxxxx@e.com/a",
		"https://me:p@w:x@e.com:81":        "https://me:xxxxx@e.com:81",
		"https://:pw@e.com":                "https://:xxxxx@e.com",
		"https://e.com:81/a@b":             "https://e.com:81/a@b",
		"https://e.com?mail=a:b@c":         "https://e.com?mail=a:b@c",
		"redis://me:p/w@e.com":             "redis://me:xxxxx@e.com", // not a URL, as its port is no number
		"http://me:pw@a b":                 "http://me:xxxxx@a b",
		"http://me:%zz/pw@e.com":           "http://me:xxxxx@e.com",
		"me:pw@e.com":                      "me:xxxxx@e.com",
		"insecure:allow-all":               "insecure:allow-all",
		"":                                 "",
		"://":                              "://",
		"http://@":                         "http://@",
		"http://{{ user }}:{{ pw }}@e.com": "http://{{ user }}:xxxxx@e.com",
	} {
		if got := wording.HidePassword(text); got != want {
			t.Errorf("%q: got %q", text, got)
		}
	}
}

func TestErrors(t *testing.T) {
	list := []error{errors.New("a"), errors.New("b")}
	if got := wording.Lines(list); got != "a\nb" {
		t.Errorf("got %q", got)
	}
	if got := wording.Unwrap(list); !slices.Equal(got, list) {
		t.Errorf("got %v", got)
	}
	if wording.Lines[error](nil) != "" || len(wording.Unwrap[error](nil)) != 0 {
		t.Error("an empty list has a text")
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"abc", "abc", 0},
		{"kitten", "sitting", 3}, {"source", "sorce", 1}, {"ab", "ba", 1}, {"form", "from", 1}, {"abcd", "badc", 2}, {"ca", "abc", 3}, {"flaw", "lawn", 2},
	} {
		if got := wording.Distance(c.a, c.b); got != c.want {
			t.Errorf("%q, %q: got %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestNearest(t *testing.T) {
	known := []string{"route", "component", "allowed_outbound_hosts"}
	for name, want := range map[string]string{
		"ruote": "route", "Components": "component", "allowed-outbound-host": "allowed_outbound_hosts",
		"path": "", "": "", strings.Repeat("x", 1000): "",
	} {
		if got := wording.Nearest(name, known); got != want {
			t.Errorf("%.20q: got %q, want %q", name, got, want)
		}
	}
	if got := wording.NearestFirst("compnent", known); !slices.Equal(got, []string{"component", "route", "allowed_outbound_hosts"}) {
		t.Errorf("got %q", got)
	}
	if known[0] != "route" || wording.Nearest("route", nil) != "" {
		t.Error("the candidates have changed, or there are some")
	}
}
