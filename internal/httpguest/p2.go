package httpguest

import (
	p2http "github.com/spinhost/spin/hostapi/wasi/p2/http"
)

// T2 begins the names of the functions of wasi:http/types 0.2, the others those of wasi:io.
const (
	T2        = "wasi:http/types@0.2.12#"
	streamsID = "wasi:io/streams@0.2.12#"
	pollID    = "wasi:io/poll@0.2.12#"
)

// own calls a function that returns result<own> and returns the handle, or None.
func (t *Task) own(name string, args ...uint64) uint64 {
	p := t.Load(name, args...)
	if t.U8(p) != 0 {
		return None
	}
	return uint64(t.U32(p + 4))
}

// Fields2 makes fields of names and values.
func (t *Task) Fields2(list ...string) uint64 {
	ptr, n := t.Pairs(list)
	p := t.Load(T2+"[static]fields.from-list", ptr, n)
	if t.U8(p) != 0 {
		panic("fields.from-list: " + p2http.HeaderErrorCase(t.U8(p+4)).String())
	}
	return uint64(t.U32(p + 4))
}

// Entries2 returns names and values of fields, which are dropped.
func (t *Task) Entries2(fields uint64) []string {
	list := t.list(t.Load(T2+"[method]fields.entries", fields))
	t.Drop(fields)
	return list
}

// Text2 calls a getter of an option<string>; "" is none.
func (t *Task) Text2(name string, self uint64) string {
	p := t.Load(T2+name, self)
	if t.U8(p) == 0 {
		return ""
	}
	return t.Text(p + 4)
}

// Try2 calls a function that returns a handle, or None for its error case.
func (t *Task) Try2(name string, args ...uint64) uint64 { return t.own(T2+name, args...) }

// Response2 makes a response.
func (t *Task) Response2(status int, fields uint64) uint64 {
	r := t.Call(T2+"[constructor]outgoing-response", fields)
	if t.Call(T2+"[method]outgoing-response.set-status-code", r, uint64(status)) != 0 {
		panic("set-status-code")
	}
	return r
}

// SetOutparam2 gives the response.
func (t *Task) SetOutparam2(param, response uint64) {
	t.Call(T2+"[static]response-outparam.set", param, 0, response, 0, 0, 0, 0, 0, 0)
}

// FailOutparam2 gives an error code without payload in place of a response.
func (t *Task) FailOutparam2(param uint64, code p2http.ErrorCodeCase) {
	t.Call(T2+"[static]response-outparam.set", param, 1, uint64(code), 0, 0, 0, 0, 0, 0)
}

// Write2 writes all of s to an output-stream with blocking-write-and-flush, up to 4096 bytes at a
// time. It returns "", "closed", or the name of the error code of a failed operation.
func (t *Task) Write2(stream uint64, s string) string {
	for len(s) > 0 {
		n := min(len(s), 4096)
		ptr, k := t.Put(s[:n])
		p := t.Load(streamsID+"[method]output-stream.blocking-write-and-flush", stream, ptr, k)
		if t.U8(p) != 0 {
			return t.streamError(p + 4)
		}
		s = s[n:]
	}
	return ""
}

// CheckWrite2 returns how much may be written.
func (t *Task) CheckWrite2(stream uint64) uint64 {
	p := t.Load(streamsID+"[method]output-stream.check-write", stream)
	return t.U64(p + 8)
}

// Read2 reads up to n bytes with blocking-read. The error is "", "closed", or the name of the
// error code of a failed operation.
func (t *Task) Read2(stream, n uint64) (s, fault string) {
	p := t.Load(streamsID+"[method]input-stream.blocking-read", stream, n)
	if t.U8(p) != 0 {
		return "", t.streamError(p + 4)
	}
	return t.Text(p + 4), ""
}

// ReadAll2 reads to the end, and returns "" or the name of the error code.
func (t *Task) ReadAll2(stream uint64) (all, fault string) {
	for {
		s, fault := t.Read2(stream, 16<<10)
		switch fault {
		case "":
			all += s
		case "closed":
			return all, ""
		default:
			return all, fault
		}
	}
}

func (t *Task) streamError(p uint32) string {
	if t.U8(p) == 1 {
		return "closed"
	}
	e := uint64(t.U32(p + 4))
	defer t.Drop(e)
	c := t.Load(T2+"http-error-code", e)
	if t.U8(c) == 0 {
		return "no code"
	}
	return p2http.ErrorCodeCase(t.U8(c + 8)).String()
}

