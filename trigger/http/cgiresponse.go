package http

import (
	"bytes"
	"errors"
	nethttp "net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/spinhost/spin/engine/abi"
	wasihttp "github.com/spinhost/spin/hostapi/wasi/http"
)

// cgiResponse is what a program has printed.
type cgiResponse struct {
	status int
	fields []abi.Tuple2[string, string]
	body   []byte
}

// cgiError is an answer in place of a response that a program has not given.
type cgiError struct {
	status int
	text   string // for the client too
}

// Error implements error.
func (e *cgiError) Error() string { return e.text }

var (
	errNoCGI = &cgiError{nethttp.StatusInternalServerError,
		"the program has printed no header of a response: it needs a line with content-type, status or location, and an empty line after it\n"}
	errCGIStatus = &cgiError{nethttp.StatusBadGateway, "the program has printed a status that is no number from 200 to 999\n"}
)

// parseCGI reads what a program has printed: lines of header fields, an empty line, and the body.
// Carriage returns in the lines do not count, and neither do lines that are no fields. Of fields with one
// name the last counts.
func parseCGI(out []byte) (cgiResponse, error) {
	if len(out) == 0 {
		return cgiResponse{}, errors.New("program has printed nothing")
	}
	res := cgiResponse{status: nethttp.StatusOK}
	status, location, typed := "", false, false
	for {
		line, rest, more := bytes.Cut(out, []byte("\n"))
		out = rest
		line = bytes.ReplaceAll(line, []byte("\r"), nil)
		if len(line) == 0 {
			break
		}
		if !utf8.Valid(line) {
			return res, badResponse("a line of its header is not UTF-8")
		}
		name, value, ok := strings.Cut(string(line), ":")
		name, value = strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)
		switch {
		case !ok || !wasihttp.IsToken(name):
		case name == "status":
			status = value
		case !wasihttp.IsValue(value):
			return res, badResponse("the header field %q has a control character in its value", name)
		default:
			location = location || name == "location"
			typed = typed || name == "content-type"
			res.fields = append(res.fields, abi.Tuple2[string, string]{F0: name, F1: value})
		}
		if !more {
			break
		}
	}
	res.body = out
	switch {
	case status != "":
		word, _, _ := strings.Cut(status, " ")
		n, err := strconv.Atoi(word)
		if err != nil || n < 200 || n > 999 {
			return res, errCGIStatus
		}
		res.status = n
	case location:
		res.status = nethttp.StatusFound
	case !typed:
		return res, errNoCGI
	}
	return res, nil
}
