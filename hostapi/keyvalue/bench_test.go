package keyvalue_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/spinhost/spin/hostapi/keyvalue"
)

// benchStores are the stores that are measured, with 1000 values of 100 bytes.
func benchStores(b *testing.B, run func(*testing.B, fullStore)) {
	fill := func(b *testing.B, s fullStore) fullStore {
		var pairs []keyvalue.Pair
		for i := range 1000 {
			pairs = append(pairs, keyvalue.Pair{Key: fmt.Sprint("key-", i), Value: make([]byte, 100)})
		}
		must(b, s.SetMany(ctx, pairs))
		return s
	}
	b.Run("memory", func(b *testing.B) { run(b, fill(b, keyvalue.Memory())) })
	b.Run("file", func(b *testing.B) {
		run(b, fill(b, openFile(b, filepath.Join(b.TempDir(), "kv.db"), nil).Store("s")))
	})
	b.Run("file-full-sync", func(b *testing.B) {
		f := openFile(b, filepath.Join(b.TempDir(), "kv.db"), &keyvalue.FileConfig{FullSync: true})
		run(b, fill(b, f.Store("s")))
	})
}

func BenchmarkGet(b *testing.B) {
	benchStores(b, func(b *testing.B, s fullStore) {
		b.ReportAllocs()
		for b.Loop() {
			if v, _, err := s.Get(ctx, "key-500"); err != nil || len(v) != 100 {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkSet(b *testing.B) {
	benchStores(b, func(b *testing.B, s fullStore) {
		b.ReportAllocs()
		value := make([]byte, 100)
		for b.Loop() {
			value[0]++ // SQLite writes nothing if nothing changes
			must(b, s.Set(ctx, "key-500", value))
		}
	})
}

func BenchmarkIncrement(b *testing.B) {
	benchStores(b, func(b *testing.B, s fullStore) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := s.Increment(ctx, "count", 1); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkKeys(b *testing.B) {
	benchStores(b, func(b *testing.B, s fullStore) {
		b.ReportAllocs()
		for b.Loop() {
			if n := len(keys(b, s)); n < 1000 {
				b.Fatal(n)
			}
		}
	})
}
