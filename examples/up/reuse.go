package main

import (
	"flag"
	"time"

	"github.com/spinhost/spin"
)

// reuse has the flags that say how requests share the instances of all components.
type reuse struct{ spin.ComponentConfig }

func (r *reuse) flags(f *flag.FlagSet) {
	counts := func(from, below *int) func(string) error {
		return func(text string) (err error) {
			*from, *below, err = spin.ParseCounts(text)
			return err
		}
	}
	times := func(from, below *time.Duration) func(string) error {
		return func(text string) (err error) {
			*from, *below, err = spin.ParseTimes(text)
			return err
		}
	}
	f.Func("max-instance-reuse-count", "how many requests an instance serves, a `number` or a range such as 64..256; 1 is one instance for each request (default 128)",
		counts(&r.MaxRequests, &r.MaxRequestsBelow))
	f.Func("max-instance-concurrent-reuse-count", "how many requests an instance serves at once, a `number` or a range (default 16)",
		counts(&r.MaxConcurrent, &r.MaxConcurrentBelow))
	f.Func("request-timeout", "the `time` until a response must begin, such as 30s, or a range; 0 is no bound (default 0)",
		times(&r.RequestTime, &r.RequestTimeBelow))
	idle := times(&r.IdleTime, &r.IdleTimeBelow)
	f.Func("idle-instance-timeout", "the `time` for which an instance without requests is kept, or a range such as 100..500ms (default 1s)", func(text string) error {
		err := idle(text)
		if err == nil && r.IdleTime == 0 {
			r.IdleTime = 1 // 0 would be the default
		}
		return err
	})
}
