package types

// The following are the layout in memories of either kind: memory64 says that pointers have 64
// bits (Canonical ABI: elem_size, alignment).

// Bytes is the size of v.
func (v *Val) Bytes(memory64 bool) uint64 {
	if memory64 {
		return v.size64
	}
	return uint64(v.Size)
}

// Alignment is the alignment of v.
func (v *Val) Alignment(memory64 bool) uint32 {
	if memory64 {
		return uint32(v.align64)
	}
	return v.Align
}

// Payload is where the payload of every case of v begins.
func (v *Val) Payload(memory64 bool) uint64 {
	if memory64 {
		return uint64(v.payload64)
	}
	return uint64(v.PayloadOffset)
}

// At is where the field begins.
func (f *Field) At(memory64 bool) uint64 {
	if memory64 {
		return uint64(f.offset64)
	}
	return uint64(f.Offset)
}

// ParamTuple is the size and alignment of the tuple of all parameters.
func (f *Func) ParamTuple(memory64 bool) (size uint64, align uint32) {
	if memory64 {
		return f.size64, f.align64
	}
	return uint64(f.ParamSize), f.ParamAlign
}

// At is where the parameter begins in that tuple.
func (p *Param) At(memory64 bool) uint64 {
	if memory64 {
		return p.offset64
	}
	return uint64(p.Offset)
}
