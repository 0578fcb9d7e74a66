package binary_test

import (
	"reflect"
	"testing"

	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/corewasm"
)

func ptr(i uint32) *uint32 { return &i }

func prim(k types.Kind) *binary.ValRef { return &binary.ValRef{Prim: k} }

func index(i uint32) *binary.ValRef { return &binary.ValRef{Index: i} }

// one decodes a section with one definition.
func one(t *testing.T, id int, def string) binary.Def {
	t.Helper()
	c := decode(t, component(section(id, vec(def))))
	if len(c.Defs) != 1 {
		t.Fatalf("%d definitions", len(c.Defs))
	}
	if p := c.Defs[0].Pos(); p != 11 {
		t.Errorf("definition at byte %d, want 11", p)
	}
	return c.Defs[0]
}

func TestInstanceAndAliasForms(t *testing.T) {
	at := binary.Loc{Offset: 11}
	for _, tt := range []struct {
		id   int
		def  string
		want binary.Def
	}{
		{2, "\x00\x03" + vec(name("a")+"\x12\x01", name("")+"\x12\x02"),
			&binary.CoreInstantiate{Loc: at, Module: 3, Args: []binary.CoreArg{{Name: "a", Instance: 1}, {Name: "", Instance: 2}}}},
		{2, "\x01" + vec(name("f")+"\x00\x01", name("t")+"\x01\x02", name("m")+"\x02\x03", name("g")+"\x03\x04", name("e")+"\x04\x05"),
			&binary.CoreInline{Loc: at, Exports: []binary.CoreExport{
				{Name: "f", Sort: binary.CoreFunc, Index: 1}, {Name: "t", Sort: binary.CoreTable, Index: 2},
				{Name: "m", Sort: binary.CoreMemory, Index: 3}, {Name: "g", Sort: binary.CoreGlobal, Index: 4},
				{Name: "e", Sort: binary.CoreTag, Index: 5}}}},
		{5, "\x00\x03" + vec(name("f")+"\x01\x01", name("m")+"\x00\x11\x02"),
			&binary.Instantiate{Loc: at, Component: 3, Args: []binary.Arg{
				{Name: "f", Sort: binary.SortFunc, Index: 1}, {Name: "m", Sort: binary.SortCoreModule, Index: 2}}}},
		{5, "\x01" + vec("\x00"+name("t")+"\x03\x01", "\x01"+name("c")+"\x04\x02", "\x02"+name("i")+vec("\x00"+name("a:b/c"))+"\x05\x03"),
			&binary.InlineInstance{Loc: at, Exports: []binary.InlineExport{
				{Name: "t", Sort: binary.SortType, Index: 1}, {Name: "c", Sort: binary.SortComponent, Index: 2},
				{Name: "i", Sort: binary.SortInstance, Index: 3, Attrs: types.Attributes{Implements: "a:b/c"}}}}},
		{6, "\x01\x00\x02" + name("f"), &binary.Alias{Loc: at, Sort: binary.SortFunc, Instance: 2, Name: "f"}},
		{6, "\x00\x11\x00\x02" + name("m"), &binary.Alias{Loc: at, Sort: binary.SortCoreModule, Instance: 2, Name: "m"}},
		{6, "\x00\x03\x01\x02" + name("g"), &binary.CoreAlias{Loc: at, Sort: binary.CoreGlobal, Instance: 2, Name: "g"}},
		{6, "\x03\x02\x01\x02", &binary.OuterAlias{Loc: at, Sort: binary.SortType, Count: 1, Index: 2}},
		{6, "\x00\x10\x02\x01\x02", &binary.OuterAlias{Loc: at, Sort: binary.SortCoreType, Count: 1, Index: 2}},
	} {
		if got := one(t, tt.id, tt.def); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%q:\n got %+v\nwant %+v", tt.def, got, tt.want)
		}
	}
}

