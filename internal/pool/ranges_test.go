package pool_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/spinhost/spin/internal/pool"
)

func TestParseCounts(t *testing.T) {
	for text, want := range map[string]string{
		"64": "64 0", "1": "1 0", "0": "1 0", "64..256": "64 256", "0..8": "1 8", "5..6": "5 0", "0..1": "1 0", "1..3": "1 3",
		"2147483647": "2147483647 0",
		"":           "", "..": "", "5..": "", "..5": "", "5..5": "", "8..5": "", "-1": "", "+1": "", "1.5": "", "1...5": "", "1..2..3": "",
		"many": "", "2147483648": "", " 1": "", "1s": "",
	} {
		from, below, err := pool.ParseCounts(text)
		if got := fmt.Sprint(from, below); err == nil && got != want || (err != nil) != (want == "") {
			t.Errorf("%q: %s, %v; want %q", text, got, err, want)
		}
	}
}

func TestParseTimes(t *testing.T) {
	const ms = time.Millisecond
	type times struct{ from, below time.Duration }
	none := times{-1, -1}
	for text, want := range map[string]times{
		"500ms": {500 * ms, 0}, "2": {2000 * ms, 0}, "2s": {2000 * ms, 0}, "0": {}, "10us": {10_000, 0}, "10µs": {10_000, 0}, "7ns": {7, 0}, "1m30s": {90_000 * ms, 0}, "1.5": {1500 * ms, 0},
		"1..8s": {1000 * ms, 8000 * ms}, "1..8": {1000 * ms, 8000 * ms},
		// Both ends have the unit that stands at the end, unless the first has one of its own.
		"100..500ms": {100 * ms, 500 * ms}, "100ms..2s": {100 * ms, 2000 * ms}, "1s..1500ms": {1000 * ms, 1500 * ms}, "2..1m30s": {2000 * ms, 90_000 * ms},
		"5..5": none, "5..5s": none, "8..5": none, "1s..500ms": none, "100ms..2": none, "0..5s": none, "..5s": none, "5s..": none, "..": none, "": none,
		"-1s": none, "-1..5s": none, "soon": none, "5 s": none, "s": none, "1..2..3s": none, "1h..x": none, "9999999999999s": none, ".": none, "1.2.3": none,
	} {
		from, below, err := pool.ParseTimes(text)
		if err == nil && (times{from, below}) != want || (err != nil) != (want == none) {
			t.Errorf("%q: %v, %v, %v; want %v", text, from, below, err, want)
		}
	}
}

func FuzzRanges(f *testing.F) {
	for _, s := range []string{"64..256", "100..500ms", "1", "0..1", "1m30s..2h", "..", "1...2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if from, below, err := pool.ParseCounts(s); err == nil && (from < 1 || below != 0 && below <= from) {
			t.Errorf("%q: %d, %d", s, from, below)
		}
		if from, below, err := pool.ParseTimes(s); err == nil && (from < 0 || below != 0 && below <= from) {
			t.Errorf("%q: %v, %v", s, from, below)
		}
	})
}
