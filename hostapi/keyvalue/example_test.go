package keyvalue_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/keyvalue"
)

// A host that is made of single parts grants stores to the scope of each component.
func ExampleProvide() {
	var stores keyvalue.Stores
	stores.Add("sessions", keyvalue.Memory())
	defer stores.Close()

	scope := &hostapi.Scope{App: "shop", Component: "cart"}
	keyvalue.Provide(scope, &stores, []string{"sessions"})
	for _, i := range keyvalue.Interfaces() {
		if bound, err := i.Bind(scope); err == nil {
			fmt.Println(bound.ID, len(bound.Funcs))
		}
	}
	// Output:
	// fermyon:spin/key-value 7
	// fermyon:spin/key-value@2.0.0 6
	// spin:key-value/key-value@3.0.0 6
	// wasi:keyvalue/store@0.2.0-draft2 6
	// wasi:keyvalue/batch@0.2.0-draft2 3
	// wasi:keyvalue/atomics@0.2.0-draft2 4
}

// All interfaces belong to one capability set.
func ExampleInterfaces() {
	registry := hostapi.NewRegistry(keyvalue.Interfaces()...)
	i, ok := registry.Lookup("spin:key-value/key-value@3.0.0")
	fmt.Println(ok, i.Capability)
	// Output: true key_value_stores
}

// Stores of several labels live in one file, which Spin can open too.
func ExampleOpenFile() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	f, err := keyvalue.OpenFile(ctx, filepath.Join(dir, ".spin", "sqlite_key_value.db"), nil)
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	if err := f.Store("default").Set(ctx, "greeting", []byte("hello")); err != nil {
		log.Fatal(err)
	}
	v, ok, err := f.Store("default").Get(ctx, "greeting")
	fmt.Printf("%s %v %v\n", v, ok, err)
	_, ok, err = f.Store("sessions").Get(ctx, "greeting")
	fmt.Println(ok, err)
	// Output:
	// hello true <nil>
	// false <nil>
}

func ExampleMemory() {
	ctx := context.Background()
	m := keyvalue.Memory()
	for range 3 {
		if _, err := m.Increment(ctx, "visits", 1); err != nil {
			log.Fatal(err)
		}
	}
	swapped, err := m.CompareAndSwap(ctx, "owner", nil, false, []byte("me"))
	fmt.Println(swapped, err)
	for key, err := range m.Keys(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		if key == "visits" {
			fmt.Println(m.Get(ctx, key))
		}
	}
	// Output:
	// true <nil>
	// [3 0 0 0 0 0 0 0] true <nil>
}

// A store that is opened when the first guest asks for it, and closed with the others.
func ExampleStores_AddFunc() {
	var stores keyvalue.Stores
	stores.AddFunc("sessions", func(context.Context) (keyvalue.Store, error) {
		fmt.Println("opening")
		return keyvalue.Memory(), nil
	})
	fmt.Println(stores.Labels())
	_, err := stores.Open(context.Background(), "sessions")
	fmt.Println(err)
	_, err = stores.Open(context.Background(), "session")
	fmt.Println(errors.Is(err, keyvalue.ErrNoStore), err)
	fmt.Println(stores.Close())
	// Output:
	// [sessions]
	// opening
	// <nil>
	// true no such key-value store: "session"
	// <nil>
}

// At most ten operations at once; others wait for a second.
func ExampleStores_LimitOperations() {
	var stores keyvalue.Stores
	stores.LimitOperations(10, time.Second)
	stores.Add("default", keyvalue.Memory())
	fmt.Println(stores.Labels())
	// Output: [default]
}
