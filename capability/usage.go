package capability

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Outcome is what has become of a call.
type Outcome uint8

// The outcomes of calls. The first three are numbered as those of engine/abi.
const (
	// Returned means that the guest has got a result; for a function that can fail, its success.
	Returned Outcome = iota
	// Refused means that the guest has got an error.
	Refused
	// Trapped means that the call has ended the guest.
	Trapped
	// Denied means that the guest may not use the interface, whatever the call returned.
	Denied

	outcomes = int(Denied) + 1
)

// outcomeNames is never changed.
var outcomeNames = [outcomes]string{"returned", "refused", "trapped", "denied"}

// String returns "returned", "refused", "trapped" or "denied".
func (o Outcome) String() string {
	if int(o) < outcomes {
		return outcomeNames[o]
	}
	return "unknown"
}

// Count says how often calls of a function came to one outcome.
type Count struct {
	Function string `json:"function"` // as imported, such as "[static]store.open"
	Outcome  string `json:"outcome"`
	Count    uint64 `json:"count"`
}

// Usage counts calls of host functions by component, dependency, interface and function. The zero Usage is empty and
// ready to use. All methods are safe for concurrent use; a nil *Usage counts nothing. It must not be copied.
type Usage struct {
	mu       sync.RWMutex
	counters map[usageKey]map[string]*Counter // by function
}

// usageKey says whose calls of which interface are counted. It needs no garbage to be looked up.
type usageKey struct{ component, path, id string }

func newUsageKey(component string, path []string, interfaceID string) usageKey {
	return usageKey{component, strings.Join(path, pathSeparator), interfaceID}
}

// pathSeparator is in no name that a manifest can have.
const pathSeparator = "\x00"

// Counter counts the calls of one function. A nil *Counter counts nothing.
type Counter struct{ counts [outcomes]atomic.Uint64 }

// Add counts a call. It costs an atomic addition. Outcomes that there are not are not counted.
func (c *Counter) Add(o Outcome) {
	if c != nil && int(o) < outcomes {
		c.counts[o].Add(1)
	}
}

// Counter returns the counter of one function: always the same one for the same names. The path has the dependencies
// from the component inwards; it is empty for the component itself. Whoever binds functions should keep the counter.
func (u *Usage) Counter(component string, path []string, interfaceID, function string) *Counter {
	if u == nil {
		return nil
	}
	key := newUsageKey(component, path, interfaceID)
	u.mu.RLock()
	c := u.counters[key][function]
	u.mu.RUnlock()
	if c != nil {
		return c
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if c = u.counters[key][function]; c != nil {
		return c
	}
	if u.counters == nil {
		u.counters = make(map[usageKey]map[string]*Counter)
	}
	if u.counters[key] == nil {
		u.counters[key] = make(map[string]*Counter)
	}
	c = new(Counter)
	u.counters[key][function] = c
	return c
}

// Counts returns the calls of one interface so far, sorted by function and outcome, without those that did not happen.
func (u *Usage) Counts(component string, path []string, interfaceID string) []Count {
	if u == nil {
		return nil
	}
	var list []Count
	u.mu.RLock()
	for function, c := range u.counters[newUsageKey(component, path, interfaceID)] {
		list = c.append(list, function)
	}
	u.mu.RUnlock()
	slices.SortStableFunc(list, func(a, b Count) int { return strings.Compare(a.Function, b.Function) })
	return list
}

// append adds the counts that are not zero, in the order of outcomes.
func (c *Counter) append(list []Count, function string) []Count {
	for o := range c.counts {
		if n := c.counts[o].Load(); n > 0 {
			list = append(list, Count{Function: function, Outcome: Outcome(o).String(), Count: n})
		}
	}
	return list
}
