package registry_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing/fstest"

	"github.com/spinhost/spin/registry"
)

// A mirror of packages that is delivered with an app.
var vendored = fstest.MapFS{
	"acme/cart/1.2.0.wasm": {Data: []byte("\x00asm 1.2.0")},
	"acme/cart/1.4.1.wasm": {Data: []byte("\x00asm 1.4.1")},
	"acme/cart/2.0.0.wasm": {Data: []byte("\x00asm 2.0.0")},
}

func ExampleFetcher_Matching() {
	f := &registry.Fetcher{Registry: registry.Dir(vendored)}
	data, release, err := f.Matching(context.Background(), "", "acme:cart", "1.2")
	fmt.Println(release.Version, len(data), err)

	_, _, err = f.Matching(context.Background(), "", "acme:cart", "^3")
	fmt.Println(err)
	// Output:
	// 1.4.1 10 <nil>
	// acme:cart: has no release "^3": there are 2.0.0, 1.4.1, 1.2.0
}

func ExampleFetcher_Version() {
	f := &registry.Fetcher{Registry: registry.Dir(vendored)}
	data, _, err := f.Version(context.Background(), "", "acme:cart", "1.2.0")
	fmt.Println(len(data), err)
	// Output: 10 <nil>
}

func ExampleFetcher_URL() {
	// A fetcher without HTTP client takes what is in the cache.
	dir, err := os.MkdirTemp("", "cache")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	cache := registry.NewCache(filepath.Join(dir, "spin"))
	digest, err := cache.Put([]byte("\x00asm"))
	if err != nil {
		panic(err)
	}

	f := &registry.Fetcher{Cache: cache}
	data, err := f.URL(context.Background(), "https://example.com/a.wasm", digest.String())
	fmt.Println(len(data), err)

	other := registry.DigestOf([]byte("other")).String()
	_, err = f.URL(context.Background(), "https://example.com/b.wasm", other)
	fmt.Println(errors.Is(err, registry.ErrUnavailable))
	// Output:
	// 4 <nil>
	// true
}

func ExampleParseDigest() {
	_, err := registry.ParseDigest("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
	fmt.Println(err)
	// Output: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08": lacks the name of its algorithm: write "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
}

func ExampleDir() {
	releases, err := registry.Dir(vendored).Versions(context.Background(), "", "acme:cart")
	for _, r := range releases {
		fmt.Println(r.Version)
	}
	fmt.Println(err)
	// Output:
	// 1.2.0
	// 1.4.1
	// 2.0.0
	// <nil>
}

func ExampleNewCache() {
	dir, err := os.UserCacheDir()
	if err != nil {
		fmt.Println(err)
		return
	}
	cache := registry.NewCache(filepath.Join(dir, "spin")) // the folder of Spin itself
	_, err = cache.Get(registry.DigestOf([]byte("nobody put this there")), 1<<20)
	fmt.Println(errors.Is(err, registry.ErrNotFound))
	// Output: true
}
