package pool

import "time"

// hasOthers reports whether an instance had better make room for others than wait for a caller.
func (p *Pool) hasOthers() bool {
	return len(p.waiting) == 0 && p.cfg.Crowded != nil && p.cfg.Crowded()
}

// IdleSince tells since when the instance has been idle that has been so for longest; the zero
// time if none is.
func (p *Pool) IdleSince() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, since := p.longestIdle()
	return since
}

// EndIdle ends that instance, for others to have its room, and reports whether there was one.
func (p *Pool) EndIdle() bool {
	p.mu.Lock()
	m, _ := p.longestIdle()
	if m != nil {
		_ = m.end(p.cfg.Closed)
	}
	p.mu.Unlock()
	if m == nil {
		return false
	}
	m.kill(p.cfg.Closed)
	return true
}

func (p *Pool) longestIdle() (longest *member, since time.Time) {
	for _, m := range p.shared {
		if m.until.IsZero() || m.tasks > 0 {
			continue
		}
		if s := m.until.Add(-m.idle); longest == nil || s.Before(since) {
			longest, since = m, s
		}
	}
	return longest, since
}
