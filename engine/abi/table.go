package abi

import "fmt"

// MaxTableLength is the greatest length of a handle table (Canonical ABI, Table.MAX_LENGTH).
const MaxTableLength = 1<<28 - 1

// Kind says what a table entry holds.
type Kind uint8

// The kinds of table entries.
const (
	KindFree Kind = iota
	KindResource
	KindSubtask
	KindWaitableSet
	KindStreamReader
	KindStreamWriter
	KindFutureReader
	KindFutureWriter
	KindErrorContext
)

func (k Kind) String() string {
	return [...]string{"no handle", "a resource", "a subtask", "a waitable set", "the readable end of a stream",
		"the writable end of a stream", "the readable end of a future", "the writable end of a future", "an error context"}[k]
}

// Entry is one element of a handle table.
type Entry struct {
	Kind  Kind
	Own   bool          // resources: an owning handle, else a borrowed one
	Lends uint32        // resources: how often the handle is lent to calls in progress
	Rep   uint32        // resources that a guest defines: their representation
	Type  *ResourceType // resources
	Obj   any           // host resources: the Go value; other kinds: the engine's object
	Scope *Scope        // borrowed handles: the task that must drop them
	next  uint32        // free entries: the next free index
}

// Scope counts the borrowed handles that a task still has to drop before it may return.
type Scope struct{ Borrows int }

// Table maps the small integers that one component instance knows to what they stand for.
// Index 0 is never used; freed indices are reused last in, first out, as the Canonical ABI
// prescribes. A Table is not safe for concurrent use: it belongs to its tree's driver.
type Table struct {
	entries []Entry
	free    uint32
	live    int
	max     int
	total   *int
}

// Limit bounds the number of live entries; 0 means MaxTableLength for each table. total, if
// not nil, counts the live entries of several tables, for all of which the bound then holds.
func (t *Table) Limit(max int, total *int) { t.max, t.total = max, total }

// Live returns the number of entries in use.
func (t *Table) Live() int { return t.live }

// Add stores e under the next free index. It fails when the table is full.
func (t *Table) Add(e Entry) (uint32, error) {
	if t.live >= MaxTableLength || t.max > 0 && t.counted() >= t.max {
		return 0, t.full()
	}
	t.live++
	if t.total != nil {
		*t.total++
	}
	if i := t.free; i != 0 {
		t.free = t.entries[i].next
		t.entries[i] = e
		return i, nil
	}
	if len(t.entries) == 0 {
		t.entries = append(make([]Entry, 0, 8), Entry{})
	}
	t.entries = append(t.entries, e)
	return uint32(len(t.entries) - 1), nil
}

func (t *Table) full() error {
	if t.max > 0 && t.counted() >= t.max {
		return &LimitError{
			What: "handles", Limit: int64(t.max), Raise: "engine.InstanceConfig.Handles",
			Msg: fmt.Sprintf("handle table is full (%d entries)", t.counted()),
		}
	}
	return &LimitError{What: "handles of a component instance", Limit: MaxTableLength, Msg: "handle table is full"}
}

// counted returns how many entries count for the limit.
func (t *Table) counted() int {
	if t.total != nil {
		return *t.total
	}
	return t.live
}

// Get returns entry i if it is of kind k. The pointer is valid until the next Add.
func (t *Table) Get(i uint32, k Kind) (*Entry, error) {
	if i == 0 || uint64(i) >= uint64(len(t.entries)) || t.entries[i].Kind == KindFree {
		return nil, Trapf("unknown handle index %d", i)
	}
	e := &t.entries[i]
	if k != KindFree && e.Kind != k {
		return nil, Trapf("handle index %d is %s, not %s", i, e.Kind, k)
	}
	return e, nil
}

// Resource returns entry i if it is a handle of type want. The pointer is valid until the next
// Add.
func (t *Table) Resource(i uint32, want *ResourceType) (*Entry, error) {
	e, err := t.Get(i, KindResource)
	switch {
	case err != nil:
		return nil, err
	case e.Type == want:
		return e, nil
	case e.Type.Name == want.Name:
		return nil, Trapf("handle index %d is a %s of another component instance", i, e.Type.Name)
	}
	return nil, Trapf("handle index %d is a %s, not a %s", i, e.Type.Name, want.Name)
}

// Remove frees index i, which must be in use.
func (t *Table) Remove(i uint32) {
	t.entries[i] = Entry{next: t.free}
	t.free = i
	t.live--
	if t.total != nil {
		*t.total--
	}
}

// Clear empties the table, calling drop for every entry in index order.
func (t *Table) Clear(drop func(*Entry)) {
	for i := range t.entries {
		if e := &t.entries[i]; e.Kind != KindFree {
			drop(e)
		}
	}
	if t.total != nil {
		*t.total -= t.live
	}
	t.entries, t.free, t.live = nil, 0, 0
}
