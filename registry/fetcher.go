package registry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/spinhost/spin/internal/wording"
)

// DefaultMaxSize is the most bytes of a component unless a Fetcher says otherwise.
// The largest honest ones, which contain an interpreter and its libraries, have a
// tenth of it.
const DefaultMaxSize = 512 << 20

// Fetcher fetches components. The zero Fetcher can fetch nothing, and says so in
// its errors. It can be used by many goroutines at once, and must not be changed
// then.
type Fetcher struct {
	// Client fetches URLs; if it is nil, only those in the cache can be had.
	// What limits connections, such as proxies and timeouts, is its matter.
	Client *http.Client

	// Registry has the packages; if it is nil, none can be had.
	Registry Registry

	// Cache keeps what was fetched; if it is nil, nothing is kept.
	Cache *Cache

	// MaxSize bounds a component, in bytes; 0 means DefaultMaxSize.
	MaxSize int64

	// Logger is told when the cache cannot be used, which is no error; nil
	// means nobody.
	Logger *slog.Logger
}

func (f *Fetcher) maxSize() int64 {
	if f.MaxSize > 0 {
		return f.MaxSize
	}
	return DefaultMaxSize
}

// URL returns the content of a URL, which has the digest. It is taken out of the
// cache if it is there. The error is an [*Error], also where the context ended,
// which is its cause then.
func (f *Fetcher) URL(ctx context.Context, rawURL, digest string) ([]byte, error) {
	d, err := ParseDigest(digest)
	if err != nil {
		return nil, err
	}
	u, fault := parseURL(rawURL)
	if fault != nil {
		return nil, fault
	}
	if data := f.cached(d); data != nil {
		return data, nil
	}
	name := u.Redacted()
	if f.Client == nil {
		return nil, &Error{Source: name, Key: "url", Reason: "is not in the cache, and there is no HTTP client to fetch it", Err: ErrUnavailable,
			Fix: "set registry.Fetcher.Client, or name a local file"}
	}
	data, fault := f.download(ctx, u)
	if fault != nil {
		return nil, fault
	}
	if got := DigestOf(data); got != d {
		return nil, &Error{Source: name, Key: "digest", Reason: "is " + got.String() + " and not " + d.String(), Err: ErrDigest,
			Fix: "find out whether the file was changed on purpose, and write its digest if so"}
	}
	f.keep(data)
	return data, nil
}

func parseURL(raw string) (*url.URL, *Error) {
	u, err := url.Parse(raw)
	if err != nil || len(raw) > 8192 || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.Opaque != "" {
		name := wording.Quote(raw)
		if err == nil {
			name = wording.Quote(u.Redacted()) // errors must not show passwords
		} else if strings.Contains(raw, "@") {
			name = "the URL"
		}
		return nil, &Error{Source: name, Key: "url", Reason: "is not a URL that can be fetched", Err: ErrInvalid,
			Fix: "write one such as https://example.com/a.wasm"}
	}
	return u, nil
}

// download gets a URL.
func (f *Fetcher) download(ctx context.Context, u *url.URL) ([]byte, *Error) {
	fault := &Error{Source: u.Redacted(), Key: "url"}
	failed := func(err error) ([]byte, *Error) {
		var urlErr *url.Error // which would say the URL again
		if errors.As(err, &urlErr) {
			err = urlErr.Err
		}
		fault.Reason, fault.Err = "cannot be fetched: "+err.Error(), err
		return nil, fault
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return failed(err)
	}
	res, err := f.Client.Do(req)
	if err != nil {
		return failed(err)
	}
	defer res.Body.Close()
	switch {
	case res.StatusCode == http.StatusNotFound || res.StatusCode == http.StatusGone:
		fault.Reason, fault.Fix, fault.Err = "is not there: the server answers "+res.Status, "correct the URL", ErrNotFound
		return nil, fault
	case res.StatusCode != http.StatusOK:
		return failed(fmt.Errorf("the server answers %s", res.Status))
	case res.ContentLength > f.maxSize():
		return nil, f.tooLarge(fault)
	}
	data, err := readAll(res.Body, f.maxSize())
	switch {
	case errors.Is(err, ErrTooLarge):
		return nil, f.tooLarge(fault)
	case err != nil:
		return failed(err)
	}
	return data, nil
}

func (f *Fetcher) tooLarge(fault *Error) *Error {
	fault.Reason = fmt.Sprintf("has more than %d bytes", f.maxSize())
	fault.Fix, fault.Err = "raise registry.Fetcher.MaxSize if that is right", ErrTooLarge
	return fault
}

// readAll reads at most limit bytes, and reports ErrTooLarge if there are more.
func readAll(r io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit))
	if err != nil || int64(len(data)) < limit {
		return data, err
	}
	var one [1]byte
	switch _, err := io.ReadFull(r, one[:]); err {
	case io.EOF:
		return data, nil
	case nil:
		return nil, ErrTooLarge
	default:
		return nil, err
	}
}

// cached returns what the cache has for a digest, nil if it has nothing usable.
func (f *Fetcher) cached(d Digest) []byte {
	if f.Cache == nil {
		return nil
	}
	data, err := f.Cache.Get(d, f.maxSize())
	if err != nil && !errors.Is(err, ErrNotFound) {
		f.warn("a component in the cache cannot be used and is fetched again", err)
	}
	return data
}

// keep puts content into the cache. Without it everything works, but slower.
func (f *Fetcher) keep(data []byte) {
	if f.Cache == nil {
		return
	}
	if _, err := f.Cache.Put(data); err != nil {
		f.warn("a component cannot be kept in the cache", err)
	}
}

func (f *Fetcher) warn(msg string, err error) {
	if f.Logger != nil {
		f.Logger.Warn(msg, "error", err)
	}
}
