package httpguest

import (
	"encoding/binary"

	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
)

// T3 begins the names of the functions of wasi:http/types 0.3.
const T3 = "wasi:http/types@0.3.0#"

// None is the handle that stands for none.
const None = 0

// Pairs stores names and values, alternating, as a list of tuples.
func (t *Task) Pairs(list []string) (ptr, n uint64) {
	at, _ := t.Realloc(0, 0, 0, 4, uint32(8*len(list)))
	for i, s := range list {
		p, n := t.Put(s)
		binary.LittleEndian.PutUint32(t.mem[int(at)+8*i:], uint32(p))
		binary.LittleEndian.PutUint32(t.mem[int(at)+8*i+4:], uint32(n))
	}
	return uint64(at), uint64(len(list) / 2)
}

// list loads a list of names and values.
func (t *Task) list(p uint32) (list []string) {
	ptr, n := t.U32(p), t.U32(p+4)
	for i := range n {
		list = append(list, t.Text(ptr+16*i), t.Text(ptr+16*i+8))
	}
	return list
}

// Fields3 makes fields of names and values.
func (t *Task) Fields3(list ...string) uint64 {
	if len(list) == 0 {
		return t.Call(T3 + "[constructor]fields")
	}
	ptr, n := t.Pairs(list)
	p := t.Load(T3+"[static]fields.from-list", ptr, n)
	if t.U8(p) != 0 {
		panic("fields.from-list: " + p3http.HeaderErrorCase(t.U8(p+4)).String())
	}
	return uint64(t.U32(p + 4))
}

// Entries3 returns names and values of fields, which are dropped.
func (t *Task) Entries3(fields uint64) []string {
	list := t.list(t.Load(T3+"[method]fields.copy-all", fields))
	t.Drop(fields)
	return list
}

// Text3 calls a getter of an option<string>; "" is none.
func (t *Task) Text3(name string, self uint64) string {
	p := t.Load(T3+name, self)
	if t.U8(p) == 0 {
		return ""
	}
	return t.Text(p + 4)
}

// some returns the flat form of an option of a handle.
func some(handle uint64) (uint64, uint64) {
	if handle == None {
		return 0, 0
	}
	return 1, handle
}

// Response3 makes a response. The future that is returned tells how it was sent.
func (t *Task) Response3(status int, fields, contents, trailers uint64) (response uint64, sent *Reader) {
	ok, stream := some(contents)
	p := t.Load(T3+"[static]response.new", fields, ok, stream, trailers)
	response, sent = uint64(t.U32(p)), t.Reader(t.U32(p+4))
	if status != 200 && t.Call(T3+"[method]response.set-status-code", response, uint64(status)) != 0 {
		panic("set-status-code")
	}
	return response, sent
}

// Target3 is where a request of version 0.3 goes.
type Target3 struct {
	Method    string // a case, or the name for other
	Scheme    string // http, https, another, or none
	Authority string
	Path      string
}

var methodCases = map[string]uint64{"GET": 0, "HEAD": 1, "POST": 2, "PUT": 3, "DELETE": 4, "CONNECT": 5, "OPTIONS": 6, "TRACE": 7, "PATCH": 8}

// methodArgs returns the flat form of a method.
func (t *Task) methodArgs(name string) (c, ptr, n uint64) {
	if c, ok := methodCases[name]; ok {
		return c, 0, 0
	}
	ptr, n = t.Put(name)
	return 9, ptr, n
}

// schemeArgs returns the flat form of an optional scheme.
func (t *Task) schemeArgs(name string) (ok, c, ptr, n uint64) {
	switch name {
	case "":
		return 0, 0, 0, 0
	case "http":
		return 1, 0, 0, 0
	case "https":
		return 1, 1, 0, 0
	}
	ptr, n = t.Put(name)
	return 1, 2, ptr, n
}

