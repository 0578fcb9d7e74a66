// Package http is the HTTP trigger: it has components serve requests.
//
// # Serve the requests of an app
//
// [Trigger] makes the trigger for a registry of triggers, configured by a [Config]. What it
// loads is a [Server], an http.Handler for all routes of the app, which any server can serve and
// any middleware wrap. [Server.Run] also listens; it does HTTP/2 without TLS, limits how long
// header sections may take and how large they may be, and waits for requests when it ends,
// which a plain http.Server does only if it is told to.
//
// # What a handler does and what Run does
//
// Who serves a [Server], or the app that it belongs to, with an http.Server of their own gets all
// that this page says of routes, components and clients. Connections are theirs, and with them what
// Run does and a plain http.Server does not do or does otherwise:
//
//	                                            Run                 http.Server
//	HTTP/2 over TLS, by ALPN                    yes                 yes
//	HTTP/2 without TLS, for gRPC and proxies    yes                 if Protocols says so
//	time for a header section, and a handshake  HeaderTime, 1 min   none: ReadHeaderTimeout
//	time without a request                      IdleTime, 3 min     none: IdleTimeout
//	size of a header section, else 431          408 KiB             1 MiB: MaxHeaderBytes
//	OPTIONS *                                   as any other path   answered by the server
//	an end without cutting requests short       DrainTime, 10 s     Shutdown, and App.Close
//
// Everywhere, 100 header fields, a target of 65,534 bytes and Config.MaxBodyBytes are the most that
// a request may have; more is answered with 431, 414 and 413. A client that keeps a guest waiting for
// the body of its request is answered with 408 (Config.BodyTime), and one that does not take its response
// is left (Config.WriteTime), each after a minute. "Expect: 100-continue" is answered when the
// guest reads the body. Connections never become something else: a request with the field
// upgrade is answered as if it had none, which is what clients of WebSocket take for a refusal,
// the method CONNECT is answered with status 501, and a guest that responds with 101, or with any
// status that does not end an exchange, has failed.
//
// Behind a ResponseWriter that is no connection of net/http, such as that of a middleware without an Unwrap
// method, responses are sent when their writer likes and not when the guest has written.
//
// # Routes
//
// A route is a path such as "/users/:id". Its pieces are literals, parameters, which begin with a
// colon and take what is there up to the next slash, or up to the next dot if one follows them,
// and at the end perhaps the wildcard "/...". Paths are matched as they were sent, without
// decoding; slashes around them do not count. Of several routes that match, the one whose
// pieces first differ for the better serves: literals go before parameters and these before the
// wildcard. [Server.Routes] lists them in that order. A route that cannot be read is a
// [RouteError]. Of two triggers with one route the later one serves; that, and other routes that
// no request reaches, is reported to the logger when the app is loaded, with both places.
//
// A trigger with route = { private = true } has no path: its component serves other components of
// the app only ([Server.Local]). One with static_response in place of a component answers with
// that, and no guest runs. Paths below /.well-known/spin/ are the host's: "health" is answered with OK,
// "info" with the name and the version of the app as JSON.
//
// # What components see
//
// Requests have the fields spin-path-info, spin-full-url, spin-matched-route, spin-base-path,
// spin-raw-component-route, spin-component-route, spin-client-addr, and spin-path-match-NAME for
// each parameter. Fields whose names begin with "spin-" are taken from what clients send.
// Components that export wasi:http/handler 0.3 share instances; those that export
// wasi:http/incoming-handler 0.2 get one for each request. A component has to export one of them, or
// fermyon:spin/inbound-http, and only one.
//
// Components of Spin 1, which export the latter, get one instance for each request and bodies that are whole, at most
// 128 MiB; methods that they do not know are answered with status 405. So do programs, which
// are served with executor = { type = "wagi" }: they export wasi:cli/run 0.2, and get the request as CGI has
// it, in arguments, variables and input. They print header lines of which one is content-type, status or
// location, an empty line, and a body. In their variables, fields of the client's are HTTP_NAME, without
// authorization, and without proxy, as HTTP_PROXY has another meaning.
//
// # What clients see
//
// Bodies stream both ways, trailers included, and who does not read stops who writes. A guest that
// traps, gives no response or takes longer than Config.RequestTime is answered for with status
// 500, without a word of why: that goes to the log. A failure after the head of the response
// was sent aborts it, so that the client can tell. When there is no room for another instance
// the status is 503, with the field Retry-After. Requests without a legal host get status 400.
//
// A client that leaves is told to the guest: its host calls for the request fail, if they can, its
// bodies fail, and it is asked to give up. What it waits for in functions that cannot fail, such as
// timers, goes on, and so does whatever else its instance does. Over HTTP/1 that is noticed when the request's body has
// been read, or when the response is written.
package http
