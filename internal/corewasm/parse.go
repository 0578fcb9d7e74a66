package corewasm

// parser collects the index spaces while it reads the sections in order.
type parser struct {
	m   *Module
	max ParseLimits

	funcTypes []*FuncType // nil for types that are no function
	funcs     []uint32    // type index of each function
	tables    []TableType
	memories  []Limits
	globals   []GlobalType
	tags      []*FuncType
	bodies    bool // there is a code section
}

// Section ids.
const (
	secCustom = 0
	secType   = 1
	secImport = 2
	secFunc   = 3
	secTable  = 4
	secMemory = 5
	secGlobal = 6
	secExport = 7
	secStart  = 8
	secElem   = 9
	secCode   = 10
	secData   = 11
	secCount  = 12
	secTag    = 13
)

// rank is the place of each section in a module; custom sections may stand anywhere.
var rank = [...]int{
	secType: 1, secImport: 2, secFunc: 3, secTable: 4, secMemory: 5, secTag: 6, secGlobal: 7,
	secExport: 8, secStart: 9, secElem: 10, secCount: 11, secCode: 12, secData: 13,
}

func (p *parser) module(r *reader) {
	if string(r.bytes(4)) != "\x00asm" {
		r.pos = 0
		r.fail("no wasm binary: it does not begin with \\0asm")
	}
	switch v := string(r.bytes(4)); v {
	case "\x01\x00\x00\x00":
	case "\x0d\x00\x01\x00":
		r.fail("this is a component, not a core module")
	default:
		r.fail("unknown version %x", v)
	}
	last := 0
	for r.left() > 0 {
		id := r.byte()
		s := r.section(uint64(r.u32()), "section")
		if id == secCustom {
			p.custom(s)
			continue
		}
		if int(id) >= len(rank) {
			r.fail("unknown section %d", id)
		}
		if rank[id] <= last {
			r.fail("section %d is out of order or occurs twice", id)
		}
		last = rank[id]
		p.section(id, s)
	}
	p.m.NumFuncs, p.m.NumTags = uint32(len(p.funcs)), uint32(len(p.tags))
	if n := p.m.NumFuncs - p.m.NumImportedFuncs; n > 0 && !p.bodies {
		r.fail("0 function bodies for %d functions", n)
	}
	p.m.types, p.m.funcs = p.funcTypes, p.funcs
}

func (p *parser) section(id byte, r *reader) {
	switch id {
	case secType:
		p.types(r)
	case secImport:
		p.imports(r)
	case secFunc:
		for n := r.limited("functions", "Functions", len(p.funcs), p.max.Functions); n > 0; n-- {
			p.addFunc(r)
		}
	case secTable:
		for n := r.limited("tables", "Tables", len(p.tables), p.max.Tables); n > 0; n-- {
			p.table(r)
		}
	case secMemory:
		for n := r.limited("memories", "Memories", len(p.memories), p.max.Memories); n > 0; n-- {
			p.memories = append(p.memories, limits(r, true))
			p.m.Memories = append(p.m.Memories, p.memories[len(p.memories)-1])
		}
	case secTag:
		for n := r.limited("tags", "Tags", len(p.tags), p.max.Tags); n > 0; n-- {
			p.tags = append(p.tags, p.tag(r))
		}
	case secGlobal:
		for n := r.limited("globals", "Globals", len(p.globals), p.max.Globals); n > 0; n-- {
			p.globals = append(p.globals, globalType(r))
			p.m.Globals = append(p.m.Globals, p.globals[len(p.globals)-1])
			constExpr(r)
		}
	case secExport:
		p.exports(r)
	case secStart:
		r.u32()
		p.m.HasStart = true
	case secCode:
		p.code(r)
	default: // elements, data, data count: nothing of the outside
		return
	}
	r.done()
}

