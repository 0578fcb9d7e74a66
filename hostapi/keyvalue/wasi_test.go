package keyvalue_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/spinhost/spin/hostapi/keyvalue"
)

const (
	batch   = "wasi:keyvalue/batch@0.2.0-draft2#"
	atomics = "wasi:keyvalue/atomics@0.2.0-draft2#"
)

// newBucket opens a store as wasi:keyvalue has it.
func newBucket(t *testing.T, s keyvalue.Store) (v *view, bucket uint64) {
	t.Helper()
	stores := new(keyvalue.Stores)
	stores.Add("default", s)
	v = newComponent(t, stores, "default").views()[3]
	return v, v.mustOpen("default")
}

// only hides what a store can do beyond a Store.
type only struct{ keyvalue.Store }

// list stores strings one after the other, and returns where.
func (v *view) list(texts ...string) (ptr, n uint64) {
	var at []uint64
	for _, s := range texts {
		p, n := v.c.Put(s)
		at = append(at, p, n)
	}
	ptr, _ = v.c.PutU32(at...)
	return ptr, uint64(len(texts))
}

func (v *view) getMany(b uint64, keys ...string) (found []string, fault string) {
	v.c.t.Helper()
	ptr, n := v.list(keys...)
	p := v.load(batch+"get-many", b, ptr, n)
	if fault = v.failed(p); fault != "" {
		return nil, fault
	}
	for i := range v.c.U32(p + 8) {
		at := v.c.U32(p+4) + 20*i
		if v.c.U8(at+8) != 1 {
			v.c.t.Errorf("key %q without a value", v.c.Text(at))
		}
		found = append(found, v.c.Text(at)+"="+v.c.Text(at+12))
	}
	slices.Sort(found)
	return found, ""
}

// setMany takes keys and values in turn.
func (v *view) setMany(b uint64, pairs ...string) (fault string) {
	v.c.t.Helper()
	ptr, n := v.list(pairs...)
	return v.failed(v.load(batch+"set-many", b, ptr, n/2))
}

func (v *view) deleteMany(b uint64, keys ...string) (fault string) {
	v.c.t.Helper()
	ptr, n := v.list(keys...)
	return v.failed(v.load(batch+"delete-many", b, ptr, n))
}

func TestBatchesOfGuests(t *testing.T) {
	eachStore(t, func(t *testing.T, s fullStore) {
		for name, store := range map[string]keyvalue.Store{"in one step": s, "one by one": only{s}} {
			t.Run(name, func(t *testing.T) {
				v, b := newBucket(t, store)
				if fault := v.setMany(b, "a", "1", "b", "", "a", "2"); fault != "" {
					t.Error(fault)
				}
				if got, fault := v.getMany(b, "b", "none", "a", "a"); fmt.Sprint(got) != "[a=2 b=]" || fault != "" {
					t.Errorf("get-many: %q %s", got, fault)
				}
				if fault := v.deleteMany(b, "a", "none", "a"); fault != "" {
					t.Error(fault)
				}
				if keys, fault := v.doKeys(b); keys != "[b]" || fault != "" {
					t.Errorf("keys: %s %s", keys, fault)
				}
				must(t, s.Delete(ctx, "b"))
			})
		}
	})
}

func TestBatchesOfNothingAreNoneOfTheStoresBusiness(t *testing.T) {
	v, b := newBucket(t, broken{})
	if got, fault := v.getMany(b); len(got) > 0 || fault != "" {
		t.Errorf("get-many: %q %s", got, fault)
	}
	if fault := v.setMany(b) + v.deleteMany(b); fault != "" {
		t.Error(fault)
	}
}

func TestFailuresOfBatches(t *testing.T) {
	v, b := newBucket(t, broken{})
	const want = "other:the disk is on \uFFFD fire: unexpected EOF"
	_, get := v.getMany(b, "a")
	for what, got := range map[string]string{"get": get, "set": v.setMany(b, "a", "1"), "delete": v.deleteMany(b, "a")} {
		if got != want {
			t.Errorf("%s-many: %q, want %q", what, got, want)
		}
	}
}

