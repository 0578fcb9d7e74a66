package trigger

import "net/http"

// Local is implemented by a [Runner] that answers requests which components of the app send to
// each other, in the process and without a socket. Requests to the app itself are for a Runner
// that is an http.Handler.
type Local interface {
	// Local returns what answers requests to a component, whatever routes it has; nil if the
	// trigger does not run the component. The end of a request's context says that nobody
	// waits for the response.
	Local(component string) http.Handler
}
