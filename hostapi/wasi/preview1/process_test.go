package preview1_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/internal/guesttest"
	"github.com/spinhost/spin/hostapi/wasi/cli"
	"github.com/spinhost/spin/hostapi/wasi/preview1"
)

func TestArgumentsAndVariablesEndWithZeros(t *testing.T) {
	s := &hostapi.Scope{Environment: []hostapi.EnvVar{{Name: "A", Value: "of the component"}, {Name: "B", Value: ""}}}
	g := start(t, s, &hostapi.Command{Args: []string{"prog", "", "é"}, Env: []hostapi.EnvVar{{Name: "A", Value: "1"}}})
	for name, want := range map[string]string{"args": "prog\x00\x00é\x00", "environ": "B=\x00A=1\x00"} {
		n := g.room(8)
		g.ok(name+"_sizes_get", n, n+4)
		count, size := g.U32(uint32(n)), g.U32(uint32(n)+4)
		if int(count) != strings.Count(want, "\x00") || int(size) != len(want) {
			t.Errorf("%s: %d texts of %d bytes", name, count, size)
		}
		list, data := g.room(4*count), g.room(size)
		g.ok(name+"_get", list, data)
		if got := g.text(data, size); got != want {
			t.Errorf("%s: %q", name, got)
		}
		for i := range count {
			if at := g.U32(uint32(list) + 4*i); i > 0 && g.text(uint64(at)-1, 1) != "\x00" || at < uint32(data) || at >= uint32(data)+size {
				t.Errorf("%s: text %d is at %d", name, i, at)
			}
		}
	}
}

func TestStandardStreams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out, errs bytes.Buffer
		g := start(t, &hostapi.Scope{Stdout: &out}, &hostapi.Command{
			Stdin: iotest.HalfReader(strings.NewReader("an input of several reads")), Stderr: &errs,
		})
		if n := g.write(1, "to stdout"); n != 9 || out.String() != "to stdout" {
			t.Errorf("%d bytes written, %q", n, &out)
		}
		if n := g.write(2, "to stderr"); n != 9 || errs.String() != "to stderr" {
			t.Errorf("%d bytes written, %q", n, &errs)
		}
		g.write(1, "")
		var all string
		for {
			s := g.read(0, 7)
			if all += s; s == "" {
				break
			}
		}
		if all != "an input of several reads" {
			t.Errorf("read %q", all)
		}
		list, _ := g.PutU32(g.room(4), 4)
		g.fails(badf, "fd_write", 0, list, 1, g.room(4))
		g.fails(badf, "fd_read", 1, list, 1, g.room(4))
		g.fails(spipe, "fd_seek", 1, 0, 0, g.room(8))
		g.fails(spipe, "fd_pread", 0, list, 1, 0, g.room(4))
		g.fails(spipe, "fd_tell", 0, g.room(8))
		g.fails(notdir, "path_create_directory", 1, list, 1)
		g.fails(inval, "fd_read", 0, list, 2000, g.room(4))
		stat := g.room(64)
		for fd := range uint64(3) {
			g.ok("fd_fdstat_get", fd, stat)
			if g.U8(uint32(stat)) != 2 {
				t.Errorf("descriptor %d is of type %d", fd, g.U8(uint32(stat)))
			}
			g.ok("fd_filestat_get", fd, stat)
			g.fails(badf, "fd_prestat_get", fd, stat)
			g.fails(notsock, "sock_shutdown", fd, 1)
		}
		g.ok("fd_close", 1)
		g.fails(badf, "fd_write", 1, list, 1, g.room(4))
		g.ok("fd_renumber", 2, 0)
		g.fails(badf, "fd_close", 2)
		g.write(0, " again")
		if errs.String() != "to stderr again" {
			t.Errorf("%q after a renumbering", &errs)
		}
		g.fails(badf, "fd_renumber", 0, 77)
		g.fails(badf, "sock_accept", 1<<31, 0, g.room(4))
	})
}

func TestBrokenStreams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := start(t, &hostapi.Scope{Stdout: failing{io.ErrClosedPipe}, Stderr: failing{errors.New("disk full")}},
			&hostapi.Command{Stdin: iotest.ErrReader(errors.New("no line"))})
		a, n := g.Put("text")
		list, _ := g.PutU32(a, n)
		g.fails(64, "fd_write", 1, list, 1, g.room(4))
		g.fails(29, "fd_write", 2, list, 1, g.room(4))
		g.fails(29, "fd_read", 0, list, 1, g.room(4))
	})
}

type failing struct{ error }

func (f failing) Write([]byte) (int, error) { return 0, f.error }

func TestAStreamMayNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, w := io.Pipe()
		g := start(t, &hostapi.Scope{}, &hostapi.Command{Stdin: in})
		g.fails(inval, "fd_fdstat_set_flags", 0, 1<<5)
		g.fails(notsup, "fd_fdstat_set_flags", 0, 1<<4)
		g.fails(notsup, "fd_fdstat_set_rights", 0, 0, 0)
		g.ok("fd_fdstat_set_flags", 0, 1<<2)
		list, _ := g.PutU32(g.room(8), 8)
		at := g.room(4)
		g.fails(again, "fd_read", 0, list, 1, at)
		w.Write([]byte("now"))
		synctest.Wait()
		g.ok("fd_read", 0, list, 1, at)
		if n := g.U32(uint32(at)); n != 3 {
			t.Errorf("read %d bytes", n)
		}
		w.Close()
	})
}

func TestClocks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := start(t, &hostapi.Scope{}, nil)
		at := g.room(8)
		for clock := range uint64(2) {
			g.ok("clock_res_get", clock, at)
			if r := g.U64(uint32(at)); r != 1 {
				t.Errorf("clock %d has a resolution of %d", clock, r)
			}
			g.ok("clock_time_get", clock, 0, at)
			before := g.U64(uint32(at))
			time.Sleep(3 * time.Second)
			g.ok("clock_time_get", clock, 0, at)
			if d := g.U64(uint32(at)) - before; d != 3e9 {
				t.Errorf("clock %d went on by %d", clock, d)
			}
		}
		g.ok("clock_time_get", 0, 0, at)
		if got := g.U64(uint32(at)); got != uint64(time.Now().UnixNano()) {
			t.Errorf("it is %d", got)
		}
		g.fails(notsup, "clock_time_get", 2, 0, at)
		g.fails(inval, "clock_res_get", 4, at)
	})
}

func TestExitEndsTheInstance(t *testing.T) {
	g := start(t, &hostapi.Scope{}, nil)
	for code, want := range map[uint64]uint8{0: 0, 7: 7, 256: 255} {
		_, err := g.Call(preview1.Module+"#proc_exit", code)
		var exit *cli.ExitError
		if !errors.As(err, &exit) || exit.Code != want {
			t.Errorf("proc_exit(%d) = %v", code, err)
		}
	}
	g.fails(notsup, "proc_raise", 9)
	g.ok("sched_yield")
	at := g.room(32)
	g.ok("random_get", at, 32)
	if strings.Count(g.text(at, 32), "\x00") > 16 {
		t.Error("hardly random")
	}
}

// Outside of an instance there is nowhere to keep descriptors.
func TestPreview1NeedsAnInstance(t *testing.T) {
	g := &guest{guesttest.New(t, &hostapi.Scope{}, preview1.Interfaces()), t}
	g.SetContext(context.Background())
	if _, err := g.Call(preview1.Module + "#sched_yield"); err == nil {
		t.Error("it does not")
	}
}

func TestAddressesOutOfBoundsTrap(t *testing.T) {
	g, _ := withFiles(t, true)
	const end = 1 << 16
	list, _ := g.PutU32(end-2, 4)
	for _, c := range [][]any{
		{"args_sizes_get", end - 3, 0}, {"environ_sizes_get", 0, 1<<32 - 1}, {"clock_time_get", 0, 0, end - 7},
		{"fd_read", 0, end - 4, 1, 0}, {"fd_read", 0, int(list), 1, 0}, {"fd_write", 1, int(list), 1, 0},
		{"fd_write", 1, 8, 0, end - 3}, {"fd_filestat_get", 3, end - 63}, {"fd_fdstat_get", 3, end - 23},
		{"fd_prestat_get", 3, end - 7}, {"fd_prestat_dir_name", 3, end - 4, 5}, {"fd_readdir", 3, end - 9, 10, 0, 0},
		{"path_create_directory", 3, end - 3, 4}, {"path_readlink", 3, 8, 1, end - 1, 2, 0}, {"path_open", 3, 0, 8, 1, 0, 0, 0, 0, end - 3},
		{"poll_oneoff", end - 47, 0, 1, 0}, {"poll_oneoff", 0, end - 31, 1, 0}, {"random_get", end - 1, 2}, {"random_get", 0, 1<<32 - 1},
	} {
		var args []uint64
		for _, a := range c[1:] {
			args = append(args, uint64(a.(int)))
		}
		if e, err := g.Call(preview1.Module+"#"+c[0].(string), args...); !errors.Is(err, abi.ErrTrap) {
			t.Errorf("%v = %d, %v", c, e, err)
		}
	}
}
