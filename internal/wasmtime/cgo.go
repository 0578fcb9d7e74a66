package wasmtime

/*
#cgo CFLAGS: -O2 -fno-omit-frame-pointer -Wall
#cgo amd64,linux,!spin_portable CFLAGS: -DSPIN_HOP=1
#include "spin.h"
*/
import "C"

import (
	"errors"
	"strings"

	_ "github.com/bytecodealliance/wasmtime-go/v44" // links wasmtime's archive
)

// hasHop says whether host calls of fibers are served by hopping to the
// thread's stack; if not, they are recorded and served after the poll.
var hasHop = bool(C.spin_has_hop())

// takeError turns an error of the C API into a Go error and frees it.
func takeError(e *C.wasmtime_error_t) error {
	var t *C.wasm_trap_t
	_, msg, _ := readTrap(&t, &e)
	return errors.New(firstLines(msg))
}

// firstLines shortens a message that wasmtime rendered: causes follow on lines
// of their own. A backtrace before them is left out.
func firstLines(msg string) string {
	var lines []string
	if _, causes, ok := strings.Cut(msg, "Caused by:"); ok && strings.HasPrefix(msg, "error while executing at wasm backtrace") {
		msg = causes
	}
	for l := range strings.SplitSeq(strings.TrimSpace(msg), "\n") {
		if l = strings.TrimSpace(l); l != "" && l != "Caused by:" && len(lines) < 8 {
			lines = append(lines, l)
		}
	}
	return clean(strings.Join(lines, ": "), 1000)
}
