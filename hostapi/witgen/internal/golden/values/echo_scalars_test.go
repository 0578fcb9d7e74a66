package values

import (
	"context"

	"github.com/spinhost/spin/engine/abi"
)

// echoScalars returns what it is given.
type echoScalars struct{}

func (echoScalars) EchoBool(_ context.Context, v bool) (bool, error)      { return v, nil }
func (echoScalars) EchoS8(_ context.Context, v int8) (int8, error)        { return v, nil }
func (echoScalars) EchoU8(_ context.Context, v uint8) (uint8, error)      { return v, nil }
func (echoScalars) EchoS16(_ context.Context, v int16) (int16, error)     { return v, nil }
func (echoScalars) EchoU16(_ context.Context, v uint16) (uint16, error)   { return v, nil }
func (echoScalars) EchoS32(_ context.Context, v int32) (int32, error)     { return v, nil }
func (echoScalars) EchoU32(_ context.Context, v uint32) (uint32, error)   { return v, nil }
func (echoScalars) EchoS64(_ context.Context, v int64) (int64, error)     { return v, nil }
func (echoScalars) EchoU64(_ context.Context, v uint64) (uint64, error)   { return v, nil }
func (echoScalars) EchoF32(_ context.Context, v float32) (float32, error) { return v, nil }
func (echoScalars) EchoF64(_ context.Context, v float64) (float64, error) { return v, nil }
func (echoScalars) EchoChar(_ context.Context, v rune) (rune, error)      { return v, nil }
func (echoScalars) Names(_ context.Context, a uint8, c uint16, g uint32, p int8, f int16, err int32, kind bool, l rune) (abi.Tuple8[uint8, uint16, uint32, int8, int16, int32, bool, rune], error) {
	return abi.Tuple8[uint8, uint16, uint32, int8, int16, int32, bool, rune]{F0: a, F1: c, F2: g, F3: p, F4: f, F5: err, F6: kind, F7: l}, nil
}
func (echoScalars) Nothing(_ context.Context) error                        { return nil }
func (echoScalars) Block(_ context.Context, v uint32) (uint32, error)      { return v, nil }
func (echoScalars) AsyncBool(_ context.Context, v bool) (bool, error)      { return v, nil }
func (echoScalars) AsyncF32(_ context.Context, v float32) (float32, error) { return v, nil }
func (echoScalars) AsyncS64(_ context.Context, v int64) (int64, error)     { return v, nil }
func (echoScalars) AsyncChar(_ context.Context, v rune) (rune, error)      { return v, nil }
func (echoScalars) AsyncNothing(_ context.Context) error                   { return nil }
func (echoScalars) Inline(_ context.Context, v uint32) (uint32, error)     { return v, nil }
