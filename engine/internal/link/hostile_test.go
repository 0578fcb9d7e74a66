package link

import (
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine/abi"
	spec "github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/limits"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/engine/internal/validate"
)

func uleb(n int) string { return string(binary.AppendUvarint(nil, uint64(n))) }

func name(s string) string { return uleb(len(s)) + s }

// raw makes a section of any content, section one that is a vector of definitions.
func raw(id byte, content string) string { return string(id) + uleb(len(content)) + content }

func section(id byte, defs ...string) string {
	return raw(id, uleb(len(defs))+strings.Join(defs, ""))
}

func component(sections ...string) string {
	return "\x00asm\x0d\x00\x01\x00" + strings.Join(sections, "")
}

const emptyModule = "\x00asm\x01\x00\x00\x00"

// tower is a component with nested ones, each of which instantiates the one before twice.
// code says that the lowest has core code.
func tower(levels int, code bool) string {
	bottom := component()
	if code {
		bottom = component(raw(1, emptyModule), section(2, "\x00\x00\x00"))
	}
	c := raw(4, bottom)
	for i := range levels {
		// alias of component i of the one around, instantiated twice
		c += raw(4, component(section(6, "\x04\x02\x01"+uleb(i)), section(5, "\x00\x00\x00", "\x00\x00\x00")))
	}
	return component(c, section(5, "\x00"+uleb(levels)+"\x00"))
}

// twins are instances that each export the one before twice; the last is exported.
func twins(levels int) string {
	instances := []string{"\x01\x00"}
	for i := range levels {
		instances = append(instances, "\x01\x02\x00"+name("a")+"\x05"+uleb(i)+"\x00"+name("b")+"\x05"+uleb(i))
	}
	return component(section(5, instances...), section(11, "\x00"+name("e")+"\x05"+uleb(levels)+"\x00"))
}

// wide instantiates a component n times that makes m core instances of a module with k imports.
func wide(n, m, k int) string {
	imports, inline := uleb(k), "\x01"+uleb(k)
	for i := range k {
		f := name(fmt.Sprint("g", i))
		imports += name("m") + f + "\x03\x7f\x00"
		inline += f + "\x03\x00"
	}
	provider := emptyModule + raw(6, "\x01\x7f\x00\x41\x00\x0b") + raw(7, "\x01"+name("g")+"\x03\x00")
	instances := []string{inline}
	for range m {
		instances = append(instances, "\x00\x01\x01"+name("m")+"\x12\x01")
	}
	inner := component(raw(1, provider), raw(1, emptyModule+raw(2, imports)), section(2, "\x00\x00\x00"),
		section(6, "\x00\x03\x01\x00"+name("g")), section(2, instances...))
	var outer []string
	for range n {
		outer = append(outer, "\x00\x00\x00")
	}
	return component(raw(4, inner), section(5, outer...))
}

// forwarded lifts n built-ins, each of its own, as functions of the component.
func forwarded(n int) string {
	var builtins, lifts []string
	for i := range n {
		builtins = append(builtins, "\x0a\x7f\x00") // context.get i32 0
		lifts = append(lifts, "\x00\x00"+uleb(i)+"\x00\x00")
	}
	return component(section(7, "\x40\x00\x00\x79"), section(8, builtins...), section(8, lifts...))
}

// nobody provides no import.
type nobody struct{}

func (nobody) Import(string, types.Attributes) (*Host, error) {
	return nil, errors.New("nobody is here")
}

func (nobody) Resource(string, string) (*abi.ResourceType, error) {
	return nil, errors.New("nobody is here")
}

// linked decodes, validates and links a component.
func linked(t testing.TB, wasm []byte, r Resolver) (*Program, error) {
	t.Helper()
	return linkedWith(t, wasm, r, Options{})
}

func linkedWith(t testing.TB, wasm []byte, r Resolver, o Options) (*Program, error) {
	t.Helper()
	c, err := spec.Decode(wasm, spec.Limits{})
	if err == nil {
		err = validate.Component(c, validate.DefaultFeatures())
	}
	if err != nil {
		return nil, fmt.Errorf("not valid: %w", err)
	}
	return Link(c, r, limits.Limits{}, o)
}

// A few kilobytes can describe any number of instances. Linking them is refused before it
// takes long or much.
func TestHostileComponentsAreCheap(t *testing.T) {
	for what, tt := range map[string]struct {
		wasm string
		ok   bool
	}{
		"2^10 instances without code":               {tower(10, false), true},
		"2^60 instances without code":               {tower(60, false), false},
		"2^10 instances with code":                  {tower(10, true), true},
		"2^60 instances with code":                  {tower(60, true), false},
		"2^60 exported instances":                   {twins(60), false},
		"2^10 exported instances":                   {twins(10), true},
		"10 × 10 core instances of 10 imports":      {wide(10, 10, 10), true},
		"9,000 × 1 core instances of 5,000 imports": {wide(9_000, 1, 5_000), false},
		"20 lifted built-ins":                       {forwarded(20), true},
		"20,000 lifted built-ins":                   {forwarded(20_000), false},
		"1,000 × 1,000 core instances":              {wide(1_000, 1_000, 1), false},
	} {
		t.Run(what, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := linked(t, []byte(tt.wasm), nobody{})
			runtime.ReadMemStats(&after)
			if (err == nil) != tt.ok {
				t.Errorf("%d bytes: got %v", len(tt.wasm), err)
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 1<<30 {
				t.Errorf("%d MiB allocated", used>>20)
			}
		})
	}
}
