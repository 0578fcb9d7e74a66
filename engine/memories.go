package engine

import (
	"fmt"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/canon"
	"github.com/spinhost/spin/engine/internal/link"
	"github.com/spinhost/spin/internal/corewasm"
	"github.com/spinhost/spin/internal/wasmtime"
)

// memory is one memory of a program's instances. The canonical options of components may have
// several names for one, and none for another.
type memory struct {
	number int   // in the store
	owner  int32 // component instance whose core code can make it grow
}

// memories are those of a program.
type memories struct {
	all    []memory
	hidden []link.CoreItem // those that no canonical option names: registered in the store last
	min    uint64          // bytes that they have to begin with
	of     map[int32][]int // by owner: indices in all
}

const wasmPage = 64 << 10

// findMemories lists the memories that the core instances define.
func (p *Program) findMemories() {
	p.memories.of = map[int32][]int{}
	type key struct {
		instance int
		index    uint32
	}
	number := map[key]int{}
	for n, x := range p.link.Memories {
		k, index := p.definer(x)
		if _, ok := number[key{k, index}]; !ok {
			number[key{k, index}] = n
		}
	}
	for k, in := range p.link.Instances {
		info := p.modules[in.Module].Info()
		for j, name := range info.MemoryExports() {
			n, ok := number[key{k, info.NumImportedMemories() + uint32(j)}]
			if ok && int32(n) == p.link.Control {
				continue // the engine's own
			}
			if !ok {
				n = len(p.link.Memories) + len(p.memories.hidden)
				p.memories.hidden = append(p.memories.hidden, link.CoreItem{Trampoline: canon.None, Instance: k, Name: name})
			}
			p.memories.of[in.Owner] = append(p.memories.of[in.Owner], len(p.memories.all))
			p.memories.all = append(p.memories.all, memory{n, in.Owner})
			p.memories.min = min(p.memories.min+min(info.Memories[j].Min, 1<<32)*wasmPage, 1<<60)
		}
	}
}

// definer finds the core instance that defines a memory which x may only pass on.
func (p *Program) definer(x link.CoreItem) (instance int, index uint32) {
	for {
		in := p.link.Instances[x.Instance]
		info := p.modules[in.Module].Info()
		e, _ := info.Export(x.Name)
		if e.Index >= info.NumImportedMemories() {
			return x.Instance, e.Index
		}
		left := e.Index
		for i, im := range info.Imports {
			if im.Type.Kind != corewasm.Memory {
				continue
			}
			if left == 0 {
				x = in.Imports[i]
				break
			}
			left--
		}
	}
}

// fits checks, before it is compiled, what a module's memories and tables have to begin with.
func (r *Runtime) fits(m *corewasm.Module) error {
	for _, l := range m.Memories {
		if limit := r.cfg.MaxMemory; limit > 0 && l.Min > uint64(limit)/wasmPage {
			return &LimitError{
				What: "a memory", Limit: limit, Unit: abi.Bytes, Raise: "engine.Config.MaxMemory",
				Msg: fmt.Sprintf("a memory begins with %d pages of 64 KiB, at most %d bytes are allowed", l.Min, limit),
			}
		}
	}
	for _, t := range m.Tables {
		if limit := r.cfg.MaxTableElements; t.Limits.Min > uint64(limit) {
			return &LimitError{
				What: "elements of a table", Limit: int64(limit), Raise: "engine.Config.MaxTableElements",
				Msg: fmt.Sprintf("a table begins with %d elements, at most %d are allowed", t.Limits.Min, limit),
			}
		}
	}
	return nil
}

// mayHave checks what the program's instances have to begin with against an instance's limits.
func (p *Program) mayHave(cfg *InstanceConfig) error {
	if cfg.Memory > 0 && p.memories.min > uint64(cfg.Memory) {
		return memoryLimit(cfg.Memory, p.memories.min)
	}
	return nil
}

func memoryLimit(limit int64, used uint64) error {
	return &LimitError{
		What: "memory", Limit: limit, Unit: abi.Bytes, Raise: "engine.InstanceConfig.Memory",
		Msg: fmt.Sprintf("guest takes %d bytes of memory, at most %d are allowed", used, limit),
	}
}

// limits are what the store itself looks after. It bounds each memory: with several, what each
// may have changes with who runs, see watch.
func (p *Program) limits(cfg InstanceConfig) wasmtime.StoreLimits {
	l := wasmtime.StoreLimits{
		TableElements: uint64(p.rt.cfg.MaxTableElements),
		Instances:     p.need.instances, Tables: p.need.tables, Memories: p.need.memories,
	}
	if n := cfg.TableElements; n > 0 {
		l.TableElements = min(l.TableElements, uint64(n))
	}
	if cfg.Memory > 0 {
		l.MemoryBytes = uint64(cfg.Memory)
	}
	return l
}
