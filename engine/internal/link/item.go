package link

import (
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/canon"
	"github.com/spinhost/spin/engine/internal/types"
)

// item is what an index of a component's index spaces stands for: *funcItem,
// *instanceItem, *componentItem, *moduleItem or typeItem.
type item any

// funcItem is a function: one that a component has lifted, or one of the host.
type funcItem struct {
	lift *canon.Lift
	host *hostFunc
	typ  *types.Func // with the program's resources
}

type hostFunc struct {
	name      string // with that of the import, for messages
	fn        *abi.Func
	refs      []abi.Ref
	guestRefs []int32
}

// instanceItem is an instance: its exports, in order.
type instanceItem struct {
	names []string
	items map[string]item
}

func newInstance() *instanceItem { return &instanceItem{items: map[string]item{}} }

func (i *instanceItem) add(name string, x item) {
	i.names = append(i.names, name)
	i.items[name] = x
}

// componentItem is a component with the scope in which it is defined, for its outer aliases.
type componentItem struct {
	c     *binary.Component
	outer *scope
}

type moduleItem struct{ m *binary.CoreModule }

// typeItem is a type. Only resources matter for linking.
type typeItem struct{ res *types.Resource }

// coreInstanceItem is a core instance: one that is made, or a bundle of core items.
type coreInstanceItem struct {
	number int // in Program.Instances
	inline map[string]CoreItem
}

func (c *coreInstanceItem) export(name string) (CoreItem, bool) {
	if c.inline != nil {
		x, ok := c.inline[name]
		return x, ok
	}
	return CoreItem{Trampoline: canon.None, Instance: c.number, Name: name}, true
}
