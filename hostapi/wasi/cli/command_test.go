package cli_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	wasiio "github.com/spinhost/spin/hostapi/wasi/io"
)

func TestACommandHasArgumentsAndVariables(t *testing.T) {
	g := newGuest(t, &hostapi.Scope{Environment: []hostapi.EnvVar{{Name: "KEPT", Value: "1"}, {Name: "SET", Value: "scope"}}})
	g.SetContext(hostapi.WithCommand(context.Background(), &hostapi.Command{
		Args: []string{"prog", "-v"}, Env: []hostapi.EnvVar{{Name: "SET", Value: "command"}, {Name: "NEW", Value: ""}},
	}))
	texts := func(f string, perItem uint32) (all []string) {
		p := load(t, g, f)
		for i := range g.U32(p+4) * perItem {
			all = append(all, g.Text(g.U32(p)+8*i))
		}
		return all
	}
	for _, v := range []string{p2, p3, rc} {
		got := texts("wasi:cli/environment"+v+"get-arguments", 1)
		got = append(got, texts("wasi:cli/environment"+v+"get-environment", 2)...)
		if want := "prog|-v|KEPT|1|SET|command|NEW|"; strings.Join(got, "|") != want {
			t.Errorf("%s: %q, want %q", v, got, want)
		}
	}
}

// closing is a reader that tells whether it was closed.
type closing struct {
	io.Reader
	closed chan struct{}
}

func (c closing) Close() error { close(c.closed); return nil }

func TestACommandReadsItsInput(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in := closing{strings.NewReader("some input"), make(chan struct{})}
		g := newGuest(t, &hostapi.Scope{})
		g.SetContext(hostapi.WithCommand(context.Background(), &hostapi.Command{Stdin: in}))
		s, err := g.Call("wasi:cli/stdin" + p2 + "get-stdin")
		if err != nil {
			t.Fatal(err)
		}
		p := load(t, g, "wasi:io/streams@0.2.12#[method]input-stream.blocking-read", s, 4)
		if got := g.Text(p + 4); g.U8(p) != 0 || got != "some" {
			t.Errorf("read = case %d, %q", g.U8(p), got)
		}
		if err := g.Drop(s); err != nil {
			t.Error(err)
		}
		<-in.closed
	})
}

func TestACommandStreamsItsInput(t *testing.T) {
	for name, test := range map[string]struct {
		in     io.Reader
		text   string
		failed uint8
	}{
		"to its end": {strings.NewReader("all of it"), "all of it", 0},
		"that fails": {io.MultiReader(strings.NewReader("part"), iotest.ErrReader(errors.New("no disk"))), "part", 1},
	} {
		t.Run(name, func(t *testing.T) {
			g := newGuest(t, &hostapi.Scope{})
			g.SetContext(hostapi.WithCommand(context.Background(), &hostapi.Command{Stdin: test.in}))
			p := load(t, g, "wasi:cli/stdin"+p3+"read-via-stream")
			if got := g.Reader(g.U32(p)).Bytes(); string(got) != test.text {
				t.Errorf("read %q, want %q", got, test.text)
			}
			if at, n := g.Reader(g.U32(p+4)).Next(1, 2); n != 1 || g.U8(at) != test.failed {
				t.Errorf("reading ended with case %d, want %d", g.U8(at), test.failed)
			}
		})
	}
}

func TestACommandPrintsToItsOwnOutput(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var scope, out, errs bytes.Buffer
		g := newGuest(t, &hostapi.Scope{Stdout: &scope, Stderr: &scope})
		g.SetContext(hostapi.WithCommand(context.Background(), &hostapi.Command{Stdout: &out, Stderr: &errs}))
		for name, w := range map[string]*bytes.Buffer{"stdout": &out, "stderr": &errs} {
			s, err := g.Call("wasi:cli/" + name + p2 + "get-" + name)
			if err != nil {
				t.Fatal(err)
			}
			ptr, n := g.Put("2 " + name)
			load(t, g, "wasi:io/streams@0.2.12#[method]output-stream.blocking-write-and-flush", s, ptr, n)
			write(t, g, "wasi:cli/"+name+p3+"write-via-stream", "3 ", name)
			if want := "2 " + name + "3 " + name; w.String() != want {
				t.Errorf("%s has %q, want %q", name, w, want)
			}
			if err := g.Drop(s); err != nil {
				t.Error(err)
			}
		}
		if scope.Len() > 0 {
			t.Errorf("the component's own output has %q", &scope)
		}
	})
}