// Body2 opens the body of an outgoing-request or outgoing-response for writing.
func (t *Task) Body2(resource string, handle uint64) (body, stream uint64) {
	body = t.Try2("[method]"+resource+".body", handle)
	return body, t.Try2("[method]outgoing-body.write", body)
}

// Finish2 finishes a body and returns "" or the name of the error code, with the number that
// some codes carry.
func (t *Task) Finish2(body, trailers uint64) (code string, size uint64) {
	ok, h := some(trailers)
	p := t.Load(T2+"[static]outgoing-body.finish", body, ok, h)
	if t.U8(p) == 0 {
		return "", 0
	}
	return t.code(p + 8)
}

// Consume2 opens the body of an incoming-request or incoming-response for reading.
func (t *Task) Consume2(resource string, handle uint64) (body, stream uint64) {
	body = t.Try2("[method]"+resource+".consume", handle)
	return body, t.Try2("[method]incoming-body.stream", body)
}

// Trailers2 finishes a body and waits for its trailers, or the name of the error code.
func (t *Task) Trailers2(body uint64) (list []string, code string) {
	f := t.Call(T2+"[static]incoming-body.finish", body)
	defer t.Drop(f)
	pollable := t.Call(T2+"[method]future-trailers.subscribe", f)
	t.Call(pollID+"[method]pollable.block", pollable)
	t.Drop(pollable)
	p := t.Load(T2+"[method]future-trailers.get", f)
	switch {
	case t.U8(p) == 0:
		return nil, "not ready"
	case t.U8(p+8) == 1:
		return nil, "taken"
	case t.U8(p+16) == 1:
		return nil, p2http.ErrorCodeCase(t.U8(p + 24)).String()
	case t.U8(p+24) == 0:
		return nil, ""
	}
	return t.Entries2(uint64(t.U32(p + 28))), ""
}

// Request2 makes a request. Scheme and authority may be empty for none.
func (t *Task) Request2(to Target3, fields uint64) uint64 {
	r := t.Call(T2+"[constructor]outgoing-request", fields)
	set := func(name string, args ...uint64) {
		if t.Call(T2+"[method]outgoing-request.set-"+name, append([]uint64{r}, args...)...) != 0 {
			panic("outgoing-request.set-" + name)
		}
	}
	if to.Method != "" {
		c, ptr, n := t.methodArgs(to.Method)
		set("method", c, ptr, n)
	}
	if to.Scheme != "" {
		ok, c, ptr, n := t.schemeArgs(to.Scheme)
		set("scheme", ok, c, ptr, n)
	}
	if to.Authority != "" {
		ptr, n := t.Put(to.Authority)
		set("authority", 1, ptr, n)
	}
	if to.Path != "" {
		ptr, n := t.Put(to.Path)
		set("path-with-query", 1, ptr, n)
	}
	return r
}

// Handle2 starts to send a request and returns the future of its response, or None and the name
// of the error code.
func (t *Task) Handle2(request, options uint64) (future uint64, code string) {
	ok, o := some(options)
	p := t.Load("wasi:http/outgoing-handler@0.2.12#handle", request, ok, o)
	if t.U8(p) == 1 {
		code, _ = t.code(p + 8)
		return None, code
	}
	return uint64(t.U32(p + 8)), ""
}

// Await2 waits for a response and drops its future. It returns the response, or None and the
// name of the error code.
func (t *Task) Await2(future uint64) (response uint64, code string) {
	pollable := t.Call(T2+"[method]future-incoming-response.subscribe", future)
	t.Call(pollID+"[method]pollable.block", pollable)
	t.Drop(pollable)
	defer t.Drop(future)
	return t.Get2(future)
}

// Get2 takes a response from its future.
func (t *Task) Get2(future uint64) (response uint64, code string) {
	p := t.Load(T2+"[method]future-incoming-response.get", future)
	switch {
	case t.U8(p) == 0:
		return None, "not ready"
	case t.U8(p+8) == 1:
		return None, "taken"
	case t.U8(p+16) == 1:
		code, _ = t.code(p + 24)
		return None, code
	}
	return uint64(t.U32(p + 24)), ""
}
