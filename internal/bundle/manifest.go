package bundle

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"

	"github.com/spinhost/spin/manifest"
)

const (
	// ManifestName is the name of the manifest in a folder.
	ManifestName = "spin.toml"
	// LockName is the name of a locked app in a folder that has no manifest.
	LockName = "spin.lock"
)

// maxManifest bounds what is read of a manifest or a locked app, in bytes; both have bounds of their
// own, which are lower.
const maxManifest = 16<<20 + 1

// Manifest reads a manifest or a locked app, or that in a folder.
func (b *Bundle) Manifest(name string) (*manifest.Manifest, error) {
	name = b.find(name)
	f, err := b.fsys.Open(name)
	if err != nil {
		return nil, fmt.Errorf("manifest: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxManifest))
	switch {
	case err != nil:
		return nil, fmt.Errorf("manifest: read %s: %w", name, err)
	case isLock(name, text):
		return b.readLock(name, text)
	}
	return manifest.Parse(name, text, &manifest.Options{Profile: b.cfg.Profile})
}

// find returns the name of the manifest, or of the locked app in a folder that has no manifest, and
// remembers the folder.
func (b *Bundle) find(name string) string {
	dir, join := path.Dir, path.Join
	if b.isOS() {
		dir, join = filepath.Dir, filepath.Join
	}
	if info, err := fs.Stat(b.fsys, name); err == nil && info.IsDir() {
		folder := name
		name = join(folder, ManifestName)
		if _, err := fs.Stat(b.fsys, name); errors.Is(err, fs.ErrNotExist) {
			if lock := join(folder, LockName); b.exists(lock) {
				name = lock
			}
		}
	}
	b.dir = dir(name)
	return name
}

func (b *Bundle) exists(name string) bool {
	_, err := fs.Stat(b.fsys, name)
	return err == nil
}

// isLock reports whether text is meant to be a locked app: no TOML begins as JSON does.
func isLock(name string, text []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(text, " \t\r\n"), []byte("{")) || filepath.Base(name) == LockName
}
