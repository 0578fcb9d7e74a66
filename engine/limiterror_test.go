package engine_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/internal/leaktest"
)

// Each limit has one form of error, which says what is limited, to what, and where that is set.
func TestLimitErrors(t *testing.T) {
	leaktest.Check(t)
	rt, err := engine.NewRuntime(engine.Config{Instances: 10, MaxTableElements: 50, MaxMemory: 1 << 20, MaxStack: 100_000})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { rt.Close(context.Background()) })
	p := guestProgram(t, rt, newGuestHost())
	for name, c := range map[string]struct {
		cfg     engine.InstanceConfig
		call    string
		args    []any
		limit   int64
		raise   string
		timeout bool
	}{
		"computing": {engine.InstanceConfig{ComputeTime: 20 * time.Millisecond}, "spin", nil, int64(20 * time.Millisecond), "engine.InstanceConfig.ComputeTime", true},
		"handles":   {engine.InstanceConfig{Handles: 10}, "handles", []any{uint32(11)}, 10, "engine.InstanceConfig.Handles", false},
		"stack":     {engine.InstanceConfig{}, "recurse", []any{uint32(0)}, 100_000, "engine.Config.MaxStack", false},
		"memory":    {engine.InstanceConfig{Memory: 1000}, "", nil, 1000, "engine.InstanceConfig.Memory", false},
	} {
		t.Run(name, func(t *testing.T) {
			i, err := p.Instantiate(context.Background(), c.cfg)
			if c.call != "" {
				if err != nil {
					t.Fatal(err)
				}
				_, err = call(t, i, c.call, c.args...)
				closeInstance(t, i)
			}
			var limit *engine.LimitError
			if !errors.As(err, &limit) || !errors.Is(err, engine.ErrLimit) || errors.Is(err, engine.ErrTimeout) != c.timeout {
				t.Fatalf("got %v", err)
			}
			if limit.What != name || limit.Limit != c.limit || limit.Raise != c.raise {
				t.Errorf("got %+v", limit)
			}
		})
	}
}

// What a component has to begin with must be within the limits of the runtime.
func TestMemoryLimitOfTheRuntime(t *testing.T) {
	rt, err := engine.NewRuntime(engine.Config{Instances: 10, MaxMemory: 1000})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { rt.Close(context.Background()) })
	_, err = newGuestHost().linker().Link(context.Background(), rt, guestComponent(t))
	var limit *engine.LimitError
	if !errors.As(err, &limit) || limit.Limit != 1000 || limit.Raise != "engine.Config.MaxMemory" {
		t.Errorf("got %v", err)
	}
}

// A table can be bounded more closely for one instance.
func TestTableLimitOfAnInstance(t *testing.T) {
	p := guestProgram(t, newRuntime(t), newGuestHost())
	i := instance(t, p, engine.InstanceConfig{TableElements: 5})
	mustCall(t, i, int32(1), "grow-table", uint32(4))
	mustCall(t, i, int32(-1), "grow-table", uint32(1))
}

// Whatever limit it is, errors.Is finds that it is one.
func TestEveryLimitIsErrLimit(t *testing.T) {
	for _, err := range []error{
		&engine.LimitError{What: "memory"}, &engine.CountError{}, &engine.SizeError{}, &engine.StaticLimitError{Limit: "Size"},
	} {
		if !errors.Is(err, engine.ErrLimit) {
			t.Errorf("%T: %v", err, err)
		}
	}
}
