package manifest

import (
	"net/url"
	"strings"

	"github.com/spinhost/spin/internal/tomltree"
	"github.com/spinhost/spin/internal/wording"
)

// remote reads where a component is fetched from: the keys of urlForm and
// registryForm.
func (s section) remote(source *Source) {
	source.URL = s.checked("url", checkURL)
	source.Digest = s.checked("digest", checkDigest)
	source.Registry = s.checked("registry", checkRegistry)
	source.Package = s.checked("package", checkPackage)
	source.Version = s.text("version")
}

// checked returns the string of a key, empty if there is none or a check says what
// is wrong with it.
func (s section) checked(key string, check func(string) string) string {
	f := s.field(key, tomltree.String, "a string")
	if f == nil {
		return ""
	}
	text := f.Node.Value.(string)
	if problem := check(text); problem != "" {
		s.add(f.Node.Pos, s.at(key), nil, problem)
		return ""
	}
	return text
}

func checkURL(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return wording.Quote(wording.HidePassword(text)) + ` is not a URL of HTTP: write one such as "https://example.com/component.wasm"`
	}
	return ""
}

func checkDigest(text string) string {
	const fix = `: write "sha256:" and the 64 hexadecimal digits that sha256sum prints`
	digits, ok := strings.CutPrefix(text, "sha256:")
	if !ok {
		return "the digest " + wording.Quote(text) + ` does not start with "sha256:"` + fix
	}
	if len(digits) != 64 {
		return "the digest does not have 64 digits" + fix
	}
	for _, c := range []byte(digits) {
		switch {
		case isDigit(c) || 'a' <= c && c <= 'f':
		case 'A' <= c && c <= 'F':
			return "the digest has capital letters: write " + wording.Quote(strings.ToLower(text))
		default:
			return "the digest has other letters than a to f" + fix
		}
	}
	return ""
}

// checkRegistry checks the authority of a registry, host or host:port.
func checkRegistry(text string) string {
	u, err := url.Parse("https://" + text)
	if err != nil || text == "" || u.Host != text || u.Hostname() == "" || strings.HasSuffix(text, ":") {
		return wording.Quote(text) + ` is not the host of a registry: write one such as "ghcr.io" or "localhost:5000"`
	}
	return ""
}

// checkPackage checks the name of a package, NAMESPACE:NAME.
func checkPackage(text string) string {
	const fix = `: write namespace:name, such as "acme:tools"`
	namespace, name, ok := strings.Cut(text, ":")
	if !ok {
		return wording.Quote(text) + " is not the name of a package" + fix
	}
	for _, label := range []string{namespace, name} {
		if problem := lowerKebab.problem(label); problem != "" {
			return wording.Quote(text) + " is not the name of a package: " + problem + fix
		}
	}
	return ""
}
