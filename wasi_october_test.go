package spin_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/wasi/cli"
)

// Guests of the snapshot of October 2023 may call all that it has, and see what it says of that.
func TestWASIOfOctober2023(t *testing.T) {
	noGoroutines(t)
	h := newChecked(t, "wasi-october", &wasiCalls{version: "0.2.0-rc-2023-10-18"})
	h.inside(t, "unsupported")
	h.traps(t, "fields.append", "bad-fields")
	t.Run("clocks", h.clocks)
	t.Run("console", h.console)
	t.Run("files", h.files)
	t.Run("http client", func(t *testing.T) {
		h.client(t, map[string]string{"denied-request": "HTTP-request-denied", "late": "timeout", "broken": "UnexpectedError"})
	})
	h.traps(t, "the trailers were taken before", "trailers-twice", h.http)
	t.Run("http server", h.server)
	t.Run("sockets", h.sockets)
	t.Run("lookup", h.lookup)
	h.calls.complete(t, wasiPackages...)
}

// wasiPackages are those of the snapshots.
var wasiPackages = []string{"wasi:io", "wasi:cli", "wasi:clocks", "wasi:random", "wasi:filesystem", "wasi:sockets", "wasi:http"}

// inside calls functions that check all by themselves.
func (h *checked) inside(t *testing.T, more ...string) {
	all := []string{"poll", "random", "input", "output", "moving", "fields", "reading", "writing", "names", "metadata", "udp-options"}
	for _, function := range append(all, more...) {
		t.Run(function, func(t *testing.T) { h.call(t, function) })
	}
	if text := h.call(t, "failing"); text == "" {
		t.Error("an error of a stream has no text")
	}
}

func (h *checked) clocks(t *testing.T) {
	before := time.Now()
	var seconds, nanoseconds int64
	if _, err := fmt.Sscan(h.call(t, "clocks"), &seconds, &nanoseconds); err != nil {
		t.Fatal(err)
	}
	if now := time.Unix(seconds, nanoseconds); now.Before(before) || now.After(time.Now()) {
		t.Errorf("the guest has %v, the host %v before", now, before)
	}
}

func (h *checked) console(t *testing.T) {
	var out, errs buffer
	ctx := hostapi.WithCommand(t.Context(), &hostapi.Command{
		Args: []string{"program", "an argument"}, Env: []hostapi.EnvVar{{Name: "OTHER", Value: "no"}},
		Stdin: strings.NewReader("some text"), Stdout: &out, Stderr: &errs,
	})
	h.text(t, ctx, h.app, "console")
	if out.String() != "SOME TEXT" || errs.String() != "9 bytes" {
		t.Errorf("printed %q and %q", &out, &errs)
	}
	if got, want := h.text(t, ctx, h.app, "environment"), "MINE=yes\nOTHER=no\nprogram\nan argument"; got != want {
		t.Errorf("environment: %q, want %q", got, want)
	}
	if got, want := h.call(t, "environment"), "MINE=yes\nOTHER="; got != want {
		t.Errorf("environment: %q, want %q", got, want)
	}
	for code, ok := range []bool{true, false} {
		var exit *cli.ExitError
		if got, err := h.try(t.Context(), h.app, "exit", ok); !errors.As(err, &exit) || int(exit.Code) != code {
			t.Errorf("exit: %v, %v, want code %d", got, err, code)
		}
	}
}

// files looks at what the guest has left in its folder.
func (h *checked) files(t *testing.T) {
	if got, want := h.call(t, "listing"), "inner.txt DescriptorType::RegularFile\nsub DescriptorType::Directory"; got != want {
		t.Errorf("listing: %q, want %q", got, want)
	}
	h.text(t, t.Context(), h.readOnly, "read-only")
	for name, want := range map[string]string{
		"output": "\x00\x00ab\x00\x00\x00cd\x00\x00", "writing": "hello\x00\x00?",
		"names/c": "text", "metadata": "12345\x00", "digits.txt": "0123456789",
	} {
		if got, err := os.ReadFile(filepath.Join(h.data, name)); string(got) != want || err != nil {
			t.Errorf("%s: %q, %v, want %q", name, got, err, want)
		}
	}
	if list, err := os.ReadDir(filepath.Join(h.data, "names")); len(list) != 1 {
		t.Errorf("names has %v, %v", list, err)
	}
	if s, err := os.Stat(filepath.Join(h.data, "metadata")); err != nil || !s.ModTime().Equal(time.Unix(1_100_000_000, 5000)) {
		t.Errorf("metadata: %v, %v", s.ModTime(), err)
	}
}

