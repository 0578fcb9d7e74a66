package capability

import "strings"

// ParseDestination reads a URL, or a connection string such as
// redis://user:pass@host:6379/0. Text that does not start with a scheme and
// "://" is read as if defaultScheme stood before it. The error is a *[DestinationError].
//
// Passwords in connection strings may hold any character but a slash, since
// the host starts after the last @. There ? and # end the host, as in
// postgres://user:pass@host?sslmode=require. For http and https a URL is read as
// browsers do, where ? and # end the host wherever they stand. Text in which both
// readings may find a host is refused: a client library might connect to the other one.
func ParseDestination(rawURL, defaultScheme string) (Destination, error) {
	scheme, rest, found := strings.Cut(rawURL, "://")
	if !found || !isScheme(scheme) {
		scheme, rest = defaultScheme, rawURL
	}
	isHTTP := strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https")
	ends := "/"
	if isHTTP {
		ends = "/?#"
	}
	authority := rest
	if i := strings.IndexAny(rest, ends); i >= 0 {
		authority = rest[:i]
	}
	hostAt := strings.LastIndexByte(authority, '@') + 1
	if i := strings.IndexAny(authority[hostAt:], "?#"); i >= 0 {
		authority = authority[:hostAt+i]
	}
	if hasControl(authority) || isHTTP && strings.IndexByte(authority, '\\') >= 0 {
		return Destination{}, &DestinationError{"has a character that URLs cannot have"}
	}
	d, err := parseAuthority(scheme, authority)
	if err != nil {
		return Destination{}, err
	}
	if i := strings.IndexAny(authority, `?#\`); i >= 0 {
		if !hasBadPort(authority[:i]) {
			return Destination{}, &DestinationError{
				`can be read in two ways: write ? as %3F, # as %23 and \ as %5C in user and password`,
			}
		}
	}
	return d, nil
}

// hasBadPort reports whether every URL parser refuses an authority for its port.
func hasBadPort(authority string) bool {
	authority = authority[strings.LastIndexByte(authority, '@')+1:]
	colon := strings.LastIndexByte(authority, ':')
	return colon > strings.LastIndexByte(authority, ']') && strings.Trim(authority[colon+1:], "0123456789") != ""
}

// parseAuthority reads [user@]host[:port].
func parseAuthority(scheme, authority string) (Destination, error) {
	authority = authority[strings.LastIndexByte(authority, '@')+1:]
	hostText, portText := authority, ""
	// A colon inside brackets belongs to an IPv6 address.
	if i := strings.LastIndexByte(authority, ':'); i > strings.LastIndexByte(authority, ']') {
		hostText, portText = authority[:i], authority[i+1:]
	}
	h, reason := parseHost(hostText)
	if reason != "" {
		return Destination{}, &DestinationError{reason}
	}
	if portText == "" {
		return newDestination(scheme, h, 0, false)
	}
	port, ok := parsePort(portText)
	if !ok {
		return Destination{}, &DestinationError{"has a port that is no number from 0 to 65535"}
	}
	return newDestination(scheme, h, port, true)
}

func hasControl(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] == 0x7f {
			return true
		}
	}
	return false
}
