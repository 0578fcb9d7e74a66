package http

import (
	"github.com/spinhost/spin/engine/abi"
	p2http "github.com/spinhost/spin/hostapi/wasi/p2/http"
	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
)

// ErrorCode says why an exchange failed. Both versions of the interface have the same codes;
// inside this package they are those of 0.3.
type ErrorCode = p3http.ErrorCode

// Internal returns the error code internal-error with a text.
func Internal(text string) ErrorCode { return p3http.ErrorCodeInternalError(abi.Some(text)) }

// codeOf returns the code for the failure of a message: that which err is or wraps, else
// HTTP-protocol-error.
func codeOf(err error) ErrorCode {
	if code, ok := abi.AsErr[ErrorCode](err); ok {
		return code
	}
	return p3http.ErrorCodeHTTPProtocolError()
}

// outcome makes a result of what became of a message.
func outcome(err error) abi.Result[abi.None, ErrorCode] {
	if err == nil {
		return abi.Ok[ErrorCode](abi.None{})
	}
	return abi.Failure[abi.None](codeOf(err))
}

// toP2 returns the same code of version 0.2.
func toP2(c ErrorCode) p2http.ErrorCode {
	switch c.Case {
	case p3http.ErrorCodeCaseDNSError:
		p, _ := c.DNSError()
		return p2http.ErrorCodeDNSError(p2http.DNSErrorPayload(p))
	case p3http.ErrorCodeCaseTLSAlertReceived:
		p, _ := c.TLSAlertReceived()
		return p2http.ErrorCodeTLSAlertReceived(p2http.TLSAlertReceivedPayload(p))
	case p3http.ErrorCodeCaseHTTPRequestBodySize:
		p, _ := c.HTTPRequestBodySize()
		return p2http.ErrorCodeHTTPRequestBodySize(p)
	case p3http.ErrorCodeCaseHTTPRequestHeaderSectionSize:
		p, _ := c.HTTPRequestHeaderSectionSize()
		return p2http.ErrorCodeHTTPRequestHeaderSectionSize(p)
	case p3http.ErrorCodeCaseHTTPRequestHeaderSize:
		p, _ := c.HTTPRequestHeaderSize()
		return p2http.ErrorCodeHTTPRequestHeaderSize(convert(p, func(p p3http.FieldSizePayload) p2http.FieldSizePayload { return p2http.FieldSizePayload(p) }))
	case p3http.ErrorCodeCaseHTTPRequestTrailerSectionSize:
		p, _ := c.HTTPRequestTrailerSectionSize()
		return p2http.ErrorCodeHTTPRequestTrailerSectionSize(p)
	case p3http.ErrorCodeCaseHTTPRequestTrailerSize:
		p, _ := c.HTTPRequestTrailerSize()
		return p2http.ErrorCodeHTTPRequestTrailerSize(p2http.FieldSizePayload(p))
	case p3http.ErrorCodeCaseHTTPResponseHeaderSectionSize:
		p, _ := c.HTTPResponseHeaderSectionSize()
		return p2http.ErrorCodeHTTPResponseHeaderSectionSize(p)
	case p3http.ErrorCodeCaseHTTPResponseHeaderSize:
		p, _ := c.HTTPResponseHeaderSize()
		return p2http.ErrorCodeHTTPResponseHeaderSize(p2http.FieldSizePayload(p))
	case p3http.ErrorCodeCaseHTTPResponseBodySize:
		p, _ := c.HTTPResponseBodySize()
		return p2http.ErrorCodeHTTPResponseBodySize(p)
	case p3http.ErrorCodeCaseHTTPResponseTrailerSectionSize:
		p, _ := c.HTTPResponseTrailerSectionSize()
		return p2http.ErrorCodeHTTPResponseTrailerSectionSize(p)
	case p3http.ErrorCodeCaseHTTPResponseTrailerSize:
		p, _ := c.HTTPResponseTrailerSize()
		return p2http.ErrorCodeHTTPResponseTrailerSize(p2http.FieldSizePayload(p))
	case p3http.ErrorCodeCaseHTTPResponseTransferCoding:
		p, _ := c.HTTPResponseTransferCoding()
		return p2http.ErrorCodeHTTPResponseTransferCoding(p)
	case p3http.ErrorCodeCaseHTTPResponseContentCoding:
		p, _ := c.HTTPResponseContentCoding()
		return p2http.ErrorCodeHTTPResponseContentCoding(p)
	case p3http.ErrorCodeCaseInternalError:
		p, _ := c.InternalError()
		return p2http.ErrorCodeInternalError(p)
	}
	return p2http.ErrorCode{Case: p2http.ErrorCodeCase(c.Case)}
}

func convert[A, B any](o abi.Option[A], f func(A) B) abi.Option[B] {
	if !o.OK {
		return abi.Option[B]{}
	}
	return abi.Some(f(o.Value))
}

// fromP2 returns the code of version 0.3 for one that a guest of 0.2 has given in place of a
// response. Nobody but a log sees more of it than case and text.
func fromP2(c p2http.ErrorCode) ErrorCode {
	if p, ok := c.InternalError(); ok {
		return p3http.ErrorCodeInternalError(p)
	}
	return p3http.ErrorCode{Case: p3http.ErrorCodeCase(c.Case)}
}
