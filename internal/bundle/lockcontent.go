package bundle

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spinhost/spin/manifest/locked"
	"github.com/spinhost/spin/registry"
)

// lockedContent is what a locked app says of Wasm files.
type lockedContent struct {
	inline  map[string][]byte           // by the path that the manifest has for it
	digests map[string][]locked.Content // those that a file must have, by its full name
}

// inlineName begins the path of inline content, digestName that of content of which only the digest
// is known. No path of a file in a locked app is relative.
const (
	inlineName = "inline:"
	digestName = "digest:"
)

// name is locked.ManifestOptions.Content.
func (l *lockedContent) name(c locked.Content) (string, error) {
	switch {
	case c.Inline != nil:
		d := registry.DigestOf(c.Inline)
		if c.Digest != "" && c.Digest != d.String() {
			return "", wrongDigest("the inline content", d, c.Digest)
		}
		l.inline[inlineName+d.String()] = c.Inline
		return inlineName + d.String(), nil
	case c.Digest != "":
		d, err := registry.ParseDigest(c.Digest)
		return digestName + d.String(), err
	case c.Source == "":
		return "", errors.New("the content has neither a source nor a digest nor is it inline: write a source such as file:///srv/app/app.wasm")
	}
	_, err := c.File()
	return "", err
}

func wrongDigest(what string, is registry.Digest, want string) error {
	return &registry.Error{Source: what, Key: "digest", Reason: "is " + is.String() + " and not " + want, Err: registry.ErrDigest,
		Fix: "find out whether it was changed on purpose, and lock the app again if so"}
}

// readLocked reads a Wasm file of a locked app.
func (b *Bundle) readLocked(name string) ([]byte, error) {
	l := b.locked
	if wasm, ok := l.inline[name]; ok {
		return wasm, nil
	}
	if digest, ok := strings.CutPrefix(name, digestName); ok {
		return b.cached(digest)
	}
	wasm, err := b.read(name)
	if err != nil {
		return nil, err
	}
	full, err := b.resolve(name)
	if err != nil {
		return nil, err
	}
	for _, c := range l.digests[filepath.Clean(full)] {
		if is := registry.DigestOf(wasm); is.String() != c.Digest {
			return nil, wrongDigest(fmt.Sprintf("the file %s", full), is, c.Digest)
		}
	}
	return wasm, nil
}

// cached returns content that an earlier download, or another tool, has left in the cache.
func (b *Bundle) cached(digest string) ([]byte, error) {
	d, err := registry.ParseDigest(digest)
	if err != nil {
		return nil, err
	}
	if b.cfg.Fetcher.Cache == nil {
		return nil, errors.New("only the digest of the content is known, and there is no cache to look for it: set Config.SourceCache, or write a source")
	}
	wasm, err := b.cfg.Fetcher.Cache.Get(d, maxCode)
	if errors.Is(err, registry.ErrNotFound) {
		return nil, fmt.Errorf("only the digest of the content is known, and the cache does not have it: write a source, or set Config.SourceCache to a folder that has it: %w", err)
	}
	return wasm, err
}
