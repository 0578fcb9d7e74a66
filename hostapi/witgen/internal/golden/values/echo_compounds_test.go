package values

import (
	"context"

	"github.com/spinhost/spin/engine/abi"
)

// echoCompounds returns what it is given.
type echoCompounds struct{}

func (echoCompounds) EchoString(_ context.Context, v string) (string, error)        { return v, nil }
func (echoCompounds) EchoText(_ context.Context, v Text) (Text, error)              { return v, nil }
func (echoCompounds) EchoBytes(_ context.Context, v []byte) ([]byte, error)         { return v, nil }
func (echoCompounds) EchoTexts(_ context.Context, v Texts) (Texts, error)           { return v, nil }
func (echoCompounds) EchoBools(_ context.Context, v []bool) ([]bool, error)         { return v, nil }
func (echoCompounds) EchoS16s(_ context.Context, v []int16) ([]int16, error)        { return v, nil }
func (echoCompounds) EchoF64s(_ context.Context, v []float64) ([]float64, error)    { return v, nil }
func (echoCompounds) EchoChars(_ context.Context, v []rune) ([]rune, error)         { return v, nil }
func (echoCompounds) EchoLists(_ context.Context, v [][][]byte) ([][][]byte, error) { return v, nil }
func (echoCompounds) EchoMap(_ context.Context, v []abi.Tuple2[string, uint64]) ([]abi.Tuple2[string, uint64], error) {
	return v, nil
}
func (echoCompounds) EchoSmall(_ context.Context, v Small) (Small, error)      { return v, nil }
func (echoCompounds) EchoLarge(_ context.Context, v Large) (Large, error)      { return v, nil }
func (echoCompounds) EchoLarges(_ context.Context, v []Large) ([]Large, error) { return v, nil }
func (echoCompounds) EchoFew(_ context.Context, v Few) (Few, error)            { return v, nil }
func (echoCompounds) EchoFlags(_ context.Context, a Few, b Eight, c Some, d Many) (abi.Tuple4[Few, Eight, Some, Many], error) {
	return abi.Tuple4[Few, Eight, Some, Many]{F0: a, F1: b, F2: c, F3: d}, nil
}
func (echoCompounds) EchoFlagLists(_ context.Context, a []Few, b []Some, c []Many) (abi.Tuple3[[]Few, []Some, []Many], error) {
	return abi.Tuple3[[]Few, []Some, []Many]{F0: a, F1: b, F2: c}, nil
}
func (echoCompounds) EchoMixed(_ context.Context, v Mixed) (Mixed, error)         { return v, nil }
func (echoCompounds) EchoSingle(_ context.Context, v Single) (Single, error)      { return v, nil }
func (echoCompounds) EchoNested(_ context.Context, v Nested) (Nested, error)      { return v, nil }
func (echoCompounds) EchoNesteds(_ context.Context, v []Nested) ([]Nested, error) { return v, nil }
func (echoCompounds) EchoJoined(_ context.Context, v Joined) (Joined, error)      { return v, nil }
func (echoCompounds) EchoJoineds(_ context.Context, v []Joined) ([]Joined, error) { return v, nil }
func (echoCompounds) EchoFirst(_ context.Context, v First) (First, error)         { return v, nil }
func (echoCompounds) EchoPlain(_ context.Context, v Plain) (Plain, error)         { return v, nil }
func (echoCompounds) EchoOption(_ context.Context, v abi.Option[string]) (abi.Option[string], error) {
	return v, nil
}
func (echoCompounds) EchoOptions(_ context.Context, v abi.Option[abi.Option[abi.Option[uint8]]]) (abi.Option[abi.Option[abi.Option[uint8]]], error) {
	return v, nil
}
func (echoCompounds) EchoResult(_ context.Context, a abi.Result[uint8, string], b abi.Result[float32, abi.None], c abi.Result[abi.None, Joined], d abi.Result[abi.None, abi.None]) (abi.Tuple4[abi.Result[uint8, string], abi.Result[float32, abi.None], abi.Result[abi.None, Joined], abi.Result[abi.None, abi.None]], error) {
	return abi.Tuple4[abi.Result[uint8, string], abi.Result[float32, abi.None], abi.Result[abi.None, Joined], abi.Result[abi.None, abi.None]]{F0: a, F1: b, F2: c, F3: d}, nil
}
func (echoCompounds) EchoTuple1(_ context.Context, v uint64) (uint64, error) { return v, nil }
func (echoCompounds) EchoTuple2(_ context.Context, v abi.Tuple2[uint8, uint64]) (abi.Tuple2[uint8, uint64], error) {
	return v, nil
}
func (echoCompounds) EchoTuple3(_ context.Context, v abi.Tuple3[int8, int16, int32]) (abi.Tuple3[int8, int16, int32], error) {
	return v, nil
}
func (echoCompounds) EchoTuple4(_ context.Context, v abi.Tuple4[float32, float64, rune, bool]) (abi.Tuple4[float32, float64, rune, bool], error) {
	return v, nil
}
func (echoCompounds) EchoTuple5(_ context.Context, v abi.Tuple5[uint8, uint16, uint8, uint32, uint8]) (abi.Tuple5[uint8, uint16, uint8, uint32, uint8], error) {
	return v, nil
}
func (echoCompounds) EchoTuple6(_ context.Context, v abi.Tuple6[uint8, uint8, uint8, uint8, uint8, uint8]) (abi.Tuple6[uint8, uint8, uint8, uint8, uint8, uint8], error) {
	return v, nil
}
func (echoCompounds) EchoTuple7(_ context.Context, v abi.Tuple7[int32, uint8, uint8, uint8, uint8, uint8, uint32]) (abi.Tuple7[int32, uint8, uint8, uint8, uint8, uint8, uint32], error) {
	return v, nil
}
func (echoCompounds) EchoTuple8(_ context.Context, v abi.Tuple8[uint16, uint16, uint16, uint16, uint16, uint16, uint16, uint16]) (abi.Tuple8[uint16, uint16, uint16, uint16, uint16, uint16, uint16, uint16], error) {
	return v, nil
}
func (echoCompounds) EchoSpilled(_ context.Context, a Mixed, b Joined, c Nested) (abi.Tuple3[Mixed, Joined, Nested], error) {
	return abi.Tuple3[Mixed, Joined, Nested]{F0: a, F1: b, F2: c}, nil
}
func (echoCompounds) AsyncString(_ context.Context, v string) (string, error) { return v, nil }
func (echoCompounds) AsyncMixed(_ context.Context, v Mixed) (Mixed, error)    { return v, nil }
func (echoCompounds) AsyncJoined(_ context.Context, v Joined) (Joined, error) { return v, nil }
func (echoCompounds) AsyncSingle(_ context.Context, v Single) (Single, error) { return v, nil }
func (echoCompounds) AsyncPlain(_ context.Context, v Plain) (Plain, error)    { return v, nil }
func (echoCompounds) AsyncFew(_ context.Context, v Few) (Few, error)          { return v, nil }
func (echoCompounds) AsyncTuple5(_ context.Context, a uint8, b uint16, c uint8, d uint32, e uint8) (abi.Tuple5[uint8, uint16, uint8, uint32, uint8], error) {
	return abi.Tuple5[uint8, uint16, uint8, uint32, uint8]{F0: a, F1: b, F2: c, F3: d, F4: e}, nil
}
func (echoCompounds) AsyncSpilled(_ context.Context, a Mixed, b Joined, c Nested) (abi.Tuple3[Mixed, Joined, Nested], error) {
	return abi.Tuple3[Mixed, Joined, Nested]{F0: a, F1: b, F2: c}, nil
}
