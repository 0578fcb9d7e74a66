package pool

import "time"

// For how long callers wait for instances that compute without any of them getting a place: a
// time for each that a processor has to serve, as the more take turns the longer each of them
// takes, but not for ever longer. Then the oldest and the youngest are served by turns: those who
// come after a crowd that keeps the processors need not wait until all of it has begun.
const (
	patienceTime = 5 * time.Millisecond
	maxPatience  = 20 * time.Millisecond
)

// patience bounds how long callers wait although a further instance could be made: those that
// they wait for may compute for long. As soon as nobody has been served for a while, one more
// is made, and so on.
type patience struct {
	timer  *time.Timer
	armed  bool
	served bool // somebody has got a place since the timer was set
	young  bool // the youngest is served next
}

// begin has over called when patience has run out with so many instances that compute on so many
// processors, unless that is to happen anyway.
func (w *patience) begin(over func(), computing, parallel int) {
	if w.armed {
		return
	}
	w.armed, w.served = true, false
	d := min(patienceTime*time.Duration(computing)/time.Duration(parallel), maxPatience)
	if w.timer == nil {
		w.timer = time.AfterFunc(d, over)
	} else {
		w.timer.Reset(d)
	}
}

// end reports, when over is called, whether somebody has to be served, and if it is to be the
// youngest.
func (w *patience) end() (now, young bool) {
	w.armed = false
	if now = !w.served; now {
		young, w.young = w.young, !w.young
	}
	return now, young
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
	p.patience.begin(p.impatient, computing, p.cfg.Parallel)
	return true
}

// impatient has one more instance made, if somebody waits and nobody has been served.
func (p *Pool) impatient() {
	p.mu.Lock()
	defer p.mu.Unlock()
	now, young := p.patience.end()
	if p.closed || len(p.waiting) == 0 {
		return
	}
	if now && p.mayStart() {
		p.startWaiting(young)
	}
	p.serveWaiting()
}
