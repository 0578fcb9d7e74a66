package engine

import "time"

// Usage is what an instance has taken so far.
type Usage struct {
	// CPU is for how long guest code has run, wall time, with the host functions that it has
	// called and that answered at once. What it waits for does not count, nor the turns of
	// others.
	CPU time.Duration
	// Memory is how many bytes of memory there are, 0 when the instance has ended.
	Memory int64
	// PeakMemory is how many there have been at most.
	PeakMemory int64
	// Instances are the shares of the component instances, those around others first. They sum
	// up to the whole.
	Instances []InstanceUsage
}

// InstanceUsage is the part of one component instance.
type InstanceUsage struct {
	Instance   string // its path, as in abi.Caller
	CPU        time.Duration
	Memory     int64
	PeakMemory int64
}

// Usage returns what the instance has taken, if InstanceConfig.Meter is set, else nothing. It
// may be called at any time, from any goroutine, also when the instance has ended. While guest
// code runs, it is what was known when that last was interrupted, which happens every few
// milliseconds, waited, or called another component instance.
func (i *Instance) Usage() Usage {
	if !i.cfg.Meter {
		return Usage{}
	}
	var u Usage
	rate := i.p.rt.clock.Rate()
	live := !i.watch.ended.Load()
	for n := range i.p.link.Canon.Instances {
		x := InstanceUsage{
			Instance:   i.p.link.Canon.Instances[n].Name,
			CPU:        rate.Duration(i.tree.Spent(n)),
			PeakMemory: int64(i.watch.now[n].Load()),
		}
		if live {
			x.Memory = x.PeakMemory
		}
		u.CPU += x.CPU
		u.Memory += x.Memory
		u.PeakMemory += x.PeakMemory
		u.Instances = append(u.Instances, x)
	}
	return u
}

// CPU returns for how long guest code has run for the call, as Usage.CPU, if the instance's
// InstanceConfig.Meter is set, else 0: in whichever component instance, as long as it came from
// this call, and also after the call has returned. Threads of guests that serve several calls
// work for the one in which they run at the moment.
func (c *Call) CPU() time.Duration {
	if !c.c.Metered {
		return 0
	}
	return c.f.p.rt.clock.Rate().Duration(c.c.Spent())
}
