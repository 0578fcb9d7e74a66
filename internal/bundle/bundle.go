// Package bundle is what an app is loaded from: its manifest, or the locked app in its place
// (manifest.go, lock.go), the files that it names (files.go), and code that is brought from
// elsewhere (fetch.go). It reads, and knows nothing of what is made of it.
package bundle

import (
	"io/fs"
	"net/http"
	"os"
	"sync"

	"github.com/spinhost/spin/registry"
)

// Config says where things come from.
type Config struct {
	// FS has all files, by slash paths; nil means those of the operating system, by its own names.
	FS fs.FS
	// Profile is the build profile of the manifest.
	Profile string
	// Features lists what components of a kind of trigger may require of their host, if there is
	// such a trigger.
	Features func(kind string) (features []string, ok bool)
	// Fetcher brings code from elsewhere. Without a Client it gets one that Close frees.
	Fetcher registry.Fetcher
}

// Bundle is where an app is loaded from. [Bundle.Manifest] is called before all else; then it is safe
// for concurrent use. Its user closes it.
type Bundle struct {
	cfg  Config
	fsys fs.FS
	dir  string // folder of the manifest

	locked   *lockedContent // of a locked app; its absolute paths start at the root of fsys
	fetching locks
	free     func()

	mu   sync.Mutex
	root *os.Root // dir, once it was asked for
}

// New makes a bundle.
func New(cfg Config) *Bundle {
	b := &Bundle{cfg: cfg, fsys: cfg.FS, free: func() {}}
	if b.fsys == nil {
		b.fsys = osFS{}
	}
	if cfg.Fetcher.Client == nil {
		t := downloads()
		b.cfg.Fetcher.Client, b.free = &http.Client{Transport: t}, t.CloseIdleConnections
	}
	return b
}

// Close frees what the bundle holds.
func (b *Bundle) Close() {
	b.free()
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.root != nil {
		_ = b.root.Close() // nothing was written
		b.root = nil
	}
}

// Locked reports whether the app is a locked one.
func (b *Bundle) Locked() bool { return b.locked != nil }
