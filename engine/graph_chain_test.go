package engine_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/engine/abi"
)

const handlerID = "test:graph/handler@1.0.0"

// chain is a chain of middlewares, each with an import scope of its own, before a handler.
func chain(scopes ...*engine.Linker) *engine.Graph {
	g := &engine.Graph{}
	last := "handler"
	g.Add(last, nodes()["handler"], nil)
	for i := len(scopes) - 1; i >= 0; i-- {
		name := fmt.Sprintf("mw%d", i)
		g.Add(name, nodes()["middleware"], scopes[i])
		g.Connect(name, handlerID, last, "")
		last = name
	}
	return g
}

// exchange is a call of handle: a stream goes in, another comes out.
type exchange struct {
	body io.ReadCloser
	sent chan error // gets the outcome of reading body
	res  *abi.ByteReader
}

func newExchange(body io.Reader) *exchange {
	rc, ok := body.(io.ReadCloser)
	if !ok {
		rc = io.NopCloser(body)
	}
	return &exchange{body: rc, sent: make(chan error, 1)}
}

func (x *exchange) Lower(g *abi.Guest, flat abi.Flat) {
	flat.Set(0, uint64(g.LowerByteStream(x.body, 0, func(err error) { x.sent <- err })))
}

func (x *exchange) Lift(v *abi.Values) { x.res = v.ByteStream(v.Args().U32(0), 1) }

// begin calls handle and returns when the response begins.
func (x *exchange) begin(t testing.TB, i *engine.Instance) *engine.Call {
	t.Helper()
	f, err := i.Program().Func(handlerID, "handle")
	if err == nil {
		err = f.Check("async func(body:stream<u8>)->stream<u8>")
	}
	if err != nil {
		t.Fatal(err)
	}
	c := i.Start(context.Background(), f, x, nil)
	if err := c.Wait(context.Background()); err != nil {
		t.Fatal(err)
	}
	return c
}

// handle sends a body and returns the response.
func handle(t testing.TB, i *engine.Instance, body string) string {
	t.Helper()
	x := newExchange(strings.NewReader(body))
	c := x.begin(t, i)
	got, err := io.ReadAll(x.res)
	if err != nil {
		t.Fatal(err)
	}
	<-c.Ended()
	return string(got)
}

// shifted is a body with a number added to each byte.
func shifted(b []byte, by byte) []byte {
	out := make([]byte, len(b))
	for i := range b {
		out[i] = b[i] + by
	}
	return out
}

func TestChainOfMiddlewares(t *testing.T) {
	p := graphProgram(t, chain(keyed(1), keyed(10), keyed(0)), "mw0")
	i := instance(t, p, engine.InstanceConfig{})
	if got := handle(t, i, "hello"); got != string(shifted([]byte("hello"), 22))+string(rune('.'+11)) {
		t.Errorf("got %q", got)
	}
	// More than fits anywhere at once, in pieces of any size.
	body := bytes.Repeat([]byte("0123456789abcdef"), 10_000)
	for name, r := range map[string]io.Reader{
		"at once":       bytes.NewReader(body),
		"byte by byte":  iotest.OneByteReader(bytes.NewReader(body[:500])),
		"half and half": iotest.HalfReader(bytes.NewReader(body)),
		"nothing":       strings.NewReader(""),
	} {
		t.Run(name, func(t *testing.T) {
			x := newExchange(r)
			c := x.begin(t, i)
			got, err := io.ReadAll(x.res)
			if err != nil {
				t.Fatal(err)
			}
			if n := len(got) - 1; !bytes.Equal(got[:n], shifted(body[:n], 22)) || got[n] != '.'+11 {
				t.Errorf("%d bytes came back", n)
			}
			if err := <-x.sent; err != nil {
				t.Error(err)
			}
			<-c.Ended()
			eventually(t, "nothing is left", func() bool { // they are counted when the guests rest
				s := p.Stats()
				return s.Handles == 0 && s.HostCalls == 0
			})
		})
	}
}

// Several requests go through one instance of the chain at once.
func TestChainIsShared(t *testing.T) {
	i := instance(t, graphProgram(t, chain(keyed(1), keyed(2)), "mw0"), engine.InstanceConfig{Shared: true})
	var all []*exchange
	var calls []*engine.Call
	var bodies []*io.PipeWriter
	for range 5 {
		r, w := io.Pipe()
		x := newExchange(r)
		all, bodies, calls = append(all, x), append(bodies, w), append(calls, x.begin(t, i))
	}
	for k := len(all) - 1; k >= 0; k-- {
		text := fmt.Sprint("body ", k)
		go func() {
			_, _ = io.WriteString(bodies[k], text)
			_ = bodies[k].Close()
		}()
		got, err := io.ReadAll(all[k].res)
		if want := string(shifted([]byte(text), 6)) + string(rune('.'+3)); err != nil || string(got) != want {
			t.Errorf("%d: got %q, %v; want %q", k, got, err, want)
		}
		<-calls[k].Ended()
	}
}

// A trap in one node is the end of all: of what waits in others, and of what the host reads
// and writes.
func TestTrapInOneNodeEndsAll(t *testing.T) {
	p := graphProgram(t, chain(keyed(0), keyed(0)), "mw0")
	i := instance(t, p, engine.InstanceConfig{Shared: true})
	r, w := io.Pipe()
	waiting := newExchange(r)
	other := waiting.begin(t, i)
	x := newExchange(strings.NewReader("! is not for the handler"))
	c := x.begin(t, i)
	for what, res := range map[string]*abi.ByteReader{"of the call that traps": x.res, "of another": waiting.res} {
		if _, err := io.ReadAll(res); !errors.Is(err, engine.ErrTrap) {
			t.Errorf("response %s: got %v", what, err)
		}
	}
	<-c.Ended()
	<-other.Ended()
	<-i.Ended()
	var trap *engine.TrapError
	if err := i.Err(); !errors.As(err, &trap) || !strings.HasPrefix(trap.Reason, "unreachable executed") || len(trap.Frames) == 0 {
		t.Errorf("got %v", err)
	}
	late := newExchange(strings.NewReader(""))
	f, err := p.Func(handlerID, "handle")
	if err != nil {
		t.Fatal(err)
	}
	if err := i.Start(context.Background(), f, late, nil).Wait(context.Background()); !errors.Is(err, engine.ErrTrap) {
		t.Errorf("a later call: got %v", err)
	}
	closeInstance(t, i)
	if _, err := w.Write([]byte("more")); err == nil {
		t.Error("somebody still reads")
	}
	if s := p.Stats(); s != (engine.Stats{}) {
		t.Errorf("left: %+v", s)
	}
}
