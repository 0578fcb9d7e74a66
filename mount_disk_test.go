package spin_test

import (
	"context"
	"errors"
	"io/fs"
	"runtime"
	"sync"
	"testing"

	"github.com/spinhost/spin"
)

func TestOpenFilesAreBounded(t *testing.T) {
	eachSite(t, siteKeys, spin.Config{Limits: spin.Limits{OpenFiles: 1}}, func(t *testing.T, app *spin.App, _ string) {
		for range 3 { // what was open is closed
			wantText(t, app, "/3/read?path=words.txt", "read: \"hello\"\n")
			wantText(t, app, "/3/list?path=css", "list: error ErrorCode::Other(Some(\"too-many-open-files\"))\n")
			wantText(t, app, "/2/list?path=/css", "list: error OutOfMemory\n")
		}
	})
}

// slowDisk is a file system with a file that takes long to open.
type slowDisk struct {
	fs.FS
	entered chan struct{} // told of each that tries
	ready   chan struct{} // closed when it can be opened
}

func (d slowDisk) Open(name string) (fs.File, error) {
	if name == "assets/css/main.css" {
		d.entered <- struct{}{}
		<-d.ready
	}
	return d.FS.Open(name)
}

// Stat implements fs.StatFS, so that nothing is opened for it.
func (d slowDisk) Stat(name string) (fs.FileInfo, error) { return fs.Stat(d.FS, name) }

// Guests that wait for a disk hold nobody up: neither the other requests of a shared instance nor
// other instances, of which more can wait than run at once.
func TestSlowDisksHoldNobodyUp(t *testing.T) {
	disk := slowDisk{site(t, siteKeys), make(chan struct{}), make(chan struct{})}
	app, err := spin.Load(t.Context(), "spin.toml", &spin.Config{
		FS: disk, Components: map[string]spin.ComponentConfig{"files-p3": {MaxInstances: 1}},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer closeApp(t, app)
	var group sync.WaitGroup
	slow := []string{"/3/read?path=css/main.css"}
	for range 8 * runtime.GOMAXPROCS(0) {
		slow = append(slow, "/2/read?path=/css/main.css")
	}
	for _, target := range slow {
		group.Go(func() { wantText(t, app, target, "read: \"body {}\"\n") })
		<-disk.entered
	}
	wantText(t, app, "/3/read?path=words.txt", "read: \"hello\"\n")
	wantText(t, app, "/2/read?path=/words.txt", "read: \"hello\"\n")
	close(disk.ready)
	group.Wait()
}

// A guest that is ended while it waits for a disk leaves nothing open: what comes of the disk then
// is closed.
func TestFilesThatAreOpenedTooLateAreClosed(t *testing.T) {
	disk := slowDisk{site(t, siteKeys), make(chan struct{}), make(chan struct{})}
	closed := make(chan struct{}, 1)
	app, err := spin.Load(t.Context(), "spin.toml", &spin.Config{FS: watchedDisk{disk, closed}})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		ask(app, "/2/read?path=/css/main.css")
		close(done)
	}()
	<-disk.entered
	ctx, stop := context.WithCancel(t.Context())
	stop()
	over := make(chan error)
	go func() { over <- app.Close(ctx) }() // ends the guest
	<-done
	close(disk.ready)
	<-closed
	if err := <-over; !errors.Is(err, context.Canceled) {
		t.Errorf("Close: %v", err)
	}
}

// watchedDisk tells of the file of a slowDisk when it is closed.
type watchedDisk struct {
	slowDisk
	closed chan struct{}
}

func (c watchedDisk) Open(name string) (fs.File, error) {
	f, err := c.slowDisk.Open(name)
	if name == "assets/css/main.css" {
		f = watchedFile{f, c.closed}
	}
	return f, err
}

type watchedFile struct {
	fs.File
	closed chan struct{}
}

func (f watchedFile) Close() error {
	f.closed <- struct{}{}
	return f.File.Close()
}
