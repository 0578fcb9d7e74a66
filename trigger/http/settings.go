package http

import (
	"log/slog"

	"github.com/spinhost/spin/trigger"
)

// checkSettings reads what a manifest says of all routes together. There was a path below which
// all of them are, which Spin has done away with: "/" has no effect, and others are errors.
func checkSettings(s trigger.Settings, log *slog.Logger) []error {
	var settings struct {
		Base *string `toml:"base"`
	}
	if err := s.Decode(&settings); err != nil {
		return []error{err}
	}
	switch {
	case settings.Base == nil:
	case *settings.Base == "/":
		log.Warn(s.Errorf("base", `base = "/" has no effect any more: remove it`).Error())
	default:
		return []error{s.Errorf("base", "base is not supported any more: remove it, and begin the route of each trigger with %q", *settings.Base)}
	}
	return nil
}
