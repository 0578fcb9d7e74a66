package main

// httpErrors is why a request failed, as WASI 0.2 and 0.3 have it: the payloads that are records
// and those of texts are all that gives it its size.
func httpErrors() string {
	return record("DNS-error-payload", "rcode (option string)", "info-code (option u16)") +
		record("TLS-alert-received-payload", "alert-id (option u8)", "alert-message (option string)") +
		record("field-size-payload", "field-name (option string)", "field-size (option u32)") +
		variant("error-code", "DNS-timeout", "DNS-error $DNS-error-payload", "destination-not-found", "destination-unavailable", "destination-IP-prohibited",
			"destination-IP-unroutable", "connection-refused", "connection-terminated", "connection-timeout", "connection-read-timeout", "connection-write-timeout",
			"connection-limit-reached", "TLS-protocol-error", "TLS-certificate-error", "TLS-alert-received $TLS-alert-received-payload", "HTTP-request-denied",
			"HTTP-request-length-required", "HTTP-request-body-size (option u64)", "HTTP-request-method-invalid", "HTTP-request-URI-invalid", "HTTP-request-URI-too-long",
			"HTTP-request-header-section-size (option u32)", "HTTP-request-header-size (option $field-size-payload)", "HTTP-request-trailer-section-size (option u32)",
			"HTTP-request-trailer-size $field-size-payload", "HTTP-response-incomplete", "HTTP-response-header-section-size (option u32)",
			"HTTP-response-header-size $field-size-payload", "HTTP-response-body-size (option u64)", "HTTP-response-trailer-section-size (option u32)",
			"HTTP-response-trailer-size $field-size-payload", "HTTP-response-transfer-coding (option string)", "HTTP-response-content-coding (option string)",
			"HTTP-response-timeout", "HTTP-upgrade-failed", "HTTP-protocol-error", "loop-detected", "configuration-error", "internal-error (option string)")
}

// alias takes types of the instance $types for another.
func alias(names ...string) (outside, inside string) {
	for _, n := range names {
		outside += "  (alias export $types \"" + n + "\" (type $" + n + "))\n"
		inside += "    (alias outer 1 $" + n + " (type $" + n + "'))\n    (export \"" + n + "\" (type $" + n + " (eq $" + n + "')))\n"
	}
	return outside, inside
}

func httpAPIs() []api {
	list := []api{oldHTTP(), octoberHTTP()}
	for _, v := range []string{"0.2.0", "0.2.6", "0.2.12", "0.2.0-rc-2023-11-10"} {
		outside, inside := alias("error-code", "outgoing-request", "request-options", "future-incoming-response")
		fields := step{of: "types", name: "[constructor]fields", sig: "(result (own $fields))", read: "direct"}
		request := step{of: "types", name: "[constructor]outgoing-request", sig: `(param "headers" (own $fields)) (result (own $outgoing-request))`, args: "D0", read: "direct"}
		authority := step{of: "types", name: "[method]outgoing-request.set-authority", sig: `(param "self" (borrow $outgoing-request)) (param "authority" (option string)) (result (result))`, args: "D1 1 S", read: "direct"}
		list = append(list, api{id: "wasi:http/outgoing-handler@" + v,
			also: "  (import \"wasi:http/types@" + v + "\" (instance $types\n" + httpErrors() + resource("fields") + resource("outgoing-request") + resource("request-options") +
				resource("future-incoming-response") + "    (exports of types)\n  ))\n" + outside,
			types: inside,
			calls: []step{{after: []step{fields, request, authority}, name: "handle",
				sig:  `(param "request" (own $outgoing-request)) (param "options" (option (own $request-options))) (result (result (own $future-incoming-response) (error $error-code)))`,
				args: "D1 0 0 R", read: "r8+20"}}})
	}
	for _, v := range []string{"0.3.0", "0.3.0-rc-2026-03-15"} {
		list = append(list, newHTTP(v))
	}
	return list
}

