package capability

import (
	"net/netip"
	"strings"

	"github.com/spinhost/spin/internal/wording"
)

// problem is what parsing an entry finds; it becomes an EntryError.
type problem struct {
	reason, fix string
	err         error
}

type hostKind uint8

const (
	anyHost       hostKind = iota // *
	selfHost                      // self, self.alt
	oneHost                       // a name or an address
	blockHost                     // CIDR
	subdomainHost                 // *.domain
	componentHost                 // *.spin.internal
	noHost                        // of an entry that matches nothing, for now or for good
)

const internalSuffix = ".spin.internal"

// pattern is a parsed entry.
type pattern struct {
	scheme string // * for any
	kind   hostKind
	host   host         // oneHost
	block  netip.Prefix // blockHost
	suffix string       // subdomainHost: ".domain"
	ports  ports
}

// matches reports whether an absolute destination is allowed.
func (p *pattern) matches(d *Destination) bool {
	if p.scheme != "*" && p.scheme != d.scheme {
		return false
	}
	if !d.hasPort {
		return p.ports == anyPort && p.matchesHost(d.host)
	}
	return p.ports.contain(d.port) && p.matchesHost(d.host)
}

func (p *pattern) matchesHost(h host) bool {
	switch p.kind {
	case anyHost:
		return true
	case oneHost:
		return p.host == h
	case blockHost:
		return h.addr.IsValid() && p.block.Contains(h.addr)
	case subdomainHost:
		return len(h.name) > len(p.suffix) && strings.HasSuffix(h.name, p.suffix)
	case componentHost:
		label, ok := strings.CutSuffix(h.name, internalSuffix)
		return ok && label != "" && !strings.Contains(label, ".")
	}
	return false // selfHost is for relative requests, noHost for none
}

// matchesSelf reports whether requests of the app to itself are allowed. The
// port does not count: the app's own is not known to the manifest.
func (p *pattern) matchesSelf() bool {
	switch p.scheme {
	case "*", "http", "https":
		return p.kind == anyHost || p.kind == selfHost
	}
	return false
}

// parsePattern parses one entry.
func parsePattern(text string) (pattern, *problem) {
	text = strings.TrimSpace(text)
	if prob := checkWhole(text); prob != nil {
		return pattern{}, prob
	}
	scheme, rest, found := strings.Cut(text, "://")
	if !found {
		return pattern{}, missingScheme(text)
	}
	if prob := checkScheme(scheme, rest); prob != nil {
		return pattern{}, prob
	}
	rest = strings.TrimSuffix(rest, "/")
	if prob := checkExtras(scheme, rest); prob != nil {
		return pattern{}, prob
	}
	hostText, portText := splitEntry(rest)
	p := pattern{scheme: scheme}
	if prob := p.parseHost(hostText, portText); prob != nil {
		return pattern{}, prob
	}
	if prob := p.parsePort(hostText, portText); prob != nil {
		return pattern{}, prob
	}
	return p, nil
}

// checkWhole finds the faults that no part of an entry should be judged with.
func checkWhole(text string) *problem {
	switch {
	case text == "":
		return &problem{reason: "is empty", fix: `remove the entry, or write a destination such as "https://example.com"`}
	case len(text) > maxEntryLength:
		return &problem{reason: "has more than 512 bytes", fix: `write scheme, host and port only, such as "https://example.com:8443"`}
	case text == "insecure:allow-all":
		return &problem{reason: "is no longer accepted", fix: `list each destination, or write "*://*:*" to allow all of them`}
	case strings.ContainsAny(text, "{}"):
		return &problem{reason: "has a list in braces", fix: "write one entry for each alternative"}
	}
	return nil
}

func missingScheme(text string) *problem {
	reason := "has no scheme"
	switch text {
	case "*", ":", "?":
		return &problem{reason: reason, fix: `write "*://*:*" to allow every destination`}
	}
	port := text[strings.LastIndexByte(text, ':')+1:]
	return &problem{reason: reason, fix: "write " + wording.Quote(schemeOfPort(port)+"://"+withoutUser(text))}
}

func checkScheme(scheme, rest string) *problem {
	switch {
	case scheme == "*":
		return nil
	case scheme == "":
		return &problem{reason: "has an empty scheme", fix: "write " + wording.Quote("https://"+withoutUser(rest))}
	}
	for i := 0; i < len(scheme); i++ {
		if !isLetter(scheme[i]) {
			return &problem{
				reason: "has a scheme with other characters than letters",
				fix:    "write a scheme such as https, or * for any scheme",
			}
		}
	}
	// URLs have their scheme lower-cased, so that an entry with capitals could
	// never match.
	if lower := strings.ToLower(scheme); lower != scheme {
		return &problem{reason: "has a scheme in capitals", fix: "write " + wording.Quote(lower+"://"+withoutUser(rest))}
	}
	return nil
}

// withoutUser drops the user and the password, which nobody should be told to write.
func withoutUser(rest string) string { return rest[strings.LastIndexByte(rest, '@')+1:] }

// checkExtras finds the parts of a URL that entries do not have. A slash passes
// only after an address, where it starts the length of a prefix.
func checkExtras(scheme, rest string) *problem {
	if host := withoutUser(rest); host != rest {
		return &problem{reason: "has a user or password", fix: "write " + wording.Quote(scheme+"://"+host)}
	}
	if i := strings.IndexAny(rest, "?#"); i >= 0 {
		return &problem{reason: "has a query or fragment", fix: "write " + wording.Quote(scheme+"://"+rest[:i])}
	}
	before, _, found := strings.Cut(rest, "/")
	if !found || before == "" {
		return nil
	}
	if _, err := netip.ParseAddr(strings.Trim(before, "[]")); err == nil {
		return nil
	}
	return &problem{reason: "has a path", fix: "write " + wording.Quote(scheme+"://"+before)}
}

// splitEntry splits what follows the scheme. Text that is a host as a whole, such
// as ff00::/8, has no port.
func splitEntry(rest string) (hostText, portText string) {
	colon := strings.LastIndexByte(rest, ':')
	if colon <= strings.LastIndexByte(rest, ']') {
		return rest, ""
	}
	if _, err := netip.ParsePrefix(rest); err == nil {
		return rest, ""
	}
	return rest[:colon], rest[colon+1:]
}

func (p *pattern) parsePort(hostText, portText string) *problem {
	if portText != "" {
		var prob *problem
		p.ports, prob = parsePorts(portText)
		return prob
	}
	port, ok := defaultPort(p.scheme)
	if !ok {
		entry := p.scheme + "://" + hostText
		return &problem{
			reason: "has no port, and its scheme has no default",
			fix:    "write " + wording.Quote(entry+":8080") + " with the port you need, or " + wording.Quote(entry+":*") + " for any port",
		}
	}
	p.ports = onePort(port)
	return nil
}