func TestImportAndExportForms(t *testing.T) {
	at := binary.Loc{Offset: 11}
	id := "☃"
	for _, tt := range []struct {
		id   int
		def  string
		want binary.Def
	}{
		{10, "\x00" + name("m") + "\x00\x11\x04", &binary.Import{Loc: at, Name: "m", Desc: binary.ExternDesc{Kind: types.ModuleExtern, Index: 4}}},
		{10, "\x01" + name("f") + "\x01\x04", &binary.Import{Loc: at, Name: "f", Desc: binary.ExternDesc{Kind: types.FuncExtern, Index: 4}}},
		{10, "\x00" + name("t") + "\x03\x00\x04", &binary.Import{Loc: at, Name: "t", Desc: binary.ExternDesc{Kind: types.TypeExtern, Index: 4}}},
		{10, "\x00" + name("r") + "\x03\x01", &binary.Import{Loc: at, Name: "r", Desc: binary.ExternDesc{Kind: types.TypeExtern, Sub: true}}},
		{10, "\x00" + name("c") + "\x04\x04", &binary.Import{Loc: at, Name: "c", Desc: binary.ExternDesc{Kind: types.ComponentExtern, Index: 4}}},
		{10, "\x02" + name("i") + vec("\x00"+name("a:b/c"), "\x01"+name(".1"), "\x02"+name(id)) + "\x05\x04",
			&binary.Import{Loc: at, Name: "i", Attrs: types.Attributes{Implements: "a:b/c", VersionSuffix: ".1", ExternalID: &id},
				Desc: binary.ExternDesc{Kind: types.InstanceExtern, Index: 4}}},
		{11, "\x00" + name("f") + "\x01\x02\x00", &binary.Export{Loc: at, Name: "f", Sort: binary.SortFunc, Index: 2}},
		{11, "\x00" + name("f") + "\x01\x02\x01\x01\x03", &binary.Export{Loc: at, Name: "f", Sort: binary.SortFunc, Index: 2,
			Ascribed: &binary.ExternDesc{Kind: types.FuncExtern, Index: 3}}},
	} {
		got := one(t, tt.id, tt.def)
		if !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%q:\n got %+v\nwant %+v", tt.def, got, tt.want)
		}
	}
	c := decode(t, component(section(10, vec("\x00"+name("r")+"\x03\x01")), section(11, vec("\x00"+name("s")+"\x03\x00\x00"))))
	if len(c.Imports) != 1 || len(c.Exports) != 1 || c.Imports[0] != c.Defs[0] || c.Exports[0] != c.Defs[1] {
		t.Errorf("imports %v, exports %v", c.Imports, c.Exports)
	}
}

func TestTypeForms(t *testing.T) {
	for _, tt := range []struct {
		def  string
		want binary.TypeExpr
	}{
		{"\x7f", &binary.ValExpr{Kind: types.Bool}},
		{"\x64", &binary.ValExpr{Kind: types.ErrorContext}},
		{"\x72" + vec(name("a")+"\x7d", name("b")+"\x05"), &binary.ValExpr{Kind: types.Record, Parts: []binary.LabelRef{
			{Label: "a", Type: prim(types.U8)}, {Label: "b", Type: index(5)}}}},
		{"\x71" + vec(name("a")+"\x00\x00", name("b")+"\x01\x73\x00"), &binary.ValExpr{Kind: types.Variant, Parts: []binary.LabelRef{
			{Label: "a"}, {Label: "b", Type: prim(types.String)}}}},
		{"\x70\x05", &binary.ValExpr{Kind: types.List, Elem: index(5)}},
		{"\x67\x7d\x03", &binary.ValExpr{Kind: types.FixedList, Elem: prim(types.U8), Len: 3}},
		{"\x6f" + vec("\x79", "\xff\x01"), &binary.ValExpr{Kind: types.Tuple, Parts: []binary.LabelRef{{Type: prim(types.U32)}, {Type: index(255)}}}},
		{"\x6e" + vec(name("a"), name("b")), &binary.ValExpr{Kind: types.Flags, Labels: []string{"a", "b"}}},
		{"\x6d" + vec(name("a")), &binary.ValExpr{Kind: types.Enum, Labels: []string{"a"}}},
		{"\x6b\x76", &binary.ValExpr{Kind: types.Option, Elem: prim(types.F32)}},
		{"\x6a\x00\x01\x77", &binary.ValExpr{Kind: types.Result, Other: prim(types.U64)}},
		{"\x69\x07", &binary.ValExpr{Kind: types.Own, Index: 7}},
		{"\x68\x07", &binary.ValExpr{Kind: types.Borrow, Index: 7}},
		{"\x66\x01\x7d", &binary.ValExpr{Kind: types.Stream, Elem: prim(types.U8)}},
		{"\x65\x00", &binary.ValExpr{Kind: types.Future}},
		{"\x63\x73\x79", &binary.ValExpr{Kind: types.Map, Elem: prim(types.String), Other: prim(types.U32)}},
		{"\x40\x00\x01\x00", &binary.FuncExpr{}},
		{"\x43" + vec(name("p")+"\x7f") + "\x00\x73", &binary.FuncExpr{Async: true, Result: prim(types.String),
			Params: []binary.LabelRef{{Label: "p", Type: prim(types.Bool)}}}},
		{"\x3f\x7f\x00", &binary.ResourceExpr{Rep: corewasm.I32}},
		{"\x3f\x7e\x01\x09", &binary.ResourceExpr{Rep: corewasm.I64, Dtor: ptr(9)}},
		{"\x42" + vec("\x01\x73", "\x02\x03\x02\x01\x00", "\x00\x60\x00\x00", "\x04\x00"+name("t")+"\x03\x00\x00"), &binary.InstanceExpr{Decls: []binary.Def{
			&binary.TypeDef{Loc: binary.Loc{Offset: 14}, Expr: &binary.ValExpr{Kind: types.String}},
			&binary.OuterAlias{Loc: binary.Loc{Offset: 16}, Sort: binary.SortType, Count: 1},
			&binary.CoreTypeDef{Loc: binary.Loc{Offset: 21}, Func: &corewasm.FuncType{Params: []corewasm.ValType{}, Results: []corewasm.ValType{}}},
			&binary.ExportDecl{Loc: binary.Loc{Offset: 24}, Name: "t", Desc: binary.ExternDesc{Kind: types.TypeExtern}}}}},
		{"\x41" + vec("\x03\x00"+name("r")+"\x03\x01"), &binary.ComponentExpr{Decls: []binary.Def{
			&binary.ImportDecl{Loc: binary.Loc{Offset: 13}, Name: "r", Desc: binary.ExternDesc{Kind: types.TypeExtern, Sub: true}}}}},
	} {
		if got := one(t, 7, tt.def).(*binary.TypeDef).Expr; !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%q:\n got %+v\nwant %+v", tt.def, got, tt.want)
		}
	}
}

