package cli_test

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"

	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/internal/guesttest"
	"github.com/spinhost/spin/hostapi/wasi/cli"
	wasiio "github.com/spinhost/spin/hostapi/wasi/io"
)

const (
	p2 = "@0.2.12#"
	p3 = "@0.3.0#"
	rc = "@0.3.0-rc-2026-03-15#"
)

func newGuest(t *testing.T, s *hostapi.Scope) *guesttest.Guest {
	if s.Logger == nil {
		s.Logger = slog.New(slog.DiscardHandler)
	}
	return guesttest.New(t, s, append(cli.Interfaces(), wasiio.Interfaces()...))
}

func load(t *testing.T, g *guesttest.Guest, name string, args ...uint64) uint32 {
	t.Helper()
	p, err := g.Load(name, args...)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return p
}

func TestEnvironmentIsThatOfTheScope(t *testing.T) {
	g := newGuest(t, &hostapi.Scope{Environment: []hostapi.EnvVar{{Name: "B", Value: "two=2"}, {Name: "A", Value: ""}}})
	for _, v := range []string{p2, p3, rc} {
		p := load(t, g, "wasi:cli/environment"+v+"get-environment")
		if n := g.U32(p + 4); n != 2 {
			t.Fatalf("%d variables", n)
		}
		list := g.U32(p)
		for i, want := range []string{"B", "two=2", "A", ""} {
			if got := g.Text(list + 8*uint32(i)); got != want {
				t.Errorf("text %d is %q, want %q", i, got, want)
			}
		}
		if p := load(t, g, "wasi:cli/environment"+v+"get-arguments"); g.U32(p+4) != 0 {
			t.Errorf("%d arguments", g.U32(p+4))
		}
		cwd := map[string]string{p2: "initial-cwd", p3: "get-initial-cwd", rc: "get-initial-cwd"}[v]
		if p := load(t, g, "wasi:cli/environment"+v+cwd); g.U8(p) != 0 {
			t.Error("there is a working directory")
		}
	}
}

func TestExitEndsTheGuestWithItsCode(t *testing.T) {
	g := newGuest(t, new(hostapi.Scope))
	for _, v := range []string{p2, p3, rc} {
		for status, want := range []uint8{0, 1} {
			_, err := g.Call("wasi:cli/exit"+v+"exit", uint64(status))
			var exit *cli.ExitError
			if !errors.As(err, &exit) || exit.Code != want {
				t.Errorf("exit%s of case %d = %v", v, status, err)
			}
		}
	}
	for _, v := range []string{p2, p3} {
		_, err := g.Call("wasi:cli/exit"+v+"exit-with-code", 42)
		var exit *cli.ExitError
		if !errors.As(err, &exit) || exit.Code != 42 || err.Error() != "guest exited with code 42" {
			t.Errorf("exit-with-code = %v", err)
		}
	}
	if g.Has("wasi:cli/exit" + rc + "exit-with-code") {
		t.Error("the release candidate has exit-with-code")
	}
}

func TestThereAreNoTerminals(t *testing.T) {
	g := newGuest(t, new(hostapi.Scope))
	for _, v := range []string{p2, p3, rc} {
		for _, name := range []string{"stdin", "stdout", "stderr"} {
			if p := load(t, g, "wasi:cli/terminal-"+name+v+"get-terminal-"+name); g.U8(p) != 0 {
				t.Errorf("%s%s is a terminal", name, v)
			}
		}
	}
}

func TestStdinIsEmpty(t *testing.T) {
	g := newGuest(t, new(hostapi.Scope))
	in, err := g.Call("wasi:cli/stdin" + p2 + "get-stdin")
	if err != nil {
		t.Fatal(err)
	}
	p := load(t, g, "wasi:io/streams@0.2.12#[method]input-stream.blocking-read", in, 10)
	if g.U8(p) != 1 || g.U8(p+4) != 1 {
		t.Errorf("read of stdin = case %d, error case %d, want closed", g.U8(p), g.U8(p+4))
	}
	for _, v := range []string{p3, rc} {
		p := load(t, g, "wasi:cli/stdin"+v+"read-via-stream")
		if got := g.Reader(g.U32(p)).Bytes(); len(got) > 0 {
			t.Errorf("stdin has %q", got)
		}
		if at, n := g.Reader(g.U32(p+4)).Next(1, 2); n != 1 || g.U8(at) != 0 {
			t.Errorf("reading of stdin ended with case %d", g.U8(at))
		}
	}
}

