package abi

// Values are the parameters or the result of a call on their way out of a guest: core
// values, or, if there are too many, the address in memory where they lie.
type Values struct {
	Guest
	slots   Flat
	ptr     uint32
	spilled bool
}

// SetValues binds v to core values; spilled says that the first is an address: the engine's part.
func (v *Values) SetValues(slots Flat, spilled bool) {
	v.slots, v.spilled, v.ptr = slots, spilled, 0
	if spilled {
		v.ptr = slots.U32(0)
	}
}

// Args returns the core values, if they are not Spilled.
func (v *Values) Args() Flat { return v.slots }

// Spilled returns the address of the values if they lie in memory, as a tuple of the given
// size and alignment.
func (v *Values) Spilled(size, align uint32) (ptr uint32, ok bool) {
	if v.spilled {
		v.Check(v.ptr, size, align)
	}
	return v.ptr, v.spilled
}
