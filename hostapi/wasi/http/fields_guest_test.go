package http_test

import (
	"encoding/binary"

	p2http "github.com/spinhost/spin/hostapi/wasi/p2/http"
	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
)

// fault loads result<_, header-error>: "" or the name of the case.
func (g *guest) fault(p uint32) string {
	if g.v3 {
		return g.faultAt(p, 4)
	}
	return g.faultAt(p, 1)
}

// faultAt is fault for a result whose payload begins there.
func (g *guest) faultAt(p, payload uint32) string {
	switch {
	case g.U8(p) == 0:
		return ""
	case g.v3:
		return p3http.HeaderErrorCase(g.U8(p + payload)).String()
	}
	return p2http.HeaderErrorCase(g.U8(p + payload)).String()
}

// values loads a list of values.
func (g *guest) values(p uint32) (list []string) {
	at, n := g.U32(p), g.U32(p+4)
	for i := range n {
		list = append(list, g.Text(at+8*i))
	}
	return list
}

// putValues stores a list of values.
func (g *guest) putValues(values []string) (ptr, n uint64) {
	at, _ := g.Realloc(0, 0, 0, 4, uint32(8*len(values)))
	for i, s := range values {
		p, n := g.Put(s)
		binary.LittleEndian.PutUint32(g.Memory(0)[int(at)+8*i:], uint32(p))
		binary.LittleEndian.PutUint32(g.Memory(0)[int(at)+8*i+4:], uint32(n))
	}
	return uint64(at), uint64(len(values))
}

// fromList calls fields.from-list.
func (g *guest) fromList(list ...string) (f uint64, fault string) {
	ptr, n := g.putValues(list) // a list of pairs lies in memory as a flat one
	p := g.Load(g.types()+"[static]fields.from-list", ptr, n/2)
	if fault = g.faultAt(p, 4); fault != "" {
		return 0, fault
	}
	return uint64(g.U32(p + 4)), ""
}

func (g *guest) method(name string) string { return g.types() + "[method]fields." + name }

func (g *guest) get(f uint64, name string) []string {
	ptr, n := g.Put(name)
	return g.values(g.Load(g.method("get"), f, ptr, n))
}

func (g *guest) has(f uint64, name string) bool {
	ptr, n := g.Put(name)
	return g.Call(g.method("has"), f, ptr, n) != 0
}

func (g *guest) set(f uint64, name string, values ...string) string {
	list, count := g.putValues(values)
	ptr, n := g.Put(name)
	return g.fault(g.Load(g.method("set"), f, ptr, n, list, count))
}

func (g *guest) append(f uint64, name, value string) string {
	ptr, n := g.Put(name)
	val, k := g.Put(value)
	return g.fault(g.Load(g.method("append"), f, ptr, n, val, k))
}

func (g *guest) delete(f uint64, name string) string {
	ptr, n := g.Put(name)
	return g.fault(g.Load(g.method("delete"), f, ptr, n))
}

func (g *guest) getAndDelete(f uint64, name string) (values []string, fault string) {
	ptr, n := g.Put(name)
	p := g.Load(g.method("get-and-delete"), f, ptr, n)
	if fault = g.fault(p); fault != "" {
		return nil, fault
	}
	return g.values(p + 4), ""
}

func (g *guest) clone(f uint64) uint64 { return g.Call(g.method("clone"), f) }
