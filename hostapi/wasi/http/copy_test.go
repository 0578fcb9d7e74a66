package http

import (
	"io"
	"strings"
	"testing"
)

// pieces is a source of pieces, each of which is there when somebody has asked for it so often.
type pieces struct {
	left  []string
	asked []int
}

func (s *pieces) Buffered() bool {
	if len(s.asked) == 0 {
		return true
	}
	s.asked[0]--
	return s.asked[0] < 0
}

func (s *pieces) Read(p []byte) (int, error) {
	n := copy(p, s.left[0])
	if s.left = s.left[1:]; len(s.asked) > 0 {
		s.asked = s.asked[1:]
	}
	if len(s.left) == 0 {
		return n, io.EOF
	}
	return n, nil
}

func (s *pieces) Close() error { return nil }

// The last bytes of a body come with its end, so that nobody has to ask for that.
func TestLastBytesComeWithTheEnd(t *testing.T) {
	for _, trailers := range []trailing{nil, noTrailers{}} {
		b := &Body{src: &pieces{left: []string{"some", "last"}}, trail: trailers, want: -1}
		p := make([]byte, 10)
		if n, err := b.Read(p); string(p[:n]) != "some" || err != nil {
			t.Errorf("%q, %v", p[:n], err)
		}
		if n, err := b.Read(p); string(p[:n]) != "last" || err != io.EOF {
			t.Errorf("%q, %v", p[:n], err)
		}
		if n, err := b.Read(p); n != 0 || err != io.EOF {
			t.Errorf("%q, %v", p[:n], err)
		}
	}
}

type noTrailers struct{}

func (noTrailers) poll() (*fields, error, bool) { return nil, nil, true }
func (noTrailers) wait() (*fields, error)       { return nil, nil }
func (noTrailers) Close() error                 { return nil }

// A copy flushes before it waits, but not for what comes as soon as others have run.
func TestCopyFlushesBeforeItWaits(t *testing.T) {
	for _, tt := range []struct {
		behaviour string
		asked     []int
		written   string
	}{
		{"all is there", []int{0, 0, 0}, "abc"},
		{"the second comes soon", []int{0, 1, 0}, "abc"},
		{"the second takes its time", []int{0, 2, 0}, "a|bc"},
		{"each takes its time", []int{2, 2, 2}, "|a|b|c"},
	} {
		t.Run(tt.behaviour, func(t *testing.T) {
			b := &Body{src: &pieces{left: []string{"a", "b", "c"}, asked: tt.asked}, want: -1}
			var w strings.Builder
			flush := func() error { w.WriteByte('|'); return nil }
			if err := b.CopyTo(&w, flush); err != nil || w.String() != tt.written {
				t.Errorf("%q, %v, want %q", w.String(), err, tt.written)
			}
		})
	}
}

// What comes as soon as others have run belongs to what is there.
func TestFillTakesWhatComesSoon(t *testing.T) {
	b := &Body{src: &pieces{left: []string{"a", "b", "c", "d"}, asked: []int{0, 1, 2}}, want: -1}
	p := make([]byte, 10)
	if n, err := b.Fill(p); string(p[:n]) != "ab" || err != nil {
		t.Errorf("%q, %v", p[:n], err)
	}
	if n, err := b.Fill(p); string(p[:n]) != "cd" || err != io.EOF {
		t.Errorf("%q, %v", p[:n], err)
	}
}
