package abi

// Option is an option<T>. The zero value is none.
type Option[T any] struct {
	Value T
	OK    bool
}

// Some returns an option with a value.
func Some[T any](v T) Option[T] { return Option[T]{v, true} }

// Result is a result<T, E> that is a value by itself, such as the element of a future. The
// result of a function is a Go value and an error instead.
type Result[T, E any] struct {
	Value T
	Err   E
	IsErr bool
}

// Ok returns a result that is a success.
func Ok[E, T any](v T) Result[T, E] { return Result[T, E]{Value: v} }

// Failure returns a result that is a failure.
func Failure[T, E any](e E) Result[T, E] { return Result[T, E]{Err: e, IsErr: true} }

// None is the payload of a case that has none.
type None = struct{}

// Tuple2 is a tuple of two.
type Tuple2[A, B any] struct {
	F0 A
	F1 B
}

// Tuple3 is a tuple of three.
type Tuple3[A, B, C any] struct {
	F0 A
	F1 B
	F2 C
}

// Tuple4 is a tuple of four.
type Tuple4[A, B, C, D any] struct {
	F0 A
	F1 B
	F2 C
	F3 D
}

// Tuple5 is a tuple of five.
type Tuple5[A, B, C, D, E any] struct {
	F0 A
	F1 B
	F2 C
	F3 D
	F4 E
}

// Tuple6 is a tuple of six.
type Tuple6[A, B, C, D, E, F any] struct {
	F0 A
	F1 B
	F2 C
	F3 D
	F4 E
	F5 F
}

// Tuple7 is a tuple of seven.
type Tuple7[A, B, C, D, E, F, G any] struct {
	F0 A
	F1 B
	F2 C
	F3 D
	F4 E
	F5 F
	F6 G
}

// Tuple8 is a tuple of eight.
type Tuple8[A, B, C, D, E, F, G, H any] struct {
	F0 A
	F1 B
	F2 C
	F3 D
	F4 E
	F5 F
	F6 G
	F7 H
}

// An Invocation is a call of an exported function with its arguments, prepared by generated
// code. Both methods run on the driver and must not block.
type Invocation interface {
	// Lower lowers the arguments into flat.
	Lower(g *Guest, flat Flat)
	// Lift takes the result.
	Lift(v *Values)
}
