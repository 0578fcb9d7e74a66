// Package capability decides what the code of an app may use and reach: which host
// interfaces a dependency inherits from its component, and which hosts a component
// connects to. It is data and decisions only; hosts act on them. All of its
// values are safe for concurrent use.
//
// # Compile a list of hosts
//
// [ParseHosts] turns the entries of one allowed_outbound_hosts list into a
// [Hosts]. Every faulty entry is reported, each as an [*EntryError] that says
// what is wrong and what to write instead. An entry has the form
//
//	scheme://host[:port]
//
// with these parts:
//
//	scheme  letters, or * for any
//	host    name, IPv4, [IPv6], CIDR block (10.0.0.0/8, 2001:db8::/32),
//	        *.domain (any depth below domain, never domain itself), * for any,
//	        self or self.alt (the app itself), *.spin.internal (any component)
//	port    number, first..end (end excluded), * for any; without one, the
//	        scheme's own port (http, https, redis, mysql, postgres, mqtt)
//
// A destination has to match scheme, host and port of one and the same entry.
// Hosts are compared as text, without name resolution: an address block
// matches addresses that the guest wrote as addresses, and localhost is not
// 127.0.0.1. No list, or an empty one, allows nothing.
//
// An entry may have templates, {{ name }} for an application variable. It matches
// nothing before [Hosts.Resolve] has put values in their place.
//
// # Ask for a decision
//
// [Hosts.CheckURL] judges a URL, [Hosts.Check] a [Destination] made by
// [ParseDestination], [ParseAuthority], [NewDestination] or [AddrDestination],
// and [Hosts.CheckSelf] a request of the app to itself. A [Decision] explains
// itself: it names the entry that allows the destination and where it is
// written, or the entry that is missing. [Decision.Err] gives a
// [*DeniedError] for errors.As, which is [ErrDenied] for errors.Is.
//
// # Connect to what was checked
//
// Parsers disagree about odd URLs. A caller that checks a URL and then hands
// the same text to a client library has checked nothing if the library reads
// another host. Take host and port from the Destination that was checked.
// URLs that common parsers read differently are refused.
//
// # Keep networks closed
//
// [ParseNetworks] reads networks that a host closes to all guests. [Networks.Check] is to be
// asked about the address that is connected to, after names were resolved.
//
// # Know which interfaces carry a capability
//
// A capability set is what one key of a component gives access to, such as
// key_value_stores. [SetOf] finds the set of an interface by its name, in any
// version: snapshots and release candidates open the same doors. What carries
// no capability is [Ambient]. Interfaces of users may name sets of their own.
// [ParseInterfaceID] reads names and tells which versions are compatible.
//
// # Decide what a dependency may use
//
// An [Inherit] is the value of inherit_configuration; [Inherit.Check] finds
// misspelt sets. [Decide] makes a [Grant] of it, which names the line that allows
// an interface or the lines that would. A component itself may use everything: its
// other keys say how far that goes. What a denied function returns is a [Denial]:
// where there is a typed error, guests get that, and trap elsewhere.
//
// # Report
//
// A [Usage] counts calls while the app runs. [NewPart] puts decisions and counts
// together; a [Report] of all parts is text for people and JSON for machines.
package capability