func TestP2OutputGoesToTheScope(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out, errs bytes.Buffer
		g := newGuest(t, &hostapi.Scope{Stdout: &out, Stderr: &errs})
		for name, w := range map[string]*bytes.Buffer{"stdout": &out, "stderr": &errs} {
			s, err := g.Call("wasi:cli/" + name + p2 + "get-" + name)
			if err != nil {
				t.Fatal(err)
			}
			ptr, n := g.Put("to " + name)
			p := load(t, g, "wasi:io/streams@0.2.12#[method]output-stream.blocking-write-and-flush", s, ptr, n)
			if g.U8(p) != 0 || w.String() != "to "+name {
				t.Errorf("write to %s = case %d, written %q", name, g.U8(p), w)
			}
			if err := g.Drop(s); err != nil {
				t.Error(err)
			}
		}
	})
}

// write writes pieces by write-via-stream and returns the result's discriminant and the error code.
func write(t *testing.T, g *guesttest.Guest, f string, pieces ...string) (failed, code uint8) {
	t.Helper()
	handle, w := g.Stream()
	future, err := g.Call(f, handle)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pieces {
		if _, err := w.Write([]byte(p)); err != nil {
			break
		}
	}
	w.Close()
	p, _ := g.Reader(uint32(future)).Next(1, 2)
	return g.U8(p), g.U8(p + 1)
}

func TestP3OutputGoesToTheScope(t *testing.T) {
	big := strings.Repeat("0123456789", 100_000)
	for _, v := range []string{p3, rc} {
		synctest.Test(t, func(t *testing.T) {
			var out, errs bytes.Buffer
			g := newGuest(t, &hostapi.Scope{Stdout: &out, Stderr: &errs})
			if failed, _ := write(t, g, "wasi:cli/stdout"+v+"write-via-stream", "one ", "two ", big); failed != 0 || out.String() != "one two "+big {
				t.Errorf("stdout: case %d, %d bytes", failed, out.Len())
			}
			if failed, _ := write(t, g, "wasi:cli/stderr"+v+"write-via-stream", "three"); failed != 0 || errs.String() != "three" {
				t.Errorf("stderr: case %d, %q", failed, &errs)
			}
			if failed, _ := write(t, g, "wasi:cli/stdout"+v+"write-via-stream"); failed != 0 {
				t.Errorf("nothing: case %d", failed)
			}
		})
	}
}

func TestP3OutputThatFailsHasACode(t *testing.T) {
	for name, c := range map[string]struct {
		write func(p []byte) (int, error)
		code  uint8
	}{
		"disk full":    {func([]byte) (int, error) { return 0, syscall.ENOSPC }, 0},
		"short write":  {func(p []byte) (int, error) { return len(p) - 1, nil }, 0},
		"panic":        {func([]byte) (int, error) { panic("boom") }, 0},
		"broken pipe":  {func([]byte) (int, error) { return 0, syscall.EPIPE }, 2},
		"closed pipe":  {func([]byte) (int, error) { return 0, io.ErrClosedPipe }, 2},
		"late failure": {failAfter(100_000), 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var logs bytes.Buffer
				s := &hostapi.Scope{Stdout: writerFunc(c.write), Logger: slog.New(slog.NewTextHandler(&logs, nil))}
				g := newGuest(t, s)
				failed, code := write(t, g, "wasi:cli/stdout"+p3+"write-via-stream", strings.Repeat("x", 1<<20))
				if failed != 1 || code != c.code {
					t.Errorf("case %d, code %d, want code %d", failed, code, c.code)
				}
				if !strings.Contains(logs.String(), "error=") {
					t.Errorf("log is %q", &logs)
				}
			})
		})
	}
}

// The goroutine that copies ends with its guest; synctest sees one that is left.
func TestP3OutputOfAGuestThatIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out lockedBuffer
		g := newGuest(t, &hostapi.Scope{Stdout: &out})
		handle, w := g.Stream()
		if _, err := g.Call("wasi:cli/stdout"+p3+"write-via-stream", handle); err != nil {
			t.Fatal(err)
		}
		w.Write([]byte("last words"))
		w.Abort(errors.New("unreachable"))
		synctest.Wait()
		if out.String() != "last words" {
			t.Errorf("written %q", out.String())
		}
	})
}

func TestOutputWithoutAWriterIsDiscarded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGuest(t, new(hostapi.Scope))
		if failed, _ := write(t, g, "wasi:cli/stdout"+p3+"write-via-stream", "x"); failed != 0 {
			t.Error("writing failed")
		}
		s, _ := g.Call("wasi:cli/stderr" + p2 + "get-stderr")
		if p := load(t, g, "wasi:io/streams@0.2.12#[method]output-stream.blocking-write-zeroes-and-flush", s, 1); g.U8(p) != 0 {
			t.Error("writing failed")
		}
	})
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

func failAfter(n int) func([]byte) (int, error) {
	return func(p []byte) (int, error) {
		if n -= len(p); n < 0 {
			return 0, syscall.EIO
		}
		return len(p), nil
	}
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
