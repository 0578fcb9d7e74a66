package stack_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/spinhost/spin/internal/stack"
)

func ExampleGrow() {
	done := make(chan int)
	go func() {
		stack.Grow()
		done <- deep(100)
	}()
	fmt.Println(<-done)
	// Output: 100
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

// BenchmarkGrow starts goroutines that make 30 calls.
func BenchmarkGrow(b *testing.B) {
	for name, first := range map[string]func(){"without": func() {}, "with": stack.Grow} {
		b.Run(name, func(b *testing.B) {
			var wg sync.WaitGroup
			for b.Loop() {
				wg.Go(func() { first(); deep(30) })
				wg.Wait()
			}
		})
	}
}
