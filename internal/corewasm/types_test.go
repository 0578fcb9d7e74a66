package corewasm

import "testing"

func TestMatches(t *testing.T) {
	fn := func(p, r []ValType) ExternType { return ExternType{Kind: Func, Func: &FuncType{p, r}} }
	tag := func(p []ValType) ExternType { return ExternType{Kind: Tag, Tag: &FuncType{p, nil}} }
	mem := func(l Limits) ExternType { return ExternType{Kind: Memory, Memory: l} }
	table := func(e ValType, l Limits) ExternType { return ExternType{Kind: Table, Table: TableType{e, l}} }
	global := func(v ValType, mut bool) ExternType {
		return ExternType{Kind: Global, Global: GlobalType{v, mut}}
	}
	bounded := func(min, max uint64) Limits { return Limits{Min: min, Max: max, HasMax: true} }
	i, l := []ValType{I32}, []ValType{I64}
	for name, c := range map[string]struct {
		have, want ExternType
		ok         bool
	}{
		"function":             {fn(i, l), fn(i, l), true},
		"parameters":           {fn(i, nil), fn(l, nil), false},
		"results":              {fn(nil, i), fn(nil, nil), false},
		"opaque references":    {fn([]ValType{OtherRef}, nil), fn([]ValType{OtherRef}, nil), true},
		"references":           {fn([]ValType{ExternRef}, nil), fn([]ValType{ExternRef}, nil), true},
		"kind":                 {fn(nil, nil), tag(nil), false},
		"no type":              {ExternType{Kind: Func}, fn(nil, nil), false},
		"tag":                  {tag(i), tag(i), true},
		"tag type":             {tag(i), tag(nil), false},
		"memory":               {mem(Limits{Min: 2}), mem(Limits{Min: 1}), true},
		"small memory":         {mem(Limits{Min: 1}), mem(Limits{Min: 2}), false},
		"memory without max":   {mem(Limits{Min: 2}), mem(bounded(1, 5)), false},
		"memory max":           {mem(bounded(2, 5)), mem(bounded(1, 5)), true},
		"memory max too large": {mem(bounded(2, 6)), mem(bounded(1, 5)), false},
		"memory64":             {mem(Limits{Is64: true}), mem(Limits{}), false},
		"shared":               {mem(Limits{Shared: true}), mem(Limits{}), false},
		"page size":            {mem(Limits{PageSizeLog2: 16}), mem(Limits{}), false},
		"table":                {table(FuncRef, bounded(3, 3)), table(FuncRef, Limits{Min: 3}), true},
		"element":              {table(FuncRef, Limits{}), table(ExternRef, Limits{}), false},
		"small table":          {table(FuncRef, Limits{}), table(FuncRef, Limits{Min: 1}), false},
		"global":               {global(I32, true), global(I32, true), true},
		"mutability":           {global(I32, true), global(I32, false), false},
		"global type":          {global(F32, false), global(I32, false), false},
		"unknown":              {ExternType{Kind: 9}, ExternType{Kind: 9}, false},
	} {
		if got := c.have.Matches(c.want); got != c.ok {
			t.Error(name, got)
		}
	}
}

func TestFuncType(t *testing.T) {
	f := FuncType{Params: []ValType{I32, F64}, Results: []ValType{V128}}
	if !f.Numeric() || f.Slots() != 2 || f.String() != "(i32, f64) -> (v128)" {
		t.Error(f.Numeric(), f.Slots(), f)
	}
	for _, v := range []ValType{FuncRef, ExternRef, ExnRef, OtherRef, 0x6e} {
		if (FuncType{Results: []ValType{v}}).Numeric() || v.String() == "" {
			t.Error(v)
		}
	}
	if n, ok := (Limits{Min: 1 << 48, PageSizeLog2: 16}).MinBytes(); ok {
		t.Error(n)
	}
}
