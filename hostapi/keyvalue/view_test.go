package keyvalue_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"testing"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/internal/guesttest"
	"github.com/spinhost/spin/hostapi/keyvalue"
)

// component is a guest with stores, and what its instance keeps.
type component struct {
	*guesttest.Guest
	t      testing.TB
	locals *abi.Locals
}

// newComponent starts a component that is granted the labels.
func newComponent(t testing.TB, stores *keyvalue.Stores, labels ...string) *component {
	t.Helper()
	s := &hostapi.Scope{App: "shop", Component: "cart", Logger: slog.New(slog.DiscardHandler)}
	keyvalue.Provide(s, stores, labels)
	return start(t, s)
}

func start(t testing.TB, s *hostapi.Scope) *component {
	c := &component{guesttest.New(t, s, keyvalue.Interfaces()), t, new(abi.Locals)}
	c.SetContext(context.WithValue(context.Background(), abi.LocalsKey{}, c.locals))
	t.Cleanup(func() {
		c.Guest.Close()
		c.locals.Close()
	})
	return c
}

// view is one version of the interfaces, as a guest calls it. Errors are the cases, with the
// text behind a colon; "" is none.
type view struct {
	c    *component
	name string

	open, get, set, delete, exists, keys string // functions
	number                               bool   // stores are numbers
	stream                               bool   // keys are a stream
	cursor                               bool   // keys take an argument
	cases                                []string
}

func (c *component) views() []*view {
	methods := func(v view, pkg, resource, open, keys string) *view {
		m := pkg + "#[method]" + resource + "."
		v.c, v.name = c, pkg
		v.open, v.get, v.set, v.delete, v.exists, v.keys = pkg+"#"+open, m+"get", m+"set", m+"delete", m+"exists", m+keys
		return &v
	}
	const one = "fermyon:spin/key-value"
	cases := []string{"store-table-full", "no-such-store", "access-denied", "other"}
	return []*view{
		{
			c: c, name: one, open: one + "#open", get: one + "#get", set: one + "#set", delete: one + "#delete",
			exists: one + "#exists", keys: one + "#get-keys", number: true,
			cases: []string{"store-table-full", "no-such-store", "access-denied", "invalid-store", "no-such-key", "io"},
		},
		methods(view{cases: cases}, "fermyon:spin/key-value@2.0.0", "store", "[static]store.open", "get-keys"),
		methods(view{cases: cases, stream: true}, "spin:key-value/key-value@3.0.0", "store", "[static]store.open", "get-keys"),
		methods(view{cases: cases[1:], cursor: true}, "wasi:keyvalue/store@0.2.0-draft2", "bucket", "open", "list-keys"),
	}
}

// eachView runs a test with every version of the interfaces.
func eachView(t *testing.T, stores *keyvalue.Stores, test func(*testing.T, *view)) {
	for i, v := range newComponent(t, stores).views() {
		t.Run(v.name, func(t *testing.T) {
			test(t, newComponent(t, stores, "default", "second", "missing", "broken").views()[i])
		})
	}
}

// load calls a function and returns where its result lies.
func (v *view) load(f string, args ...uint64) uint32 {
	v.c.t.Helper()
	p, err := v.c.Load(f, args...)
	if err != nil {
		v.c.t.Fatalf("%s: %v", f, err)
	}
	return p
}

// fault reads an error case at p, with its text if it has one.
func (c *component) fault(p uint32, cases []string) string {
	k := cases[c.U8(p)]
	if k == "other" || k == "io" {
		k += ":" + c.Text(p+4)
	}
	return k
}

// failed reads a result at p whose error case lies at p+4.
func (v *view) failed(p uint32) string {
	if v.c.U8(p) == 0 {
		return ""
	}
	return v.c.fault(p+4, v.cases)
}

func (v *view) doOpen(label string) (store uint64, fault string) {
	v.c.t.Helper()
	ptr, n := v.c.Put(label)
	p := v.load(v.open, ptr, n)
	return uint64(v.c.U32(p + 4)), v.failed(p)
}