// Request3 makes a request. The future that is returned tells how it was sent.
func (t *Task) Request3(to Target3, fields, contents, trailers, options uint64) (request uint64, sent *Reader) {
	ok, stream := some(contents)
	has, opt := some(options)
	p := t.Load(T3+"[static]request.new", fields, ok, stream, trailers, has, opt)
	request, sent = uint64(t.U32(p)), t.Reader(t.U32(p+4))
	set := func(name string, args ...uint64) {
		if t.Call(T3+"[method]request.set-"+name, append([]uint64{request}, args...)...) != 0 {
			panic("request.set-" + name)
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
	return request, sent
}

// Consume3 consumes the body of a request or response and returns its bytes and trailers. The
// guest's report is that all went well.
func (t *Task) Consume3(resource string, handle uint64) (body, trailers *Reader) {
	res, _ := t.Stream()
	p := t.Load(T3+"[static]"+resource+".consume-body", handle, res)
	return t.Reader(t.U32(p)), t.Reader(t.U32(p + 4))
}

// SetTrailers3 resolves a trailers future with fields, or None. It reports whether the host took it.
func (t *Task) SetTrailers3(w *Writer, fields uint64) bool {
	ptr := t.zeroes(40)
	if fields != None {
		t.mem[ptr+8] = 1
		binary.LittleEndian.PutUint32(t.mem[ptr+12:], uint32(fields))
	}
	return t.resolve(w, ptr)
}

// FailTrailers3 resolves a trailers future with an error code without payload.
func (t *Task) FailTrailers3(w *Writer, code p3http.ErrorCodeCase) bool {
	ptr := t.zeroes(40)
	t.mem[ptr], t.mem[ptr+8] = 1, byte(code)
	return t.resolve(w, ptr)
}

func (t *Task) zeroes(n uint32) uint32 {
	ptr, _ := t.Realloc(0, 0, 0, 8, n)
	clear(t.mem[ptr : ptr+n])
	return ptr
}

func (t *Task) resolve(w *Writer, ptr uint32) bool {
	n, _ := t.WriteElems(w, ptr, 1)
	return n == 1
}

// Trailers3 waits for trailers and returns them, or the name of the error code.
func (t *Task) Trailers3(r *Reader) (list []string, code string) {
	p, n := t.Read(r, 1, 40)
	switch {
	case n == 0:
		return nil, "dropped"
	case t.U8(p) == 1:
		return nil, p3http.ErrorCodeCase(t.U8(p + 8)).String()
	case t.U8(p+8) == 0:
		return nil, ""
	}
	return t.Entries3(uint64(t.U32(p + 12))), ""
}

// Outcome3 waits for what became of a message: "" or the name of the error code, with the
// number that some codes carry.
func (t *Task) Outcome3(r *Reader) (code string, size uint64) {
	p, n := t.Read(r, 1, 40)
	switch {
	case n == 0:
		return "dropped", 0
	case t.U8(p) == 0:
		return "", 0
	}
	return t.code(p + 8)
}

// code loads an error code, with its number if it is a size of a body.
func (t *Task) code(p uint32) (string, uint64) {
	c := p3http.ErrorCodeCase(t.U8(p))
	if (c == p3http.ErrorCodeCaseHTTPRequestBodySize || c == p3http.ErrorCodeCaseHTTPResponseBodySize) && t.U8(p+8) == 1 {
		return c.String(), t.U64(p + 16)
	}
	return c.String(), 0
}

// Send3 sends a request and returns the response, or the name of the error code.
func (t *Task) Send3(request uint64) (response uint64, code string) {
	p := t.Load("wasi:http/client@0.3.0#send", request)
	if t.U8(p) == 1 {
		code, _ = t.code(p + 8)
		return None, code
	}
	return uint64(t.U32(p + 8)), ""
}

// Status3 returns the status code of a response.
func (t *Task) Status3(response uint64) int {
	return int(t.Call(T3+"[method]response.get-status-code", response))
}

// Headers3 returns the header fields of a request or response.
func (t *Task) Headers3(resource string, handle uint64) []string {
	return t.Entries3(t.Call(T3+"[method]"+resource+".get-headers", handle))
}
