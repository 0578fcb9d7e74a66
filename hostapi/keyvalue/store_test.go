package keyvalue_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/spinhost/spin/hostapi/keyvalue"
)

var ctx = context.Background()

// fullStore can do everything in one step.
type fullStore interface {
	keyvalue.Store
	keyvalue.Batcher
	keyvalue.Incrementer
	keyvalue.Swapper
}

func openFile(t testing.TB, path string, cfg *keyvalue.FileConfig) *keyvalue.File {
	t.Helper()
	f, err := keyvalue.OpenFile(ctx, path, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

// eachStore runs a test with an empty store of every kind.
func eachStore(t *testing.T, test func(*testing.T, fullStore)) {
	t.Run("memory", func(t *testing.T) { test(t, keyvalue.Memory()) })
	t.Run("file", func(t *testing.T) {
		f := openFile(t, filepath.Join(t.TempDir(), "kv.db"), nil)
		if err := f.Store("other").Set(ctx, "theirs", []byte("x")); err != nil {
			t.Fatal(err)
		}
		test(t, f.Store("mine"))
	})
}

func keys(t testing.TB, s keyvalue.Store) []string {
	t.Helper()
	var list []string
	for k, err := range s.Keys(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, k)
	}
	slices.Sort(list)
	return list
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// holds checks what is under a key; "none" is nothing.
func holds(t testing.TB, s keyvalue.Store, key, want string) {
	t.Helper()
	v, ok, err := s.Get(ctx, key)
	if got := string(v); err != nil || ok != (want != "none") || ok && got != want {
		t.Errorf("get(%q) = %q, %v, %v, want %q", key, v, ok, err, want)
	}
	if ok && v == nil {
		t.Errorf("get(%q) is nil and there", key)
	}
	if there, err := s.Exists(ctx, key); err != nil || there != ok {
		t.Errorf("exists(%q) = %v, %v, but get says %v", key, there, err, ok)
	}
}

func TestStoresKeepWhatIsSet(t *testing.T) {
	eachStore(t, func(t *testing.T, s fullStore) {
		holds(t, s, "theirs", "none")
		for _, key := range []string{"", "a", "A", "ä", "a\x00b", "a\x00", "42", "' OR 1=1 --", strings.Repeat("long", 10000)} {
			holds(t, s, key, "none")
			must(t, s.Delete(ctx, key))
			for _, value := range []string{"v", "", "\x00\xff", strings.Repeat("x", 1<<20), "w"} {
				must(t, s.Set(ctx, key, []byte(value)))
				holds(t, s, key, value)
			}
		}
		must(t, s.Set(ctx, "nil", nil))
		holds(t, s, "nil", "")
		if n := len(keys(t, s)); n != 10 {
			t.Errorf("%d keys, want 10", n)
		}
		for _, k := range keys(t, s) {
			must(t, s.Delete(ctx, k))
			must(t, s.Delete(ctx, k))
			holds(t, s, k, "none")
		}
		if k := keys(t, s); len(k) != 0 {
			t.Errorf("left: %q", k)
		}
	})
}

func TestValuesAreTheCallers(t *testing.T) {
	eachStore(t, func(t *testing.T, s fullStore) {
		in := []byte("one")
		must(t, s.Set(ctx, "k", in))
		in[0] = 'X'
		out, _, _ := s.Get(ctx, "k")
		out[1] = 'X'
		many, err := s.GetMany(ctx, []string{"k"})
		must(t, err)
		many[0].Value[2] = 'X'
		holds(t, s, "k", "one")
	})
}

func TestKeysAreListedWhileTheStoreIsUsed(t *testing.T) {
	eachStore(t, func(t *testing.T, s fullStore) {
		const n = 1000 // several pages
		var pairs []keyvalue.Pair
		for i := range n {
			pairs = append(pairs, keyvalue.Pair{Key: fmt.Sprintf("key-%04d", i), Value: []byte{1}})
		}
		must(t, s.SetMany(ctx, pairs))
		seen := map[string]int{}
		for k, err := range s.Keys(ctx) {
			must(t, err)
			seen[k]++
			must(t, s.Set(ctx, k, []byte{2}))
			must(t, s.Delete(ctx, k))
		}
		if len(seen) != n {
			t.Errorf("%d keys, want %d", len(seen), n)
		}
		for k, n := range seen {
			if n != 1 {
				t.Errorf("%s came %d times", k, n)
			}
		}
		if k := keys(t, s); len(k) != 0 {
			t.Errorf("left: %q", k)
		}
	})
}

func TestListingOfLongKeysAndItsEnd(t *testing.T) {
	eachStore(t, func(t *testing.T, s fullStore) {
		for i := range 5 {
			must(t, s.Set(ctx, fmt.Sprint(i, strings.Repeat("k", 700_000)), nil))
		}
		if n := len(keys(t, s)); n != 5 {
			t.Errorf("%d keys, want 5", n)
		}
		over, stop := context.WithCancel(ctx)
		stop()
		var err error
		for _, err = range s.Keys(over) {
		}
		if !errors.Is(err, context.Canceled) {
			t.Errorf("a listing whose context is over: %v", err)
		}
	})
}

func TestBatches(t *testing.T) {
	eachStore(t, func(t *testing.T, s fullStore) {
		must(t, s.SetMany(ctx, []keyvalue.Pair{{"a", []byte("1")}, {"b", nil}, {"a", []byte("2")}}))
		holds(t, s, "a", "2")
		holds(t, s, "b", "")
		got, err := s.GetMany(ctx, []string{"b", "none", "a"})
		must(t, err)
		slices.SortFunc(got, func(a, b keyvalue.Pair) int { return strings.Compare(a.Key, b.Key) })
		if s := fmt.Sprintf("%q", got); s != `[{"a" "2"} {"b" ""}]` {
			t.Errorf("get-many: %s", s)
		}
		must(t, s.DeleteMany(ctx, []string{"a", "none", "a"}))
		if k := fmt.Sprint(keys(t, s)); k != "[b]" {
			t.Errorf("left: %s", k)
		}
	})
}

func TestIncrement(t *testing.T) {
	eachStore(t, func(t *testing.T, s fullStore) {
		add := func(delta, want int64, cause error) {
			t.Helper()
			if n, err := s.Increment(ctx, "n", delta); n != want || !errors.Is(err, cause) {
				t.Errorf("increment by %d = %d, %v, want %d, %v", delta, n, err, want, cause)
			}
		}
		add(10, 10, nil)
		add(5, 15, nil)
		holds(t, s, "n", "\x0f\x00\x00\x00\x00\x00\x00\x00")
		add(-16, -1, nil)
		add(math.MinInt64, 0, keyvalue.ErrOverflow)
		add(0, -1, nil)
		add(math.MaxInt64, math.MaxInt64-1, nil)
		add(2, 0, keyvalue.ErrOverflow)
		add(1, math.MaxInt64, nil)
		for _, v := range []string{"", "abc", "123456789", "15"} {
			must(t, s.Set(ctx, "n", []byte(v)))
			add(1, 0, keyvalue.ErrNotNumber)
			holds(t, s, "n", v)
		}
	})
}

func TestCompareAndSwap(t *testing.T) {
	eachStore(t, func(t *testing.T, s fullStore) {
		for _, c := range []struct {
			old    string
			exists bool
			value  string
			ok     bool
		}{
			{"", true, "x", false}, {"a", true, "x", false}, {"", false, "", true},
			{"", false, "x", false}, {"", true, "a", true}, {"b", true, "x", false}, {"a", true, "b", true},
		} {
			before, there, err := s.Get(ctx, "k")
			must(t, err)
			ok, err := s.CompareAndSwap(ctx, "k", []byte(c.old), c.exists, []byte(c.value))
			if err != nil || ok != c.ok {
				t.Errorf("%+v: %v, %v", c, ok, err)
			}
			want := c.value
			if !ok {
				if want = string(before); !there {
					want = "none"
				}
			}
			holds(t, s, "k", want)
		}
	})
}

func TestNothingIsLostBetweenGoroutines(t *testing.T) {
	eachStore(t, func(t *testing.T, s fullStore) {
		const n, each = 8, 50
		var wg sync.WaitGroup
		for range n {
			wg.Go(func() {
				for range each {
					if _, err := s.Increment(ctx, "count", 1); err != nil {
						t.Error(err)
					}
					for done := false; !done; {
						old, ok, err := s.Get(ctx, "swapped")
						if err == nil {
							done, err = s.CompareAndSwap(ctx, "swapped", old, ok, append(bytes.Clone(old), 'x'))
						}
						if err != nil {
							t.Error(err)
							return
						}
					}
				}
			})
		}
		wg.Wait()
		if sum, err := s.Increment(ctx, "count", 0); err != nil || sum != n*each {
			t.Errorf("counted %d, %v, want %d", sum, err, n*each)
		}
		holds(t, s, "swapped", strings.Repeat("x", n*each))
	})
}

func TestMemoryIsBounded(t *testing.T) {
	s := keyvalue.Memory()
	s.SetMax(1000)
	value := make([]byte, 100)
	var err error
	n := 0
	for ; n < 20 && err == nil; n++ {
		err = s.Set(ctx, fmt.Sprint(n), value)
	}
	if !errors.Is(err, keyvalue.ErrFull) || n != 7 {
		t.Fatalf("%v after %d values of 100 bytes", err, n)
	}
	must(t, s.Set(ctx, "0", value[:50]))
	holds(t, s, "6", "none")
	if err := s.SetMany(ctx, []keyvalue.Pair{{"x", nil}, {"y", value}}); !errors.Is(err, keyvalue.ErrFull) {
		t.Errorf("set-many: %v", err)
	}
	holds(t, s, "x", "none")
	must(t, s.Delete(ctx, "1"))
	must(t, s.Set(ctx, "again", value))
}
