package types

// Steps bounds the work of walking and comparing types, whose expanded form can
// be far larger than the bytes that describe them. A nil *Steps has no bound.
type Steps struct{ left int }

// NewSteps returns a bound of n steps, a step being about one node of a type.
func NewSteps(n int) *Steps { return &Steps{n} }

// Exhausted reports whether work was cut short: results are then meaningless.
func (s *Steps) Exhausted() bool { return s != nil && s.left < 0 }

// Take uses up n steps and reports whether there were as many.
func (s *Steps) Take(n int) bool {
	if s == nil {
		return true
	}
	if s.left < n {
		s.left = -1
		return false
	}
	s.left -= n
	return true
}
