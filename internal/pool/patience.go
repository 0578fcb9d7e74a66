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

// begin has over called when patience has run out, unless that is to happen anyway.
func (w *patience) begin(over func()) {
	if w.armed {
		return
	}
	w.armed, w.served = true, false
	if w.timer == nil {
		w.timer = time.AfterFunc(patienceTime, over)
	} else {
		w.timer.Reset(patienceTime)
	}
}

// end reports, when over is called, whether somebody has been served meanwhile.
func (w *patience) end() bool {
	w.armed = false
	return w.served
}

// stop forgets the timer.
func (w *patience) stop() {
	if w.timer != nil {
		w.timer.Stop()
	}
}

// awaits reports whether callers had better wait for one of so many instances that compute.
func (p *Pool) awaits(computing int) bool {
	if p.cfg.Parallel <= 0 || computing < p.cfg.Parallel || p.closed {
		return false
	}
	p.patience.begin(p.impatient)
	return true
}

// impatient has one more instance made, if somebody waits and nobody has been served.
func (p *Pool) impatient() {
	p.mu.Lock()
	defer p.mu.Unlock()
	served := p.patience.end()
	if p.closed || len(p.waiting) == 0 {
		return
	}
	if !served && p.mayStart() {
		p.startWaiting()
	}
	p.serveWaiting()
}
