package abi

// A Pollable can become ready. Both methods are called on the driver of the guest's tree.
type Pollable interface {
	// Ready reports whether waiting would end at once.
	Ready() bool
	// Arm asks for one call of wake when the pollable may have become ready. wake may be
	// called from any goroutine and more than once, also before Arm returns. The engine
	// checks Ready again after every wake. disarm, which may be nil, is called when the
	// wait is over.
	Arm(wake func()) (disarm func())
}

// WaitFor makes the error with which a host function says that it would block: the guest is
// suspended without holding a thread, and the function is called again with the same
// arguments once p is ready. Only for functions that are not async in WIT.
func WaitFor(p Pollable) error { return &Wait{p} }

// Wait is what WaitFor returns.
type Wait struct{ On Pollable }

func (*Wait) Error() string { return "host function would block" }

// Any is ready when one of its elements is.
type Any []Pollable

// Ready implements Pollable.
func (a Any) Ready() bool {
	for _, p := range a {
		if p.Ready() {
			return true
		}
	}
	return false
}

// Arm implements Pollable.
func (a Any) Arm(wake func()) func() {
	disarm := make([]func(), 0, len(a))
	for _, p := range a {
		if d := p.Arm(wake); d != nil {
			disarm = append(disarm, d)
		}
	}
	return func() {
		for _, d := range disarm {
			d()
		}
	}
}
