package sockets

import (
	"context"
	"errors"
	"net"
	"os"
	"syscall"

	"github.com/spinhost/spin/engine/abi"
	p2 "github.com/spinhost/spin/hostapi/wasi/p2/sockets"
	p3 "github.com/spinhost/spin/hostapi/wasi/p3/sockets"
)

// fault is why an operation failed: as an error case of each version, which is found in it as a
// wrapped error.
type fault []error

// Error returns the name of the case in WASI 0.2.
func (f fault) Error() string { return f[0].Error() }

// Unwrap gives the cases to errors.As.
func (f fault) Unwrap() []error { return f }

// Faults that have no error of Go behind them.
var (
	errDenied    = &fault{p2.ErrorCodeAccessDenied, p3.ErrorCodeAccessDenied()}
	errUnable    = &fault{p2.ErrorCodeNotSupported, p3.ErrorCodeNotSupported()}
	errArgument  = &fault{p2.ErrorCodeInvalidArgument, p3.ErrorCodeInvalidArgument()}
	errState     = &fault{p2.ErrorCodeInvalidState, p3.ErrorCodeInvalidState()}
	errConflict  = &fault{p2.ErrorCodeConcurrencyConflict, p3.ErrorCodeInvalidState()}
	errNotBegun  = &fault{p2.ErrorCodeNotInProgress, p3.ErrorCodeInvalidState()}
	errPending   = &fault{p2.ErrorCodeWouldBlock, other("the operation would have to wait")}
	errQuota     = &fault{p2.ErrorCodeNewSocketLimit, other("connection quota exhausted")}
	errTooLarge  = &fault{p2.ErrorCodeDatagramTooLarge, p3.ErrorCodeDatagramTooLarge()}
	errUnknown   = &fault{p2.ErrorCodeUnknown, other("the operation failed")}
	errTimeout   = &fault{p2.ErrorCodeTimeout, p3.ErrorCodeTimeout()}
	errBroken    = &fault{p2.ErrorCodeConnectionAborted, p3.ErrorCodeConnectionBroken()}
	errAborted   = &fault{p2.ErrorCodeConnectionAborted, p3.ErrorCodeConnectionAborted()}
	errUnreached = &fault{p2.ErrorCodeRemoteUnreachable, p3.ErrorCodeRemoteUnreachable()}
	errMemory    = &fault{p2.ErrorCodeOutOfMemory, p3.ErrorCodeOutOfMemory()}
	errFiles     = &fault{p2.ErrorCodeNewSocketLimit, other("too many open files")}
)

// Faults of lookups, which are of an error type of their own in WASI 0.3.
var (
	errNoName    = &fault{p2.ErrorCodeInvalidArgument, p3.LookupErrorCodeInvalidArgument()}
	errNoAddress = &fault{p2.ErrorCodeNameUnresolvable, p3.LookupErrorCodeNameUnresolvable()}
	errTemporary = &fault{p2.ErrorCodeTemporaryResolverFailure, p3.LookupErrorCodeTemporaryResolverFailure()}
	errPermanent = &fault{p2.ErrorCodePermanentResolverFailure, p3.LookupErrorCodePermanentResolverFailure()}
)

func other(text string) p3.ErrorCode { return p3.ErrorCodeOther(abi.Some(text)) }

// errnos are the faults of what operating systems report.
var errnos = []struct {
	errno syscall.Errno
	fault *fault
}{
	{syscall.ECONNREFUSED, &fault{p2.ErrorCodeConnectionRefused, p3.ErrorCodeConnectionRefused()}},
	{syscall.ECONNRESET, &fault{p2.ErrorCodeConnectionReset, p3.ErrorCodeConnectionReset()}},
	{syscall.ECONNABORTED, errAborted},
	{syscall.EPIPE, errBroken},
	{syscall.ETIMEDOUT, errTimeout},
	{syscall.EHOSTUNREACH, errUnreached},
	{syscall.ENETUNREACH, errUnreached},
	{syscall.EHOSTDOWN, errUnreached},
	{syscall.ENETDOWN, errUnreached},
	{syscall.ENETRESET, errUnreached},
	{syscall.EADDRINUSE, &fault{p2.ErrorCodeAddressInUse, p3.ErrorCodeAddressInUse()}},
	{syscall.EADDRNOTAVAIL, &fault{p2.ErrorCodeAddressNotBindable, p3.ErrorCodeAddressNotBindable()}},
	{syscall.EACCES, errDenied},
	{syscall.EPERM, errDenied},
	{syscall.EINVAL, errArgument},
	{syscall.EMSGSIZE, errTooLarge},
	{syscall.ENOMEM, errMemory},
	{syscall.ENOBUFS, errMemory},
	{syscall.EMFILE, errFiles},
	{syscall.ENFILE, errFiles},
	{syscall.EAFNOSUPPORT, errUnable},
	{syscall.EOPNOTSUPP, errUnable},
	{syscall.EPROTONOSUPPORT, errUnable},
}

// faultOf returns the fault for an error of package net; nil for nil.
func faultOf(err error) error {
	if err == nil {
		return nil
	}
	if f := new(fault); errors.As(err, &f) {
		return f
	}
	for _, e := range errnos {
		if errors.Is(err, e.errno) {
			return e.fault
		}
	}
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return errTimeout
	case errors.Is(err, net.ErrClosed), errors.Is(err, context.Canceled):
		return errAborted
	}
	return errUnknown
}

// lookupFault returns the fault for an error of a resolver.
func lookupFault(err error) error {
	dns := new(net.DNSError)
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return errNoAddress
	case errors.As(err, &dns) && (dns.IsTemporary || dns.IsTimeout), errors.Is(err, context.DeadlineExceeded):
		return errTemporary
	}
	return errPermanent
}
