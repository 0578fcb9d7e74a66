package keyvalue_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/keyvalue"
)

// broken is a Store that fails.
type broken struct{}

func (broken) Get(context.Context, string) ([]byte, bool, error) { return nil, false, errBroken }
func (broken) Set(context.Context, string, []byte) error         { return errBroken }
func (broken) Delete(context.Context, string) error              { return errBroken }
func (broken) Exists(context.Context, string) (bool, error)      { return false, errBroken }
func (broken) Keys(context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) { _ = yield("first", nil) && yield("", errBroken) }
}

func TestEveryVersionReadsAndWrites(t *testing.T) {
	eachView(t, newStores(t), func(t *testing.T, v *view) {
		s := v.mustOpen("default")
		second := v.mustOpen("second")
		step := func(what, got, want string) {
			t.Helper()
			if got != want {
				t.Errorf("%s: %q, want %q", what, got, want)
			}
		}
		same := func(key, want string) {
			t.Helper()
			got, fault := v.doGet(s, key)
			ok, fault2 := v.doExists(s, key)
			step("get "+key, got+fault, want)
			step("exists "+key, fmt.Sprint(ok, fault2), fmt.Sprint(want != "none", ""))
		}
		list := func(want string) {
			t.Helper()
			keys, fault := v.doKeys(s)
			step("keys", keys+fault, want)
		}
		list("[]")
		same("a", "none")
		step("delete", v.doDelete(s, "a"), "")
		step("set", v.doSet(s, "a", "one"), "")
		same("a", "one")
		step("set", v.doSet(s, "a", "\x00\xff"), "")
		same("a", "\x00\xff")
		step("set", v.doSet(s, "", ""), "")
		same("", "")
		list("[ a]")
		step("set elsewhere", v.doSet(second, "b", "x"), "")
		list("[ a]")
		same("b", "none")
		step("delete", v.doDelete(s, "a"), "")
		step("delete", v.doDelete(s, "a"), "")
		step("delete", v.doDelete(s, ""), "")
		step("delete", v.doDelete(second, "b"), "")
		same("a", "none")
		list("[]")
		v.close(s)
		v.close(second)
	})
}

func TestAllVersionsSeeTheSame(t *testing.T) {
	c := newComponent(t, newStores(t), "default")
	views := c.views()
	var open []uint64
	for _, v := range views {
		open = append(open, v.mustOpen("default"))
	}
	for i, w := range views {
		if fault := w.doSet(open[i], "k", w.name); fault != "" {
			t.Errorf("set by %s: %s", w.name, fault)
		}
		for j, r := range views {
			if got, fault := r.doGet(open[j], "k"); got != w.name || fault != "" {
				t.Errorf("set by %s, get by %s: %q %s", w.name, r.name, got, fault)
			}
		}
	}
}

func TestOpening(t *testing.T) {
	stores := newStores(t)
	eachView(t, stores, func(t *testing.T, v *view) {
		for label, want := range map[string]string{
			"default": "", "missing": "no-such-store", "unlisted": "access-denied", "": "access-denied",
		} {
			if _, fault := v.doOpen(label); fault != want {
				t.Errorf("open %q: %q, want %q", label, fault, want)
			}
		}
	})
	for _, v := range start(t, new(hostapi.Scope)).views() { // without Provide
		if _, fault := v.doOpen("default"); fault != "access-denied" {
			t.Errorf("%s: open without a grant: %q", v.name, fault)
		}
	}
}

