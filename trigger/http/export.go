package http

import (
	"fmt"
	"slices"
	"strings"

	p2http "github.com/spinhost/spin/hostapi/wasi/p2/http"
	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
	"github.com/spinhost/spin/manifest"
	"github.com/spinhost/spin/trigger"
)

// target is a component that serves requests, with the function that does.
type target struct {
	component trigger.Component
	handle    trigger.Func
	shared    bool // one instance serves several requests: WASI 0.3
}

// candidate is the last release candidate of WASI 0.3, whose interfaces agree with those of
// the release.
const candidate = "0.3.0-rc-2026-03-15"

// The names of what a component can export to serve requests.
const (
	handlerName         = "wasi:http/handler"
	incomingHandlerName = "wasi:http/incoming-handler"
	inboundHTTP         = "fermyon:spin/inbound-http"
)

// newTarget finds the one export of a component that serves requests.
func newTarget(c trigger.Component) (*target, error) {
	var handlers, like []string
	for _, name := range c.Exports() {
		base, version, _ := strings.Cut(name, "@")
		switch {
		case base != handlerName && base != incomingHandlerName && base != inboundHTTP:
		case isHandler(base, version) || isOldHandler(base, version):
			handlers = append(handlers, name)
		default:
			like = append(like, name)
		}
	}
	switch {
	case len(handlers) > 1:
		slices.Sort(handlers)
		return nil, fmt.Errorf("component %q exports several HTTP handlers, %s: build it with only one of them", c.ID(), strings.Join(handlers, " and "))
	case len(handlers) == 0 && len(like) > 0:
		return nil, fmt.Errorf("component %q exports %s, a version that is not known: build it for wasi:http 0.3.0 or 0.2.0", c.ID(), strings.Join(like, " and "))
	case len(handlers) == 0:
		return nil, fmt.Errorf("component %q exports no HTTP handler: an HTTP trigger needs %s@0.3.0 or %s@0.2.0", c.ID(), handlerName, incomingHandlerName)
	}
	name := handlers[0]
	base, version, _ := strings.Cut(name, "@")
	t := &target{component: c, shared: base == handlerName}
	var err error
	switch {
	case isOldHandler(base, version):
		return nil, fmt.Errorf("component %q exports %s, which is %w: build it for wasi:http 0.3.0 or 0.2.0", c.ID(), name, manifest.ErrUnsupported)
	case t.shared && version == candidate:
		typ := strings.ReplaceAll(p3http.HandlerHandleType, "@0.3.0#", "@"+candidate+"#")
		t.handle, err = c.Func(name, p3http.HandlerHandleName, typ)
	case t.shared:
		t.handle, err = c.Func(name, p3http.HandlerHandleName, p3http.HandlerHandleType)
	default:
		t.handle, err = c.Func(name, p2http.IncomingHandlerHandleName, p2http.IncomingHandlerHandleType)
	}
	if err != nil {
		return nil, fmt.Errorf("component %q: %w", c.ID(), err)
	}
	return t, nil
}

// isHandler reports whether an export is a handler that can be called.
func isHandler(base, version string) bool {
	switch base {
	case handlerName:
		return version == candidate || isPatch(version, "0.3.")
	case incomingHandlerName:
		return isPatch(version, "0.2.")
	}
	return false
}

// isOldHandler reports whether an export is a handler of a kind that came before WASI 0.2.
func isOldHandler(base, version string) bool {
	switch base {
	case incomingHandlerName:
		return version == "0.2.0-rc-2023-11-10" || version == "0.2.0-rc-2023-10-18"
	case inboundHTTP:
		return version == ""
	}
	return false
}

// isPatch reports whether a version is prefix and a number.
func isPatch(version, prefix string) bool {
	patch, ok := strings.CutPrefix(version, prefix)
	return ok && patch != "" && strings.Trim(patch, "0123456789") == ""
}
