package wasmtime

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/spinhost/spin/internal/corewasm"
)

// works instantiates m and checks that it does what cacheWat says.
func works(t *testing.T, e *Engine, m *Module) {
	t.Helper()
	s := newStore(t, e, &fake{}, StoreConfig{})
	in, err := s.InstantiateWith(m, nil)
	if err != nil {
		t.Fatal(err)
	}
	x, err := s.Export(in, m, "f")
	if err != nil {
		t.Fatal(err)
	}
	fn, err := s.AddFunc(x)
	if err != nil {
		t.Fatal(err)
	}
	s.Args().SetU32(0, 4)
	if err := s.Call(fn, 1); err != nil || s.Args().U32(0) != 24 {
		t.Error(s.Args().U32(0), err)
	}
}

const cacheWat = `(module (memory 1) (data (i32.const 0) "abc")
 (func $f (export "f") (param i32) (result i32) (if (result i32) (local.get 0)
  (then (i32.mul (local.get 0) (call $f (i32.sub (local.get 0) (i32.const 1))))) (else (i32.const 1)))))`

func TestCache(t *testing.T) {
	ctx := context.Background()
	wasm := wat(t, cacheWat)
	dir := filepath.Join(t.TempDir(), "a", "b")
	var told []error
	c := &Cache{Dir: dir, OnError: func(err error) { told = append(told, err) }}
	e := newEngine(t, Config{})
	load := func(e *Engine, want bool) {
		t.Helper()
		m, hit, err := c.Module(ctx, e, Source{Wasm: wasm})
		if err != nil || hit != want {
			t.Fatal(hit, err, told)
		}
		works(t, e, m)
		m.Close()
	}
	load(e, false)
	load(e, true)
	load(newEngine(t, Config{Pool: smallPool}), true) // the same code runs in a pool
	load(newEngine(t, Config{Memory64: true}), false) // other settings are another key
	load(e, true)
	if len(told) > 0 {
		t.Error(told)
	}
	if i, err := os.Stat(dir); err != nil || runtime.GOOS != "windows" && i.Mode().Perm() != 0o700 {
		t.Error(i.Mode(), err)
	}

	// Whatever is done to the file, it is noticed and put right.
	path := c.path(cacheKey(e.Fingerprint(), &Source{Wasm: wasm}))
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	n := len(good)
	flip := func(i int) []byte { b := bytes.Clone(good); b[i] ^= 1; return b }
	for name, bad := range map[string][]byte{
		"empty": {}, "short": good[:10], "truncated": good[:n-1], "half": good[:n/2], "longer": append(bytes.Clone(good), 0),
		"first byte": flip(0), "middle": flip(n / 2), "magic": flip(n - trailerSize), "key": flip(n - trailerSize + 9),
		"length": flip(n - 12), "checksum": flip(n - 1),
		"other code": append([]byte("no code at all"), trailer(cacheKey(e.Fingerprint(), &Source{Wasm: wasm}), 14, 0x5a4c6e2b)...),
		"whole but no code": func() []byte {
			code := []byte("\x7fELF no code at all")
			return append(code, trailerOf(cacheKey(e.Fingerprint(), &Source{Wasm: wasm}), code)...)
		}(),
	} {
		told = nil
		os.Remove(path) // what is mapped must not change
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		load(e, false)
		if len(told) != 1 || !strings.Contains(told[0].Error(), "removed") {
			t.Error(name, told)
		}
		load(e, true)
	}

	// A directory where the file should be, and one that cannot be used.
	os.Remove(path)
	os.MkdirAll(filepath.Join(path, "x"), 0o700)
	load(e, false)
	load(e, false)
	os.RemoveAll(path)
	c.Dir = filepath.Join(path, "x") // below a file
	os.WriteFile(path, nil, 0o600)
	load(e, false)
	if runtime.GOOS != "windows" {
		c.Dir = t.TempDir()
		os.Chmod(c.Dir, 0o777)
		told = nil
		load(e, false)
		load(e, false)
		if len(told) != 2 || !strings.Contains(told[0].Error(), "chmod") {
			t.Error(told)
		}
	}

	m, hit, err := new(Cache).Module(ctx, e, Source{Wasm: wasm})
	if err != nil || hit {
		t.Fatal(hit, err)
	}
	m.Close()
	if _, _, err := c.Module(ctx, e, Source{Wasm: wasm[:20]}); err == nil {
		t.Error("invalid module")
	}
}

