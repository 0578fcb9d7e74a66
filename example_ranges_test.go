package spin_test

import (
	"fmt"

	"github.com/spinhost/spin"
)

// Settings that are written as ranges.
func ExampleParseTimes() {
	var cfg spin.ComponentConfig
	var err error
	if cfg.IdleTime, cfg.IdleTimeBelow, err = spin.ParseTimes("100..500ms"); err != nil {
		fmt.Println(err)
	}
	fmt.Println(cfg.IdleTime, cfg.IdleTimeBelow)
	_, _, err = spin.ParseTimes("5..5s")
	fmt.Println(err)
	// Output:
	// 100ms 500ms
	// "5..5s" has no times in it: the second must be longer than the first, as in "100..500ms"
}

func ExampleParseCounts() {
	var cfg spin.ComponentConfig
	var err error
	if cfg.MaxRequests, cfg.MaxRequestsBelow, err = spin.ParseCounts("64..256"); err != nil {
		fmt.Println(err)
	}
	fmt.Println(cfg.MaxRequests, cfg.MaxRequestsBelow)
	// Output: 64 256
}
