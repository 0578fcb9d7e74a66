package wording

import (
	"net/url"
	"strings"
)

// HidePassword replaces the password in the text of a URL, as messages are read by more people than
// manifests. What is no URL is taken to have a password if it might.
func HidePassword(text string) string {
	start, end := 0, len(text)
	if i := strings.Index(text, "://"); i >= 0 {
		start = i + len("://")
	}
	if _, err := url.Parse(text); err == nil {
		if i := strings.IndexAny(text[start:], "/?#"); i >= 0 {
			end = start + i
		}
	}
	at := strings.LastIndexByte(text[start:end], '@')
	if at < 0 {
		return text
	}
	user, _, ok := strings.Cut(text[start:start+at], ":")
	if !ok {
		return text
	}
	return text[:start] + user + ":xxxxx" + text[start+at:]
}
