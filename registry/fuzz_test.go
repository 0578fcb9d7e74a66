package registry_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/spinhost/spin/registry"
)

// FuzzParseDigest looks for panics, and for digests that could be the name of
// another file.
func FuzzParseDigest(f *testing.F) {
	for _, text := range []string{digest("a"), "sha256:..", strings.ToUpper(digest("a")), digest("a")[7:], "sha256:" + strings.Repeat("0", 64)} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := registry.ParseDigest(text)
		if err != nil {
			var fault *registry.Error
			if !errors.As(err, &fault) || fault.Fix == "" || len(err.Error()) > 1000 || !d.IsZero() {
				t.Fatalf("%s %v", d, err)
			}
			return
		}
		if d.String() != text || d.IsZero() || len(text) != 71 || strings.ContainsAny(text, `/\.`) {
			t.Fatalf("%q became %s", text, d)
		}
	})
}

// FuzzNames looks for panics, and for names that lead out of a folder.
func FuzzNames(f *testing.F) {
	for _, pkg := range []string{"acme:cart", "a:../b", "a-b1:c", ":", "a:b/c"} {
		for _, host := range []string{"", "localhost:5000", "..", "[::1]:1", "a.b", "a_1"} {
			f.Add(host, pkg, "1.0.0", ">=1")
		}
	}
	f.Fuzz(func(t *testing.T, host, pkg, version, requirement string) {
		fetcher := &registry.Fetcher{Registry: registry.Dir(watched{t})}
		_, _, err := fetcher.Version(t.Context(), host, pkg, version)
		checkFault(t, err)
		_, _, err = fetcher.Matching(t.Context(), host, pkg, requirement)
		checkFault(t, err)
	})
}

func checkFault(t *testing.T, err error) {
	var fault *registry.Error
	if !errors.As(err, &fault) || fault.Reason == "" || fault.Key == "" || len(err.Error()) > 3000 {
		t.Fatalf("%T %.500v", err, err)
	}
}

// watched is an empty folder that fails on paths which no package has.
type watched struct{ t *testing.T }

func (w watched) Open(name string) (fs.File, error) {
	if n := strings.Count(name, "/"); !fs.ValidPath(name) || n < 1 || n > 2 || strings.ContainsAny(name, `\`) {
		w.t.Fatalf("opens %q", name)
	}
	return nil, fs.ErrNotExist
}