func (v *view) mustOpen(label string) uint64 {
	v.c.t.Helper()
	s, fault := v.doOpen(label)
	if fault != "" {
		v.c.t.Fatalf("open %q: %s", label, fault)
	}
	return s
}

func (v *view) close(store uint64) {
	v.c.t.Helper()
	if !v.number {
		must(v.c.t, v.c.Drop(store))
	} else if _, err := v.c.Call("fermyon:spin/key-value#close", store); err != nil {
		v.c.t.Fatal(err)
	}
}

// doGet returns a value, "none" if there is none.
func (v *view) doGet(store uint64, key string) (value, fault string) {
	v.c.t.Helper()
	ptr, n := v.c.Put(key)
	p := v.load(v.get, store, ptr, n)
	if fault = v.failed(p); fault == "no-such-key" {
		return "none", ""
	}
	switch {
	case fault != "":
		return "", fault
	case v.number:
		return v.c.Text(p + 4), ""
	case v.c.U8(p+4) == 0:
		return "none", ""
	}
	return v.c.Text(p + 8), ""
}

func (v *view) doSet(store uint64, key, value string) (fault string) {
	v.c.t.Helper()
	k, kn := v.c.Put(key)
	x, xn := v.c.Put(value)
	return v.failed(v.load(v.set, store, k, kn, x, xn))
}

func (v *view) doDelete(store uint64, key string) (fault string) {
	v.c.t.Helper()
	k, n := v.c.Put(key)
	return v.failed(v.load(v.delete, store, k, n))
}

func (v *view) doExists(store uint64, key string) (ok bool, fault string) {
	v.c.t.Helper()
	k, n := v.c.Put(key)
	p := v.load(v.exists, store, k, n)
	return v.c.U8(p+4) == 1, v.failed(p)
}

// doKeys lists the keys, sorted.
func (v *view) doKeys(store uint64) (keys string, fault string) {
	v.c.t.Helper()
	var list []string
	switch {
	case v.stream:
		list, fault = v.readKeys(v.load(v.keys, store))
	case v.cursor:
		p := v.load(v.keys, store, 0, 0, 0)
		if fault = v.failed(p); fault == "" {
			list = v.c.texts(v.c.U32(p+4), v.c.U32(p+8))
			if v.c.U8(p+12) != 0 {
				v.c.t.Error("a cursor after all keys")
			}
		}
	default:
		p := v.load(v.keys, store)
		if fault = v.failed(p); fault == "" {
			list = v.c.texts(v.c.U32(p+4), v.c.U32(p+8))
		}
	}
	slices.Sort(list)
	return fmt.Sprint(list), fault
}

// readKeys reads a stream of keys to its end, and then the future beside it.
func (v *view) readKeys(p uint32) (list []string, fault string) {
	r := v.c.Reader(v.c.U32(p))
	for {
		at, n := r.Next(10, 8)
		if n == 0 {
			return list, v.end(p)
		}
		list = append(list, v.c.texts(at, n)...)
	}
}

// end waits for the future of a listing.
func (v *view) end(p uint32) (fault string) {
	v.c.t.Helper()
	at, n := v.c.Reader(v.c.U32(p+4)).Next(1, 16)
	if n != 1 {
		v.c.t.Fatal("the future has no value")
	}
	return v.failed(at)
}

// texts reads strings that lie one after the other.
func (c *component) texts(p, n uint32) (list []string) {
	for i := range n {
		list = append(list, c.Text(p+8*i))
	}
	return list
}

// newStores returns some to test with: default and second work, broken fails.
func newStores(t testing.TB) *keyvalue.Stores {
	s := new(keyvalue.Stores)
	s.Add("default", keyvalue.Memory())
	s.Add("second", keyvalue.Memory())
	s.Add("broken", broken{})
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

var errBroken = fmt.Errorf("the disk is on \xff fire: %w", io.ErrUnexpectedEOF)
