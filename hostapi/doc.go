// Package hostapi is how host interfaces reach guests: the contract that an interface
// fulfils, and the registry, a plain value, in which an app finds them. Interfaces that come
// with spin and those of its users are the same to it.
//
// # Provide an interface
//
// Describe it in WIT and let witgen make Go of it:
//
//	go run github.com/spinhost/spin/hostapi/witgen -wit ./wit -package acme:geo@1.0.0
//
// The generated package has an interface to implement, here Lookup, and a function, here
// ServeLookup, that makes an [abi.Interface] of an implementation. An [Interface] says how
// it is bound for one component:
//
//	geo := hostapi.Interface{
//		ID:   acmegeo.LookupID,
//		Bind: func(s *hostapi.Scope) (*abi.Interface, error) { return acmegeo.ServeLookup(&lookup{db}), nil },
//	}
//	registry = registry.With(geo)
//
// # Who calls
//
// Bind is called once for each component that imports the interface, and for each
// dependency of one, with a [Scope] that tells them apart. What a guest may do is decided
// before: interfaces of capability sets that a dependency does not inherit are never bound
// for it.
package hostapi
