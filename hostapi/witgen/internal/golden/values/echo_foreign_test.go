package values

import (
	"context"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi/witgen/internal/golden/base"
)

// echoForeign returns what it is given.
type echoForeign struct{}

// canvas is a host's base.Canvas.
type canvas struct{ n uint32 }

func (*canvas) Draw(_ context.Context, s base.Shape) error {
	if s.Case == base.ShapeCaseEmpty {
		return base.ProblemNoInk()
	}
	if p, ok := s.Dot(); ok {
		return base.ProblemOffCanvas(p)
	}
	return nil
}

func (echoForeign) EchoPoint(_ context.Context, v base.Point) (base.Point, error) { return v, nil }
func (echoForeign) EchoColor(_ context.Context, v base.Color) (base.Color, error) { return v, nil }
func (echoForeign) EchoCorners(_ context.Context, v base.Corners) (base.Corners, error) {
	return v, nil
}
func (echoForeign) EchoShape(_ context.Context, v base.Shape) (base.Shape, error)    { return v, nil }
func (echoForeign) EchoDrawing(_ context.Context, v Drawing) (Drawing, error)        { return v, nil }
func (echoForeign) EchoCanvas(_ context.Context, v base.Canvas) (base.Canvas, error) { return v, nil }
func (echoForeign) FailProblem(_ context.Context, v abi.Result[base.Point, base.Problem]) (base.Point, error) {
	return v.Value, failure(v.IsErr, v.Err)
}
