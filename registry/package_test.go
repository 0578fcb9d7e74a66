package registry_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/spinhost/spin/registry"
)

// packages is a folder of packages; the content of each file is its name.
func packages(names ...string) registry.Registry {
	fsys := fstest.MapFS{}
	for _, name := range names {
		fsys[name] = &fstest.MapFile{Data: []byte(name)}
	}
	return registry.Dir(fsys)
}

var mirror = packages("acme/cart/1.2.0.wasm", "acme/cart/1.10.0.wasm", "acme/cart/1.11.0.wasm", "acme/cart/1.11.0.wasm.yanked",
	"acme/cart/2.0.0-rc.1.wasm", "acme/cart/0.9.0.wasm", "acme/cart/latest.wasm", "acme/cart/README.md", "acme/cart/3.0.0.wasm/x",
	"acme/cart/1.2.0+a.wasm", "acme/cart/1.2.0+b.wasm", "acme/none/README.md", "example.com/acme/cart/5.0.0.wasm", "localhost_5000/acme/cart/6.0.0.wasm")

func TestMatching(t *testing.T) {
	f := &registry.Fetcher{Registry: mirror}
	for _, c := range []struct{ registry, requirement, want string }{
		{"", "1.2.0", "acme/cart/1.10.0.wasm"}, // not 1.11.0, which is yanked
		{"", "*", "acme/cart/1.10.0.wasm"},
		{"", ">=0.9, <1.10", "acme/cart/1.2.0+b.wasm"},
		{"", "0.9", "acme/cart/0.9.0.wasm"},
		{"", ">=2.0.0-rc", "acme/cart/2.0.0-rc.1.wasm"},
		{"", "=1.2.0", "acme/cart/1.2.0+b.wasm"},
		{"example.com", "*", "example.com/acme/cart/5.0.0.wasm"},
		{"Example.COM", "*", "example.com/acme/cart/5.0.0.wasm"},
		{"localhost:5000", ">1", "localhost_5000/acme/cart/6.0.0.wasm"},
	} {
		data, release, err := f.Matching(t.Context(), c.registry, "acme:cart", c.requirement)
		if err != nil || string(data) != c.want || !strings.HasSuffix(c.want, "/"+release.Version+".wasm") {
			t.Errorf("%s %s: got %q %+v %v", c.registry, c.requirement, data, release, err)
		}
	}
}

func TestVersion(t *testing.T) {
	f := &registry.Fetcher{Registry: mirror}
	for version, want := range map[string]string{
		"1.2.0":      "acme/cart/1.2.0.wasm",
		"1.2.0+a":    "acme/cart/1.2.0+a.wasm",
		"2.0.0-rc.1": "acme/cart/2.0.0-rc.1.wasm",
	} {
		data, release, err := f.Version(t.Context(), "", "acme:cart", version)
		if err != nil || string(data) != want || release.Version != version {
			t.Errorf("%s: got %q %+v %v", version, data, release, err)
		}
	}
}

