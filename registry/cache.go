package registry

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Cache keeps components in a folder, in files that are named by their digests. It
// is laid out as Spin's cache is, so that both can share one folder:
//
//	registry/wasm/sha256:...  components
//	registry/data/sha256:...  other content, which is read too
//
// A Cache can be used by many goroutines, and a folder by many processes. Nothing
// is ever removed but what is damaged.
type Cache struct {
	dir string
}

// NewCache returns a cache in a folder, which is made when something is put there.
// Spin's own is the folder spin in that of [os.UserCacheDir].
func NewCache(dir string) *Cache { return &Cache{dir} }

// Get returns the content that has a digest, of at most limit bytes. It is compared
// with the digest. The error is [ErrNotFound] if the cache does not have it,
// [ErrDigest] if the file is damaged, and [ErrTooLarge] if it has more bytes.
func (c *Cache) Get(d Digest, limit int64) ([]byte, error) {
	data, err := c.get("wasm", d, limit)
	if err == nil {
		return data, nil
	}
	if data, dataErr := c.get("data", d, limit); dataErr == nil {
		return data, nil
	} else if errors.Is(err, ErrNotFound) {
		err = dataErr
	}
	return nil, err
}

func (c *Cache) get(kind string, d Digest, limit int64) ([]byte, error) {
	name := c.name(kind, d)
	info, err := os.Stat(name) // before it is opened: opening a pipe would wait
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, ErrNotFound
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%w: %s is not a regular file", ErrDigest, name)
	case info.Size() > limit:
		return nil, fmt.Errorf("%w: %s has %d bytes", ErrTooLarge, name, info.Size())
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := readAll(f, limit)
	if err == nil && DigestOf(data) != d {
		err = fmt.Errorf("%w: %s is damaged", ErrDigest, name)
	}
	if err != nil {
		return nil, err
	}
	return data, nil
}

// Put stores content under its digest. Readers see all of it or nothing.
func (c *Cache) Put(data []byte) (Digest, error) {
	d := DigestOf(data)
	name := c.name("wasm", d)
	dir := filepath.Dir(name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return d, err
	}
	f, err := os.CreateTemp(dir, ".new-*")
	if err != nil {
		return d, err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync() // a crash must not leave a whole name with half of the content
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return d, err
}

func (c *Cache) name(kind string, d Digest) string {
	name := d.String()
	if runtime.GOOS == "windows" { // where names have no colons
		name = strings.Replace(name, ":", "_", 1)
	}
	return filepath.Join(c.dir, "registry", kind, name)
}
