package roomy_test

import (
	"sync"
	"testing"

	"github.com/spinhost/spin/internal/roomy"
)

func TestGo(t *testing.T) {
	done := make(chan int)
	roomy.Go(func() { done <- deep(100) })
	if n := <-done; n != 100 {
		t.Errorf("%d calls", n)
	}
}

// deep takes some 10 KiB of stack for 100 calls.
//
//go:noinline
func deep(n int) int {
	var frame [8]int
	if frame[n%8] = n; n == 0 {
		return 0
	}
	return deep(n-1) + 1 + frame[(n+1)%8]
}

// BenchmarkGo starts goroutines that make 30 calls.
func BenchmarkGo(b *testing.B) {
	for name, start := range map[string]func(func()){"plain": func(f func()) { go f() }, "roomy": roomy.Go} {
		b.Run(name, func(b *testing.B) {
			var wg sync.WaitGroup
			for b.Loop() {
				wg.Add(1)
				start(func() { deep(30); wg.Done() })
				wg.Wait()
			}
		})
	}
}
