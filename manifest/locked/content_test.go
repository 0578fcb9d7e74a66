package locked_test

import (
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/spinhost/spin/manifest/locked"
)

func TestFile(t *testing.T) {
	for path, url := range map[string]string{
		"/srv/app.wasm":    "file:///srv/app.wasm",
		"/a b/ü?#%41.wasm": "file:///a%20b/%C3%BC%3F%23%2541.wasm",
		"C:/app/a.wasm":    "file:///C:/app/a.wasm",
	} {
		c := locked.FileContent(path)
		if c.Source != url {
			t.Errorf("%s: got %s", path, c.Source)
		}
		if got, err := c.File(); got != path || err != nil {
			t.Errorf("%s: got back %s, %v", path, got, err)
		}
	}
	for _, url := range []string{"", "srv/app.wasm", "file:app.wasm", "file://other/app.wasm", "https://example.com/app.wasm",
		"file:///a?b", "file:///a#b", "file:///a%00", "%", "file://"} {
		if got, err := (locked.Content{Source: url}).File(); !errors.Is(err, locked.ErrNoFile) {
			t.Errorf("%q: got %q, %v", url, got, err)
		}
	}
	for _, url := range []string{"https://me:hunter2@e.com/a", "https://me:hunter2@a b", "file://me:hunter2@localhost/a", "https://me:hunter2%@e.com"} {
		if _, err := (locked.Content{Source: url}).File(); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: got %v", url, err)
		}
	}
	if got, err := (locked.Content{Source: "file://localhost/a"}).File(); got != "/a" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestSHA256(t *testing.T) {
	digits := strings.Repeat("0123456789abcdef", 4)
	sum, err := locked.Content{Digest: "sha256:" + digits}.SHA256()
	if err != nil || hex.EncodeToString(sum[:]) != digits {
		t.Errorf("got %x, %v", sum, err)
	}
	for _, digest := range []string{"", digits, "sha256:", "sha256:../../etc/passwd", "sha256:" + digits[1:], "sha256:" + strings.ToUpper(digits),
		"sha256:" + digits[1:] + "g", "sha512:" + digits} {
		if _, err := (locked.Content{Digest: digest}).SHA256(); !errors.Is(err, locked.ErrDigest) {
			t.Errorf("%q: got %v", digest, err)
		}
	}
}