func TestStoresAreOpenedWhenAskedForAndClosedOnce(t *testing.T) {
	var opened, closed int
	fail := errors.New("/secret/path is missing")
	stores := new(keyvalue.Stores)
	stores.AddFunc("default", func(context.Context) (keyvalue.Store, error) {
		if opened++; opened == 1 {
			return nil, fail
		}
		return closing{keyvalue.Memory(), &closed}, nil
	})
	given := 0
	stores.Add("second", closing{keyvalue.Memory(), &given})
	c := newComponent(t, stores, "default", "second")
	for i, v := range c.views() {
		_, fault := v.doOpen("default")
		want := ""
		if i == 0 {
			want = "io:the key-value store cannot be opened"
		}
		if fault != want {
			t.Errorf("%s: %q, want %q", v.name, fault, want)
		}
	}
	if l := fmt.Sprint(stores.Labels()); opened != 2 || l != "[default second]" {
		t.Errorf("opened %d times, labels %s", opened, l)
	}
	must(t, stores.Close())
	must(t, stores.Close())
	if closed != 1 || given != 0 {
		t.Errorf("closed %d times, and that of the caller %d times", closed, given)
	}
	if _, err := stores.Open(ctx, "second"); !errors.Is(err, keyvalue.ErrClosed) {
		t.Errorf("open after close: %v", err)
	}
}

