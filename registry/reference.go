package registry

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/spinhost/spin/internal/wording"
)

// checkNames checks the names of a registry and of a package. They become parts of
// paths and URLs.
func checkNames(registry, pkg string) *Error {
	if registry != "" && !isAuthority(registry) {
		return &Error{Source: wording.Quote(registry), Key: "registry", Reason: "is not the name of a registry", Err: ErrInvalid,
			Fix: "write a host, such as example.com or localhost:5000"}
	}
	namespace, name, _ := strings.Cut(pkg, ":")
	if len(pkg) > maxName || !isLabel(namespace) || !isLabel(name) {
		return &Error{Source: wording.Quote(pkg), Key: "package", Reason: "is not the name of a package", Err: ErrInvalid,
			Fix: "write namespace:name, each of words in lower case joined by hyphens, such as acme:shopping-cart"}
	}
	return nil
}

const maxName = 255 // bytes of a host, or of a package name

// isLabel reports whether s is words joined by hyphens, each a lower-case letter
// followed by letters and digits.
func isLabel(s string) bool {
	for word := range strings.SplitSeq(s, "-") {
		if word == "" || !isLower(word[0]) {
			return false
		}
		for i := range len(word) {
			if !isLower(word[i]) && !isDigit(word[i]) {
				return false
			}
		}
	}
	return true
}

// isAuthority reports whether s is a host with an optional port, without a user.
func isAuthority(s string) bool {
	if len(s) > maxName {
		return false
	}
	host := s
	if i := strings.LastIndexByte(s, ':'); i >= 0 && !strings.HasSuffix(s, "]") {
		host = s[:i]
		if n, err := strconv.ParseUint(s[i+1:], 10, 16); err != nil || n == 0 || s[i+1] == '0' || !isDigit(s[i+1]) {
			return false
		}
	}
	if inner, ok := strings.CutPrefix(host, "["); ok {
		addr, err := netip.ParseAddr(strings.TrimSuffix(inner, "]"))
		return strings.HasSuffix(inner, "]") && err == nil && addr.Is6() && addr.Zone() == ""
	}
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := range len(label) {
			if c := label[i]; !isLower(c|0x20) && !isDigit(c) && c != '-' {
				return false
			}
		}
	}
	return true
}

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
