package mounts_test

import (
	"context"
	"fmt"
	"io/fs"
	"testing/fstest"

	"github.com/spinhost/spin/internal/mounts"
)

var shop = fstest.MapFS{
	"assets/index.html":   {Data: []byte("<h1>Shop</h1>")},
	"assets/app.js":       {},
	"assets/app.js.map":   {},
	"assets/img/logo.svg": {},
}

func ExampleCopied() {
	tree, err := mounts.Copied(context.Background(), shop, mounts.Spec{
		Files:   []mounts.Entry{{Source: "assets", Destination: "/", Table: true}},
		Exclude: []mounts.Exclude{{Pattern: "assets/*.map"}},
	})
	if err != nil {
		panic(err)
	}
	for _, f := range tree.Files() {
		fmt.Println(f.Guest, "is", f.Source)
	}
	data, err := fs.ReadFile(tree, "index.html")
	fmt.Println(string(data), err)
	// Output:
	// /app.js is assets/app.js
	// /img/logo.svg is assets/img/logo.svg
	// /index.html is assets/index.html
	// <h1>Shop</h1> <nil>
}

func ExampleDirect() {
	list, err := mounts.Direct(shop, mounts.Spec{Files: []mounts.Entry{{Source: "assets/img", Destination: "/img", Table: true}}})
	if err != nil {
		panic(err)
	}
	items, err := fs.ReadDir(list[0].FS, ".")
	fmt.Println(list[0].Guest, len(items), err)

	_, err = mounts.Direct(shop, mounts.Spec{Files: []mounts.Entry{
		{Source: "asets", Pos: mounts.Position{File: "spin.toml", Line: 9, Column: 10}},
	}})
	fmt.Println(err)
	// Output:
	// /img 1 <nil>
	// spin.toml:9:10: files: "asets" does not exist: name a folder below that of the manifest
}
