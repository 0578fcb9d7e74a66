package spin

import (
	"fmt"
	"maps"
	"slices"

	"github.com/spinhost/spin/manifest"
)

// settings are what the manifest says of all entries of one kind of trigger together.
type settings struct {
	table   *manifest.Table   // nil if it says nothing
	pos     manifest.Position // of what lacks it then
	decoded bool
}

// decode is trigger.Settings.Decode.
func (s *settings) decode(into any) error {
	s.decoded = true
	if s.table == nil {
		return new(manifest.Table).Decode(into) // which says so if into cannot be decoded into
	}
	return s.table.Decode(into)
}

// errorf is trigger.Settings.Errorf.
func (s *settings) errorf(key, format string, args ...any) error {
	pos := s.pos
	if s.table != nil {
		if pos = s.table.Pos(); key != "" {
			pos = s.table.KeyPos(key)
		}
	}
	return place(fmt.Errorf(format, args...), pos)
}

// unread finds settings at which the trigger has not looked.
func (s *settings) unread(kind string) []error {
	if s.table == nil || s.decoded {
		return nil
	}
	var errs []error
	for _, key := range s.table.Keys() {
		errs = append(errs, &Error{Pos: s.table.KeyPos(key), Err: fmt.Errorf("the trigger %q takes no settings for all of its entries: remove %q, or write it in each entry if it belongs there", kind, key)})
	}
	return errs
}

// warnOfSettings tells of settings of triggers that the app does not have.
func (a *App) warnOfSettings() {
	kinds := a.m.TriggerTypes()
	for _, kind := range slices.Sorted(maps.Keys(a.m.Application.Triggers)) {
		if t := a.m.Application.Triggers[kind]; len(t.Keys()) > 0 && !slices.Contains(kinds, kind) {
			a.log.Warn(fmt.Sprintf("%s: there are settings for the trigger %q, and no entry of it", t.Pos(), kind))
		}
	}
}
