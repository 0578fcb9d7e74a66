// Package sockets implements wasi:sockets 0.2 and 0.3: connections over TCP, datagrams over UDP
// and the lookup of names, as far as a component's allowed_outbound_hosts goes.
//
// # What is allowed
//
// A guest connects to tcp://address:port and sends to udp://address:port if Hosts of its
// [hostapi.Scope] allow that and the address is in no blocked network. What it may not do fails
// with access-denied, and the log says which line of the manifest would allow it. TCP sockets
// cannot be bound and do not listen; UDP sockets are bound if udp://address:port is allowed, which
// is udp://0.0.0.0:0 for any address and port.
//
// Names are looked up if an entry is for them, whatever its scheme and port. An address that the
// guest has got for a name may be connected to as if the name stood in its place, so that
// tcp://db.example.com:5432 is enough for a client of that database. It holds for the instance that
// has asked, and for exactly the addresses that it was told: what the name stands for later makes
// no difference. Addresses in blocked networks are never told.
//
// # Provide it
//
// [Interfaces] are for a registry of host interfaces. [InterfacesWith] are those with other
// [Options] than the usual: another resolver, connections through a proxy, networks that stay
// closed. [Provide] gives options to a single component.
//
// # Limits
//
// An instance has up to [Options.MaxSockets] sockets that are connected or bound. The host buffers
// up to 192 KiB for each; a guest that sends faster than its peer reads has to wait. When a guest
// drops a socket, or ends, what it has written is still sent, for [Linger] at most.
//
// # Concurrency
//
// Resources belong to one guest. Those of WASI 0.2 are used on the goroutine that drives it and
// never block; of WASI 0.3, what may have to wait runs on goroutines.
package sockets
