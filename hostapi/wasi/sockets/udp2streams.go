package sockets

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"github.com/spinhost/spin/engine/abi"
	wasiio "github.com/spinhost/spin/hostapi/wasi/io"
	p2io "github.com/spinhost/spin/hostapi/wasi/p2/io"
	p2 "github.com/spinhost/spin/hostapi/wasi/p2/sockets"
)

// incoming2 is the resource incoming-datagram-stream of WASI 0.2.
type incoming2 struct {
	s        *udp2
	children wasiio.Children
}

// Receive implements the function receive.
func (i *incoming2) Receive(_ context.Context, n uint64) ([]p2.IncomingDatagram, error) {
	if n == 0 {
		return nil, nil
	}
	list, err := i.s.take(int(min(n, maxQueued)))
	if err != nil {
		return nil, err
	}
	in := make([]p2.IncomingDatagram, len(list))
	for k, d := range list {
		in[k] = p2.IncomingDatagram{Data: d.data, RemoteAddress: to2(d.from)}
	}
	return in, nil
}

// Subscribe implements the function subscribe.
func (i *incoming2) Subscribe(context.Context) (p2io.Pollable, error) {
	return wasiio.NewPollable(i.s.udp, &i.children), nil
}

// Drop implements abi.Dropper.
func (i *incoming2) Drop() error { return i.s.dropStream(&i.children, "incoming-datagram-stream") }

// maxSend is how many datagrams check-send allows.
const maxSend = 16

// outgoing2 is the resource outgoing-datagram-stream of WASI 0.2.
type outgoing2 struct {
	s         *udp2
	children  wasiio.Children
	permitted int // datagrams that check-send has allowed
	checked   bool
	until     time.Time // before which nothing is sent
}

// CheckSend implements the function check-send.
func (o *outgoing2) CheckSend(context.Context) (uint64, error) {
	o.permitted, o.checked = 0, true
	if o.Ready() {
		o.permitted = maxSend
	}
	return uint64(o.permitted), nil
}

// Send implements the function send.
func (o *outgoing2) Send(ctx context.Context, list []p2.OutgoingDatagram) (sent uint64, _ error) {
	switch {
	case len(list) == 0:
		return 0, nil
	case !o.checked || len(list) > o.permitted && o.Ready():
		return 0, abi.Trapf("outgoing-datagram-stream.send of %d datagrams where check-send has allowed %d", len(list), o.permitted)
	case !o.Ready():
		return 0, nil
	}
	o.permitted, o.checked = 0, false
	for _, d := range list {
		switch err := o.sendOne(ctx, d); {
		case errors.Is(err, errPending):
			o.until = time.Now().Add(pause)
			return sent, nil
		case err != nil && sent == 0:
			return 0, err
		case err != nil:
			return sent, nil
		}
		sent++
	}
	return sent, nil
}

func (o *outgoing2) sendOne(ctx context.Context, d p2.OutgoingDatagram) error {
	var to netip.AddrPort
	if d.RemoteAddress.OK {
		to = from2(d.RemoteAddress.Value)
	}
	to, conn, err := o.s.target(ctx, d.Data, to)
	if err != nil {
		return err
	}
	return send(conn, d.Data, to)
}

// Subscribe implements the function subscribe.
func (o *outgoing2) Subscribe(context.Context) (p2io.Pollable, error) {
	return wasiio.NewPollable(o, &o.children), nil
}

// Ready implements abi.Pollable.
func (o *outgoing2) Ready() bool { return !time.Now().Before(o.until) }

// Arm implements abi.Pollable.
func (o *outgoing2) Arm(wake func()) (disarm func()) {
	f := time.AfterFunc(time.Until(o.until), wake)
	return func() { f.Stop() }
}

// Drop implements abi.Dropper.
func (o *outgoing2) Drop() error { return o.s.dropStream(&o.children, "outgoing-datagram-stream") }
