// Package alarm calls something at a time that is put off again and again.
package alarm

import "time"

// Expirer is what an Alarm calls.
type Expirer interface{ Expire() }

// Alarm calls Expire at a time, or before: putting it off leaves the timer alone, which takes longer
// to set than many a thing that it bounds, and Expire sees by Due that it is early. The zero Alarm is not
// set. It belongs to the lock that Expire takes.
type Alarm struct {
	timer *time.Timer
	rings time.Time // when timer does; zero if it does not
}

// Set has e called at t.
func (a *Alarm) Set(t time.Time, e Expirer) {
	if !a.rings.IsZero() && !t.Before(a.rings) {
		return // Due looks again
	}
	if d := time.Until(t); a.timer == nil {
		a.timer = time.AfterFunc(d, e.Expire)
	} else {
		a.timer.Reset(d)
	}
	a.rings = t
}

// Due is to be called by e's Expire, with the time that counts by now: zero if none does. It reports
// whether that has come; if it is still to come, e is called again.
func (a *Alarm) Due(t time.Time, e Expirer) bool {
	a.rings = time.Time{}
	if t.IsZero() {
		return false
	}
	if time.Now().Before(t) {
		a.Set(t, e)
		return false
	}
	return true
}

// Stop has nobody called any more, but for one who is about to take the lock.
func (a *Alarm) Stop() {
	if a.rings = (time.Time{}); a.timer != nil {
		a.timer.Stop()
	}
}
