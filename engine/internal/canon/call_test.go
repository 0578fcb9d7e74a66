package canon

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/value"
)

// signature is a function that sums its parameters and returns the sum in some form.
type signature struct {
	name   string
	params int // of type u32
	result string
}

var signatures = []signature{
	{"nothing", 0, ""},
	{"flat", 2, "u32"},
	{"four", 4, "u32"},
	{"five", 5, "u32"},
	{"sixteen", 16, "u32"},
	{"seventeen", 17, "u32"},
	{"result in memory", 2, "tuple<u32,u32>"},
	{"all in memory", 17, "tuple<u32,u32>"},
	{"string", 1, "string"},
	{"sixteen results", 1, "tuple<u32,u32,u32,u32,u32,u32,u32,u32,u32,u32,u32,u32,u32,u32,u32,u32>"},
	{"seventeen results", 1, "tuple<u32,u32,u32,u32,u32,u32,u32,u32,u32,u32,u32,u32,u32,u32,u32,u32,u32>"},
}

func (s signature) text(async bool) string {
	var b strings.Builder
	if async {
		b.WriteString("async ")
	}
	b.WriteString("func(")
	for i := range s.params {
		if i > 0 {
			b.WriteString(",")
		}
		fmt.Fprintf(&b, "p%d:u32", i)
	}
	b.WriteString(")")
	if s.result != "" {
		b.WriteString("->" + s.result)
	}
	return b.String()
}

// args returns arguments and the result that they give.
func (s signature) args() (args []any, want any) {
	sum := uint32(0)
	for i := range s.params {
		args = append(args, uint32(i+1))
		sum += uint32(i + 1)
	}
	switch n := strings.Count(s.result, "u32"); {
	case s.result == "u32":
		want = sum
	case s.result == "string":
		want = fmt.Sprint("sum ", sum)
	case n > 0:
		t := value.Tuple{}
		for i := range n {
			t = append(t, sum+uint32(i))
		}
		want = t
	}
	return args, want
}

// sum adds up the parameters of a core function of s.
func (s signature) sum(g *guest, a []uint64) (sum uint64) {
	if s.params > 16 {
		for i := range s.params {
			sum += g.u32(a[0] + uint64(4*i))
		}
		return sum
	}
	for i := range s.params {
		sum += a[i]
	}
	return sum
}

// values makes the core values of the result: as many as limit, or the address of them.
func (s signature) values(g *guest, sum uint64, limit int) []uint64 {
	var v []uint64
	switch n := strings.Count(s.result, "u32"); {
	case s.result == "string":
		p, n := g.str(fmt.Sprint("sum ", sum))
		v = []uint64{p, n}
	default:
		for i := range n {
			v = append(v, sum+uint64(i))
		}
	}
	if len(v) <= limit {
		return v
	}
	p := g.new(uint32(4*len(v)), 4)
	for i, x := range v {
		g.putU32(p+uint64(4*i), int(x))
	}
	return []uint64{p}
}

// lifts are the ways to lift s.
func (s signature) lifts(c *component) map[string]*Lift {
	one := func(v []uint64) uint64 {
		if len(v) == 0 {
			return 0
		}
		return v[0]
	}
	plain := func(g *guest, a []uint64) uint64 { return one(s.values(g, s.sum(g, a), 1)) }
	sums := map[uint64]uint64{} // by context
	return map[string]*Lift{
		"sync type":  c.lift(s.text(false), plain),
		"async type": c.lift(s.text(true), plain),
		"stackful": c.stackful(s.text(true), func(g *guest, a []uint64) uint64 {
			g.ret(s.result, s.values(g, s.sum(g, a), 16)...)
			return 0
		}),
		"stackful that yields": c.stackful(s.text(true), func(g *guest, a []uint64) uint64 {
			sum := s.sum(g, a)
			g.yield(false)
			g.ret(s.result, s.values(g, sum, 16)...)
			g.yield(false)
			return 0
		}),
		"callback": c.callback(s.text(true), func(g *guest, a []uint64) uint64 {
			g.ret(s.result, s.values(g, s.sum(g, a), 16)...)
			return exit
		}, never),
		"callback that yields": c.callback(s.text(true), func(g *guest, a []uint64) uint64 {
			g.context[0] = uint64(len(sums)) + 1
			sums[g.context[0]] = s.sum(g, a)
			return yield
		}, func(g *guest, a []uint64) uint64 {
			g.want("event", a[0], uint64(eventNone))
			g.ret(s.result, s.values(g, sums[g.context[0]], 16)...)
			return exit
		}),
	}
}

// never is the callback of functions that never wait.
func never(g *guest, a []uint64) uint64 {
	g.trap("callback was called")
	return 0
}

// lowered calls op as a lowered form of s does and returns the address or value of the result.
func (s signature) lowered(g *guest, op int32, async bool, args []any) []uint64 {
	var a []uint64
	for _, x := range args {
		a = append(a, uint64(x.(uint32)))
	}
	limit := 16
	if async {
		limit = 4
	}
	if len(a) > limit {
		p := g.new(uint32(4*len(a)), 4)
		for i, x := range a {
			g.putU32(p+uint64(4*i), int(x))
		}
		a = []uint64{p}
	}
	n := strings.Count(s.result, "u32")
	if s.result == "string" {
		n = 2
	}
	if n > 1 || async && n > 0 {
		p := g.new(uint32(4*n), 4)
		a = append(a, p)
		g.finish(async, g.call(op, a...))
		var v []uint64
		for i := range n {
			v = append(v, g.u32(p+uint64(4*i)))
		}
		return v
	}
	r := g.call(op, a...)
	g.finish(async, r)
	return []uint64{r}
}