// newHTTP sends a request whose trailers are written as soon as it is made.
func newHTTP(v string) api {
	outside, inside := alias("error-code", "request", "response")
	const done = "(future (result (option (own $fields)) (error $error-code)))"
	fields := step{of: "types", name: "[constructor]fields", sig: "(result (own $fields))", read: "direct"}
	future := step{of: "canon", name: "new", read: "pair"}
	request := step{of: "types", name: "[static]request.new", sig: `(param "headers" (own $fields)) (param "contents" (option (stream u8))) (param "trailers" ` + done +
		`) (param "options" (option (own $request-options))) (result (tuple (own $request) (future (result (error $error-code)))))`, args: "D0 0 0 D1 0 0 R", read: "void"}
	authority := step{of: "types", name: "[method]request.set-authority", sig: `(param "self" (borrow $request)) (param "authority" (option string)) (result (result))`, args: "D2 1 S", read: "direct"}
	write := step{of: "canon", name: "write", args: "H1 0", read: "direct"} // none, at the beginning of the memory
	return api{id: "wasi:http/client@" + v,
		also: "  (import \"wasi:http/types@" + v + "\" (instance $types\n" + httpErrors() + resource("fields") + resource("request-options") + resource("request") + resource("response") +
			"    (exports of types)\n  ))\n" + outside + "  (alias export $types \"fields\" (type $fields))\n",
		types: inside,
		canon: "  (type $done " + done + ")\n  (core func $canon.new (canon future.new $done))\n  (core func $canon.write (canon future.write $done async (memory $m)))\n",
		calls: []step{{after: []step{fields, future, request, authority, write}, name: "send",
			sig: async(true, `(param "request" (own $request)) (result (result (own $response) (error $error-code)))`), args: "D2 R", read: "r8+20"}}}
}

// octoberHTTP is the first snapshot, whose constructors and errors are others.
func octoberHTTP() api {
	const v = "@0.2.0-rc-2023-10-18"
	outside, inside := alias("error", "outgoing-request", "request-options", "future-incoming-response")
	fields := step{of: "types", name: "[constructor]fields", sig: `(param "entries" (list (tuple string (list u8)))) (result (own $fields))`, args: "E", read: "direct"}
	request := step{of: "types", name: "[constructor]outgoing-request", sig: `(param "method" $method) (param "path-with-query" (option string)) (param "scheme" (option $scheme)) (param "authority" (option string)) (param "headers" (borrow $fields)) (result (own $outgoing-request))`,
		args: "0 0 0 N 0 0 0 0 N D0", read: "direct"}
	return api{id: "wasi:http/outgoing-handler" + v,
		also: "  (import \"wasi:http/types" + v + "\" (instance $types\n" + variant("method", "get", "head", "post", "put", "delete", "connect", "options", "trace", "patch", "other string") +
			variant("scheme", "HTTP", "HTTPS", "other string") + variant("error", "invalid-url string", "timeout-error string", "protocol-error string", "unexpected-error string") +
			record("request-options", "connect-timeout-ms (option u32)", "first-byte-timeout-ms (option u32)", "between-bytes-timeout-ms (option u32)") +
			resource("fields") + resource("outgoing-request") + resource("future-incoming-response") + "    (exports of types)\n  ))\n" + outside,
		types: inside,
		calls: []step{{after: []step{fields, request}, name: "handle",
			sig:  `(param "request" (own $outgoing-request)) (param "options" (option $request-options)) (result (result (own $future-incoming-response) (error $error)))`,
			args: "D1 0 0 0 0 0 0 0 R", read: "r4+8"}}}
}

// oldHTTP is that of Spin 1.
func oldHTTP() api {
	types := enum("method", "get post put delete patch head options") +
		record("request", "method $method", "uri string", "headers (list (tuple string string))", "params (list (tuple string string))", "body (option (list u8))") +
		record("response", "status u16", "headers (option (list (tuple string string)))", "body (option (list u8))") +
		enum("http-error", "success destination-not-allowed invalid-url request-error runtime-error too-many-requests")
	return api{id: "fermyon:spin/http", types: types, calls: []step{{name: "send-request",
		sig: `(param "req" $request) (result (result $response (error $http-error)))`, args: "0 S E E N R", read: "r4"}}}
}