// client has the guest send requests. refusals are what functions say that find out why there is no
// response, or not all of it.
func (h *checked) client(t *testing.T, refusals map[string]string) {
	text := h.call(t, "fetch", h.http, "/a?b=c", strings.Repeat("some bytes ", 1000))
	for _, want := range []string{"418\n", "x-peer: PUT /a?b=c yes\n", "got " + strings.Repeat("some bytes ", 1000) + "\nx-sum: 56\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("fetch: no %q in\n%s", want, text)
		}
	}
	for function, want := range refusals {
		authority := h.http
		if function == "denied-request" {
			authority = "other.example"
		}
		if text := h.call(t, function, authority); !strings.Contains(text, want) {
			t.Errorf("%s: %s, want %s", function, text, want)
		}
	}
}

func (h *checked) server(t *testing.T) {
	s := httptest.NewServer(h.app)
	defer s.Close()
	defer s.Client().CloseIdleConnections()
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodPatch, s.URL+"/a?b=c", io.NopCloser(strings.NewReader("the body")))
	r.Header.Set("X-Mine", "yes")
	r.Trailer = http.Header{"X-Sum": {"9"}}
	w, err := s.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close()
	body, err := io.ReadAll(w.Body)
	if w.StatusCode != 203 || err != nil || w.Header.Get("X-Guest") != h.guest || w.Trailer.Get("X-Sum") != "7" {
		t.Errorf("%d %v %v %v", w.StatusCode, w.Header, w.Trailer, err)
	}
	host := strings.TrimPrefix(s.URL, "http://")
	for _, want := range []string{
		"Method::Patch Some(Scheme::Http)\n", fmt.Sprintf("Some(%q) Some(\"/a?b=c\")\n", host), "\nx-mine: yes\n", "the body\nx-sum: 9\n",
	} {
		if !bytes.Contains(body, []byte(want)) {
			t.Errorf("no %q in\n%s", want, body)
		}
	}
	wantEmpty(t, ask(h.app, "/fail"), 500)
}

func (h *checked) sockets(t *testing.T) {
	const refusing, denied = "127.0.0.1:1", "127.0.0.1:2"
	t.Run("tcp", func(t *testing.T) {
		text := h.call(t, "connection", h.tcp)
		if local, answer, _ := strings.Cut(text, ": "); answer != "hello from "+local {
			t.Errorf("connection: %s", text)
		}
		h.call(t, "deaf", h.tcp)
		h.call(t, "tcp-options", h.tcp)
		h.call(t, "tcp-refusals", refusing, denied)
		for _, want := range []string{"hello", "still here", ""} {
			if got := <-h.received; got != want {
				t.Errorf("the server has got %q, want %q", got, want)
			}
		}
	})
	t.Run("udp", func(t *testing.T) {
		if text := h.call(t, "datagrams", h.udp); !strings.HasSuffix(text, ": one,,three") {
			t.Errorf("datagrams: %s", text)
		}
		if text := h.call(t, "peer", h.udp); !strings.HasSuffix(text, ": hello") {
			t.Errorf("peer: %s", text)
		}
		h.call(t, "udp-refusals", denied)
	})
}

func (h *checked) lookup(t *testing.T) {
	want := "[IpAddress::Ipv4((192, 0, 2, 1)), IpAddress::Ipv6((8193, 3512, 0, 0, 0, 0, 0, 1))]"
	if got := h.call(t, "lookup", "db.example.com", "evil.example"); got != want {
		t.Errorf("lookup: %s, want %s", got, want)
	}
}
