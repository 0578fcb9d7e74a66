package engine_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/forms/api"
	"github.com/spinhost/spin/engine/internal/forms/basis"
)

// A guest in Rust gets from a host what its functions say, in every form that types and
// functions can have, and leaves nothing behind.
func TestEveryForm(t *testing.T) {
	wasm, err := os.ReadFile("../testdata/guests/rust/forms.wasm")
	if err != nil {
		t.Fatal(err)
	}
	c, err := engine.Decode(wasm)
	if err != nil {
		t.Fatal(err)
	}
	host := new(forms)
	l := engine.NewLinker()
	l.Define(api.APIID, func() (*abi.Interface, error) { return api.ServeAPI(host), nil })
	l.Define(basis.ShapesID, func() (*abi.Interface, error) { return basis.ServeShapes(host), nil })
	for _, i := range c.Imports() {
		if strings.HasPrefix(i.Name, "wasi:") {
			l.DefineTrap(i.Name, errors.New("not for this test"))
		}
	}
	p, err := l.Link(t.Context(), newRuntime(t), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	i, err := p.Instantiate(t.Context(), engine.InstanceConfig{})
	if err != nil {
		t.Fatal(err)
	}
	run, err := p.Func("", "run")
	if err != nil {
		t.Fatal(err)
	}
	got, err := i.Call(t.Context(), run)
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range got.([]any) {
		t.Error(fault)
	}
	if err := i.Close(t.Context()); err != nil {
		t.Error(err)
	}
	eventually(t, "dropping what was made", func() bool { return host.made.Load() == host.dropped.Load() })
	if made := host.made.Load(); made < 10 {
		t.Errorf("only %d resources were made", made)
	}
}

// forms implements the interfaces of the guest.
type forms struct{ made, dropped, givenUp atomic.Int32 }

// counted is a resource.
type counted struct {
	of *forms
	n  uint32
}

func (f *forms) counter(n uint32) *counted {
	f.made.Add(1)
	return &counted{f, n}
}

func (c *counted) Drop() error {
	c.of.dropped.Add(1)
	return nil
}

func (c *counted) Value(context.Context) (uint32, error) { return c.n, nil }
func (c *counted) Add(_ context.Context, n uint32) (uint32, error) {
	if n > math.MaxUint32-c.n {
		return 0, api.ErrorCode(n)
	}
	c.n += n
	return c.n, nil
}
func (c *counted) Later(ctx context.Context, n uint32) (uint32, error) { return c.Add(ctx, n) }

type named struct {
	*counted
	name string
}

func (n named) Name(context.Context) (string, error) { return n.name, nil }

func (f *forms) NewCanvas(_ context.Context, name string) (basis.Canvas, error) {
	return named{f.counter(0), name}, nil
}
func (f *forms) NewCounter(_ context.Context, start uint32) (api.Counter, error) {
	return f.counter(start), nil
}
func (f *forms) CounterSum(_ context.Context, all []api.Counter) (api.Counter, error) {
	sum := f.counter(0)
	for _, c := range all {
		sum.n += c.(*counted).n
		abi.DropOwn(c)
	}
	return sum, nil
}
func (*forms) CounterBoth(_ context.Context, a api.Counter, b abi.Option[api.Counter]) (uint32, error) {
	n := a.(*counted).n
	if b.OK {
		n += b.Value.(*counted).n
	}
	return n, nil
}

func (*forms) Integers(_ context.Context, a int8, b uint8, c int16, d uint16, e int32, g uint32, h int64, i uint64) (abi.Tuple8[int8, uint8, int16, uint16, int32, uint32, int64, uint64], error) {
	return abi.Tuple8[int8, uint8, int16, uint16, int32, uint32, int64, uint64]{F0: a, F1: b, F2: c, F3: d, F4: e, F5: g, F6: h, F7: i}, nil
}
func (*forms) Others(_ context.Context, a bool, b float32, c float64, d rune, e []byte) (abi.Tuple5[bool, float32, float64, rune, []byte], error) {
	return abi.Tuple5[bool, float32, float64, rune, []byte]{F0: a, F1: b, F2: c, F3: d, F4: e}, nil
}
func (*forms) EchoItem(_ context.Context, v api.Item) (api.Item, error)    { return v, nil }
func (*forms) EchoItems(_ context.Context, v api.Items) (api.Items, error) { return v, nil }
func (*forms) EchoValue(_ context.Context, v api.Value) (api.Value, error) { return v, nil }
func (*forms) EchoEnums(_ context.Context, a api.Color, b api.Mode) (abi.Tuple2[api.Color, api.Mode], error) {
	return abi.Tuple2[api.Color, api.Mode]{F0: a, F1: b}, nil
}
func (*forms) EchoNested(_ context.Context, v abi.Result[abi.Option[abi.Result[uint8, string]], []abi.Tuple2[string, uint32]]) (abi.Result[abi.Option[abi.Result[uint8, string]], []abi.Tuple2[string, uint32]], error) {
	return v, nil
}
func (*forms) EchoCanvas(_ context.Context, c basis.Canvas, p basis.Point) (abi.Tuple2[basis.Canvas, basis.Point], error) {
	return abi.Tuple2[basis.Canvas, basis.Point]{F0: c, F1: p}, nil
}
func (*forms) Many(_ context.Context, a, b, c, d, e, f, g, h, i string) (string, error) {
	return a + b + c + d + e + f + g + h + i, nil
}

func (*forms) Divide(_ context.Context, a, b int32) (int32, error) {
	switch {
	case b == 0:
		return 0, api.ErrorMissing("divisor")
	case a == math.MinInt32 && b == -1:
		return 0, api.ErrorCode(128)
	}
	return a / b, nil
}
func (*forms) Check(_ context.Context, s string) error {
	if s != "good" {
		return abi.Err[string]{Value: s + " is not good"}
	}
	return nil
}
func (*forms) Wait(_ context.Context, n uint32) (uint32, error) {
	if n == 0 {
		return 0, api.ErrorBusy()
	}
	return n + 1, nil
}
func (f *forms) Slow(ctx context.Context, n uint32) (uint32, error) { return f.Wait(ctx, n) }
func (*forms) Fast(_ context.Context, v api.Item) (api.Item, error) { return v, nil }
func (f *forms) GivenUp(context.Context) (uint32, error)            { return uint32(f.givenUp.Load()), nil }
func (f *forms) Forever(ctx context.Context) (uint32, error) {
	<-ctx.Done()
	f.givenUp.Add(1)
	return 0, ctx.Err()
}

func (*forms) Upper(_ context.Context, s *abi.ByteReader) (io.ReadCloser, error) {
	return upper{s}, nil
}

type upper struct{ *abi.ByteReader }

func (u upper) Read(p []byte) (int, error) {
	n, err := u.ByteReader.Read(p)
	copy(p, bytes.ToUpper(p[:n]))
	return n, err
}

func (*forms) Double(_ context.Context, s *abi.Reader[uint32]) (abi.Elements[uint32], error) {
	return doubled{s}, nil
}

type doubled struct{ *abi.Reader[uint32] }

func (d doubled) Next(ctx context.Context) (uint32, error) {
	n, err := d.Reader.Next(ctx)
	return 2 * n, err
}

func (*forms) Names(ctx context.Context, s *abi.Reader[api.Item]) (names []string, err error) {
	defer s.Close()
	for {
		v, err := s.Next(ctx)
		if err == io.EOF {
			return names, nil
		}
		if err != nil {
			return nil, err
		}
		names = append(names, v.Name)
	}
}

func (*forms) Reply(_ context.Context, f *abi.Future[string]) (*abi.Promise[string], error) {
	p := abi.NewPromise[string]()
	f.Then(func(s string, err error) { p.Resolve("answer to " + s) })
	return p, nil
}

func (f *forms) Counters(_ context.Context, n uint32) (abi.Elements[api.Counter], error) {
	return &counters{f, 0, n}, nil
}

type counters struct {
	f        *forms
	next, to uint32
}

func (c *counters) Next(context.Context) (api.Counter, error) {
	if c.next == c.to {
		return nil, io.EOF
	}
	c.next++
	return c.f.counter(c.next - 1), nil
}

func (*counters) Close() error { return nil }
