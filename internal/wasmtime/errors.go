package wasmtime

import (
	"errors"
	"fmt"
)

// Errors of this package, for errors.Is.
var (
	// ErrClosed: the engine, module, store or fiber has been closed.
	ErrClosed = errors.New("wasmtime: closed")
	// ErrDead: a guest of the store trapped earlier, so none of its guests may run again.
	ErrDead = errors.New("wasmtime: a guest of this store has trapped")
	// ErrLost: a host function of the store ended its goroutine (runtime.Goexit)
	// while guest frames were below it. The store can neither run nor be closed.
	ErrLost = errors.New("wasmtime: a host function called runtime.Goexit; the store is lost")
	// ErrBusy: the store is in use by another goroutine, or what is to be closed is running.
	ErrBusy = errors.New("wasmtime: in use")
	// ErrNoStack: there is no stack for another fiber. Enlarge Pool.Stacks or run fewer fibers.
	ErrNoStack = errors.New("wasmtime: no stack left for another fiber")
	// ErrPoolFull: the engine's pool has no memory, table or instance left. Enlarge
	// Pool, or close stores.
	ErrPoolFull = errors.New("wasmtime: the pool is used up")
	// ErrTooDeep: host calls and guests are nested so deeply that the thread's stack is nearly used up.
	ErrTooDeep = errors.New("wasmtime: guests and host calls are nested too deeply")
	// ErrState: the fiber is not in the state that the call needs.
	ErrState = errors.New("wasmtime: the fiber is not in the right state")
	// ErrStrict: the store's guests may use the garbage collector, so only one of
	// its fibers at a time can have guests on its stack, and nothing can be
	// instantiated meanwhile.
	ErrStrict = errors.New("wasmtime: another guest of the store is suspended, which its garbage collector does not allow")
	// ErrCollected: the module has to do with the garbage collector and the store must not have.
	ErrCollected = errors.New("wasmtime: module has garbage-collected types or exception tags, which this store is not for")
	// ErrForeign: an item of one store or engine was given to another.
	ErrForeign = errors.New("wasmtime: item belongs to another store or engine")
	// ErrCannotSuspend: a host function answered Pending where the guest cannot be suspended.
	ErrCannotSuspend = errors.New("wasmtime: the host function would have to wait, and this guest cannot be suspended")
	// ErrNoMemory: the C side could not allocate.
	ErrNoMemory = errors.New("wasmtime: out of memory")
)

// PanicError is the cause of a TrapError when a host function panicked.
type PanicError struct {
	Value any    // what the function panicked with
	Stack []byte // the goroutine's stack at the panic, as debug.Stack formats it
}

func (e *PanicError) Error() string { return fmt.Sprintf("host function panicked: %v", e.Value) }

// Unwrap returns Value if it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}
