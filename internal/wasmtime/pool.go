package wasmtime

/*
#include "spin.h"
*/
import "C"

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
)

// Pool is how much an engine sets aside. Zero fields get defaults that suit a
// few hundred guests at once.
type Pool struct {
	Memories, Tables, CoreInstances int // live at once

	// Stacks is how many fibers can have a stack at once. A store keeps the stack
	// of its last closed fiber until it is closed itself.
	Stacks int

	TableElements uint64 // of each table
	MaxMemory     uint64 // bytes of each memory, at most 4 GiB; with Config.Memory64 64 GiB

	// KeepResident is how many bytes of a memory, of a table and of a stack are
	// cleared by writing zeros, and stay with the process, when they are given
	// back; what lies beyond returns to the system.
	KeepResident, TableKeepResident, StackKeepResident uint64
}

// What wasmtime reserves for a memory on 64-bit machines.
const (
	memoryReservation = 4 << 30
	memoryGuard       = 32 << 20
	pageSlack         = 64 << 20
	maxMemory64       = 64 << 30
)

func (p *Pool) complete(memory64 bool) error {
	for _, f := range []struct {
		p    *int
		dflt int
		name string
	}{
		{&p.Memories, 256, "Memories"}, {&p.Tables, 512, "Tables"},
		{&p.CoreInstances, 512, "CoreInstances"}, {&p.Stacks, 512, "Stacks"},
	} {
		if *f.p == 0 {
			*f.p = f.dflt
		}
		if *f.p < 0 || *f.p > 1_000_000 {
			return fmt.Errorf("wasmtime: Pool.%s is %d", f.name, *f.p)
		}
	}
	if p.TableElements == 0 {
		p.TableElements = 20_000
	}
	if p.MaxMemory == 0 {
		p.MaxMemory = memoryReservation
	}
	limit := uint64(memoryReservation)
	if memory64 {
		limit = maxMemory64
	}
	const pages = 1 << 40 // no size that is kept resident comes near
	switch {
	case p.TableElements > maxTableMin:
		return fmt.Errorf("wasmtime: Pool.TableElements is %d, at most %d", p.TableElements, maxTableMin)
	case p.MaxMemory > limit:
		return fmt.Errorf("wasmtime: Pool.MaxMemory is %d, at most %d GiB", p.MaxMemory, limit>>30)
	case p.KeepResident > pages || p.TableKeepResident > pages || p.StackKeepResident > pages:
		return fmt.Errorf("wasmtime: Pool keeps more resident than there can be")
	}
	return nil
}

// fits tells why the pool cannot be had, or nil. wasmtime aborts the process
// when its pool cannot be mapped, so this must not be too hopeful.
func (p *Pool) fits(asyncStack int) error {
	const elementSize = 16 // of a table, at most
	reserved := uint64(p.Memories)*(max(memoryReservation, p.MaxMemory)+memoryGuard) + 2*memoryGuard
	written := uint64(p.Tables)*(p.TableElements*elementSize+64<<10) + uint64(p.Stacks)*(uint64(asyncStack)+128<<10)
	if reserved+written > 1<<46 { // of the 47 bits that a process has
		return fmt.Errorf("wasmtime: the pool needs %d GiB of address space", (reserved+written)>>30)
	}
	// Both kinds at once, and slack for the rest of the process.
	if !C.spin_can_map(C.uint64_t(reserved+written+1<<30), false) || !C.spin_can_map(C.uint64_t(written+pageSlack), true) {
		return fmt.Errorf("wasmtime: the system gives no %d GiB of address space for the pool (ulimit -v)", (reserved+written)>>30)
	}
	return p.mappingsFit()
}

// mappingsFit counts memory mappings, of which Linux allows a process 65,530:
// two for a stack from the beginning, and up to four for a live memory.
func (p *Pool) mappingsFit() error {
	b, err := os.ReadFile("/proc/sys/vm/max_map_count")
	if err != nil {
		return nil // no Linux
	}
	limit, err := strconv.Atoi(string(bytes.TrimSpace(b)))
	if err != nil {
		return nil
	}
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		return nil
	}
	const slack = 2000
	need := bytes.Count(maps, []byte{'\n'}) + 2*p.Stacks + 4*p.Memories + p.Tables + slack
	if need > limit {
		return fmt.Errorf("wasmtime: the pool needs up to %d memory mappings, vm.max_map_count is %d", need, limit)
	}
	return nil
}

func (p *Pool) fill(c *C.spin_config) {
	c.pooled = true
	c.pool = C.spin_pool{
		stacks: C.uint32_t(p.Stacks), memories: C.uint32_t(p.Memories),
		tables:         C.uint32_t(p.Tables),
		instances:      C.uint32_t(p.CoreInstances + p.Stacks), // a store with fibers has one of our own
		table_elements: C.uint64_t(p.TableElements), max_memory: C.uint64_t(p.MaxMemory),
		memory_resident: C.uint64_t(p.KeepResident), table_resident: C.uint64_t(p.TableKeepResident),
		stack_resident: C.uint64_t(p.StackKeepResident),
	}
}
