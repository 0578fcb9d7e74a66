package preview1_test

import (
	"encoding/binary"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spinhost/spin/hostapi"
)

// sub is a subscription.
type sub struct {
	userdata uint64
	kind     byte
	n        uint32 // clock or descriptor
	timeout  time.Duration
	flags    uint16
}

// event is an event.
type event struct {
	userdata uint64
	e        uint16
	kind     byte
}

// poll calls poll_oneoff.
func (g *guest) poll(subs ...sub) (events []event) {
	g.t.Helper()
	in, out, n := g.room(48*uint32(len(subs))), g.room(32*uint32(len(subs))), g.room(4)
	for i, s := range subs {
		b := g.Memory(0)[in+48*uint64(i):]
		binary.LittleEndian.PutUint64(b, s.userdata)
		b[8] = s.kind
		binary.LittleEndian.PutUint32(b[16:], s.n)
		binary.LittleEndian.PutUint64(b[24:], uint64(s.timeout))
		binary.LittleEndian.PutUint16(b[40:], s.flags)
	}
	g.ok("poll_oneoff", in, out, uint64(len(subs)), n)
	for i := range g.U32(uint32(n)) {
		at := uint32(out) + 32*i
		events = append(events, event{g.U64(at), binary.LittleEndian.Uint16(g.Memory(0)[at+8:]), g.U8(at + 10)})
	}
	return events
}

func TestPollWaitsForTheFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, w := io.Pipe()
		g := start(t, &hostapi.Scope{}, &hostapi.Command{Stdin: in})
		begin := time.Now()
		stdin := sub{userdata: 1, kind: 1}
		expect := func(after time.Duration, want []event, subs ...sub) {
			t.Helper()
			got := g.poll(subs...)
			if d := time.Since(begin); d != after {
				t.Errorf("returned after %v, want %v", d, after)
			}
			if len(got) != len(want) || len(got) > 0 && got[0] != want[0] || len(got) > 1 && got[1] != want[1] {
				t.Errorf("events %v, want %v", got, want)
			}
		}
		expect(2*time.Second, []event{{3, 0, 0}},
			stdin, sub{userdata: 2, n: 1, timeout: 5 * time.Second}, sub{userdata: 3, timeout: 2 * time.Second})
		go func() {
			time.Sleep(time.Second)
			w.Write([]byte("x"))
		}()
		expect(3*time.Second, []event{{1, 0, 1}}, stdin, sub{userdata: 2, n: 1, timeout: 5 * time.Second})
		expect(3*time.Second, []event{{1, 0, 1}, {4, 0, 2}}, stdin, sub{userdata: 4, kind: 2, n: 1})
		expect(3*time.Second, []event{{5, badf, 1}}, sub{userdata: 5, kind: 1, n: 99}, sub{timeout: time.Hour})
		expect(3*time.Second, []event{{6, badf, 2}}, sub{userdata: 6, kind: 2, n: 0})
		expect(3*time.Second, []event{{7, inval, 9}}, sub{userdata: 7, kind: 9})
		expect(3*time.Second, []event{{8, inval, 0}}, sub{userdata: 8, flags: 2})
		expect(3*time.Second, []event{{9, notsup, 0}}, sub{userdata: 9, n: 2})
		// Until a time, which is that of the clock.
		expect(4*time.Second, []event{{10, 0, 0}}, sub{userdata: 10, n: 1, timeout: 4 * time.Second, flags: 1})
		expect(4*time.Second, []event{{11, 0, 0}}, sub{userdata: 11, n: 1, timeout: time.Second, flags: 1})
		expect(6*time.Second, []event{{12, 0, 0}}, sub{userdata: 12, timeout: time.Duration(time.Now().Add(2 * time.Second).UnixNano()), flags: 1})
		g.fails(inval, "poll_oneoff", 0, 0, 0, 8)
		g.fails(inval, "poll_oneoff", 0, 0, 1<<20, 8)
		w.Close()
	})
}
