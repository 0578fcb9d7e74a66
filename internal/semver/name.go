package semver

import "strings"

// TrackOf returns a name such as wasi:io/poll@0.2.6 with the track of its version: wasi:io/poll@0.2.
// Versions of a name that are compatible have it in common. A name without a version, or with
// something else behind the @, is as it is.
func TrackOf(name string) string {
	base, text, ok := strings.Cut(name, "@")
	if !ok {
		return name
	}
	v, err := Parse(text)
	if err != nil {
		return name
	}
	return base + "@" + v.Track()
}

// Newer reports whether the version in one name comes after that in another. No version at all, or
// something else behind the @, comes before all.
func Newer(name, than string) bool {
	_, a, _ := strings.Cut(name, "@")
	_, b, _ := strings.Cut(than, "@")
	v, err := Parse(a)
	if err != nil {
		return false
	}
	w, err := Parse(b)
	return err != nil || v.Compare(w) > 0
}
