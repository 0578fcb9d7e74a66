package trigger

import (
	"context"
	"time"

	"github.com/spinhost/spin/engine/abi"
)

// Component is a loaded component. It is safe for concurrent use.
type Component interface {
	// ID is the component's id in the manifest.
	ID() string
	// Exports lists the names of what the component exports, interfaces with versions.
	Exports() []string
	// Func finds an exported function: of the exported interface iface, or of the component
	// itself if that is "". A component that does not export that version of iface may export
	// a compatible one, which is as good. If typ is not "" the function must have that type,
	// in the text form that generated code has.
	Func(iface, name, typ string) (Func, error)
	// Fresh makes an instance that serves this caller alone. It waits for room within ctx.
	Fresh(ctx context.Context) (Instance, error)
	// Shared returns an instance that serves other callers too, for functions that are async
	// in WIT. How many share one is configured for the component; it may be none.
	Shared(ctx context.Context) (Instance, error)
	// RequestTime returns the time within which the component has to answer a request, if that is
	// configured for it; 0 if not, and less than 0 if it has all the time in the world. It
	// may return another each time.
	RequestTime() time.Duration
}

// Func is an exported function.
type Func interface {
	Name() string
	Type() string
	// Invocation makes a call of the function out of Go values, in the forms of package
	// engine/value. Its result is stored in result before the call is done; nil if it has none.
	// Arguments that do not fit the function's type are an error. [Invoke] does all of it.
	Invocation(args []any, result *any) (abi.Invocation, error)
}

// Instance is an instance of a component, lent to one caller.
type Instance interface {
	// Start begins a call. The guest runs on this goroutine, if no other runs it, until it
	// has returned its result or waits for something. ctx is passed on to the host functions
	// that the guest calls for this call; that it ends does not end the call.
	Start(ctx context.Context, f Func, inv abi.Invocation) Call
	// Release gives the instance back. Calls that still run, after they have returned their
	// result, go on for as long as the app allows. Every instance must be released once.
	Release()
	// Retire has nobody else placed on the instance from now on: something is wrong with it. It is
	// ended when all that it serves have released it, at once if that is this caller alone.
	Retire(err error)
	// Kill ends the instance, with everything that it does for others too.
	Kill(err error)
}

// Call is one call of an exported function.
type Call interface {
	// Done returns a channel that is closed when the guest has returned its result, or will
	// not return one.
	Done() <-chan struct{}
	// Err returns, after Done, why there is no result; nil if there is one.
	Err() error
	// Begun reports whether the guest has been given the arguments. A call that fails before
	// may be made again on another instance, with the same Invocation.
	Begun() bool
	// Ended returns a channel that is closed when the guest's task is over, which may be long
	// after Done.
	Ended() <-chan struct{}
	// Cancel asks the guest to give up. It may still return a result.
	Cancel()
}
