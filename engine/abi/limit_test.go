package abi_test

import (
	"errors"
	"testing"
	"time"

	"github.com/spinhost/spin/engine/abi"
)

func TestLimitError(t *testing.T) {
	for _, c := range []struct {
		err     abi.LimitError
		text    string
		timeout bool
	}{
		{
			abi.LimitError{What: "memory", Limit: 1000, Unit: abi.Bytes, Raise: "engine.InstanceConfig.Memory"},
			"limit of memory exceeded: at most 1000 bytes; raise engine.InstanceConfig.Memory to allow more", false,
		},
		{
			abi.LimitError{What: "computing", Limit: int64(30 * time.Millisecond), Unit: abi.Nanoseconds},
			"limit of computing exceeded: at most 30ms", true,
		},
		{abi.LimitError{What: "handles", Limit: 5, Msg: "no more than 5 handles", Raise: "X"}, "no more than 5 handles; raise X to allow more", false},
		{abi.LimitError{What: "handles", Limit: 5}, "limit of handles exceeded: at most 5", false},
	} {
		var err error = &c.err
		if err.Error() != c.text {
			t.Errorf("got %q, want %q", err, c.text)
		}
		if !errors.Is(err, abi.ErrLimit) || errors.Is(err, abi.ErrTimeout) != c.timeout || !errors.Is(err, abi.ErrTrap) {
			t.Errorf("%v matches the wrong sentinels", err)
		}
	}
}
