package capability

import (
	"slices"
	"strconv"
	"strings"

	"github.com/spinhost/spin/internal/template"
)

// Owner is the component that an allowed_outbound_hosts list belongs to.
type Owner struct {
	Component string   // id
	Pos       Position // of the list; if there is none, of the component
	HasList   bool     // whether the component has a list
}

// Hosts is a compiled allowed_outbound_hosts list. It never changes and is safe
// for concurrent use. A nil *Hosts allows nothing.
type Hosts struct {
	owner     Owner
	entries   []Entry
	patterns  []pattern                  // one for each entry
	templates map[int]*template.Template // of the entries that wait for their variables; nil if none does
}

// ParseHosts compiles the entries of owner's list. Those with templates match
// nothing before [Hosts.Resolve]. The error is [EntryErrors] and has every fault.
func ParseHosts(owner Owner, entries []Entry) (*Hosts, error) {
	if len(entries) > maxEntries {
		return nil, EntryErrors{{
			Entry:  entries[maxEntries],
			Reason: "is one entry too many",
			Fix:    "keep to " + strconv.Itoa(maxEntries) + ` entries; patterns such as "https://*.example.com" stand for many hosts`,
		}}
	}
	h := &Hosts{
		owner:    owner,
		entries:  slices.Clone(entries),
		patterns: make([]pattern, len(entries)),
	}
	var errs EntryErrors
	for i, entry := range entries {
		t, prob := parseTemplate(entry.Text)
		switch {
		case prob != nil:
		case t != nil:
			h.deferEntry(i, t)
			continue
		default:
			h.patterns[i], prob = parsePattern(entry.Text)
		}
		if prob != nil {
			errs = append(errs, &EntryError{Entry: entry, Reason: prob.reason, Fix: prob.fix, Err: prob.err})
		}
	}
	if errs != nil {
		return nil, errs
	}
	return h, nil
}

// Owner returns the component that the list belongs to.
func (h *Hosts) Owner() Owner {
	if h == nil {
		return Owner{}
	}
	return h.owner
}

// Entries returns the entries in the order of the list. The slice is the
// caller's.
func (h *Hosts) Entries() []Entry {
	if h == nil {
		return nil
	}
	return slices.Clone(h.entries)
}

// ServiceChaining reports whether an entry is for a component of the app: *.spin.internal
// or a literal name below spin.internal. Entries with templates do not count,
// nor do those that allow every host.
func (h *Hosts) ServiceChaining() bool {
	if h == nil {
		return false
	}
	for i := range h.patterns {
		p := &h.patterns[i]
		named := p.kind == componentHost || p.kind == oneHost && strings.HasSuffix(p.host.name, internalSuffix)
		if named && !hasTemplate(h.entries[i].Text) {
			return true
		}
	}
	return false
}

// Check decides about a destination. The first entry that matches allows it.
// An allowing Check does not allocate.
func (h *Hosts) Check(d Destination) Decision {
	if h == nil {
		return Decision{dest: d}
	}
	for i := range h.patterns {
		if h.patterns[i].allows(&d) {
			return Decision{hosts: h, dest: d, entry: &h.entries[i]}
		}
	}
	return Decision{hosts: h, dest: d}
}

// CheckURL decides about a URL or connection string as [ParseDestination] reads
// it. What cannot be read is denied.
func (h *Hosts) CheckURL(rawURL, defaultScheme string) Decision {
	d, err := ParseDestination(rawURL, defaultScheme)
	if err != nil {
		return Decision{hosts: h, fault: err}
	}
	return h.Check(d)
}

// CheckSelf decides about a request of the app to itself. It needs an entry for
// http, https or any scheme whose host is self, self.alt or *; the port does not
// count.
//
// Which requests are meant for the app itself is for the interface to say: a
// relative URL is, and so is the authority self.alt where wasi:http is used.
func (h *Hosts) CheckSelf() Decision { return h.Check(Self()) }

// CheckName decides whether the addresses of d's host may be looked up: an entry for the host is
// enough, whatever its scheme and ports. An entry for an address allows no name, and one for the
// components of the app no lookup, as their names have no address.
func (h *Hosts) CheckName(d Destination) Decision {
	if h == nil {
		return Decision{dest: d}
	}
	for i := range h.patterns {
		if p := &h.patterns[i]; d.scheme != "" && p.kind != componentHost && p.matchesHost(d.host) {
			return Decision{hosts: h, dest: d, entry: &h.entries[i]}
		}
	}
	return Decision{hosts: h, dest: d}
}