func TestCoreTypeForms(t *testing.T) {
	c := decode(t, component(section(3, vec(
		"\x60\x02\x7f\x63\x70\x01\x64\x05", // (i32, (ref null func)) -> ((ref 5))
		"\x00\x50\x00\x60\x00\x00",         // a function type that others may extend
		"\x4e"+vec("\x5f\x01\x78\x01", "\x4f\x01\x00\x5e\x6f\x00", "\x60\x00\x00"),
		"\x50"+vec("\x01\x60\x00\x00", "\x02\x10\x01\x01\x00",
			"\x00"+name("a")+name("b")+"\x00\x01", "\x03"+name("m")+"\x02\x05\x01\x02",
			"\x03"+name("t")+"\x01\x70\x00\x01", "\x03"+name("g")+"\x03\x7e\x01", "\x03"+name("e")+"\x04\x00\x00"),
	))))
	if len(c.Defs) != 6 {
		t.Fatalf("%d core types, want 6: a recursion group defines three", len(c.Defs))
	}
	def := func(i int) *binary.CoreTypeDef { return c.Defs[i].(*binary.CoreTypeDef) }
	if got := def(0).Func.String(); got != "(i32, funcref) -> (ref)" {
		t.Errorf("function type %s", got)
	}
	for i, isFunc := range []bool{true, true, false, false, true, false} {
		if (def(i).Func != nil) != isFunc {
			t.Errorf("core type %d: %+v", i, def(i))
		}
	}
	decls := def(5).Module.Decls
	if got := decls[3].(*binary.CoreExportDecl).Desc.Type.Memory; !got.Is64 || got.Min != 1 || got.Max != 2 || got.PageSizeLog2 != 16 {
		t.Errorf("memory %+v", got)
	}
	if got := decls[5].(*binary.CoreExportDecl).Desc.Type.Global; got.Type != corewasm.I64 || !got.Mutable {
		t.Errorf("global %+v", got)
	}
	if len(decls) != 7 {
		t.Errorf("%d declarations", len(decls))
	}
}

func TestModulesAndComponents(t *testing.T) {
	wasm := component(section(1, emptyModule), section(4, preamble), section(4, component(section(4, preamble))))
	c := decode(t, wasm)
	m := c.Defs[0].(*binary.CoreModule)
	if string(m.Bytes) != emptyModule || m.Info == nil || wasm[m.Offset:m.Offset+8] != emptyModule {
		t.Errorf("module %+v", m)
	}
	nested := c.Defs[2].(*binary.ComponentDef).Component
	if nested.Index != 1 || nested.Depth != 1 || nested.Parent != c || wasm[nested.Offset:nested.Offset+8] != preamble {
		t.Errorf("nested component %+v", nested)
	}
	if in := nested.Defs[0].(*binary.ComponentDef).Component; in.Depth != 2 || in.Size != 8 {
		t.Errorf("component in it %+v", in)
	}
}
