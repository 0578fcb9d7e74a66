package http

import "time"

// SetPatience sets how long a guest may keep the goroutine of a request.
func (s *Server) SetPatience(d time.Duration) { s.patience = d }
