package registry_test

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/spinhost/spin/registry"
)

const (
	hammerDir    = "REGISTRY_TEST_HAMMER"
	hammerRounds = 100
)

// TestCacheIsShared writes and reads the same entry from many goroutines of two
// processes. Readers see nothing or all of it.
func TestCacheIsShared(t *testing.T) {
	if dir := os.Getenv(hammerDir); dir != "" {
		hammer(t, registry.NewCache(dir))
		return
	}
	self, err := os.Executable()
	must(t, err)
	dir := t.TempDir()
	other := exec.Command(self, "-test.run=^TestCacheIsShared$")
	other.Env = append(os.Environ(), hammerDir+"="+dir)
	var output strings.Builder
	other.Stdout, other.Stderr = &output, &output
	must(t, other.Start())
	hammer(t, registry.NewCache(dir))
	if err := other.Wait(); err != nil {
		t.Errorf("%v: %s", err, output.String())
	}
	list, err := os.ReadDir(dir + "/registry/wasm")
	if err != nil || len(list) != 1 {
		t.Errorf("the cache has %v %v", list, err)
	}
}

func hammer(t *testing.T, c *registry.Cache) {
	content := []byte(strings.Repeat("content ", 10_000))
	d := registry.DigestOf(content)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range hammerRounds {
				if got, err := c.Put(content); err != nil || got != d {
					t.Errorf("put: %s %v", got, err)
				}
			}
		})
		wg.Go(func() {
			for range hammerRounds {
				if _, err := c.Get(d, registry.DefaultMaxSize); err != nil && !errors.Is(err, registry.ErrNotFound) {
					t.Errorf("get: %v", err)
				}
			}
		})
	}
	wg.Wait()
}

func TestCacheErrors(t *testing.T) {
	dir := t.TempDir()
	c := registry.NewCache(dir)
	d, err := c.Put([]byte("wasm"))
	must(t, err)
	if data, err := c.Get(d, 4); err != nil || string(data) != "wasm" {
		t.Errorf("got %q %v", data, err)
	}
	if _, err := c.Get(d, 3); !errors.Is(err, registry.ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
	if _, err := c.Get(registry.DigestOf(nil), 4); !errors.Is(err, registry.ErrNotFound) {
		t.Errorf("absent: %v", err)
	}
	name := cacheFile(dir, "wasm", d.String())
	must(t, os.WriteFile(name, []byte("wosm"), 0o644))
	if _, err := c.Get(d, 4); !errors.Is(err, registry.ErrDigest) {
		t.Errorf("damaged: %v", err)
	}
	must(t, os.Remove(name))
	must(t, os.Mkdir(name, 0o755))
	if _, err := c.Get(d, 4); !errors.Is(err, registry.ErrDigest) {
		t.Errorf("a folder: %v", err)
	}
}
