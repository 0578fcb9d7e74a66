package values

import (
	"context"

	"github.com/spinhost/spin/engine/abi"
)

// echoErrors returns what it is given, error cases as errors.
type echoErrors struct{}

// failure returns err if there is one.
func failure(is bool, err error) error {
	if is {
		return err
	}
	return nil
}

// ticket is a host's Ticket.
type ticket struct{ n uint32 }

func (t *ticket) Number(context.Context) (uint32, error) { return t.n, nil }

func (echoErrors) FailCode(_ context.Context, v abi.Result[uint8, Code]) (uint8, error) {
	return v.Value, failure(v.IsErr, v.Err)
}
func (echoErrors) FailProblem(_ context.Context, v abi.Result[string, Problem]) (string, error) {
	return v.Value, failure(v.IsErr, v.Err)
}
func (echoErrors) FailFailure(_ context.Context, v abi.Result[string, Failure]) (string, error) {
	return v.Value, failure(v.IsErr, v.Err)
}
func (echoErrors) FailFault(_ context.Context, v abi.Result[abi.None, Fault]) error {
	return failure(v.IsErr, v.Err)
}
func (echoErrors) FailString(_ context.Context, v abi.Result[[]byte, string]) ([]byte, error) {
	return v.Value, failure(v.IsErr, abi.Err[string]{Value: v.Err})
}
func (echoErrors) FailReason(_ context.Context, v abi.Result[abi.None, Reason]) error {
	return failure(v.IsErr, abi.Err[Reason]{Value: v.Err})
}
func (echoErrors) FailBytes(_ context.Context, v abi.Result[uint64, []byte]) (uint64, error) {
	return v.Value, failure(v.IsErr, abi.Err[[]byte]{Value: v.Err})
}
func (echoErrors) FailOption(_ context.Context, v abi.Result[uint8, abi.Option[uint32]]) (uint8, error) {
	return v.Value, failure(v.IsErr, abi.Err[abi.Option[uint32]]{Value: v.Err})
}
func (echoErrors) FailTuple(_ context.Context, v abi.Result[abi.None, abi.Tuple2[uint8, uint64]]) error {
	return failure(v.IsErr, abi.Err[abi.Tuple2[uint8, uint64]]{Value: v.Err})
}
func (echoErrors) FailNumber(_ context.Context, v abi.Result[uint8, int64]) (uint8, error) {
	return v.Value, failure(v.IsErr, abi.Err[int64]{Value: v.Err})
}
func (echoErrors) FailTicket(_ context.Context, v abi.Result[Ticket, Ticket]) (Ticket, error) {
	return v.Value, failure(v.IsErr, abi.Err[Ticket]{Value: v.Err})
}
func (echoErrors) FailNone(_ context.Context, v abi.Result[uint32, abi.None]) (uint32, error) {
	return v.Value, failure(v.IsErr, abi.Err[abi.None]{Value: v.Err})
}
func (echoErrors) FailOnly(_ context.Context, v abi.Result[abi.None, abi.None]) error {
	return failure(v.IsErr, abi.Err[abi.None]{Value: v.Err})
}
func (echoErrors) AsyncCode(_ context.Context, v abi.Result[uint8, Code]) (uint8, error) {
	return v.Value, failure(v.IsErr, v.Err)
}
func (echoErrors) AsyncProblem(_ context.Context, v abi.Result[string, Problem]) (string, error) {
	return v.Value, failure(v.IsErr, v.Err)
}
func (echoErrors) AsyncString(_ context.Context, v abi.Result[abi.None, string]) error {
	return failure(v.IsErr, abi.Err[string]{Value: v.Err})
}
func (echoErrors) AsyncOnly(_ context.Context, v abi.Result[abi.None, abi.None]) error {
	return failure(v.IsErr, abi.Err[abi.None]{Value: v.Err})
}
