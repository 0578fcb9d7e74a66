package sockets

import (
	"context"
	"slices"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	ifaces "github.com/spinhost/spin/hostapi/internal/family"
	oct "github.com/spinhost/spin/hostapi/wasi/october/sockets"
	p2 "github.com/spinhost/spin/hostapi/wasi/p2/sockets"
	p3 "github.com/spinhost/spin/hostapi/wasi/p3/sockets"
)

// hostsSet is the capability set of what opens a socket or asks for an address.
const hostsSet = "allowed_outbound_hosts"

// Interfaces returns the interfaces of wasi:sockets 0.2, 0.3, the release candidate of 0.3 and the
// snapshots of October and November 2023.
func Interfaces() []hostapi.Interface { return InterfacesWith(Options{}) }

// InterfacesWith returns the interfaces with options that are the same for all components. They
// go before those that a scope has been given by [Provide].
func InterfacesWith(o Options) []hostapi.Interface {
	of := func(id string, serve func(*host) *abi.Interface) hostapi.Interface {
		return ifaces.Of(id, hostsSet, func(s *hostapi.Scope) *abi.Interface { return serve(newHost(s, o)) })
	}
	return withNovember(slices.Concat(
		ifaces.WithCandidate(
			of(p3.TypesID, func(h *host) *abi.Interface { return p3.ServeTypes(h) }),
			of(p3.IPNameLookupID, func(h *host) *abi.Interface { return p3.ServeIPNameLookup(lookup3{h}) }),
		),
		ifaces.WithOctober(ifaces.Same(p2.ServeNetwork()), ifaces.Same(p2.ServeInstanceNetwork(network{}))),
		[]hostapi.Interface{
			of(p2.TCPID, func(*host) *abi.Interface { return p2.ServeTCP() }),
			of(p2.TCPCreateSocketID, func(h *host) *abi.Interface { return p2.ServeTCPCreateSocket(h) }),
			of(p2.UDPID, func(*host) *abi.Interface { return p2.ServeUDP() }),
			of(p2.UDPCreateSocketID, func(h *host) *abi.Interface { return p2.ServeUDPCreateSocket(h) }),
			of(p2.IPNameLookupID, func(h *host) *abi.Interface { return p2.ServeIPNameLookup(lookup2{h}) }),
			of(oct.TCPID, func(*host) *abi.Interface { return oct.ServeTCP() }),
			of(oct.TCPCreateSocketID, func(h *host) *abi.Interface { return oct.ServeTCPCreateSocket(october{h}) }),
			of(oct.UDPID, func(*host) *abi.Interface { return oct.ServeUDP() }),
			of(oct.UDPCreateSocketID, func(h *host) *abi.Interface { return oct.ServeUDPCreateSocket(october{h}) }),
			of(oct.IPNameLookupID, func(h *host) *abi.Interface { return oct.ServeIPNameLookup(october{h}) }),
		},
	))
}

// network implements the interface instance-network, and is the only network there is. What it
// leads to is decided for each socket.
type network struct{}

// InstanceNetwork implements the function instance-network.
func (network) InstanceNetwork(context.Context) (p2.Network, error) { return network{}, nil }

// IsNetwork implements p2.Network.
func (network) IsNetwork() {}
