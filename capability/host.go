package capability

import (
	"net/netip"
	"strings"
)

const (
	maxNameLength  = 253 // bytes of a domain name, without a final dot
	maxLabelLength = 63
)

// host is a name or an address in the one form that comparisons use.
type host struct {
	name string     // lower-case ASCII; empty for an address
	addr netip.Addr // an IPv4 address is never held as IPv6
}

// String returns the form used in URLs.
func (h host) String() string {
	switch {
	case !h.addr.IsValid():
		return h.name
	case h.addr.Is6():
		return "[" + h.addr.String() + "]"
	}
	return h.addr.String()
}

// parseHost reads the host part of a URL: a name, an IPv4 address or an IPv6
// address in brackets. It is stricter than URL parsers are, so that whatever it
// accepts is read alike by all of them. The second result says what is wrong.
func parseHost(s string) (host, string) {
	if s == "" {
		return host{}, "has no host"
	}
	if s[0] == '[' {
		return parseBracketed(s)
	}
	if problem := checkName(s); problem != "" {
		return host{}, problem
	}
	if endsInNumber(s) {
		addr, err := netip.ParseAddr(s)
		if err != nil {
			return host{}, "has a malformed IPv4 address"
		}
		return host{addr: addr}, ""
	}
	return host{name: strings.ToLower(s)}, ""
}

func parseBracketed(s string) (host, string) {
	if len(s) < 2 || s[len(s)-1] != ']' {
		return host{}, "has an unclosed ["
	}
	addr, err := netip.ParseAddr(s[1 : len(s)-1])
	if err != nil || !addr.Is6() || addr.Zone() != "" {
		return host{}, "has a malformed IPv6 address"
	}
	return host{addr: addr.Unmap()}, ""
}

// checkName checks characters and lengths of a domain name. IPv4 addresses pass.
func checkName(s string) string {
	name := strings.TrimSuffix(s, ".")
	if len(name) > maxNameLength {
		return "has a host name of more than 253 bytes"
	}
	label := 0
	for i := 0; i < len(name); i++ {
		c := name[i]
		switch {
		case c == '.':
			if label == 0 {
				return "has an empty label in its host name"
			}
			label = 0
			continue
		case c >= 0x80:
			return "has a host name outside ASCII"
		case c == ':':
			return "has an IPv6 address without brackets"
		case !isNameByte(c):
			return "has a character that host names cannot have"
		}
		if label++; label > maxLabelLength {
			return "has a label of more than 63 bytes in its host name"
		}
	}
	if label == 0 {
		return "has an empty label in its host name"
	}
	return ""
}

func isNameByte(c byte) bool {
	return isLetter(c) || isDigit(c) || c == '-' || c == '_'
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// endsInNumber reports whether URL parsers take a name for an IPv4 address:
// some read 127.1, 0x7f.1 and 2130706433 as 127.0.0.1 (WHATWG URL, "ends in a
// number checker"), so none of these may pass as a name.
func endsInNumber(s string) bool {
	s = strings.TrimSuffix(s, ".")
	last := s[strings.LastIndexByte(s, '.')+1:]
	if len(last) >= 2 && last[0] == '0' && last[1]|0x20 == 'x' {
		return strings.Trim(last[2:], "0123456789abcdefABCDEF") == ""
	}
	return strings.Trim(last, "0123456789") == ""
}
