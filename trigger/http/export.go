package http

import (
	"fmt"
	"slices"
	"strings"

	octhttp "github.com/spinhost/spin/hostapi/wasi/october/http"
	p2cli "github.com/spinhost/spin/hostapi/wasi/p2/cli"
	p2http "github.com/spinhost/spin/hostapi/wasi/p2/http"
	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
	"github.com/spinhost/spin/trigger"
	"github.com/spinhost/spin/trigger/http/internal/inbound"
)

// target is a component that serves requests, with the function that does.
type target struct {
	component trigger.Component
	handle    trigger.Func
	kind      kind
	shared    bool // one instance serves several requests: WASI 0.3
}

// candidate is the last release candidate of WASI 0.3, whose interfaces agree with those of
// the release.
const candidate = "0.3.0-rc-2026-03-15"

// The snapshots of WASI from before 0.2. The handler of November's agrees with that of 0.2.
const (
	november = "0.2.0-rc-2023-11-10"
	october  = "0.2.0-rc-2023-10-18"
)

// The names of what a component can export to serve requests.
const (
	handlerName         = "wasi:http/handler"
	incomingHandlerName = "wasi:http/incoming-handler"
	inboundHTTP         = "fermyon:spin/inbound-http"
	runName             = "wasi:cli/run"
)

// kind is how a component is called.
type kind uint8

// The kinds of components.
const (
	kindP3      kind = iota // wasi:http/handler
	kindP2                  // wasi:http/incoming-handler
	kindOctober             // the same as the snapshot of October 2023 has it
	kindInbound             // fermyon:spin/inbound-http
	kindCommand             // wasi:cli/run
)

// newTarget finds the one export of a component that serves requests.
func newTarget(c trigger.Component) (*target, error) {
	var handlers, like []string
	for _, name := range c.Exports() {
		base, version, _ := strings.Cut(name, "@")
		switch {
		case base != handlerName && base != incomingHandlerName && base != inboundHTTP:
		case isHandler(base, version) || isSnapshot(base, version):
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
	t := &target{component: c}
	if err := t.find(handlers[0]); err != nil {
		return nil, err
	}
	return t, nil
}

// find finds the function of a handler.
func (t *target) find(name string) error {
	base, version, _ := strings.Cut(name, "@")
	function, typ := p3http.HandlerHandleName, p3http.HandlerHandleType
	switch base {
	case handlerName:
		t.shared = true
		if version == candidate {
			typ = strings.ReplaceAll(typ, "@0.3.0#", "@"+candidate+"#")
		}
	case incomingHandlerName:
		t.kind, function, typ = kindP2, p2http.IncomingHandlerHandleName, p2http.IncomingHandlerHandleType
		switch version {
		case october:
			t.kind, typ = kindOctober, octhttp.IncomingHandlerHandleType
		case november:
			typ = strings.ReplaceAll(typ, p2Version()+"#", "@"+november+"#")
		}
	case inboundHTTP:
		t.kind, function, typ = kindInbound, inbound.InboundHTTPHandleRequestName, inbound.InboundHTTPHandleRequestType
	}
	return t.set(name, function, typ)
}

// set has the target call a function.
func (t *target) set(export, function, typ string) (err error) {
	if t.handle, err = t.component.Func(export, function, typ); err != nil {
		return fmt.Errorf("component %q: %w", t.component.ID(), err)
	}
	return nil
}

// newCommand finds the export by which a program is run.
func newCommand(c trigger.Component) (*target, error) {
	for _, name := range c.Exports() {
		if base, version, _ := strings.Cut(name, "@"); base == runName && (isPatch(version, "0.2.") || snapshot(version)) {
			t := &target{component: c, kind: kindCommand}
			return t, t.set(name, p2cli.RunRunName, p2cli.RunRunType)
		}
	}
	return nil, fmt.Errorf("component %q is no program: the executor \"wagi\" needs one that exports %s@0.2.0, or a core module that has _start", c.ID(), runName)
}

// isHandler reports whether an export is a handler that can be called.
func isHandler(base, version string) bool {
	switch base {
	case handlerName:
		return version == candidate || isPatch(version, "0.3.")
	case incomingHandlerName:
		return isPatch(version, "0.2.")
	case inboundHTTP:
		return version == ""
	}
	return false
}

// p2Version is the version of WASI 0.2 in types, with the @ before it.
func p2Version() string {
	return strings.TrimPrefix(p2http.IncomingHandlerID, incomingHandlerName)
}

// isSnapshot reports whether an export is a handler of a snapshot from before WASI 0.2.
func isSnapshot(base, version string) bool {
	return base == incomingHandlerName && snapshot(version)
}

// snapshot reports whether a version is one from before WASI 0.2.
func snapshot(version string) bool { return version == november || version == october }

// isPatch reports whether a version is prefix and a number.
func isPatch(version, prefix string) bool {
	patch, ok := strings.CutPrefix(version, prefix)
	return ok && patch != "" && strings.Trim(patch, "0123456789") == ""
}
