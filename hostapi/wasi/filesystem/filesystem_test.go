package filesystem_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/internal/guesttest"
	"github.com/spinhost/spin/hostapi/wasi/filesystem"
	"github.com/spinhost/spin/hostapi/wasi/io"
	p2fs "github.com/spinhost/spin/hostapi/wasi/p2/filesystem"
)

const typesID = "wasi:filesystem/types@0.2.12#"

func newGuest(t *testing.T) *guesttest.Guest {
	return guesttest.New(t, new(hostapi.Scope), append(filesystem.Interfaces(), io.Interfaces()...))
}

func TestThereAreNoDirectories(t *testing.T) {
	g := newGuest(t)
	for _, v := range []string{"0.2.12", "0.3.0", "0.3.0-rc-2026-03-15"} {
		p, err := g.Load("wasi:filesystem/preopens@" + v + "#get-directories")
		if err != nil || g.U32(p+4) != 0 {
			t.Errorf("%s: %d directories, %v", v, g.U32(p+4), err)
		}
	}
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
		g := newGuest(t)
		p, err := g.Load(typesID+"filesystem-error-code", g.Add(io.NewError(c.err), "wasi:io/error@0.2.12#error"))
		if err != nil {
			t.Fatal(err)
		}
		some, code := g.U8(p) == 1, p2fs.ErrorCode(g.U8(p+1))
		if some == c.none || some && code != c.want {
			t.Errorf("code of %v = %v, %v; want %v", c.err, some, code, c.want)
		}
	}
}

// Guests that import all of an interface have to link, and have no handle to call it with.
func TestDescriptorsCannotBeMadeUp(t *testing.T) {
	g := newGuest(t)
	stream := g.Add(io.NewInputStream(nil), "wasi:io/streams@0.2.12#input-stream")
	n := 0
	for _, name := range g.Names() {
		if !strings.HasPrefix(name, "wasi:filesystem/") || !strings.Contains(name, "[method]") {
			continue
		}
		n++
		for _, handle := range []uint64{0, 1, stream, 99, 1<<32 - 1} {
			args := make([]uint64, 16)
			args[0] = handle
			if _, err := g.Load(name, args...); !errors.Is(err, abi.ErrTrap) {
				t.Errorf("%s takes %d for a descriptor", name, handle)
			}
		}
	}
	if n != 28+2*25 {
		t.Errorf("%d methods", n)
	}
}