// in makes calls of the guest those of an instance.
func in(ctx context.Context, l *abi.Locals) context.Context {
	return context.WithValue(ctx, abi.LocalsKey{}, l)
}

func TestTheInputOfAnInstanceIsClosedWithIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := closing{strings.NewReader("first"), make(chan struct{})}
		second := closing{strings.NewReader("second"), make(chan struct{})}
		g, locals := newGuest(t, &hostapi.Scope{}), new(abi.Locals)
		read := func(want string) {
			t.Helper()
			s, err := g.Call("wasi:cli/stdin" + p2 + "get-stdin")
			if err != nil {
				t.Fatal(err)
			}
			p := load(t, g, "wasi:io/streams@0.2.12#[method]input-stream.blocking-read", s, 3)
			if got := g.Text(p + 4); g.U8(p) != 0 || got != want {
				t.Errorf("read = case %d, %q, want %q", g.U8(p), got, want)
			}
			if err := g.Drop(s); err != nil {
				t.Error(err)
			}
		}
		g.SetContext(in(hostapi.WithCommand(t.Context(), &hostapi.Command{Stdin: first}), locals))
		read("fir")
		read("st")
		g.SetContext(in(hostapi.WithCommand(t.Context(), &hostapi.Command{Stdin: second}), locals))
		read("sec")
		<-first.closed
		locals.Close()
		<-second.closed
	})
}

const streams = "wasi:io/streams@0.2.12#[method]output-stream."

// Streams that share an output are each told how much room there is, and never that there is less than none.
func TestStreamsOfAnInstanceShareTheRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		held := make(chan struct{})
		g := newGuest(t, &hostapi.Scope{Stdout: writerFunc(func(p []byte) (int, error) { <-held; return len(p), nil })})
		g.SetContext(in(t.Context(), new(abi.Locals)))
		var both [2]uint64
		for i := range both {
			both[i], _ = g.Call("wasi:cli/stdout" + p2 + "get-stdout")
			if n := g.U64(load(t, g, streams+"check-write", both[i]) + 8); n != wasiio.MaxWrite {
				t.Errorf("there is room for %d bytes", n)
			}
		}
		for _, s := range both {
			if p := load(t, g, streams+"write-zeroes", s, wasiio.MaxWrite); g.U8(p) != 0 {
				t.Errorf("write-zeroes = case %d", g.U8(p))
			}
			if n := g.U64(load(t, g, streams+"check-write", s) + 8); n != 0 {
				t.Errorf("there is room for %d bytes", n)
			}
		}
		close(held)
		synctest.Wait()
		if n := g.U64(load(t, g, streams+"check-write", both[0]) + 8); n != wasiio.MaxWrite {
			t.Errorf("in the end there is room for %d bytes", n)
		}
	})
}

func TestANewStreamTriesAnOutputAgainThatHasFailed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		broken := true
		g := newGuest(t, &hostapi.Scope{Stdout: writerFunc(func(p []byte) (int, error) {
			if broken {
				return 0, errors.New("no disk")
			}
			return out.Write(p)
		})})
		g.SetContext(in(t.Context(), new(abi.Locals)))
		for _, want := range []uint8{1, 0} {
			s, _ := g.Call("wasi:cli/stdout" + p2 + "get-stdout")
			p := load(t, g, streams+"blocking-write-zeroes-and-flush", s, 1)
			if g.U8(p) != want {
				t.Errorf("write = case %d, want %d", g.U8(p), want)
			}
			broken = false
		}
		if out.String() != "\x00" {
			t.Errorf("printed %q", &out)
		}
	})
}
