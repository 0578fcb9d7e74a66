package filesystem_test

import (
	"fmt"
	"os"
	"testing/fstest"

	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/wasi/filesystem"
)

func ExampleInterfaces() {
	registry := hostapi.NewRegistry(filesystem.Interfaces()...)
	preopens, _ := registry.Lookup("wasi:filesystem/preopens@0.2.12")
	fmt.Println(preopens.Capability)
	// Output: files
}

// Give a component files to read, such as those of an embed.FS.
func ExampleProvide() {
	assets := fstest.MapFS{"index.html": {Data: []byte("<h1>Hello</h1>")}}
	scope := &hostapi.Scope{Component: "site"}
	filesystem.Provide(scope, []filesystem.Mount{{Path: "/", Volume: filesystem.FS(assets)}}, 0)
	fmt.Println(len(filesystem.Mounts(scope)))
	// Output: 1
}

// Give a component a folder in which it can write.
func ExampleRoot() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	root, err := os.OpenRoot(dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	volume := filesystem.Root(root, true)
	defer volume.Close() // after the app
	filesystem.Provide(new(hostapi.Scope), []filesystem.Mount{{Path: "/data", Volume: volume}}, 0)
	fmt.Println(volume.Writable())
	// Output: true
}

func ExampleFS() {
	fmt.Println(filesystem.FS(fstest.MapFS{}).Writable())
	// Output: false
}
