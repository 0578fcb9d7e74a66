package engine_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"github.com/spinhost/spin/engine"
)

// cached links the guest in a new runtime with the given cache and checks that it works. It
// returns what went wrong with the cache.
func cached(t *testing.T, dir string) (told []error) {
	t.Helper()
	rt, err := engine.NewRuntime(engine.Config{Instances: 10, CacheDir: dir, OnCacheError: func(err error) { told = append(told, err) }})
	if err != nil {
		t.Fatal(err)
	}
	defer closeRuntime(t, rt)
	p, err := newGuestHost().linker().Link(context.Background(), rt, guestComponent(t))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	i, err := p.Instantiate(context.Background(), engine.InstanceConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer closeInstance(t, i)
	mustCall(t, i, uint32(7), "add", uint32(3), uint32(4))
	return told
}

// cacheFiles returns the paths and contents of a cache.
func cacheFiles(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files[path] = b
	}
	return files
}

func cacheDir(t *testing.T) string { return filepath.Join(t.TempDir(), "cache") }

// Each core module is kept in one file, which the next runtime loads and leaves as it is.
func TestCacheIsUsedAgain(t *testing.T) {
	dir := cacheDir(t)
	if told := cached(t, dir); len(told) > 0 {
		t.Fatal(told)
	}
	first := cacheFiles(t, dir)
	if len(first) != 2 {
		t.Errorf("%d files for two modules", len(first))
	}
	times := map[string]int64{}
	for path := range first {
		i, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		times[path] = i.ModTime().UnixNano()
	}
	if told := cached(t, dir); len(told) > 0 {
		t.Fatal(told)
	}
	for path, b := range cacheFiles(t, dir) {
		i, err := os.Stat(path)
		if err != nil || i.ModTime().UnixNano() != times[path] || !bytes.Equal(b, first[path]) {
			t.Errorf("%s was written again: %v", path, err)
		}
	}
}

// Whatever has become of the files, the component works, the owner is told, and the files
// are put right.
func TestDamagedCache(t *testing.T) {
	dir := cacheDir(t)
	cached(t, dir)
	good := cacheFiles(t, dir)
	var newest string // which of the files does not matter
	for path := range good {
		newest = path
	}
	flip := func(at func(n int) int) func([]byte) []byte {
		return func(b []byte) []byte {
			b = bytes.Clone(b)
			b[at(len(b))] ^= 0x10
			return b
		}
	}
	for name, damage := range map[string]func([]byte) []byte{
		"empty":                 func([]byte) []byte { return nil },
		"of another kind":       func([]byte) []byte { return []byte("nothing that was compiled") },
		"cut in half":           func(b []byte) []byte { return b[:len(b)/2] },
		"one byte short":        func(b []byte) []byte { return b[:len(b)-1] },
		"one byte too long":     func(b []byte) []byte { return append(bytes.Clone(b), 0) },
		"a bit at the start":    flip(func(int) int { return 0 }),
		"a bit in the code":     flip(func(n int) int { return n / 2 }),
		"a bit near the end":    flip(func(n int) int { return n - 20 }),
		"a bit at the very end": flip(func(n int) int { return n - 1 }),
		"of another module": func(b []byte) []byte {
			for path, other := range good {
				if path != newest {
					return other
				}
			}
			return nil
		},
	} {
		os.Remove(newest) // what is mapped somewhere must not change
		if err := os.WriteFile(newest, damage(good[newest]), 0o600); err != nil {
			t.Fatal(err)
		}
		if told := cached(t, dir); len(told) == 0 {
			t.Errorf("%s: nobody is told", name)
		}
		if told := cached(t, dir); len(told) > 0 {
			t.Errorf("%s: not put right: %v", name, told)
		}
	}
}

// Settings that change the code make other files; the old ones do no harm.
func TestCacheOfOtherSettings(t *testing.T) {
	dir := cacheDir(t)
	cached(t, dir)
	before := len(cacheFiles(t, dir))
	var told []error
	rt, err := engine.NewRuntime(engine.Config{
		Instances: 10, CacheDir: dir, MaxMemory: 1 << 24, OnCacheError: func(err error) { told = append(told, err) },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer closeRuntime(t, rt)
	i := instantiate(t, guestProgram(t, rt, newGuestHost()))
	mustCall(t, i, uint32(7), "add", uint32(3), uint32(4))
	closeInstance(t, i)
	if after := len(cacheFiles(t, dir)); after < before || len(told) > 0 {
		t.Errorf("%d files became %d, %v", before, after, told)
	}
}

// A folder that cannot be used is a slow start, not a failure.
func TestUnusableCache(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("permissions are something else there")
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	open := cacheDir(t)
	if err := os.Mkdir(open, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(open, 0o777); err != nil {
		t.Fatal(err)
	}
	for name, dir := range map[string]string{"a file": file, "below a file": filepath.Join(file, "x"), "open to all": open} {
		if told := cached(t, dir); len(told) == 0 {
			t.Errorf("%s: nobody is told", name)
		}
	}
	readOnly := cacheDir(t)
	if err := os.Mkdir(readOnly, 0o500); err != nil {
		t.Fatal(err)
	}
	told := cached(t, readOnly)
	if os.Geteuid() != 0 && len(told) == 0 {
		t.Error("read only: nobody is told")
	}
}

// Several runtimes may fill one folder at the same time.
func TestCacheSharedByRuntimes(t *testing.T) {
	dir := cacheDir(t)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for range 3 {
				if told := cached(t, dir); len(told) > 0 {
					t.Error(told)
				}
			}
		})
	}
	wg.Wait()
	if n := len(cacheFiles(t, dir)); n != 2 {
		t.Errorf("%d files are left", n)
	}
}
