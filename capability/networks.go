package capability

import (
	"errors"
	"net/netip"
	"slices"
	"strings"

	"github.com/spinhost/spin/internal/wording"
)

// ErrBlocked is matched by errors.Is for every address in a blocked network.
var ErrBlocked = errors.New("blocked network")

// Networks are addresses that no guest reaches, whatever its manifest allows. A value never
// changes and is safe for concurrent use; the zero Networks blocks nothing.
//
// Names say nothing about addresses, and may stand for another one the next time that they are
// resolved: ask about the very address that is connected to.
type Networks struct {
	blocks  []netip.Prefix
	private bool
}

// privateNetworks is the text for all that is not globally routable.
const privateNetworks = "private"

// ParseNetworks reads blocks of addresses, "203.0.113.0/24" or "2001:db8::/32", whose host bits
// are dropped, and "private", which stands for every address that is not globally routable. The
// error is [NetworkErrors] and has every fault.
func ParseNetworks(texts ...string) (Networks, error) {
	var n Networks
	var errs NetworkErrors
	for i, text := range texts {
		if text == privateNetworks {
			n.private = true
			continue
		}
		block, fix := parseBlock(text)
		if fix != "" {
			errs = append(errs, &NetworkError{Index: i, Text: text, Fix: fix})
			continue
		}
		n.blocks = append(n.blocks, block)
	}
	if errs != nil {
		return Networks{}, errs
	}
	return n, nil
}

const mappedBits = 96 // before an IPv4 address that is written as IPv6

// parseBlock reads a block. If it is none, fix says what to write.
func parseBlock(text string) (block netip.Prefix, fix string) {
	block, err := netip.ParsePrefix(text)
	if err != nil {
		if addr, err := netip.ParseAddr(text); err == nil && addr.Zone() == "" {
			return block, "write " + wording.Quote(netip.PrefixFrom(addr, addr.BitLen()).String()) + " for this address alone"
		}
		return block, `write a block such as "203.0.113.0/24", or "private"`
	}
	if block.Addr().Is4In6() && block.Bits() >= mappedBits {
		block = netip.PrefixFrom(block.Addr().Unmap(), block.Bits()-mappedBits)
	}
	return block.Masked(), ""
}

// With returns the networks of both.
func (n Networks) With(more Networks) Networks {
	return Networks{slices.Concat(n.blocks, more.blocks), n.private || more.private}
}

// Empty reports whether nothing is blocked.
func (n Networks) Empty() bool { return len(n.blocks) == 0 && !n.private }

// String returns the networks as [ParseNetworks] reads them, with commas in between.
func (n Networks) String() string {
	var texts []string
	if n.private {
		texts = append(texts, privateNetworks)
	}
	for _, b := range n.blocks {
		texts = append(texts, b.String())
	}
	return strings.Join(texts, ", ")
}

// Blocked reports whether an address must not be connected to. IPv6 addresses that stand for one
// of IPv4 count as that too: mapped and compatible ones, and those of NAT64 and 6to4. A zone
// makes no difference. If anything is blocked, what is no address is too.
func (n Networks) Blocked(addr netip.Addr) bool {
	if n.Empty() {
		return false
	}
	if !addr.IsValid() {
		return true
	}
	addr = addr.WithZone("").Unmap()
	if n.blocks4or6(addr) {
		return true
	}
	inner, ok := embedded(addr)
	return ok && n.blocks4or6(inner)
}

func (n Networks) blocks4or6(addr netip.Addr) bool {
	return n.private && !isGlobal(addr) || slices.ContainsFunc(n.blocks, func(b netip.Prefix) bool { return b.Contains(addr) })
}

// Check returns a [*BlockedError] if an address is blocked.
func (n Networks) Check(addr netip.Addr) error {
	if n.Blocked(addr) {
		return &BlockedError{addr}
	}
	return nil
}

// BlockedError says that an address is in a blocked network.
type BlockedError struct{ Addr netip.Addr }

// Error names the address, and what to change for it to be reached.
func (e *BlockedError) Error() string {
	what := "what is no IP address"
	if e.Addr.IsValid() {
		what = e.Addr.String()
	}
	return what + " is in a network that the host blocks: see block_networks of [outbound_networking], or Config.BlockNetworks"
}

// Is makes errors.Is(err, ErrBlocked) hold.
func (e *BlockedError) Is(target error) bool { return target == ErrBlocked }

// NetworkError says why a text is no network.
type NetworkError struct {
	Index int // of the text
	Text  string
	Fix   string // what to write instead, as an instruction
}

// Error returns the text and what to write instead.
func (e *NetworkError) Error() string { return wording.Quote(e.Text) + " is not a network: " + e.Fix }

// NetworkErrors holds one error for each faulty text, in their order.
type NetworkErrors []*NetworkError

// Error returns one line for each text.
func (e NetworkErrors) Error() string { return wording.Lines(e) }

// Unwrap gives the errors to errors.Is and errors.As.
func (e NetworkErrors) Unwrap() []error { return wording.Unwrap(e) }
