package bundle

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/spinhost/spin/capability"
	wasihttp "github.com/spinhost/spin/hostapi/wasi/http"
	"github.com/spinhost/spin/manifest"
	"github.com/spinhost/spin/registry"
)

// headTime bounds the time until a server begins to answer; how long a download takes is for a
// context to say.
const headTime = time.Minute

// downloads makes the connections of a client that was not given.
func downloads() *http.Transport {
	t := wasihttp.NewTransport(capability.Networks{})
	t.ResponseHeaderTimeout = headTime
	return t
}

// Code returns the Wasm of a source, wherever it is. A version may be a requirement, as that of a
// dependency is; that of a component is exact.
func (b *Bundle) Code(ctx context.Context, source manifest.Source, requirement bool) ([]byte, error) {
	switch {
	case source.Path == "":
		return b.fetch(ctx, source, requirement)
	case b.locked != nil:
		return b.readLocked(source.Path)
	}
	return b.read(source.Path)
}

// fetch returns a source that is not a local file.
func (b *Bundle) fetch(ctx context.Context, source manifest.Source, requirement bool) ([]byte, error) {
	defer b.fetching.lock(source.URL + source.Digest + " " + source.Registry + "/" + source.Package)()
	var wasm []byte
	var err error
	switch f := &b.cfg.Fetcher; {
	case source.URL != "":
		wasm, err = f.URL(ctx, source.URL, source.Digest)
	case requirement:
		wasm, _, err = f.Matching(ctx, source.Registry, source.Package, source.Version)
	default:
		wasm, _, err = f.Version(ctx, source.Registry, source.Package, source.Version)
	}
	return wasm, advise(err)
}

// locks has what two components use fetched by one of them.
type locks struct {
	mu  sync.Mutex
	all map[string]*sync.Mutex
}

// lock waits until nobody else has the lock of a name, and returns what lets the next one have it.
func (l *locks) lock(name string) (unlock func()) {
	l.mu.Lock()
	own := l.all[name]
	if own == nil {
		own = new(sync.Mutex)
		if l.all == nil {
			l.all = map[string]*sync.Mutex{}
		}
		l.all[name] = own
	}
	l.mu.Unlock()
	own.Lock()
	return own.Unlock
}

// advise names the settings of an app where package registry names its own.
func advise(err error) error {
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
