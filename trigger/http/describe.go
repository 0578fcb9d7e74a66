package http

import (
	"io/fs"

	p2http "github.com/spinhost/spin/hostapi/wasi/p2/http"
	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
)

// Exports implements trigger.Describer.
func (httpTrigger) Exports() []string {
	return []string{p2http.IncomingHandlerID, p3http.HandlerID, handlerName + "@" + candidate}
}

// WIT implements trigger.Describer.
func (httpTrigger) WIT() fs.FS { return nil }

// Features implements trigger.Describer: components can call each other.
func (httpTrigger) Features() []string { return []string{"local_service_chaining"} }
