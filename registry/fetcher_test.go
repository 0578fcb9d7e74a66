package registry_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/spinhost/spin/registry"
)

// server answers requests in place of a network and counts them.
type server struct {
	requests atomic.Int64
	answer   func(req *http.Request) *http.Response
}

func (s *server) RoundTrip(req *http.Request) (*http.Response, error) {
	s.requests.Add(1)
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	res := s.answer(req)
	res.Request = req
	return res, nil
}

func response(status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Status: fmt.Sprint(status, " ", http.StatusText(status)), ContentLength: -1,
		Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
}

const address = "https://example.com/a.wasm"

// fetcher returns a Fetcher with a new cache and a server that has one file.
func fetcher(t testing.TB, content string) (f *registry.Fetcher, s *server, dir string) {
	s = &server{answer: func(*http.Request) *http.Response { return response(200, content) }}
	dir = t.TempDir()
	return &registry.Fetcher{Client: &http.Client{Transport: s}, Cache: registry.NewCache(dir)}, s, dir
}

func digest(content string) string { return registry.DigestOf([]byte(content)).String() }

// cacheFile returns the name of a cache entry.
func cacheFile(dir, kind, digest string) string {
	if runtime.GOOS == "windows" {
		digest = strings.Replace(digest, ":", "_", 1)
	}
	return filepath.Join(dir, "registry", kind, digest)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestURL(t *testing.T) {
	f, s, dir := fetcher(t, "wasm")
	for i := range 3 {
		data, err := f.URL(t.Context(), address, digest("wasm"))
		if err != nil || string(data) != "wasm" || s.requests.Load() != 1 {
			t.Fatalf("time %d: got %q %v after %d requests", i, data, err, s.requests.Load())
		}
	}
	data, err := os.ReadFile(cacheFile(dir, "wasm", digest("wasm")))
	if err != nil || string(data) != "wasm" {
		t.Errorf("the cache has %q %v", data, err)
	}
	list, err := os.ReadDir(filepath.Join(dir, "registry", "wasm"))
	if err != nil || len(list) != 1 {
		t.Errorf("the cache has %v %v", list, err)
	}
}

// TestCacheEntries has entries that others wrote.
func TestCacheEntries(t *testing.T) {
	for name, c := range map[string]struct {
		kind     string
		make     func(name string) error
		requests int64
		warnings int
	}{
		"of data":     {"data", file("wasm"), 0, 0},
		"truncated":   {"wasm", file("was"), 1, 1},
		"corrupted":   {"wasm", file("wosm"), 1, 1},
		"empty":       {"wasm", file(""), 1, 1},
		"longer":      {"wasm", file("wasm and more"), 1, 1},
		"large":       {"wasm", file(strings.Repeat("x", 2000)), 1, 1},
		"damaged too": {"data", file("wosm"), 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			f, s, dir := fetcher(t, "wasm")
			f.MaxSize = 1000
			var log bytes.Buffer
			f.Logger = slog.New(slog.NewTextHandler(&log, nil))
			entry := cacheFile(dir, c.kind, digest("wasm"))
			must(t, os.MkdirAll(filepath.Dir(entry), 0o755))
			must(t, c.make(entry))
			for range 2 {
				data, err := f.URL(t.Context(), address, digest("wasm"))
				if err != nil || string(data) != "wasm" {
					t.Errorf("got %q %v", data, err)
				}
			}
			if s.requests.Load() != c.requests || strings.Count(log.String(), "WARN") != c.warnings {
				t.Errorf("%d requests, log %s", s.requests.Load(), log.String())
			}
		})
	}
}

func file(content string) func(string) error {
	return func(name string) error { return os.WriteFile(name, []byte(content), 0o644) }
}

func TestCacheThatCannotBeUsed(t *testing.T) {
	f, s, dir := fetcher(t, "wasm")
	var log bytes.Buffer
	f.Logger = slog.New(slog.NewTextHandler(&log, nil))
	must(t, os.WriteFile(filepath.Join(dir, "registry"), nil, 0o644)) // where a folder has to be
	data, err := f.URL(t.Context(), address, digest("wasm"))
	if err != nil || string(data) != "wasm" || s.requests.Load() != 1 {
		t.Errorf("got %q %v", data, err)
	}
	if !strings.Contains(log.String(), "cannot be kept in the cache") {
		t.Errorf("log %s", log.String())
	}
	f.Cache, f.Logger = nil, nil
	if data, err := f.URL(t.Context(), address, digest("wasm")); err != nil || string(data) != "wasm" {
		t.Errorf("without cache: %q %v", data, err)
	}
}

