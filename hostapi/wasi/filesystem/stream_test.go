package filesystem_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/spinhost/spin/hostapi/wasi/filesystem"
	"github.com/spinhost/spin/hostapi/wasi/io"
	p2fs "github.com/spinhost/spin/hostapi/wasi/p2/filesystem"
	"github.com/spinhost/spin/internal/guestfs"
)

// Errors that a disk has come out at the end of a stream.
func TestStreamsTellWhyTheyFail(t *testing.T) {
	for _, v := range versions {
		g := newGuest(t, v, filesystem.Mount{Path: "/", Volume: filesystem.FS(broken{fstest.MapFS{"f": {Data: []byte("x")}}})})
		f := g.open(g.preopens()["/"], "f", 0, read)
		if got, code := g.read(f, 0); got != "" || code != "no-device" {
			t.Errorf("%s: %q, %q", v, got, code)
		}
	}
}

// broken has files that cannot be read.
type broken struct{ fs.FS }

func (b broken) Open(name string) (fs.File, error) {
	f, err := b.FS.Open(name)
	return brokenFile{f}, err
}

type brokenFile struct{ fs.File }

func (brokenFile) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: "f", Err: syscall.ENODEV}
}

// Streams do not need the descriptor that they come from, and free it when they are dropped.
func TestStreamsOutliveTheirDescriptor(t *testing.T) {
	each(t, func(t *testing.T, g *guest, top uint64, dir string) {
		put(t, dir, "big", strings.Repeat("x", 1<<20))
		f := g.open(top, "big", 0, read)
		if g.three {
			p, err := g.Load(g.name("read-via-stream"), f, 0)
			if err != nil {
				t.Fatal(err)
			}
			g.Drop(f)
			stream, end := g.Reader(g.U32(p)), g.Reader(g.U32(p+4))
			if _, n := stream.Next(100, 1); n != 100 {
				t.Errorf("%d bytes", n)
			}
			stream.Drop()
			if code := g.outcome(end); code != "" {
				t.Errorf("a stream that is dropped ends with %q", code)
			}
		} else {
			p, _ := g.call("read-via-stream", 4, f, 0)
			stream := uint64(g.U32(p))
			g.Drop(f)
			p, err := g.Load("wasi:io/streams@"+g.version+"#[method]input-stream.blocking-read", stream, 100)
			if err != nil || g.U8(p) != 0 || len(g.Text(p+4)) != 100 {
				t.Errorf("read: %v", err)
			}
			g.Drop(stream)
		}
		w := g.open(top, "hello.txt", truncate, write)
		if g.three {
			handle, stream := g.Stream()
			end, err := g.Call(g.name("write-via-stream"), w, handle, 0)
			if err != nil {
				t.Fatal(err)
			}
			g.Drop(w)
			stream.Write([]byte("late"))
			stream.Close()
			if code := g.outcome(g.Reader(uint32(end))); code != "" {
				t.Error(code)
			}
		} else {
			p, _ := g.call("append-via-stream", 4, w)
			stream := uint64(g.U32(p))
			g.Drop(w)
			ptr, n := g.Put("late")
			if _, err := g.Load("wasi:io/streams@"+g.version+"#[method]output-stream.blocking-write-and-flush", stream, ptr, n); err != nil {
				t.Error(err)
			}
			g.Drop(stream)
		}
		if got := text(t, dir, "hello.txt"); got != "late" {
			t.Errorf("there is %q", got)
		}
		for range 5000 { // closing happens on goroutines
			if filesystem.Open(g.scope, g.ctx) == 0 {
				return
			}
			time.Sleep(time.Millisecond)
		}
		t.Errorf("%d descriptors are left", filesystem.Open(g.scope, g.ctx))
	})
}

func TestErrorCodesOfStreams(t *testing.T) {
	_, missing := os.Open("/no such file")
	for _, c := range []struct {
		err  error
		want p2fs.ErrorCode
		none bool
	}{
		{err: p2fs.ErrorCodeQuota, want: p2fs.ErrorCodeQuota},
		{err: fmt.Errorf("write: %w", p2fs.ErrorCodeReadOnly), want: p2fs.ErrorCodeReadOnly},
		{err: guestfs.FileTooLarge, want: p2fs.ErrorCodeFileTooLarge},
		{err: guestfs.TooManyOpen, want: p2fs.ErrorCodeInsufficientMemory},
		{err: missing, want: p2fs.ErrorCodeNoEntry},
		{err: &fs.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}, want: p2fs.ErrorCodeInsufficientSpace},
		{err: &fs.PathError{Op: "write", Path: "x", Err: syscall.EACCES}, want: p2fs.ErrorCodeAccess},
		{err: &fs.PathError{Op: "open", Path: "x", Err: fs.ErrNotExist}, want: p2fs.ErrorCodeNoEntry},
		{err: &fs.PathError{Op: "open", Path: "x", Err: fs.ErrExist}, want: p2fs.ErrorCodeExist},
		{err: &fs.PathError{Op: "open", Path: "x", Err: fs.ErrPermission}, want: p2fs.ErrorCodeNotPermitted},
		{err: &fs.PathError{Op: "open", Path: "x", Err: fs.ErrInvalid}, want: p2fs.ErrorCodeInvalid},
		{err: &fs.PathError{Op: "read", Path: "x", Err: fs.ErrClosed}, want: p2fs.ErrorCodeBadDescriptor},
		{err: &fs.PathError{Op: "read", Path: "x", Err: errors.New("odd")}, want: p2fs.ErrorCodeIO},
		{err: &fs.PathError{Op: "read", Path: "x", Err: syscall.Errno(54321)}, want: p2fs.ErrorCodeIO},
		{err: errors.New("connection reset by peer"), none: true},
		{err: syscall.ECONNRESET, none: true},
	} {
		g := newGuest(t, versions[0])
		p, err := g.Load("wasi:filesystem/types@0.2.12#filesystem-error-code", g.Add(io.NewError(c.err), "wasi:io/error@0.2.12#error"))
		if err != nil {
			t.Fatal(err)
		}
		some, code := g.U8(p) == 1, p2fs.ErrorCode(g.U8(p+1))
		if some == c.none || some && code != c.want {
			t.Errorf("code of %v = %v, %v; want %v", c.err, some, code, c.want)
		}
	}
}
