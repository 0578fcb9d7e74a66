package adapter

import (
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/corewasm"
)

// copyVariant copies a variant, enum, option or result.
func (f *fn) copyVariant(v *types.Val, src, dst place) {
	d := f.local(corewasm.I32)
	f.discriminant(v, src, d)
	n := uint32(len(v.Cases))
	f.get(d)
	f.i32(n)
	f.op(opI32GeU)
	f.when(func() {
		f.report(BadCase, func() { f.get(d); f.i32(n); f.zeros(2) })
	})
	store := byte(opI32Store)
	switch v.DiscSize {
	case 1:
		store = opI32Store8
	case 2:
		store = opI32Store16
	}
	f.store(dst, corewasm.I32, store, func() { f.get(d) })
	if dst.flat != nil { // cases may leave values unused, which are then zero
		for _, s := range dst.flat[1:v.FlatCount] {
			f.zero(s)
		}
	}
	f.cases(v, d, src.field(1, v.PayloadOffset), dst.field(1, v.PayloadOffset))
}

func (f *fn) discriminant(v *types.Val, src place, d uint32) {
	if src.flat != nil {
		f.i32At(src)
	} else {
		load := byte(opI32Load)
		switch v.DiscSize {
		case 1:
			load = opI32Load8U
		case 2:
			load = opI32Load16U
		}
		f.get(src.addr)
		f.access(load, src.mem, src.off)
	}
	f.set(d)
}

func (f *fn) zero(s slot) {
	switch s.typ {
	case corewasm.I32:
		f.i32(0)
	case corewasm.I64:
		f.i64(0)
	case corewasm.F32:
		f.op(opF32Const, 0, 0, 0, 0)
	case corewasm.F64:
		f.op(opF64Const, 0, 0, 0, 0, 0, 0, 0, 0)
	}
	f.set(s.local)
}

// cases copies the payload of the case that the local d says.
func (f *fn) cases(v *types.Val, d uint32, src, dst place) {
	var with []int // cases that have a payload
	for i := range v.Cases {
		if v.Cases[i].Type != nil {
			with = append(with, i)
		}
	}
	switch len(with) {
	case 0:
		return
	case 1, 2:
		for _, i := range with {
			f.get(d)
			f.i32(uint32(i))
			f.op(opI32Eq)
			f.when(func() { f.copy(v.Cases[i].Type, src, dst) })
		}
		return
	}
	// Blocks within each other: jumping out of the k innermost leads to payload k.
	f.op(opBlock, noResult)
	for range with {
		f.op(opBlock, noResult)
	}
	f.get(d)
	f.op(opBrTable)
	f.index(uint32(len(v.Cases)))
	k := uint32(0)
	for i := range v.Cases {
		if v.Cases[i].Type == nil {
			f.index(uint32(len(with)))
			continue
		}
		f.index(k)
		k++
	}
	f.index(uint32(len(with)))
	for k, i := range with {
		f.op(opEnd)
		f.copy(v.Cases[i].Type, src, dst)
		f.br(uint32(len(with) - 1 - k))
	}
	f.op(opEnd)
}