func TestWhoWaitsForAStoreToOpenCanLeave(t *testing.T) {
	opening, leave := make(chan struct{}), make(chan struct{})
	stores := new(keyvalue.Stores)
	stores.AddFunc("default", func(context.Context) (keyvalue.Store, error) {
		close(opening)
		<-leave
		return keyvalue.Memory(), nil
	})
	done := make(chan error)
	go func() {
		_, err := stores.Open(ctx, "default")
		done <- err
	}()
	<-opening
	short, stop := context.WithCancel(ctx)
	stop()
	if _, err := stores.Open(short, "default"); !errors.Is(err, context.Canceled) {
		t.Errorf("open: %v", err)
	}
	close(leave)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

type closing struct {
	keyvalue.Store
	closed *int
}

func (c closing) Close() error { *c.closed++; return nil }

func TestFailuresOfAStoreAreTold(t *testing.T) {
	eachView(t, newStores(t), func(t *testing.T, v *view) {
		s := v.mustOpen("broken")
		want := v.cases[len(v.cases)-1] + ":the disk is on \uFFFD fire: unexpected EOF"
		_, get := v.doGet(s, "k")
		_, exists := v.doExists(s, "k")
		_, keys := v.doKeys(s)
		for what, got := range map[string]string{
			"get": get, "exists": exists, "keys": keys, "set": v.doSet(s, "k", ""), "delete": v.doDelete(s, "k"),
		} {
			if got != want {
				t.Errorf("%s: %q, want %q", what, got, want)
			}
		}
	})
}

func TestNumbersThatAreNoStore(t *testing.T) {
	v := newComponent(t, newStores(t), "default").views()[0]
	s := v.mustOpen("default")
	v.close(s)
	for _, n := range []uint64{s, s + 1, 1<<32 - 1} {
		_, get := v.doGet(n, "k")
		_, exists := v.doExists(n, "k")
		_, keys := v.doKeys(n)
		for what, got := range map[string]string{
			"get": get, "exists": exists, "keys": keys, "set": v.doSet(n, "k", ""), "delete": v.doDelete(n, "k"),
		} {
			if got != "invalid-store" {
				t.Errorf("%s with %d: %q, want invalid-store", what, n, got)
			}
		}
		v.close(n)
	}
	if again := v.mustOpen("default"); again == s {
		t.Error("the number of a closed store was given again at once")
	}
}

func TestNumbersOfAnotherComponentMeanNothing(t *testing.T) {
	stores := newStores(t)
	a, b := newComponent(t, stores, "default"), newComponent(t, stores, "default")
	b.SetContext(context.WithValue(ctx, abi.LocalsKey{}, a.locals)) // both in one instance
	s := a.views()[0].mustOpen("default")
	if _, fault := b.views()[0].doGet(s, "k"); fault != "invalid-store" {
		t.Errorf("the number of another component: %q", fault)
	}
}

func TestTheTableOfStoresIsBounded(t *testing.T) {
	const most = 100
	stores := newStores(t)
	stores.SetLimits(most, 0)
	c := newComponent(t, stores, "default")
	full := map[string]string{"wasi:keyvalue/store@0.2.0-draft2": "other:store table full"}
	first := c.views()[1].mustOpen("default")
	for range most - 1 {
		c.views()[0].mustOpen("default")
	}
	for _, v := range c.views() {
		want := full[v.name]
		if want == "" {
			want = "store-table-full"
		}
		if _, fault := v.doOpen("default"); fault != want {
			t.Errorf("%s: %q, want %q", v.name, fault, want)
		}
	}
	c.views()[1].close(first)
	for _, v := range c.views() {
		v.close(v.mustOpen("default"))
	}
}

func TestLargeResults(t *testing.T) {
	stores := new(keyvalue.Stores)
	stores.Add("default", large{keyvalue.Memory()})
	eachView(t, stores, func(t *testing.T, v *view) {
		s := v.mustOpen("default")
		want := v.cases[len(v.cases)-1] + ":query result exceeds limit of 134217728 bytes"
		if _, fault := v.doGet(s, "k"); fault != want {
			t.Errorf("get: %q, want %q", fault, want)
		}
		if v.stream {
			return // keys are as long as the guest reads them
		}
		if _, fault := v.doKeys(s); fault != want {
			t.Errorf("keys: %q, want %q", fault, want)
		}
	})
}

// large is a Store whose values are too large, and its keys together.
type large struct{ keyvalue.Store }

func (large) Get(context.Context, string) ([]byte, bool, error) {
	return make([]byte, keyvalue.MaxResult+1), true, nil
}

func (large) Keys(context.Context) iter.Seq2[string, error] {
	key := strings.Repeat("k", 1<<20)
	return func(yield func(string, error) bool) {
		for range 200 {
			if !yield(key, nil) {
				return
			}
		}
	}
}

func TestKeysThatAreNoText(t *testing.T) {
	stores := new(keyvalue.Stores)
	m := keyvalue.Memory()
	must(t, m.Set(ctx, "\xff", nil))
	stores.Add("default", m)
	eachView(t, stores, func(t *testing.T, v *view) {
		want := v.cases[len(v.cases)-1] + ":a key of the store is not UTF-8"
		if _, fault := v.doKeys(v.mustOpen("default")); fault != want {
			t.Errorf("keys: %q, want %q", fault, want)
		}
	})
}

func TestOperationsAreLimited(t *testing.T) {
	slow := slowStore{keyvalue.Memory(), make(chan struct{}), make(chan struct{})}
	stores := new(keyvalue.Stores)
	stores.Add("default", slow)
	stores.LimitOperations(1, time.Millisecond)
	inside := newComponent(t, stores, "default").views()[1]
	done := make(chan string)
	s := inside.mustOpen("default")
	go func() { done <- inside.doSet(s, "k", "v") }()
	<-slow.entered
	eachView(t, stores, func(t *testing.T, v *view) {
		s := v.mustOpen("default")
		want := v.cases[len(v.cases)-1] + ":too many requests"
		_, get := v.doGet(s, "k")
		_, exists := v.doExists(s, "k")
		_, keys := v.doKeys(s)
		for what, got := range map[string]string{
			"get": get, "exists": exists, "keys": keys, "set": v.doSet(s, "k", ""), "delete": v.doDelete(s, "k"),
		} {
			if got != want {
				t.Errorf("%s: %q, want %q", what, got, want)
			}
		}
	})
	close(slow.leave)
	if fault := <-done; fault != "" {
		t.Error(fault)
	}
	if got, fault := inside.doGet(s, "k"); got != "v" || fault != "" {
		t.Errorf("get when the other is through: %q %s", got, fault)
	}
}

// slowStore sets when it is told to.
type slowStore struct {
	keyvalue.Store
	entered, leave chan struct{}
}

func (s slowStore) Set(ctx context.Context, key string, value []byte) error {
	close(s.entered)
	<-s.leave
	return s.Store.Set(ctx, key, value)
}

var _ io.Closer = (*keyvalue.Stores)(nil)