func TestBatchesOfTooMuch(t *testing.T) {
	m := keyvalue.Memory()
	for _, k := range []string{"a", "b"} {
		must(t, m.Set(ctx, k, make([]byte, keyvalue.MaxResult/2)))
	}
	for _, store := range []keyvalue.Store{m, only{m}} {
		v, b := newBucket(t, store)
		if _, fault := v.getMany(b, "a", "b"); fault != "other:query result exceeds limit of 134217728 bytes" {
			t.Errorf("get-many: %q", fault)
		}
	}
}

func TestCursors(t *testing.T) {
	v, b := newBucket(t, keyvalue.Memory())
	ptr, n := v.c.Put("x")
	if fault := v.failed(v.load(v.keys, b, 1, ptr, n)); fault != "other:list_keys: cursor not supported" {
		t.Errorf("a cursor: %q", fault)
	}
}

func (v *view) increment(b uint64, key string, delta int64) (sum int64, fault string) {
	v.c.t.Helper()
	ptr, n := v.c.Put(key)
	p := v.load(atomics+"increment", b, ptr, n, uint64(delta))
	if v.c.U8(p) == 1 {
		return 0, v.c.fault(p+8, v.cases)
	}
	return int64(v.c.U64(p + 8)), ""
}

func TestIncrementsOfGuests(t *testing.T) {
	eachStore(t, func(t *testing.T, s fullStore) {
		v, b := newBucket(t, s)
		for _, c := range []struct {
			stored string
			delta  int64
			want   string
		}{
			{"none", 10, "10"},
			{"", 5, "15"},
			{"", -20, "-5"},
			{"", math.MinInt64, "other:" + keyvalue.ErrOverflow.Error()},
			{"", 0, "-5"},
			{"abc", 1, "other:" + keyvalue.ErrNotNumber.Error()},
		} {
			if c.stored != "" && c.stored != "none" {
				must(t, s.Set(ctx, "n", []byte(c.stored)))
			}
			sum, fault := v.increment(b, "n", c.delta)
			if got := fmt.Sprint(sum); fault == "" && got != c.want || fault != "" && fault != c.want {
				t.Errorf("increment by %d: %d %q, want %s", c.delta, sum, fault, c.want)
			}
		}
		holds(t, s, "n", "abc")
	})
	v, b := newBucket(t, only{keyvalue.Memory()})
	if _, fault := v.increment(b, "n", 1); fault != "other:increment is not supported by this key-value store" {
		t.Errorf("increment of a store that cannot: %q", fault)
	}
}

func (v *view) newCAS(b uint64, key string) (cas uint64, fault string) {
	v.c.t.Helper()
	ptr, n := v.c.Put(key)
	p := v.load(atomics+"[static]cas.new", b, ptr, n)
	return uint64(v.c.U32(p + 4)), v.failed(p)
}

func (v *view) current(cas uint64) (value, fault string) {
	v.c.t.Helper()
	p := v.load(atomics+"[method]cas.current", cas)
	if fault = v.failed(p); fault != "" {
		return "", fault
	}
	if v.c.U8(p+4) == 0 {
		return "none", ""
	}
	return v.c.Text(p + 8), ""
}

// swap returns a new operation if it came too late.
func (v *view) swap(cas uint64, value string) (again uint64, fault string) {
	v.c.t.Helper()
	ptr, n := v.c.Put(value)
	p := v.load(atomics+"swap", cas, ptr, n)
	if v.c.U8(p) == 1 && v.c.U8(p+4) == 1 {
		return uint64(v.c.U32(p + 8)), "cas-failed" // its number may be that of the old one
	}
	if v.c.Owns(cas) {
		v.c.t.Error("swap left the operation behind")
	}
	if v.c.U8(p) == 0 {
		return 0, ""
	}
	return 0, v.c.fault(p+8, v.cases)
}

