package clocks

import (
	"time"

	"github.com/spinhost/spin/engine/abi"
)

// Timer returns what a pollable of subscribe-duration waits for.
func Timer(d uint64) abi.Pollable {
	m := monotonic{time.Now()}
	return timer{m, m.after(d)}
}
