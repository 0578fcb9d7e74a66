// Package hostapi is how host interfaces reach guests: the contract that an interface
// fulfils, and the registry, a plain value, in which an app finds them. Interfaces that come
// with spin and those of its users are the same to it.
//
// # Provide an interface
//
// Describe it in WIT, wit/geo.wit:
//
//	package acme:geo@1.0.0;
//
//	interface lookup {
//		record place { name: string, latitude: f64, longitude: f64 }
//		variant error { unknown(string) }
//		find: async func(name: string) -> result<place, error>;
//	}
//
// Let witgen make Go of it, whose documentation tells all that it can do:
//
//	//go:generate go run github.com/spinhost/spin/hostapi/witgen
//
// Implement what it has made, here Lookup. An async function may block; its context ends when the
// guest gives the call up, and if its WIT type is a result, also when the client has left for which
// the guest works. One that has no result cannot tell the guest that it has failed: its context goes
// on then, as an error would end the guest with all that it does for others. A guest that gives a
// call up does not wait for it, and its result is dropped: what others could still have, such as a
// message of a queue, is not to be taken once the context has ended:
//
//	type atlas struct{ db *sql.DB }
//
//	func (a atlas) Find(ctx context.Context, name string) (Place, error) {
//		p := Place{Name: name}
//		row := a.db.QueryRowContext(ctx, "SELECT lat, lon FROM places WHERE name = ?", name)
//		if err := row.Scan(&p.Latitude, &p.Longitude); errors.Is(err, sql.ErrNoRows) {
//			return p, ErrorUnknown(name) // what the guest gets
//		} else if err != nil {
//			return p, err // traps the guest
//		}
//		return p, nil
//	}
//
// Say how it is bound for a component, and by which capability set dependencies inherit it; and
// give it to the app:
//
//	geo := hostapi.Interface{
//		ID:         LookupID,
//		Capability: "geo",
//		Bind:       func(s *hostapi.Scope) (*abi.Interface, error) { return ServeLookup(atlas{db}), nil },
//	}
//	app, err := spin.Load(ctx, "spin.toml", &spin.Config{HostAPIs: spin.DefaultHostAPIs().With(geo)})
//
// The folder examples/customhost has all of it, with a guest.
//
// # Change what there is
//
// A [Registry] is a value: With adds interfaces, in place of those with the same ID, Without takes
// some out, Only keeps some, and Versions, Capabilities and Interfaces list what there is. Who wants
// to put something of their own before an interface takes it by Lookup, and adds another with the
// same ID whose Bind calls that of the first.
//
// # Trace, count and refuse calls
//
// Wrap puts [Middleware] around all functions of a registry. It is asked once for each function of
// each component, with the [Scope] that tells who calls, and gives what is to be called for each
// call: with the context, which it can add to, such as a span, before; with the outcome
// afterwards. It can refuse the call, with an error of the interface, or as if the component had not
// been given it, by [ErrDenied]:
//
//	apis = apis.Wrap(func(s *hostapi.Scope, f hostapi.Function) abi.Around {
//		if f.Capability != "geo" {
//			return nil // costs nothing
//		}
//		return func(ctx context.Context) (context.Context, func(abi.Outcome), error) {
//			if !quota.Take(s.App, s.Component) {
//				return nil, nil, hostapi.ErrDenied
//			}
//			ctx, span := tracer.Start(ctx, f.String())
//			return ctx, func(o abi.Outcome) { span.End() }, nil
//		}
//	})
//
// # Who calls
//
// Bind is called once for each component that imports the interface, and for each
// dependency of one, with a [Scope] that tells them apart. What a guest may do is decided
// before: interfaces of capability sets that a dependency does not inherit are never bound
// for it.
package hostapi
