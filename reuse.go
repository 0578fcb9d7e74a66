package spin

import (
	"cmp"
	"time"

	"github.com/spinhost/spin/internal/pool"
)

// ComponentConfig says how long the instances of a component live, and how requests share them.
// Sharing concerns components whose export is async (WASI 0.3); others have a fresh instance for
// each request. Zero fields have the defaults that stand with them.
//
// A further instance is made at once for a request while fewer compute than there are processors.
// Else the request waits some milliseconds for one of them, since the two would only take turns.
//
// Where there is a field whose name ends in Below, and it is larger than the field that it belongs to,
// each new instance draws a value of its own: from the field up to what is below it. So not all instances
// end at the same time. [ParseCounts] and [ParseTimes] read both from text such as "64..256".
type ComponentConfig struct {
	// MaxRequests is how many requests an instance serves in its life. The default is 128;
	// 1 turns sharing off.
	MaxRequests, MaxRequestsBelow int
	// MaxConcurrent is how many requests an instance serves at once. The default is 16.
	MaxConcurrent, MaxConcurrentBelow int
	// MaxInstances is how many shared instances there are at once; more requests wait. Those
	// that have had MaxRequests and only finish do not count. The default is no bound but that
	// of the Runtime.
	MaxInstances int
	// IdleTime is for how long an instance without requests is kept, unless another one needs its
	// room. The default is 1 s.
	IdleTime, IdleTimeBelow time.Duration
	// RequestTime bounds the time until the head of a response; it is drawn for each request. The
	// default is that of the trigger; less than 0 means no bound. An instance that has let it
	// pass finishes what it does and takes no more requests.
	RequestTime, RequestTimeBelow time.Duration
	// Memory bounds the memory of an instance, in bytes, over all memories that it has. The
	// default is Limits.Memory.
	Memory int64
}

// ParseCounts reads a number such as "64", for which below is 0, or a range such as "64..256", from
// which numbers are drawn that are at least from and less than below. 0 means 1, as for the flags of
// spin up that are written so. The results are for fields of [ComponentConfig].
func ParseCounts(text string) (from, below int, err error) { return pool.ParseCounts(text) }

// ParseTimes reads a time such as "500ms", for which below is 0, or a range such as "100..500ms",
// from which times are drawn that are at least from and less than below. Numbers without a unit
// are seconds; in a range, the first may have the unit of the second. Times are of the form that
// time.ParseDuration takes, and not negative. The results are for fields of [ComponentConfig].
func ParseTimes(text string) (from, below time.Duration, err error) { return pool.ParseTimes(text) }

const (
	defaultRequests    = 128
	defaultConcurrent  = 16
	defaultIdleTime    = time.Second
	defaultTailTime    = 30 * time.Second
	defaultComputeTime = 30 * time.Second
	defaultLocalDepth  = 16
	defaultLocalRoom   = 5 * time.Second
	noBound            = 1 << 30
)

// or returns c with what it leaves open as in d.
func (c ComponentConfig) or(d ComponentConfig) ComponentConfig {
	if c.MaxRequests <= 0 {
		c.MaxRequests, c.MaxRequestsBelow = d.MaxRequests, d.MaxRequestsBelow
	}
	if c.MaxConcurrent <= 0 {
		c.MaxConcurrent, c.MaxConcurrentBelow = d.MaxConcurrent, d.MaxConcurrentBelow
	}
	if c.IdleTime <= 0 {
		c.IdleTime, c.IdleTimeBelow = d.IdleTime, d.IdleTimeBelow
	}
	if c.RequestTime == 0 {
		c.RequestTime, c.RequestTimeBelow = d.RequestTime, d.RequestTimeBelow
	}
	c.MaxInstances = orDefault(c.MaxInstances, d.MaxInstances)
	c.Memory = cmp.Or(c.Memory, d.Memory)
	return c
}

// componentConfig returns the settings of a component.
func (c *Config) componentConfig(id string) ComponentConfig {
	return c.Components[id].or(c.ComponentDefaults).or(ComponentConfig{
		MaxRequests: defaultRequests, MaxConcurrent: defaultConcurrent, MaxInstances: noBound,
		IdleTime: defaultIdleTime, Memory: c.Limits.Memory,
	})
}

// pool returns the settings of the component's pool.
func (c ComponentConfig) pool(l Limits, rt *Runtime) pool.Config {
	return pool.Config{
		Requests: c.MaxRequests, RequestsBelow: c.MaxRequestsBelow,
		Concurrent: c.MaxConcurrent, ConcurrentBelow: c.MaxConcurrentBelow,
		Idle: c.IdleTime, IdleBelow: c.IdleTimeBelow,
		MaxInstances: c.MaxInstances,
		Parallel:     rt.parallel,
		Crowded:      rt.e.Crowded,
		Tail:         orDefault(l.TailTime, defaultTailTime),
		Closed:       ErrClosed,
	}
}

func orDefault[T int | time.Duration](v, def T) T {
	if v <= 0 {
		return def
	}
	return v
}

// RequestTime implements trigger.Component.
func (c *component) RequestTime() time.Duration {
	return pool.Draw(c.cfg.RequestTime, c.cfg.RequestTimeBelow)
}