// funcType is the function type with an index.
func (p *parser) funcType(r *reader, i uint32) *FuncType {
	if uint64(i) >= uint64(len(p.funcTypes)) {
		r.fail("type %d of %d", i, len(p.funcTypes))
	}
	t := p.funcTypes[i]
	if t == nil {
		r.fail("type %d is no function type", i)
	}
	return t
}

func (p *parser) addFunc(r *reader) *FuncType {
	i := r.u32()
	t := p.funcType(r, i)
	p.funcs = append(p.funcs, i)
	return t
}

func (p *parser) table(r *reader) {
	init := r.peek() == 0x40
	if init {
		if r.byte(); r.byte() != 0 {
			r.fail("unknown table form")
		}
	}
	t := tableType(r)
	if init {
		constExpr(r)
	}
	p.tables = append(p.tables, t)
	p.m.Tables = append(p.m.Tables, t)
}

func (p *parser) tag(r *reader) *FuncType {
	if c := r.byte(); c != 0 {
		r.fail("unknown tag attribute %#x", c)
	}
	return p.funcType(r, r.u32())
}

func (p *parser) imports(r *reader) {
	n := r.limited("imports", "Imports", 0, p.max.Imports)
	if n > 0 {
		p.m.Imports = make([]Import, 0, min(n, r.left()/4)) // an import takes four bytes
	}
	for ; n > 0; n-- {
		i := Import{Module: r.string(p.max.NameBytes), Name: r.string(p.max.NameBytes)}
		i.Type = p.importType(r)
		p.m.Imports = append(p.m.Imports, i)
	}
	p.m.NumImportedFuncs, p.m.NumImportedGlobals = uint32(len(p.funcs)), uint32(len(p.globals))
}

func (p *parser) importType(r *reader) ExternType {
	t := ExternType{Kind: Kind(r.byte())}
	switch t.Kind {
	case Func:
		t.Func = p.addFunc(r)
	case Table:
		t.Table = tableType(r)
		p.tables = append(p.tables, t.Table)
	case Memory:
		t.Memory = limits(r, true)
		p.memories = append(p.memories, t.Memory)
	case Global:
		t.Global = globalType(r)
		p.globals = append(p.globals, t.Global)
	case Tag:
		t.Tag = p.tag(r)
		p.tags = append(p.tags, t.Tag)
	default:
		r.fail("unknown import kind %#x", byte(t.Kind))
	}
	return t
}

func (p *parser) exports(r *reader) {
	n := r.limited("exports", "Exports", 0, p.max.Exports)
	if n > 0 {
		p.m.Exports = make([]Export, 0, min(n, r.left()/3)) // an export takes three bytes
	}
	for ; n > 0; n-- {
		e := Export{Name: r.string(p.max.NameBytes)}
		kind := Kind(r.byte())
		e.Index = r.u32()
		e.Type = p.externType(r, kind, e.Index)
		if _, ok := p.m.exports[e.Name]; ok {
			r.fail("two exports are named %q", e.Name)
		}
		p.m.exports[e.Name] = len(p.m.Exports)
		p.m.Exports = append(p.m.Exports, e)
	}
}

// externType is the type of the item with an index in the index space of its kind.
func (p *parser) externType(r *reader, k Kind, i uint32) ExternType {
	t := ExternType{Kind: k}
	check := func(n int) uint32 {
		if uint64(i) >= uint64(n) {
			r.fail("export of %s %d of %d", k, i, n)
		}
		return i
	}
	switch k {
	case Func:
		t.Func = p.funcTypes[p.funcs[check(len(p.funcs))]]
	case Table:
		t.Table = p.tables[check(len(p.tables))]
	case Memory:
		t.Memory = p.memories[check(len(p.memories))]
	case Global:
		t.Global = p.globals[check(len(p.globals))]
	case Tag:
		t.Tag = p.tags[check(len(p.tags))]
	default:
		r.fail("unknown export kind %#x", byte(k))
	}
	return t
}
