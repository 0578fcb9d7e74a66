package http

import (
	"bytes"
	nethttp "net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Whatever a program prints is sent as a response that net/http has nothing to say against, or
// is an error.
func FuzzPrinted(f *testing.F) {
	for _, s := range []string{
		"Content-Type: text/plain\n\nhello", "Status: 404 Not Found\r\n\r\n", "Location: /x\n\n", "a: b\n\n", "\n\n", "Status: 99999999999999999999\n\n",
		"content-type: a\nset-cookie: \x00\n\n", "content-type:\n:\n x\n", "Status: 204\n\nbody", "Content-Type: a\rb: c\n\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, out []byte) {
		res, err := parseCGI(bytes.Clone(out))
		if err != nil {
			return
		}
		w := httptest.NewRecorder()
		new(Server).sendWhole(w, httptest.NewRequest("GET", "/", nil), res.status, res.fields, res.body)
		if w.Code < 200 || w.Code > 999 || len(w.Body.Bytes()) > len(out) || !bytes.HasSuffix(out, w.Body.Bytes()) {
			t.Errorf("%d %q", w.Code, w.Body)
		}
		for name, values := range w.Header() {
			if name != nethttp.CanonicalHeaderKey(name) || name == "Status" || strings.ContainsAny(strings.Join(values, ""), "\r\n\x00") {
				t.Errorf("%q: %q", name, values)
			}
		}
	})
}
