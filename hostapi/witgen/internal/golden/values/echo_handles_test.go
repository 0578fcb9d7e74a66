package values

import (
	"context"
	"errors"

	"github.com/spinhost/spin/engine/abi"
)

// echoHandles returns what it is given, or does what the WIT says.
type echoHandles struct{}

// counter is a host's Counter.
type counter struct{ n uint32 }

func (c *counter) Value(context.Context) (uint32, error) { return c.n, nil }

func (c *counter) Add(_ context.Context, n uint32) (uint32, error) {
	c.n += n
	return c.n, nil
}

func (c *counter) Plus(_ context.Context, other Counter) (Counter, error) {
	return &counter{c.n + other.(*counter).n}, nil
}

func (c *counter) Absorb(_ context.Context, other Counter) (uint32, error) {
	c.n += other.(*counter).n
	return c.n, nil
}

// lock is a host's Lock.
type lock struct{ key string }

func (*lock) IsLock() {}

func (echoHandles) NewCounter(_ context.Context, start uint32) (Counter, error) {
	return &counter{start}, nil
}

func (echoHandles) CounterMerge(_ context.Context, a, b Counter) (Counter, error) {
	x, y := a.(*counter), b.(*counter)
	if x.n == y.n {
		return nil, abi.Err[string]{Value: "equal"}
	}
	return &counter{x.n + y.n}, nil
}

var errBroken = errors.New("lock is broken")

func (echoHandles) NewLock(_ context.Context, key string) (Lock, error) {
	switch key {
	case "":
		return nil, abi.Err[string]{Value: "no key"}
	case "broken":
		return nil, errBroken
	}
	return &lock{key}, nil
}

func (echoHandles) Sum(ctx context.Context, a Counter, b []Counter, c abi.Option[Counter]) (uint32, error) {
	sum := a.(*counter).n
	for _, x := range b {
		sum += x.(*counter).n
	}
	if c.OK {
		sum += c.Value.(*counter).n
	}
	return sum, nil
}

func (h echoHandles) AsyncSum(ctx context.Context, a Counter, b []Counter, c abi.Option[Counter]) (uint32, error) {
	return h.Sum(ctx, a, b, c)
}

func (echoHandles) EchoOwn(_ context.Context, v Counter) (Counter, error)      { return v, nil }
func (echoHandles) EchoMeter(_ context.Context, v Meter) (Meter, error)        { return v, nil }
func (echoHandles) EchoOwns(_ context.Context, v []Counter) ([]Counter, error) { return v, nil }
func (echoHandles) EchoOption(_ context.Context, v abi.Option[Lock]) (abi.Option[Lock], error) {
	return v, nil
}
func (echoHandles) EchoResult(_ context.Context, v abi.Result[Counter, Lock]) (abi.Result[Counter, Lock], error) {
	return v, nil
}
func (echoHandles) EchoTuple(_ context.Context, a Counter, b Lock, c []abi.Tuple2[Lock, Counter]) (abi.Tuple3[Counter, Lock, []abi.Tuple2[Lock, Counter]], error) {
	return abi.Tuple3[Counter, Lock, []abi.Tuple2[Lock, Counter]]{F0: a, F1: b, F2: c}, nil
}
func (echoHandles) EchoOwner(_ context.Context, v Owner) (Owner, error)      { return v, nil }
func (echoHandles) EchoOwners(_ context.Context, v []Owner) ([]Owner, error) { return v, nil }
func (echoHandles) EchoItem(_ context.Context, v Item) (Item, error)         { return v, nil }
func (echoHandles) EchoItems(_ context.Context, a []Item, b Item, c Counter) (abi.Tuple3[[]Item, Item, Counter], error) {
	return abi.Tuple3[[]Item, Item, Counter]{F0: a, F1: b, F2: c}, nil
}
func (echoHandles) AsyncOwn(_ context.Context, v Counter) (Counter, error) { return v, nil }
func (echoHandles) AsyncOwner(_ context.Context, v Owner) (Owner, error)   { return v, nil }
