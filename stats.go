package spin

import "slices"

// Stats are counts of what is live in an app. All are zero when nothing runs; shared instances
// are live until they have been idle for ComponentConfig.IdleTime, or another one needs their room.
type Stats struct {
	Instances int // guests
	Fibers    int // stacks of guests
	Handles   int // what guests hold of resources, streams and tasks
	HostCalls int // host functions in progress on goroutines
}

// Stats returns what is live now. All but Instances is as of when each guest last had nothing
// to do.
func (a *App) Stats() Stats {
	var s Stats
	for _, c := range a.programs() {
		x := c.program.Stats()
		s.Instances += x.Instances
		s.Fibers += x.Fibers
		s.Handles += x.Handles
		s.HostCalls += x.HostCalls
	}
	return s
}

// StandIns lists the host interfaces that the app's components import and that are known but
// not provided: a guest that calls one traps. Sorted by name.
func (a *App) StandIns() []string {
	var ids []string
	for _, c := range a.programs() {
		ids = append(ids, c.program.StandIns()...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// programs lists the components that could be loaded.
func (a *App) programs() []*component {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.loaded()
}
