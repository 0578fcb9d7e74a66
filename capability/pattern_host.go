package capability

import (
	"net/netip"
	"strings"

	"github.com/spinhost/spin/internal/wording"
)

// parseHost sets the host part of p. The port serves the messages.
func (p *pattern) parseHost(text, port string) *problem {
	switch strings.ToLower(text) {
	case "*":
		p.kind = anyHost
		return nil
	case "self", "self.alt":
		p.kind = selfHost
		return nil
	case "*" + internalSuffix:
		p.kind = componentHost
		return nil
	}
	if port != "" {
		port = ":" + port
	}
	write := func(host string) string { return "write " + wording.Quote(p.scheme+"://"+host+port) }
	if strings.Contains(text, "/") {
		return p.parseBlock(text, write)
	}
	if strings.Contains(text, "*") {
		return p.parseWildcard(text)
	}
	h, reason := parseHost(text)
	if reason != "" {
		return &problem{reason: reason, fix: fixHost(text, port)}
	}
	p.kind, p.host = oneHost, h
	return nil
}

// parseBlock reads a CIDR block. Bits beyond the prefix are masked.
func (p *pattern) parseBlock(text string, write func(string) string) *problem {
	block, err := netip.ParsePrefix(text)
	if err == nil {
		p.kind, p.block = blockHost, unmapPrefix(block.Masked())
		return nil
	}
	address, bits, _ := strings.Cut(text, "/")
	inner := strings.Trim(address, "[]")
	if _, err := netip.ParsePrefix(inner + "/" + bits); err == nil {
		return &problem{reason: "has brackets around an address block", fix: write(inner + "/" + bits)}
	}
	if address == "" {
		return &problem{reason: "has no host", fix: fixHost(text, "")}
	}
	return &problem{reason: "has a malformed prefix length", fix: `write an address block such as "10.0.0.0/8" or "2001:db8::/32"`}
}

// unmapPrefix turns a block of IPv4-mapped addresses into the IPv4 block, since
// addresses are compared unmapped.
func unmapPrefix(block netip.Prefix) netip.Prefix {
	if addr := block.Addr(); addr.Is4In6() && block.Bits() >= 96 {
		return netip.PrefixFrom(addr.Unmap(), block.Bits()-96)
	}
	return block
}

func (p *pattern) parseWildcard(text string) *problem {
	domain, ok := strings.CutPrefix(text, "*.")
	if !ok || strings.Contains(domain, "*") {
		return &problem{
			reason: "has * inside its host",
			fix:    `write "*." and a domain for everything below it, such as "https://*.example.com", or "*" alone for any host`,
		}
	}
	h, reason := parseHost(domain)
	if reason != "" {
		return &problem{reason: reason, fix: `write "*." and a domain, such as "https://*.example.com"`}
	}
	if h.addr.IsValid() {
		return &problem{reason: "has * before an address", fix: `write an address block such as "10.0.0.0/8"`}
	}
	p.kind, p.suffix = subdomainHost, "."+h.name
	return nil
}

// fixHost says what to write instead of a host that cannot be read.
func fixHost(text, port string) string {
	for i := 0; i < len(text); i++ {
		if text[i] >= 0x80 {
			return `write the ASCII form of the name, which starts with "xn--"`
		}
	}
	// The last colon was taken for that of a port.
	if addr, err := netip.ParseAddr(text + port); err == nil && addr.Is6() && addr.Zone() == "" {
		return "write the IPv6 address in brackets, such as " + wording.Quote("["+addr.String()+"]")
	}
	return `write a name, an IPv4 address, an IPv6 address in brackets, an address block, or "*"`
}
