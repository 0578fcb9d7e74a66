package manifest

import (
	"errors"

	"github.com/spinhost/spin/capability"
)

const (
	hostsKey       = "allowed_outbound_hosts"
	legacyHostsKey = "allowed_http_hosts"
)

// hosts compiles what a component may connect to. Defaults stand for a list that is
// absent.
func (s section) hosts(def definition, defaults []string) *capability.Hosts {
	owner := capability.Owner{Component: def.id, Pos: def.pos}
	var entries []capability.Entry
	if f := s.table.Get(hostsKey); f != nil {
		owner.Pos, owner.HasList = f.Pos, true
	} else {
		for _, text := range defaults {
			entries = append(entries, capability.Entry{Text: text, Pos: def.pos})
		}
	}
	for _, n := range s.textNodes(hostsKey) {
		entries = append(entries, capability.Entry{Text: n.Value.(string), Pos: n.Pos})
	}
	legacy := s.legacyHosts()
	hosts, err := capability.ParseHosts(owner, append(entries, legacy...))
	var faults capability.EntryErrors
	errors.As(err, &faults)
	for _, fault := range faults {
		key := hostsKey
		for _, e := range legacy {
			if e == fault.Entry {
				key = legacyHostsKey
			}
		}
		s.add(fault.Entry.Pos, s.at(key), fault, fault.Detail())
	}
	return hosts
}
