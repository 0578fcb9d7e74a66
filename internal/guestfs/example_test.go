package guestfs_test

import (
	"fmt"
	"os"
	"testing/fstest"

	"github.com/spinhost/spin/internal/guestfs"
)

// Read a file of a folder as a guest does.
func ExampleVolume_Open() {
	volume := guestfs.FromFS(fstest.MapFS{"docs/a.txt": {Data: []byte("hello")}})
	top := volume.Open(guestfs.NewQuota(0)) // one for each guest
	defer top.Close()

	f, err := top.OpenAt("docs/a.txt", guestfs.OpenOptions{Follow: true, Read: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer f.Close()
	text := make([]byte, 100)
	n, err := f.ReadAt(text, 1)
	fmt.Printf("%s %v\n", text[:n], err)

	_, err = top.OpenAt("../secret", guestfs.OpenOptions{})
	fmt.Println(err)
	// Output:
	// ello EOF
	// not-permitted
}

// Let guests write into a folder.
func ExampleFromRoot() {
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
	volume := guestfs.FromRoot(root, true)
	defer volume.Close()

	top := volume.Open(guestfs.NewQuota(0))
	fmt.Println(top.MkdirAt("new"), top.MkdirAt("new"))
	// Output: <nil> exist
}
