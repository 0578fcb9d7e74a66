package spin

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/spinhost/spin/capability"
	wasihttp "github.com/spinhost/spin/hostapi/wasi/http"
	"github.com/spinhost/spin/manifest"
	"github.com/spinhost/spin/registry"
)

// sources brings the code of components from elsewhere.
type sources struct {
	fetcher registry.Fetcher

	mu   sync.Mutex
	lock map[string]*sync.Mutex // by source: what two components use is fetched by one of them
}

// headTime bounds the time until a server begins to answer; how long a download takes is for the
// context of Load to say.
const headTime = time.Minute

// newSources returns what fetches sources for a configuration, and a function that frees it.
func newSources(cfg *Config) (*sources, func()) {
	s := &sources{lock: map[string]*sync.Mutex{}, fetcher: registry.Fetcher{
		Client: cfg.Downloads, Registry: cfg.Registry, MaxSize: maxSource, Logger: cfg.Logger,
	}}
	if dir := cacheDir(cfg.SourceCache, "sources"); dir != "" {
		s.fetcher.Cache = registry.NewCache(dir)
	}
	free := func() {}
	if cfg.Downloads == nil {
		t := wasihttp.NewTransport(capability.Networks{})
		t.ResponseHeaderTimeout = headTime
		s.fetcher.Client, free = &http.Client{Transport: t}, t.CloseIdleConnections
	}
	return s, free
}

// cacheDir returns the folder that a setting names: "" is one in the user's cache directory, "-"
// is none, as it is where the user has no such directory.
func cacheDir(setting, name string) string {
	switch setting {
	case "-":
		return ""
	case "":
		user, err := os.UserCacheDir()
		if err != nil {
			return ""
		}
		return filepath.Join(user, "spin-go", name)
	}
	return setting
}

// fetch returns a source that is not a local file. The version of a dependency is a requirement,
// that of a component is exact.
func (s *sources) fetch(ctx context.Context, source manifest.Source, requirement bool) ([]byte, error) {
	defer s.locked(source)()
	var wasm []byte
	var err error
	switch f := &s.fetcher; {
	case source.URL != "":
		wasm, err = f.URL(ctx, source.URL, source.Digest)
	case requirement:
		wasm, _, err = f.Matching(ctx, source.Registry, source.Package, source.Version)
	default:
		wasm, _, err = f.Version(ctx, source.Registry, source.Package, source.Version)
	}
	return wasm, s.advise(err)
}

// locked waits until nobody else fetches the source, and returns what lets the next one do so.
func (s *sources) locked(source manifest.Source) func() {
	key := source.URL + source.Digest + " " + source.Registry + "/" + source.Package
	s.mu.Lock()
	l := s.lock[key]
	if l == nil {
		l = new(sync.Mutex)
		s.lock[key] = l
	}
	s.mu.Unlock()
	l.Lock()
	return l.Unlock
}

// advise names the settings of an app where package registry names its own.
func (s *sources) advise(err error) error {
	var fault *registry.Error
	if !errors.As(err, &fault) {
		return err
	}
	f := *fault
	switch {
	case errors.Is(err, registry.ErrUnavailable):
		f.Reason, f.Fix = "cannot be fetched, as there is no registry", "set Config.Registry, or download the file and write its path"
	case errors.Is(err, registry.ErrTooLarge):
		f.Fix = "no component may be larger"
	}
	return &f
}
