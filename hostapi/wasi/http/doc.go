// Package http implements wasi:http: what guests of version 0.2 and of 0.3 send, and what they
// serve.
//
// # Let components send requests
//
// [Interfaces] are for a registry of host interfaces. Requests go to the HTTP of the component's
// [hostapi.Scope], an http.RoundTripper, if its Hosts allow the destination; a request that they
// do not allow fails with the code HTTP-request-denied, and the log says which line of the manifest
// would allow it. [NewTransport] makes a transport that leaves to guests what is theirs:
// redirects, content codings and time limits. It connects to no address in blocked networks.
//
// Requests to the app itself come to that RoundTripper with the host self.alt, and those to its
// components with names such as cart.spin.internal, whatever scheme and port the guest has
// given them: they are to be served without a socket.
//
// An error of the RoundTripper that wraps an [ErrorCode] is what the guest gets, one that wraps
// capability.ErrDenied is HTTP-request-denied. The log says more than the code, once for each
// reason.
//
// # Serve requests by a guest
//
// A trigger makes a [Request] of what it has received, and of that the resource for the guest's
// version: [Request.IncomingRequest], with a [NewOutparam] for the response, or
// [Request.Resource], whose response [TakeResponse] takes. Both give a [Response]. Its header is
// known, its [Body] comes as the guest writes it and is read with [Body.CopyTo] or as an
// io.Reader; the trailers come last. Whatever becomes of it, [Body.Finish] has to be called.
//
// # Errors
//
// A message fails with an [ErrorCode], which is an error. Both versions of the interface have the
// same codes.
//
// # Concurrency
//
// Resources belong to one guest and are used on the goroutine that drives it; an Interface is
// shared by all guests of a component. A Body is read by one goroutine, which is not the guest's,
// and may be finished by any.
package http
