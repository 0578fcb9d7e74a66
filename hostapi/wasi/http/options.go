package http

import (
	"context"
	"math"
	"time"

	"github.com/spinhost/spin/engine/abi"
	p2http "github.com/spinhost/spin/hostapi/wasi/p2/http"
	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
)

// defaultTimeout is how long each part of an exchange may take unless the guest says otherwise.
const defaultTimeout = 600 * time.Second

// timeouts are what the resources request-options of both versions hold, in nanoseconds.
type timeouts struct{ connect, firstByte, betweenBytes abi.Option[uint64] }

// limit returns a timeout as a time.Duration.
func limit(t abi.Option[uint64]) time.Duration {
	if !t.OK {
		return defaultTimeout
	}
	return time.Duration(min(t.Value, math.MaxInt64))
}

// options3 is the resource request-options of version 0.3.
type options3 struct {
	timeouts
	frozen bool
}

func asOptions3(o p3http.RequestOptions) (*options3, error) {
	own, ok := o.(*options3)
	if !ok {
		return nil, abi.Trapf("request-options %T were not made by this host", o)
	}
	return own, nil
}

// NewRequestOptions implements the constructor of request-options.
func (types3) NewRequestOptions(context.Context) (p3http.RequestOptions, error) {
	return new(options3), nil
}

func (o *options3) set(t *abi.Option[uint64], v abi.Option[uint64]) error {
	if o.frozen {
		return p3http.RequestOptionsErrorImmutable()
	}
	*t = v
	return nil
}

// GetConnectTimeout implements the function get-connect-timeout.
func (o *options3) GetConnectTimeout(context.Context) (abi.Option[uint64], error) {
	return o.connect, nil
}

// SetConnectTimeout implements the function set-connect-timeout.
func (o *options3) SetConnectTimeout(_ context.Context, d abi.Option[uint64]) error {
	return o.set(&o.connect, d)
}

// GetFirstByteTimeout implements the function get-first-byte-timeout.
func (o *options3) GetFirstByteTimeout(context.Context) (abi.Option[uint64], error) {
	return o.firstByte, nil
}

// SetFirstByteTimeout implements the function set-first-byte-timeout.
func (o *options3) SetFirstByteTimeout(_ context.Context, d abi.Option[uint64]) error {
	return o.set(&o.firstByte, d)
}

// GetBetweenBytesTimeout implements the function get-between-bytes-timeout.
func (o *options3) GetBetweenBytesTimeout(context.Context) (abi.Option[uint64], error) {
	return o.betweenBytes, nil
}

// SetBetweenBytesTimeout implements the function set-between-bytes-timeout.
func (o *options3) SetBetweenBytesTimeout(_ context.Context, d abi.Option[uint64]) error {
	return o.set(&o.betweenBytes, d)
}

// Clone implements the function clone.
func (o *options3) Clone(context.Context) (p3http.RequestOptions, error) {
	return &options3{timeouts: o.timeouts}, nil
}

// options2 is the resource request-options of version 0.2.
type options2 struct{ timeouts }

// NewRequestOptions implements the constructor of request-options.
func (types2) NewRequestOptions(context.Context) (p2http.RequestOptions, error) {
	return new(options2), nil
}

// ConnectTimeout implements the function connect-timeout.
func (o *options2) ConnectTimeout(context.Context) (abi.Option[uint64], error) { return o.connect, nil }

// SetConnectTimeout implements the function set-connect-timeout.
func (o *options2) SetConnectTimeout(_ context.Context, d abi.Option[uint64]) error {
	o.connect = d
	return nil
}

// FirstByteTimeout implements the function first-byte-timeout.
func (o *options2) FirstByteTimeout(context.Context) (abi.Option[uint64], error) {
	return o.firstByte, nil
}

// SetFirstByteTimeout implements the function set-first-byte-timeout.
func (o *options2) SetFirstByteTimeout(_ context.Context, d abi.Option[uint64]) error {
	o.firstByte = d
	return nil
}

// BetweenBytesTimeout implements the function between-bytes-timeout.
func (o *options2) BetweenBytesTimeout(context.Context) (abi.Option[uint64], error) {
	return o.betweenBytes, nil
}

// SetBetweenBytesTimeout implements the function set-between-bytes-timeout.
func (o *options2) SetBetweenBytesTimeout(_ context.Context, d abi.Option[uint64]) error {
	o.betweenBytes = d
	return nil
}