// Code is kept for just what was asked for: the module, what it exports besides, and what is
// known of it.
func TestCacheKnowsWhatItHas(t *testing.T) {
	wasm := wat(t, `(module (memory 1) (global (mut i32) (i32.const 1)) (func (export "f") (result i32) (global.get 0)))`)
	info, err := corewasm.Parse(wasm)
	if err != nil {
		t.Fatal(err)
	}
	e, c, ctx := newEngine(t, Config{}), &Cache{Dir: filepath.Join(t.TempDir(), "cache")}, context.Background()
	kinds := []Source{
		{Wasm: wasm},
		{Wasm: wasm, Exports: info.HiddenGlobals()},
		{Wasm: wasm, Exports: info.HiddenMemories()},
		{Wasm: wasm, Exports: info.HiddenMemories(), Resettable: true},
	}
	for i, src := range kinds {
		if c.Has(e, &src) {
			t.Error(i, "is there before it was compiled")
		}
		for _, again := range []bool{false, true} {
			m, hit, err := c.Module(ctx, e, src)
			if err != nil || hit != again {
				t.Fatal(i, hit, err)
			}
			if n := len(m.Info().Exports); n != 1+len(src.Exports) {
				t.Errorf("%d: %d exports", i, n)
			}
			s := newStore(t, e, new(fake), StoreConfig{})
			in, err := s.InstantiateWith(m, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range src.Exports {
				if _, err := s.Export(in, m, x.Name); err != nil {
					t.Error(i, err)
				}
			}
			m.Close()
		}
		if !c.Has(e, &src) {
			t.Error(i, "is not there after it was compiled")
		}
	}
	if c.Has(newEngine(t, Config{Memory64: true}), &kinds[0]) {
		t.Error("other settings have the same code")
	}
	if runtime.GOOS != "windows" {
		os.Chmod(c.Dir, 0o777)
		if c.Has(e, &kinds[0]) {
			t.Error("a directory is believed that others may write to")
		}
	}
}

// trailerOf is the trailer that a file with the given code has.
func trailerOf(k key, code []byte) []byte {
	sum := castagnoliSum(code)
	return trailer(k, uint64(len(code)), sum)
}

// Goroutines and processes share a directory.
func TestCacheShared(t *testing.T) {
	wasm := wat(t, cacheWat)
	dir := os.Getenv("SPIN_TEST_CACHE")
	child := dir != ""
	if !child {
		dir = t.TempDir()
		os.Chmod(dir, 0o700)
	}
	c := &Cache{Dir: dir, OnError: func(err error) { t.Error(err) }}
	e := newEngine(t, Config{})
	var wg sync.WaitGroup
	if !child {
		for range 3 {
			wg.Go(func() {
				cmd := exec.Command(os.Args[0], "-test.run=^TestCacheShared$")
				cmd.Env = append(os.Environ(), "SPIN_TEST_CACHE="+dir)
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Errorf("%v\n%s", err, out)
				}
			})
		}
	}
	for range 8 {
		wg.Go(func() {
			for range 5 {
				m, _, err := c.Module(context.Background(), e, Source{Wasm: wasm})
				if err != nil {
					t.Error(err)
					return
				}
				works(t, e, m)
				m.Close()
			}
		})
	}
	wg.Wait()
	if m, hit, err := c.Module(context.Background(), e, Source{Wasm: wasm}); err != nil || !hit {
		t.Error(hit, err)
	} else {
		m.Close()
	}
	if files, _ := os.ReadDir(dir); len(files) != 1 {
		t.Error(files)
	}
}

func TestCompileTurn(t *testing.T) {
	e := newEngine(t, Config{MaxCompileJobs: 1})
	done, err := e.turn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	why := errors.New("gone")
	cancel(why)
	if _, err := e.Compile(ctx, Source{Wasm: wat(t, "(module)")}); !errors.Is(err, why) {
		t.Error(err)
	}
	c := &Cache{Dir: t.TempDir()}
	os.Chmod(c.Dir, 0o700)
	if _, _, err := c.Module(ctx, e, Source{Wasm: wat(t, "(module)")}); !errors.Is(err, why) {
		t.Error(err)
	}
	done()
	m, err := e.Compile(context.Background(), Source{Wasm: wat(t, "(module)")})
	if err != nil {
		t.Fatal(err)
	}
	m.Close()
}

// FuzzCacheHeader changes a file and expects verifyFrom to accept nothing but the original.
func FuzzCacheHeader(f *testing.F) {
	k := cacheKey("fingerprint", &Source{Wasm: []byte("module")})
	code := []byte("some code that is long enough")
	good := append(bytes.Clone(code), trailerOf(k, code)...)
	f.Add(good)
	f.Add(good[:len(good)-1])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		err := verifyFrom(bytes.NewReader(b), int64(len(b)), k)
		whole := len(b) >= trailerSize && bytes.Equal(b[len(b)-trailerSize:], trailerOf(k, b[:len(b)-trailerSize]))
		if (err == nil) != whole {
			t.Error(err, whole)
		}
		if mapped := verifyBytes(b, k); (mapped == nil) != whole {
			t.Error(mapped, whole)
		}
	})
}
