package pool

import "time"

// patienceTime is for how long callers wait for instances that compute without any of them
// getting a place.
const patienceTime = 5 * time.Millisecond

// patience bounds how long callers wait although a further instance could be made: those that
// they wait for may compute for long. As soon as nobody has been served for a while, one more
// is made, and so on.
type patience struct {
	timer  *time.Timer
	armed  bool
	served bool // somebody has got a place since the timer was set
}

// awaits reports whether callers had better wait for one of so many instances that compute.
func (p *Pool) awaits(computing int) bool {
	if p.cfg.Parallel <= 0 || computing < p.cfg.Parallel || p.closed {
		return false
	}
	if w := &p.patience; !w.armed {
		w.armed, w.served = true, false
		if w.timer == nil {
			w.timer = time.AfterFunc(patienceTime, p.impatient)
		} else {
			w.timer.Reset(patienceTime)
		}
	}
	return true
}

// impatient has one more instance made, if somebody waits and nobody has been served.
func (p *Pool) impatient() {
	p.mu.Lock()
	defer p.mu.Unlock()
	w := &p.patience
	if w.armed = false; p.closed || len(p.waiting) == 0 {
		return
	}
	if !w.served && p.mayStart() {
		p.startWaiting()
	}
	p.serveWaiting()
}

// stop ends the timer for good.
func (w *patience) stop() {
	if w.timer != nil {
		w.timer.Stop()
	}
}
