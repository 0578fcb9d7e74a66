package io_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine/abi"
	wasiio "github.com/spinhost/spin/hostapi/wasi/io"
	p2io "github.com/spinhost/spin/hostapi/wasi/p2/io"
)

var ctx = context.Background()

// call calls f as an engine does: again whenever what it waited for is ready.
func call[T any](f func() (T, error)) (T, error) {
	for {
		v, err := f()
		wait, ok := err.(*abi.Wait)
		if !ok {
			return v, err
		}
		await(wait.On)
	}
}

// do is call for functions without a result.
func do(f func() error) error {
	_, err := call(func() (struct{}, error) { return struct{}{}, f() })
	return err
}

// await waits until p is ready.
func await(p abi.Pollable) {
	woken := make(chan struct{}, 1)
	disarm := p.Arm(func() {
		select {
		case woken <- struct{}{}:
		default:
		}
	})
	for !p.Ready() {
		<-woken
	}
	if disarm != nil {
		disarm()
	}
}

// waits reports whether err asks the engine to suspend the guest.
func waits(err error) bool {
	_, ok := err.(*abi.Wait)
	return ok
}

func wantTrap(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, abi.ErrTrap) {
		t.Errorf("error is %v, want a trap", err)
	}
}

func wantClosed(t *testing.T, err error) {
	t.Helper()
	e, ok := abi.AsErr[p2io.StreamError](err)
	if !ok || e.Case != p2io.StreamErrorCaseClosed {
		t.Errorf("error is %v, want the stream error closed", err)
	}
}

// wantFailed wants the stream error last-operation-failed because of cause.
func wantFailed(t *testing.T, err, cause error) {
	t.Helper()
	e, ok := abi.AsErr[p2io.StreamError](err)
	if !ok {
		t.Fatalf("error is %v, want a stream error", err)
	}
	res, ok := e.LastOperationFailed()
	if !ok {
		t.Fatalf("stream error is %v, want last-operation-failed", e)
	}
	if !errors.Is(res.(*wasiio.Error), cause) {
		t.Errorf("operation failed because of %v, want %v", res, cause)
	}
	text, err := res.ToDebugString(ctx)
	if err != nil || text != cause.Error() {
		t.Errorf("to-debug-string = %q, %v, want %q", text, err, cause)
	}
}

// wantPanic wants the stream error last-operation-failed that tells of a panic.
func wantPanic(t *testing.T, err error) {
	t.Helper()
	e, _ := abi.AsErr[p2io.StreamError](err)
	res, ok := e.LastOperationFailed()
	if !ok || res == nil {
		t.Fatalf("error is %v, want last-operation-failed", err)
	}
	if text, _ := res.ToDebugString(ctx); !strings.Contains(text, "panicked: boom") {
		t.Errorf("to-debug-string = %q", text)
	}
}
