package values

import (
	"context"
	"io"
	"strings"

	"github.com/spinhost/spin/engine/abi"
)

// echoChannels sends what it receives, and keeps the parts that it takes.
type echoChannels struct{ parts []Part }

// promise resolves like f.
func promise[T any](f *abi.Future[T]) *abi.Promise[T] {
	p := abi.NewPromise[T]()
	f.Then(func(v T, err error) {
		if err == nil {
			p.Resolve(v)
		}
	})
	return p
}

func (*echoChannels) EchoFuture(_ context.Context, v *abi.Future[string]) (*abi.Promise[string], error) {
	return promise(v), nil
}

func (*echoChannels) EchoCounter(_ context.Context, v *abi.Future[Counter]) (*abi.Promise[Counter], error) {
	return promise(v), nil
}

func (*echoChannels) EchoSignal(_ context.Context, v *abi.Future[abi.None]) (*abi.Promise[abi.None], error) {
	return promise(v), nil
}

func (*echoChannels) EchoResult(_ context.Context, v *abi.Future[abi.Result[abi.Option[Counter], string]]) (*abi.Promise[abi.Result[abi.Option[Counter], string]], error) {
	return promise(v), nil
}

func (*echoChannels) EchoNested(_ context.Context, v *abi.Future[*abi.ByteReader]) (*abi.Promise[io.ReadCloser], error) {
	p := abi.NewPromise[io.ReadCloser]()
	v.Then(func(r *abi.ByteReader, err error) { p.Resolve(r) })
	return p, nil
}

func (c *echoChannels) TakePart(_ context.Context, v Part) error {
	c.parts = append(c.parts, v)
	return nil
}

func (c *echoChannels) TakeMaybe(_ context.Context, a abi.Option[*abi.ByteReader], b *abi.Future[Counter], k Counter) (v abi.Tuple2[*abi.Promise[Counter], Counter], err error) {
	if a.OK {
		c.parts = append(c.parts, Part{Body: a.Value})
	}
	v.F0, v.F1 = promise(b), k
	return v, nil
}

func (*echoChannels) GiveMaybe(_ context.Context, a string) (v abi.Tuple2[abi.Option[io.ReadCloser], *abi.Promise[string]], err error) {
	v.F1 = abi.NewPromise[string]()
	v.F1.Resolve(a)
	if a != "" {
		v.F0 = abi.Some[io.ReadCloser](io.NopCloser(strings.NewReader(a)))
	}
	return v, nil
}

func (*echoChannels) AsyncFuture(_ context.Context, v *abi.Future[string]) (*abi.Promise[string], error) {
	return promise(v), nil
}

func (*echoChannels) EchoBytes(_ context.Context, v *abi.ByteReader) (io.ReadCloser, error) {
	return v, nil
}
func (*echoChannels) EchoU32s(_ context.Context, v *abi.Reader[uint32]) (abi.Elements[uint32], error) {
	return v, nil
}
func (*echoChannels) EchoStrings(_ context.Context, v *abi.Reader[string]) (abi.Elements[string], error) {
	return v, nil
}
func (*echoChannels) EchoOwners(_ context.Context, v *abi.Reader[Owner]) (abi.Elements[Owner], error) {
	return v, nil
}
func (*echoChannels) EchoNothings(_ context.Context, v *abi.Reader[abi.None]) (abi.Elements[abi.None], error) {
	return v, nil
}
func (*echoChannels) AsyncBytes(_ context.Context, v *abi.ByteReader) (io.ReadCloser, error) {
	return v, nil
}