// finish waits for an asynchronous call.
func (g *guest) finish(async bool, v uint64) {
	if !async {
		return
	}
	state, sub := status(v)
	if state == subtaskReturned {
		g.want("handle of a call that returned at once", sub, 0)
		return
	}
	set := g.newSet()
	g.join(sub, set)
	for state != subtaskReturned {
		e := g.wait(set, false)
		g.want("event", e.code, uint64(eventSubtask))
		g.want("subtask", e.p1, sub)
		state = subtaskState(e.p2)
	}
	g.dropSubtask(sub)
	g.dropSet(set)
}

func TestEveryLiftFromTheHost(t *testing.T) {
	for _, s := range signatures {
		w := newWorld(t)
		lifts := s.lifts(w.component("a", nil))
		w.start()
		for name, l := range lifts {
			t.Run(s.name+"/"+name, func(t *testing.T) {
				args, want := s.args()
				if got := w.must(l, args...); !reflect.DeepEqual(got, want) {
					t.Errorf("got %v, want %v", got, want)
				}
			})
		}
	}
}

func TestEveryLowerOfEveryLift(t *testing.T) {
	for _, s := range signatures {
		w := newWorld(t)
		a, b := w.component("a", nil), w.component("b", nil)
		args, want := s.args()
		check := map[string]*Lift{}
		for name, l := range s.lifts(b) {
			for _, async := range []bool{false, true} {
				if async && !l.Type.Async {
					continue // validation refuses it
				}
				op := a.lower(l, async)
				check[fmt.Sprintf("%s, async lower %v", name, async)] = a.stackful("async func()", func(g *guest, _ []uint64) uint64 {
					got := s.lowered(g, op, async, args)
					switch want := want.(type) {
					case uint32:
						g.want("result", got[0], uint64(want))
					case string:
						if text := g.text(got[0], got[1]); text != want {
							t.Errorf("result: got %q, want %q", text, want)
						}
					case value.Tuple:
						for i := range want {
							g.want(fmt.Sprint("result ", i), got[i], uint64(want[i].(uint32)))
						}
					}
					g.ret("")
					return 0
				})
			}
		}
		w.start()
		for name, l := range check {
			t.Run(s.name+"/"+name, func(t *testing.T) {
				for range 2 { // the second time with a used fiber and handle table
					w.must(l)
				}
				if n := w.handles(a) + w.handles(b); n != 0 {
					t.Errorf("%d handles are left", n)
				}
			})
		}
	}
}

// One host function serves both lowerings, inline and from a goroutine.
func TestEveryLowerOfHostFunctions(t *testing.T) {
	for _, s := range signatures {
		if strings.Count(s.result, "u32") > 2 {
			continue
		}
		args, want := s.args()
		answer := func(c *abi.Call, sum uint32) {
			switch want := want.(type) {
			case uint32:
				if c.InMemory() {
					c.PutU32(c.Result(4, 4), sum)
				} else {
					c.Return(uint64(sum))
				}
			case string:
				c.StoreString(c.Result(8, 4), want)
			case value.Tuple:
				p := c.Result(8, 4)
				c.PutU32(p, sum)
				c.PutU32(p+4, sum+1)
			}
		}
		take := func(c *abi.Call) (sum uint32) {
			p, spilled := c.Spilled(uint32(4*s.params), 4)
			for i := range s.params {
				if spilled {
					sum += c.U32(p + uint32(4*i))
				} else {
					sum += c.Args().U32(i)
				}
			}
			return sum
		}
		serve := map[string]func(*abi.Call){
			"inline": func(c *abi.Call) { answer(c, take(c)) },
			"later":  func(c *abi.Call) { sum := take(c); onGoroutine(nothing, func(c *abi.Call) { answer(c, sum) })(c) },
		}
		w := newWorld(t)
		a := w.component("a", nil)
		check := map[string]*Lift{}
		for name, f := range serve {
			for _, asyncType := range []bool{false, true} {
				for _, async := range []bool{false, true} {
					if async && !asyncType {
						continue
					}
					op := a.host(s.text(asyncType), async, f)
					check[fmt.Sprintf("%s, async type %v, async lower %v", name, asyncType, async)] =
						a.stackful("async func()", func(g *guest, _ []uint64) uint64 {
							got := s.lowered(g, op, async, args)
							switch want := want.(type) {
							case uint32:
								g.want("result", got[0], uint64(want))
							case string:
								if text := g.text(got[0], got[1]); text != want {
									t.Errorf("result: got %q, want %q", text, want)
								}
							case value.Tuple:
								g.want("result 0", got[0], uint64(want[0].(uint32)))
								g.want("result 1", got[1], uint64(want[1].(uint32)))
							}
							g.ret("")
							return 0
						})
				}
			}
		}
		w.start()
		for name, l := range check {
			t.Run(s.name+"/"+name, func(t *testing.T) {
				w.must(l)
				if n := w.handles(a) + w.waits(); n != 0 {
					t.Errorf("handles and waits: %d are left", n)
				}
			})
		}
	}
}