func TestPackageFaults(t *testing.T) {
	f := &registry.Fetcher{Registry: mirror, MaxSize: 22}
	for _, c := range []struct {
		registry, pkg, version, key string
		cause                       error
		want                        string
	}{
		{"", "acme:cart", "1.2", "version", registry.ErrInvalid, `"1.2" is not a version: there is the end where a dot has to be: write all of MAJOR.MINOR.PATCH`},
		{"", "acme:cart", "=1.2.0", "version", registry.ErrInvalid, `is not a version`},
		{"", "acme:cart", "7.0.0", "version", registry.ErrNotFound, `acme:cart: has no release "7.0.0": there are 2.0.0-rc.1, 1.10.0, 1.2.0`},
		{"", "acme:cart", "1.11.0", "version", registry.ErrNotFound, `has the release 1.11.0 for "1.11.0", but it was yanked: there are`},
		{"", "acme:none", "1.0.0", "version", registry.ErrNotFound, `there is none at all`},
		{"", "acme:other", "1.0.0", "package", registry.ErrNotFound, `acme:other: is not in the default registry: correct the name`},
		{"other.example", "acme:cart", "1.0.0", "package", registry.ErrNotFound, `is not in other.example`},
		{"", "cart", "1.0.0", "package", registry.ErrInvalid, `"cart": is not the name of a package: write namespace:name`},
		{"", "acme:Cart", "1.0.0", "package", registry.ErrInvalid, `is not the name of a package`},
		{"", "acme:cart:x", "1.0.0", "package", registry.ErrInvalid, `is not the name of a package`},
		{"", "a:../../x", "1.0.0", "package", registry.ErrInvalid, `is not the name of a package`},
		{"", "a:1b", "1.0.0", "package", registry.ErrInvalid, `is not the name of a package`},
		{"", "a:b--c", "1.0.0", "package", registry.ErrInvalid, `is not the name of a package`},
		{"", "a:" + strings.Repeat("b", 300), "1.0.0", "package", registry.ErrInvalid, `is not the name of a package`},
		{"https://example.com", "acme:cart", "1.0.0", "registry", registry.ErrInvalid, `"https://example.com": is not the name of a registry: write a host`},
		{"..", "acme:cart", "1.0.0", "registry", registry.ErrInvalid, `is not the name of a registry`},
		{"a/b", "acme:cart", "1.0.0", "registry", registry.ErrInvalid, `is not the name of a registry`},
		{"me@example.com", "acme:cart", "1.0.0", "registry", registry.ErrInvalid, `is not the name of a registry`},
		{"example.com:", "acme:cart", "1.0.0", "registry", registry.ErrInvalid, `is not the name of a registry`},
		{"example.com:99999", "acme:cart", "1.0.0", "registry", registry.ErrInvalid, `is not the name of a registry`},
		{"[::1", "acme:cart", "1.0.0", "registry", registry.ErrInvalid, `is not the name of a registry`},
		{"[::1]:5000", "acme:cart", "1.0.0", "package", registry.ErrNotFound, `is not in [::1]:5000`},
		{"localhost:5000", "acme:cart", "6.0.0", "package", registry.ErrTooLarge, `acme:cart@6.0.0: has more than 22 bytes`},
	} {
		data, _, err := f.Version(t.Context(), c.registry, c.pkg, c.version)
		var fault *registry.Error
		if data != nil || !errors.As(err, &fault) || !errors.Is(err, c.cause) || fault.Key != c.key || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %s %s: got %q %v", c.registry, c.pkg, c.version, data, err)
		}
	}
	_, _, err := f.Matching(t.Context(), "", "acme:cart", "1 || 2")
	if !errors.Is(err, registry.ErrInvalid) || !strings.Contains(err.Error(), "is not a version requirement") {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := f.Matching(ctx, "", "acme:cart", "*"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// remote is a registry that knows digests.
type remote struct {
	releases []registry.Release
	listErr  error
	content  string
	fetchErr error
	fetched  int
	closed   int
}

func (r *remote) Versions(context.Context, string, string) ([]registry.Release, error) {
	return r.releases, r.listErr
}

func (r *remote) Fetch(context.Context, string, string, registry.Release) (io.ReadCloser, error) {
	r.fetched++
	return body{strings.NewReader(r.content), r}, r.fetchErr
}

type body struct {
	io.Reader
	of *remote
}

func (b body) Close() error { b.of.closed++; return nil }

func TestPackagesAreCached(t *testing.T) {
	r := &remote{content: "wasm", releases: []registry.Release{{Version: "1.0.0", Digest: registry.DigestOf([]byte("wasm"))}}}
	f := &registry.Fetcher{Registry: r, Cache: registry.NewCache(t.TempDir())}
	for range 3 {
		data, _, err := f.Version(t.Context(), "", "acme:cart", "1.0.0")
		if err != nil || string(data) != "wasm" || r.fetched != 1 || r.closed != 1 {
			t.Errorf("got %q %v, fetched %d times, closed %d", data, err, r.fetched, r.closed)
		}
	}
	if data, err := f.URL(t.Context(), address, digest("wasm")); err != nil || string(data) != "wasm" {
		t.Errorf("the cache is not that of URLs: %q %v", data, err)
	}
}

func TestRegistryFaults(t *testing.T) {
	promised := []registry.Release{{Version: "1.0.0", Digest: registry.DigestOf([]byte("wasm"))}}
	reset := errors.New("connection reset")
	for name, c := range map[string]struct {
		remote remote
		cause  error
		key    string
		want   string
	}{
		"other content": {remote{content: "wosm", releases: promised}, registry.ErrDigest, "package", `acme:cart@1.0.0: is ` + digest("wosm") + ` where the registry promises ` + digest("wasm")},
		"no default":    {remote{listErr: registry.ErrNoRegistry}, registry.ErrNoRegistry, "registry", `write registry = "example.com" beside the package`},
		"no list":       {remote{listErr: reset}, reset, "package", `its releases cannot be listed: connection reset`},
		"no content":    {remote{fetchErr: reset, releases: promised}, reset, "package", `acme:cart@1.0.0: cannot be fetched: connection reset`},
		"bad versions":  {remote{releases: []registry.Release{{Version: "1"}, {Version: ""}, {Version: "v1.0.0"}}}, registry.ErrNotFound, "version", `there is none at all`},
	} {
		f := &registry.Fetcher{Registry: &c.remote, Cache: registry.NewCache(t.TempDir())}
		data, _, err := f.Matching(t.Context(), "", "acme:cart", "1")
		var fault *registry.Error
		if data != nil || !errors.As(err, &fault) || !errors.Is(err, c.cause) || fault.Key != c.key || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %q %v", name, data, err)
		}
	}
}

// TestDir calls the methods as anybody may, without the checks of a Fetcher.
func TestDir(t *testing.T) {
	for _, pkg := range []string{"../x:y", "a:b/../../c", "", ":", "a:.."} {
		if _, err := mirror.Versions(t.Context(), "", pkg); !errors.Is(err, registry.ErrInvalid) {
			t.Errorf("%s: %v", pkg, err)
		}
		if _, err := mirror.Fetch(t.Context(), "", pkg, registry.Release{Version: "1.0.0"}); !errors.Is(err, registry.ErrInvalid) {
			t.Errorf("%s: %v", pkg, err)
		}
	}
	for version, cause := range map[string]error{"../1.0.0": registry.ErrInvalid, "9.0.0": registry.ErrNotFound, "3.0.0": nil} {
		_, err := mirror.Fetch(t.Context(), "", "acme:cart", registry.Release{Version: version})
		if err == nil || cause != nil && !errors.Is(err, cause) {
			t.Errorf("%s: %v", version, err)
		}
	}
	faulty := registry.Dir(fsError{})
	if _, err := faulty.Versions(t.Context(), "", "a:b"); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("got %v", err)
	}
}

type fsError struct{}

func (fsError) Open(string) (fs.File, error) { return nil, fs.ErrPermission }