func TestSwapsOfGuests(t *testing.T) {
	eachStore(t, func(t *testing.T, s fullStore) {
		v, b := newBucket(t, s)
		begin := func() uint64 {
			t.Helper()
			cas, fault := v.newCAS(b, "k")
			if fault != "" {
				t.Fatal(fault)
			}
			return cas
		}
		sees := func(cas uint64, want string) {
			t.Helper()
			if got, fault := v.current(cas); got != want || fault != "" {
				t.Errorf("current: %q %s, want %q", got, fault, want)
			}
		}
		swaps := func(cas uint64, value, want string) uint64 {
			t.Helper()
			again, fault := v.swap(cas, value)
			if fault != want {
				t.Errorf("swap for %q: %q, want %q", value, fault, want)
			}
			return again
		}
		swaps(begin(), "v0", "") // it saw nothing, so any value will do
		holds(t, s, "k", "v0")

		cas := begin()
		sees(cas, "v0")
		swaps(cas, "v1", "")
		holds(t, s, "k", "v1")

		cas = begin()
		sees(cas, "v1")
		must(t, s.Set(ctx, "k", []byte("theirs")))
		cas = swaps(cas, "v2", "cas-failed")
		holds(t, s, "k", "theirs")
		must(t, s.Set(ctx, "k", []byte("again"))) // the new one has seen "theirs"
		cas = swaps(cas, "v2", "cas-failed")
		sees(cas, "again")
		swaps(cas, "v2", "")
		holds(t, s, "k", "v2")

		must(t, s.Delete(ctx, "k"))
		cas = begin()
		sees(cas, "none")
		must(t, s.Set(ctx, "k", nil)) // somebody else was first
		cas = swaps(cas, "v3", "cas-failed")
		sees(cas, "")
		must(t, s.Delete(ctx, "k"))
		cas = swaps(cas, "v3", "cas-failed")
		sees(cas, "none")
		swaps(cas, "v3", "")
		holds(t, s, "k", "v3")
	})
}

func TestSwapsThatFail(t *testing.T) {
	v, b := newBucket(t, broken{})
	const want = "other:the disk is on \uFFFD fire: unexpected EOF"
	cas, _ := v.newCAS(b, "k")
	if _, fault := v.current(cas); fault != want {
		t.Errorf("current: %q, want %q", fault, want)
	}
	if _, fault := v.swap(cas, "x"); fault != want {
		t.Errorf("swap: %q, want %q", fault, want)
	}
	v, b = newBucket(t, only{keyvalue.Memory()})
	cas, _ = v.newCAS(b, "k")
	if got, fault := v.current(cas); got != "none" || fault != "" {
		t.Errorf("current: %q %s", got, fault)
	}
	if _, fault := v.swap(cas, "x"); fault != "other:compare-and-swap is not supported by this key-value store" {
		t.Errorf("swap in a store that cannot: %q", fault)
	}
}

func TestSwapsAreBounded(t *testing.T) {
	m := keyvalue.Memory()
	stores := new(keyvalue.Stores)
	stores.Add("default", m)
	stores.SetLimits(4, 128)
	v := newComponent(t, stores, "default").views()[3]
	b := v.mustOpen("default")
	var all []uint64
	for range 4 {
		cas, fault := v.newCAS(b, "k")
		if all = append(all, cas); fault != "" {
			t.Fatal(fault)
		}
	}
	if _, fault := v.newCAS(b, "k"); fault != "other:too many compare_and_swaps opened" {
		t.Errorf("one too many: %q", fault)
	}
	value := strings.Repeat("x", 60)
	for range 3 { // each takes the place of the one before, also of what it has seen
		must(t, m.Set(ctx, "k", []byte(value)))
		if _, fault := v.current(all[0]); fault != "" {
			t.Errorf("current: %s", fault)
		}
		must(t, m.Set(ctx, "k", []byte(value+"!")))
		again, fault := v.swap(all[0], "y")
		if all[0] = again; fault != "cas-failed" {
			t.Fatalf("swap: %q", fault)
		}
		if _, fault := v.current(all[0]); fault != "" { // for the second time
			t.Errorf("current: %s", fault)
		}
	}
	for i, want := range []string{"", "", "other:the values that were seen for a swap take too much memory"} {
		if _, fault := v.current(all[i]); fault != want {
			t.Errorf("value %d: %q, want %q", i, fault, want)
		}
	}
	must(t, v.c.Drop(all[1]))
	if _, fault := v.current(all[2]); fault != "" {
		t.Errorf("when another one is gone: %q", fault)
	}
}

// Numbers are stored as Spin stores them.
func TestNumbersAreStoredInEightBytes(t *testing.T) {
	eachStore(t, func(t *testing.T, s fullStore) {
		v, b := newBucket(t, s)
		must(t, s.Set(ctx, "n", binary.LittleEndian.AppendUint64(nil, 41)))
		if sum, fault := v.increment(b, "n", 1); sum != 42 || fault != "" {
			t.Errorf("%d %s", sum, fault)
		}
		holds(t, s, "n", "*\x00\x00\x00\x00\x00\x00\x00")
	})
}
