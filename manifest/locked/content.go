package locked

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/spinhost/spin/internal/wording"
)

// Content refers to bytes in one or more ways. Which of them a host can use is for
// the host to say.
type Content struct {
	// Source is the URL where the content is; empty for none.
	Source string

	// Inline is the content itself; nil for none, which is not the same as empty.
	Inline []byte

	// Digest is "sha256:" and the hash of the content in hexadecimal digits;
	// empty for none. It comes from the text: take it from [Content.SHA256] if it
	// is to name a file.
	Digest string
}

// FileContent refers to a file by its absolute path, with slashes.
func FileContent(path string) Content {
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a drive letter follows
	}
	return Content{Source: (&url.URL{Scheme: "file", Path: path}).String()}
}

// ErrNoFile means that content is not referred to by a URL of a local file.
var ErrNoFile = errors.New("not a file on this machine")

// File returns the path of the file that Source names, with slashes. The error
// wraps ErrNoFile.
func (c Content) File() (string, error) {
	u, err := url.Parse(c.Source)
	shown := wording.Quote(wording.HidePassword(c.Source))
	var urlErr *url.Error // which would say the URL again
	if errors.As(err, &urlErr) {
		err = urlErr.Err
	}
	switch {
	case err != nil:
		return "", fmt.Errorf("%s is %w: %v", shown, ErrNoFile, err)
	case c.Source == "":
		return "", fmt.Errorf("the content has no source: %w", ErrNoFile)
	case u.Scheme != "file" || u.Host != "" && u.Host != "localhost" || u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		return "", fmt.Errorf("%s is %w: write a URL such as file:///srv/app/app.wasm", shown, ErrNoFile)
	case !strings.HasPrefix(u.Path, "/") || strings.ContainsRune(u.Path, 0):
		return "", fmt.Errorf("%s is %w: its path is not absolute", shown, ErrNoFile)
	}
	path := u.Path
	if len(path) > 2 && path[2] == ':' && isLetter(path[1]) {
		path = path[1:] // file:///C:/app
	}
	return path, nil
}

// ErrDigest means that a digest is not "sha256:" and 64 hexadecimal digits in
// lower case.
var ErrDigest = errors.New(`not "sha256:" and 64 hexadecimal digits in lower case`)

// SHA256 returns the hash that Digest states. Other text than a digest, such as one
// that is a path, is ErrDigest.
func (c Content) SHA256() ([32]byte, error) {
	var sum [32]byte
	digits, ok := strings.CutPrefix(c.Digest, "sha256:")
	if !ok || len(digits) != 2*len(sum) || strings.ToLower(digits) != digits {
		return sum, fmt.Errorf("digest %s is %w", wording.Quote(c.Digest), ErrDigest)
	}
	if _, err := hex.Decode(sum[:], []byte(digits)); err != nil {
		return sum, fmt.Errorf("digest %s is %w", wording.Quote(c.Digest), ErrDigest)
	}
	return sum, nil
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
