// Package timer is a trigger that runs components at intervals:
//
//	[[trigger.timer]]
//	id = "heartbeat"
//	component = "ticker"
//	interval = "10s"
//	jitter = "500ms"   # optional: each tick is late by up to this, at random
//	timeout = "5s"     # optional: a tick that takes longer is ended
//
// What holds for all timers of an app that do not say something else stands in
//
//	[application.trigger.timer]
//	timeout = "1m"
//
// The component exports acme:timer/job@1.0.0, which stands in wit/timer.wit. Each tick is a call
// in a fresh instance. Ticks of one timer do not overlap: those that fall due while one still
// runs are left out.
package timer
