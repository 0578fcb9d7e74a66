package abi

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// ErrLimit is matched by every LimitError, and by other errors that name a limit.
var ErrLimit = errors.New("limit exceeded")

// ErrTimeout is matched by those LimitErrors that limit time.
var ErrTimeout = errors.New("time limit exceeded")

// The units of limits. What has no unit is counted.
const (
	Bytes       = "bytes"
	Nanoseconds = "ns"
)

// LimitError says which limit a guest has exceeded, or would have to. It matches ErrLimit and
// ErrTrap, and ErrTimeout if it is one of time.
type LimitError struct {
	What  string // what is limited, for example "memory"
	Limit int64  // its greatest value, in Unit
	Unit  string // Bytes, Nanoseconds, or "" for a number of What
	Raise string // where it is set, for example "engine.InstanceConfig.Memory"; "" if it is fixed
	Msg   string // what has happened; "" says no more than the other fields
}

func (e *LimitError) Error() string {
	var b strings.Builder
	if b.WriteString(e.Msg); e.Msg == "" {
		fmt.Fprintf(&b, "limit of %s exceeded: at most %s", e.What, e.value())
	}
	if e.Raise != "" {
		fmt.Fprintf(&b, "; raise %s to allow more", e.Raise)
	}
	return b.String()
}

func (e *LimitError) value() string {
	switch e.Unit {
	case Nanoseconds:
		return time.Duration(e.Limit).String()
	case "":
		return fmt.Sprint(e.Limit)
	}
	return fmt.Sprintf("%d %s", e.Limit, e.Unit)
}

// Is implements errors.Is.
func (e *LimitError) Is(target error) bool {
	return target == ErrLimit || target == ErrTrap || target == ErrTimeout && e.Unit == Nanoseconds
}
