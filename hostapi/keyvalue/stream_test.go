package keyvalue_test

import (
	"context"
	"fmt"
	"iter"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spinhost/spin/hostapi/keyvalue"
)

// eachListed runs a test with a store of n keys, in memory and in a file, as version 3 shows it.
func eachListed(t *testing.T, n int, test func(*testing.T, *view, uint64)) {
	eachStore(t, func(t *testing.T, s fullStore) {
		var pairs []keyvalue.Pair
		for i := range n {
			pairs = append(pairs, keyvalue.Pair{Key: fmt.Sprint("key-", i)})
		}
		must(t, s.SetMany(ctx, pairs))
		stores := new(keyvalue.Stores)
		stores.Add("default", s)
		v := newComponent(t, stores, "default").views()[2]
		test(t, v, v.mustOpen("default"))
	})
}

func TestAStreamOfKeysHasEachOnce(t *testing.T) {
	eachListed(t, 1000, func(t *testing.T, v *view, s uint64) {
		list, fault := v.readKeys(v.load(v.keys, s))
		seen := map[string]bool{}
		for _, k := range list {
			seen[k] = true
		}
		if len(list) != 1000 || len(seen) != 1000 || fault != "" {
			t.Errorf("%d keys, %d of them different, %s", len(list), len(seen), fault)
		}
	})
}

func TestAStoreIsUsedWhileItsKeysAreStreamed(t *testing.T) {
	eachListed(t, 1000, func(t *testing.T, v *view, s uint64) {
		p := v.load(v.keys, s)
		r := v.c.Reader(v.c.U32(p))
		seen := 0
		for {
			at, n := r.Next(10, 8)
			if n == 0 {
				break
			}
			for _, k := range v.c.texts(at, n) {
				seen++
				if fault := v.doSet(s, k, "seen") + v.doDelete(s, k); fault != "" {
					t.Fatal(fault)
				}
			}
		}
		if fault := v.end(p); seen != 1000 || fault != "" {
			t.Errorf("%d keys, %s", seen, fault)
		}
		if keys, fault := v.doKeys(s); keys != "[]" || fault != "" {
			t.Errorf("left: %s %s", keys, fault)
		}
	})
}

func TestAStreamOfKeysThatIsDropped(t *testing.T) {
	eachListed(t, 1000, func(t *testing.T, v *view, s uint64) {
		for _, read := range []int{0, 1, 70} {
			p := v.load(v.keys, s)
			r := v.c.Reader(v.c.U32(p))
			for n := read; n > 0; {
				_, k := r.Next(uint32(n), 8)
				n -= int(k)
			}
			v.close(v.mustOpen("default"))
			r.Drop()
			if fault := v.end(p); fault != "other:the stream of keys was dropped before its end" {
				t.Errorf("after %d keys: %q", read, fault)
			}
			if fault := v.doSet(s, "key-1", "x"); fault != "" {
				t.Errorf("later: %s", fault)
			}
		}
	})
}

func TestAStoreMayBeClosedBeforeItsStreamEnds(t *testing.T) {
	eachListed(t, 300, func(t *testing.T, v *view, s uint64) {
		p := v.load(v.keys, s)
		v.close(s)
		if list, fault := v.readKeys(p); len(list) != 300 || fault != "" {
			t.Errorf("%d keys, %s", len(list), fault)
		}
	})
}

// The producer stops when nobody reads, and is told when nobody will.
func TestAProducerOfKeysIsHeldBackAndStopped(t *testing.T) {
	endless := &endlessStore{Store: keyvalue.Memory(), stopped: make(chan struct{})}
	stores := new(keyvalue.Stores)
	stores.Add("default", endless)
	v := newComponent(t, stores, "default").views()[2]
	p := v.load(v.keys, v.mustOpen("default"))
	r := v.c.Reader(v.c.U32(p))
	r.Next(1, 8)
	r.Drop()
	<-endless.stopped
	if endless.yielded > 200 {
		t.Errorf("%d keys for one that was read", endless.yielded)
	}
	if fault := v.end(p); fault != "other:the stream of keys was dropped before its end" {
		t.Error(fault)
	}
}

type endlessStore struct {
	keyvalue.Store
	key     string
	yielded int
	stopped chan struct{}
}

func (s *endlessStore) Keys(context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		defer close(s.stopped)
		for ; yield(s.key, nil); s.yielded++ {
		}
	}
}

// Long keys do not pile up in front of a guest that does not read them.
func TestLongKeysThatWaitForTheGuestAreFew(t *testing.T) {
	endless := &endlessStore{Store: keyvalue.Memory(), key: strings.Repeat("k", 400_000), stopped: make(chan struct{})}
	stores := new(keyvalue.Stores)
	stores.Add("default", endless)
	v := newComponent(t, stores, "default").views()[2]
	p := v.load(v.keys, v.mustOpen("default"))
	r := v.c.Reader(v.c.U32(p))
	r.Next(1, 8)
	r.Drop()
	<-endless.stopped
	if endless.yielded > 10 {
		t.Errorf("%d keys of 400 kB for one that was read", endless.yielded)
	}
}

func TestStreamsEndWithTheFile(t *testing.T) {
	f := openFile(t, filepath.Join(t.TempDir(), "kv.db"), nil)
	s := f.Store("s")
	var pairs []keyvalue.Pair
	for i := range 2000 {
		pairs = append(pairs, keyvalue.Pair{Key: fmt.Sprint(i)})
	}
	must(t, s.SetMany(ctx, pairs))
	stores := new(keyvalue.Stores)
	stores.Add("default", s)
	v := newComponent(t, stores, "default").views()[2]
	p := v.load(v.keys, v.mustOpen("default"))
	v.c.Reader(v.c.U32(p)).Next(1, 8)
	must(t, f.Close())
	if list, fault := v.readKeys(p); len(list) > 1000 || fault != "other:the key-value store was closed" {
		t.Errorf("%d keys, %q", len(list), fault)
	}
}
