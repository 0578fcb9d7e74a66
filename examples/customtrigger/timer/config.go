package timer

import (
	"errors"
	"fmt"
	"time"

	"github.com/spinhost/spin/trigger"
)

// The bounds of intervals. What lies outside is a mistake rather than a wish.
const (
	shortest = 10 * time.Millisecond
	longest  = 366 * 24 * time.Hour
)

// settings are the keys of a [[trigger.timer]] entry. An unknown key is an error of Entry.Decode.
type settings struct {
	Interval duration `toml:"interval"`
	Jitter   duration `toml:"jitter"`
	Timeout  duration `toml:"timeout"`
}

// common are the keys of [application.trigger.timer].
type common struct {
	Timeout duration `toml:"timeout"`
}

// decodeCommon reads and checks the settings of all timers.
func decodeCommon(s trigger.Settings) (common, error) {
	var c common
	if err := s.Decode(&c); err != nil {
		return c, err
	}
	if c.Timeout.none() {
		return c, s.Errorf("timeout", noTime)
	}
	return c, nil
}

const noTime = "0 leaves a tick no time: remove the key if there is to be no limit"

// duration is a key's value. What UnmarshalText finds wrong is reported at the place of the value.
type duration struct {
	time.Duration
	given bool
}

// none reports whether the key says that there is no time.
func (d *duration) none() bool { return d.given && d.Duration == 0 }

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *duration) UnmarshalText(text []byte) (err error) {
	d.given = true
	d.Duration, err = time.ParseDuration(string(text))
	if err != nil || d.Duration < 0 {
		return fmt.Errorf("must be a duration, not %q: write a number with a unit, such as \"500ms\" or \"1h30m\"", text)
	}
	return nil
}

// decode reads and checks an entry. The error has all that is wrong with it.
func decode(e trigger.Entry) (settings, error) {
	var s settings
	if err := e.Decode(&s); err != nil {
		return s, err
	}
	var errs []error
	fault := func(key, format string, args ...any) { errs = append(errs, e.Errorf(key, format, args...)) }
	if e.Component == "" {
		fault("", `timer %q names no component: add component = "..."`, e.ID)
	}
	switch {
	case !s.Interval.given:
		fault("", `timer %q has no interval: add interval = "10s"`, e.ID)
	case s.Interval.Duration < shortest:
		fault("interval", "%s is too short: write at least %q", s.Interval, shortest.String())
	case s.Interval.Duration > longest:
		fault("interval", "%s is too long: write at most %q", s.Interval, longest.String())
	case s.Jitter.Duration >= s.Interval.Duration:
		fault("jitter", "%s must be less than the interval, %s", s.Jitter, s.Interval)
	}
	if s.Timeout.none() {
		fault("timeout", noTime)
	}
	return s, errors.Join(errs...)
}
