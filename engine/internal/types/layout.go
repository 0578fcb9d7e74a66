package types

// Sizes of a pointer in a 32-bit and in a 64-bit memory.
const (
	ptr32 = 4
	ptr64 = 8
)

// measure computes everything about v that follows from its parts.
func (v *Val) measure(maxSize uint64) error {
	if err := v.limit(); err != nil {
		return err
	}
	v.note()
	size, align := v.layout(ptr32)
	v.size64, v.align64 = v.layout(ptr64)
	if err := v.checkSize(maxSize); err != nil {
		return err
	}
	v.Size, v.Align = uint32(size), uint32(align)
	v.place()
	v.Copyable = v.copyable()
	v.flatten()
	return nil
}

// checkSize bounds the larger of the sizes, that with 64-bit pointers.
func (v *Val) checkSize(limit uint64) error {
	if v.size64 > limit {
		return errorf("a value of type %s takes %d bytes in memory: the limit is %d", short(v), v.size64, limit)
	}
	return nil
}

func (v *Val) limit() error {
	v.Depth, v.TypeSize = 1, 1+len(v.Labels)+len(v.Cases)
	v.each(func(e *Val) {
		v.Depth = max(v.Depth, 1+e.Depth)
		v.TypeSize = min(v.TypeSize+e.TypeSize, MaxTypeSize+1)
	})
	if v.Depth > MaxDepth {
		return errorf("type is nested more than %d levels deep", MaxDepth)
	}
	if v.TypeSize > MaxTypeSize {
		return tooManyParts(v.TypeSize, MaxTypeSize)
	}
	return nil
}

// note records what occurs in v.
func (v *Val) note() {
	channel := v.Kind == Stream || v.Kind == Future
	v.each(func(e *Val) {
		v.HasBorrow = v.HasBorrow || e.HasBorrow
		v.HasHandle = v.HasHandle || e.HasHandle
		v.HasPointer = v.HasPointer || e.HasPointer && !channel
		v.hasResource = v.hasResource || e.hasResource
	})
	switch v.Kind {
	case String, List, Map:
		v.HasPointer = true
	case Own, Borrow:
		v.HasHandle, v.hasResource = true, true
		v.HasBorrow = v.Kind == Borrow
	case Stream, Future, ErrorContext:
		v.HasHandle = true
	case S8, U8, S16, U16, S32, U32, S64, U64, F32, F64:
		v.IsNumber = true
	}
}

// layout computes the size and alignment of v in memories with pointers of ptr
// bytes (Canonical ABI, elem_size and alignment). Parts are at most MaxSize
// bytes and MaxTypeSize in number, so that 64 bits suffice for every sum; only
// the product of a fixed list needs care.
func (v *Val) layout(ptr uint64) (size, align uint64) {
	switch v.Kind {
	case Bool, S8, U8:
		return 1, 1
	case S16, U16:
		return 2, 2
	case S32, U32, F32, Char, Own, Borrow, Stream, Future, ErrorContext:
		return 4, 4
	case S64, U64, F64:
		return 8, 8
	case String, List, Map:
		return 2 * ptr, ptr
	case FixedList:
		s, al := v.Elem.measured(ptr)
		return s * uint64(v.Len), al // below 2^28 times 2^32
	case Record, Tuple:
		return v.recordLayout(ptr)
	case Flags:
		n := flagBytes(len(v.Labels))
		return n, n
	}
	return v.variantLayout(ptr)
}

func (v *Val) measured(ptr uint64) (size, align uint64) {
	if ptr == ptr64 {
		return v.size64, v.align64
	}
	return uint64(v.Size), uint64(v.Align)
}

func (v *Val) recordLayout(ptr uint64) (size, align uint64) {
	align = 1
	for _, f := range v.Fields {
		s, al := f.Type.measured(ptr)
		align = max(align, al)
		size = alignTo(size, al) + s
	}
	return alignTo(size, align), align
}

func (v *Val) variantLayout(ptr uint64) (size, align uint64) {
	disc, payload := discBytes(len(v.Cases)), uint64(0)
	caseAlign := uint64(1)
	for _, c := range v.Cases {
		if c.Type != nil {
			s, al := c.Type.measured(ptr)
			payload, caseAlign = max(payload, s), max(caseAlign, al)
		}
	}
	align = max(disc, caseAlign)
	return alignTo(alignTo(disc, caseAlign)+payload, align), align
}

// place fills in the offsets of the parts.
func (v *Val) place() {
	var at, at64 uint64
	for i := range v.Fields {
		f := &v.Fields[i]
		at = alignTo(at, uint64(f.Type.Align))
		f.Offset = uint32(at)
		at += uint64(f.Type.Size)
		at64 = alignTo(at64, f.Type.align64)
		f.offset64 = uint32(at64)
		at64 += f.Type.size64
	}
	if len(v.Cases) > 0 {
		disc := discBytes(len(v.Cases))
		v.DiscSize = uint32(disc)
		v.PayloadOffset, v.payload64 = v.DiscSize, v.DiscSize
		for _, c := range v.Cases {
			if c.Type != nil {
				v.PayloadOffset = max(v.PayloadOffset, uint32(alignTo(disc, uint64(c.Type.Align))))
				v.payload64 = max(v.payload64, uint32(alignTo(disc, c.Type.align64)))
			}
		}
	}
}

func (v *Val) copyable() bool {
	switch v.Kind {
	case FixedList:
		return v.Elem.Copyable
	case Record, Tuple:
		var sum uint32
		for _, f := range v.Fields {
			if !f.Type.Copyable {
				return false
			}
			sum += f.Type.Size
		}
		return sum == v.Size
	}
	return v.IsNumber
}

func alignTo(n, align uint64) uint64 { return (n + align - 1) / align * align }

// discBytes is the size of the discriminant of n cases (Canonical ABI,
// discriminant_type).
func discBytes(n int) uint64 {
	switch {
	case n <= 1<<8:
		return 1
	case n <= 1<<16:
		return 2
	}
	return 4
}

func flagBytes(n int) uint64 {
	switch {
	case n <= 8:
		return 1
	case n <= 16:
		return 2
	}
	return 4
}
