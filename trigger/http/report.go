package http

import "strings"

// What is wrong with routes that are valid each by itself does not keep an app from being
// served, as in Spin: it is told with its place.

// reportReplaced tells of an entry whose route stands again in a later one.
func (s *Server) reportReplaced(old, by *entry) {
	s.log.Error(by.errorf("route", "route %q is used by two triggers: the later one counts", by.route.Raw).Error(),
		"trigger", by.route.ID, "replaced", old.route.ID,
		"where", old.errorf("route", "the earlier one is never reached: remove it, or change its route").Error())
}

// reportHidden tells of an entry whose paths all lead to another.
func (s *Server) reportHidden(e, by *entry) {
	s.log.Error(e.errorf("route", "route %q is never reached: %q matches the same paths and comes before it", e.route.Raw, by.route.Raw).Error(),
		"trigger", e.route.ID, "by", by.route.ID, "where", by.errorf("route", "this one counts").Error())
}

// reportReserved tells of an entry whose paths are answered by the host.
func (s *Server) reportReserved(e *entry) {
	if strings.HasPrefix("/"+strings.TrimPrefix(e.route.Raw, "/"), reservedPrefix) {
		s.log.Error(e.errorf("route", "route %q is never reached: paths below %s are answered by the host", e.route.Raw, reservedPrefix).Error(), "trigger", e.route.ID)
	}
}