func TestURLFaults(t *testing.T) {
	good := digest("wasm")
	hex := strings.TrimPrefix(good, "sha256:")
	for name, c := range map[string]struct {
		url, digest string
		answer      *http.Response
		key         string
		cause       error
		want        string
	}{
		"no digest":          {address, "not-a-digest", nil, "digest", registry.ErrInvalid, `"not-a-digest": does not start with "sha256:": write "sha256:" and 64 lower-case hexadecimal digits`},
		"no prefix":          {address, hex, nil, "digest", registry.ErrInvalid, `lacks the name of its algorithm: write "sha256:`},
		"upper case":         {address, "sha256:" + strings.ToUpper(hex), nil, "digest", registry.ErrInvalid, `has upper-case digits: write "` + good},
		"short":              {address, good[:70], nil, "digest", registry.ErrInvalid, `is not a digest`},
		"a path":             {address, "sha256:../../../etc/passwd", nil, "digest", registry.ErrInvalid, `is not a digest`},
		"a path of length":   {address, "sha256:../" + hex[3:], nil, "digest", registry.ErrInvalid, `is not a digest`},
		"other algorithm":    {address, "sha512:" + hex, nil, "digest", registry.ErrInvalid, `does not start with`},
		"zeros":              {address, "sha256:" + strings.Repeat("0", 64), nil, "digest", registry.ErrInvalid, `is the digest of nothing`},
		"another digest":     {address, digest("other"), response(200, "wasm"), "digest", registry.ErrDigest, `is ` + good + ` and not ` + digest("other")},
		"not there":          {address, good, response(404, "wasm"), "url", registry.ErrNotFound, address + `: is not there: the server answers 404 Not Found`},
		"server fault":       {address, good, response(500, "wasm"), "url", nil, `cannot be fetched: the server answers 500`},
		"no content":         {address, good, response(204, ""), "url", nil, `the server answers 204`},
		"too long":           {address, good, response(200, strings.Repeat("x", 2000)), "url", registry.ErrTooLarge, `has more than 1000 bytes: raise registry.Fetcher.MaxSize`},
		"relative":           {"a.wasm", good, nil, "url", registry.ErrInvalid, `"a.wasm": is not a URL that can be fetched: write one such as https://`},
		"other scheme":       {"file:///etc/passwd", good, nil, "url", registry.ErrInvalid, `is not a URL that can be fetched`},
		"no host":            {"https:///a.wasm", good, nil, "url", registry.ErrInvalid, `is not a URL that can be fetched`},
		"opaque":             {"https:example.com", good, nil, "url", registry.ErrInvalid, `is not a URL that can be fetched`},
		"no URL":             {"https://a b/", good, nil, "url", registry.ErrInvalid, `is not a URL that can be fetched`},
		"password":           {"https://me:secret@example.com/a", good, response(404, ""), "url", registry.ErrNotFound, `https://me:xxxxx@example.com/a`},
		"password elsewhere": {"ftp://me:secret@example.com/a", good, nil, "url", registry.ErrInvalid, `me:xxxxx@`},
		"password in no URL": {"https://me:secret@a b/a", good, nil, "url", registry.ErrInvalid, `the URL: is not`},
	} {
		t.Run(name, func(t *testing.T) {
			f, s, dir := fetcher(t, "")
			f.MaxSize = 1000
			s.answer = func(*http.Request) *http.Response { return c.answer }
			data, err := f.URL(t.Context(), c.url, c.digest)
			var fault *registry.Error
			if data != nil || !errors.As(err, &fault) || fault.Key != c.key || c.cause != nil && !errors.Is(err, c.cause) {
				t.Fatalf("got %q %v", data, err)
			}
			if !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("got %v", err)
			}
			if list, err := os.ReadDir(dir); err != nil || len(list) > 0 {
				t.Errorf("the cache has %v %v", list, err)
			}
		})
	}
}

func TestSizes(t *testing.T) {
	for size, ok := range map[int]bool{0: true, 999: true, 1000: true, 1001: false} {
		content := strings.Repeat("x", size)
		f, s, _ := fetcher(t, content)
		f.MaxSize = 1000
		_, err := f.URL(t.Context(), address, digest(content))
		if (err == nil) != ok || err != nil && !errors.Is(err, registry.ErrTooLarge) {
			t.Errorf("%d bytes: %v", size, err)
		}
		s.answer = func(*http.Request) *http.Response {
			res := response(200, content)
			res.ContentLength = int64(size)
			return res
		}
		f.Cache = nil
		if _, err = f.URL(t.Context(), address, digest(content)); (err == nil) != ok {
			t.Errorf("%d bytes that are announced: %v", size, err)
		}
	}
}

// TestBrokenBody ends a body before its end, and fails the read beyond the limit.
func TestBrokenBody(t *testing.T) {
	for _, limit := range []int64{4, 100} {
		f, s, dir := fetcher(t, "")
		f.MaxSize = limit
		s.answer = func(*http.Request) *http.Response {
			res := response(200, "")
			res.Body = io.NopCloser(io.MultiReader(strings.NewReader("wasm"), broken{}))
			return res
		}
		data, err := f.URL(t.Context(), address, digest("wasm"))
		if data != nil || !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("got %q %v", data, err)
		}
		if list, err := os.ReadDir(dir); err != nil || len(list) > 0 {
			t.Errorf("the cache has %v %v", list, err)
		}
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestWithoutClient(t *testing.T) {
	f, _, _ := fetcher(t, "wasm")
	if _, err := f.URL(t.Context(), address, digest("wasm")); err != nil {
		t.Fatal(err)
	}
	f.Client = nil
	if data, err := f.URL(t.Context(), address, digest("wasm")); err != nil || string(data) != "wasm" {
		t.Errorf("in the cache: %q %v", data, err)
	}
	_, err := f.URL(t.Context(), address, digest("other"))
	if !errors.Is(err, registry.ErrUnavailable) || !strings.Contains(err.Error(), "set registry.Fetcher.Client") {
		t.Errorf("got %v", err)
	}
	_, _, err = (&registry.Fetcher{}).Version(t.Context(), "", "a:b", "1.0.0")
	if !errors.Is(err, registry.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
}

func TestCancelled(t *testing.T) {
	f, _, _ := fetcher(t, "wasm")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.URL(ctx, address, digest("wasm")); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
