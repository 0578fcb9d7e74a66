package http

import (
	"embed"
	"io/fs"

	p2http "github.com/spinhost/spin/hostapi/wasi/p2/http"
	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
)

// inboundWIT has the interface of components of Spin 1; the others are among those of hosts.
//
//go:embed internal/inbound/wit
var inboundWIT embed.FS

// Exports implements trigger.Describer. Commands are served too, but only where the manifest says so.
func (httpTrigger) Exports() []string {
	return []string{
		p3http.HandlerID, handlerName + "@" + candidate, p2http.IncomingHandlerID, inboundHTTP,
		incomingHandlerName + "@" + november, incomingHandlerName + "@" + october,
	}
}

// WIT implements trigger.Describer.
func (httpTrigger) WIT() fs.FS { return inboundWIT }

// Features implements trigger.Describer: components can call each other.
func (httpTrigger) Features() []string { return []string{"local_service_chaining"} }
