package http

import (
	"errors"
	"fmt"
	"testing"

	"github.com/spinhost/spin/engine/abi"
	p2http "github.com/spinhost/spin/hostapi/wasi/p2/http"
	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
)

// Every code of 0.3 is the same one in 0.2.
func TestCodesOfBothVersions(t *testing.T) {
	const last = p3http.ErrorCodeCaseInternalError
	for c := range last + 1 {
		if got := toP2(p3http.ErrorCode{Case: c}); got.Case.String() != c.String() {
			t.Errorf("%s becomes %s", c, got.Case)
		}
		if got := fromP2(p2http.ErrorCode{Case: p2http.ErrorCodeCase(c)}); got.Case != c {
			t.Errorf("%s becomes %s on the way back", c, got.Case)
		}
	}
	if last != 38 {
		t.Errorf("there are %d codes", last+1)
	}
}

func TestPayloadsOfCodes(t *testing.T) {
	name, size := abi.Some("x"), abi.Some[uint32](7)
	field3, field2 := p3http.FieldSizePayload{FieldName: name, FieldSize: size}, p2http.FieldSizePayload{FieldName: name, FieldSize: size}
	tests := []struct {
		from p3http.ErrorCode
		want p2http.ErrorCode
	}{
		{p3http.ErrorCodeDNSError(p3http.DNSErrorPayload{Rcode: name, InfoCode: abi.Some[uint16](3)}), p2http.ErrorCodeDNSError(p2http.DNSErrorPayload{Rcode: name, InfoCode: abi.Some[uint16](3)})},
		{p3http.ErrorCodeTLSAlertReceived(p3http.TLSAlertReceivedPayload{AlertMessage: name}), p2http.ErrorCodeTLSAlertReceived(p2http.TLSAlertReceivedPayload{AlertMessage: name})},
		{p3http.ErrorCodeHTTPRequestBodySize(abi.Some[uint64](9)), p2http.ErrorCodeHTTPRequestBodySize(abi.Some[uint64](9))},
		{p3http.ErrorCodeHTTPRequestHeaderSectionSize(size), p2http.ErrorCodeHTTPRequestHeaderSectionSize(size)},
		{p3http.ErrorCodeHTTPRequestHeaderSize(abi.Some(field3)), p2http.ErrorCodeHTTPRequestHeaderSize(abi.Some(field2))},
		{p3http.ErrorCodeHTTPRequestTrailerSectionSize(size), p2http.ErrorCodeHTTPRequestTrailerSectionSize(size)},
		{p3http.ErrorCodeHTTPRequestTrailerSize(field3), p2http.ErrorCodeHTTPRequestTrailerSize(field2)},
		{p3http.ErrorCodeHTTPResponseHeaderSectionSize(size), p2http.ErrorCodeHTTPResponseHeaderSectionSize(size)},
		{p3http.ErrorCodeHTTPResponseHeaderSize(field3), p2http.ErrorCodeHTTPResponseHeaderSize(field2)},
		{p3http.ErrorCodeHTTPResponseBodySize(abi.Some[uint64](9)), p2http.ErrorCodeHTTPResponseBodySize(abi.Some[uint64](9))},
		{p3http.ErrorCodeHTTPResponseTrailerSectionSize(size), p2http.ErrorCodeHTTPResponseTrailerSectionSize(size)},
		{p3http.ErrorCodeHTTPResponseTrailerSize(field3), p2http.ErrorCodeHTTPResponseTrailerSize(field2)},
		{p3http.ErrorCodeHTTPResponseTransferCoding(name), p2http.ErrorCodeHTTPResponseTransferCoding(name)},
		{p3http.ErrorCodeHTTPResponseContentCoding(name), p2http.ErrorCodeHTTPResponseContentCoding(name)},
		{Internal("x"), p2http.ErrorCodeInternalError(name)},
	}
	for _, tt := range tests {
		if got := toP2(tt.from); fmt.Sprintf("%#v", got) != fmt.Sprintf("%#v", tt.want) {
			t.Errorf("%s: %#v, want %#v", tt.from.Case, got, tt.want)
		}
	}
	if text, ok := fromP2(p2http.ErrorCodeInternalError(name)).InternalError(); !ok || text != name {
		t.Errorf("internal-error loses its text: %v", text)
	}
}

func TestCodeOfErrors(t *testing.T) {
	wrapped := fmt.Errorf("body: %w", p3http.ErrorCodeLoopDetected())
	for _, tt := range []struct {
		err  error
		want p3http.ErrorCodeCase
	}{
		{p3http.ErrorCodeLoopDetected(), p3http.ErrorCodeCaseLoopDetected},
		{wrapped, p3http.ErrorCodeCaseLoopDetected},
		{errors.Join(errors.New("x"), wrapped), p3http.ErrorCodeCaseLoopDetected},
		{errors.New("x"), p3http.ErrorCodeCaseHTTPProtocolError},
	} {
		if got := codeOf(tt.err); got.Case != tt.want {
			t.Errorf("%v: %s", tt.err, got.Case)
		}
	}
	if r := outcome(nil); r.IsErr {
		t.Error("no error is one")
	}
}
