package permit_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/spinhost/spin/internal/permit"
)

func limit(n int) *permit.Limit { return permit.New(&n) }

var errEnough = errors.New("enough")

func ended() context.Context {
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(errEnough)
	return ctx
}

func TestBounds(t *testing.T) {
	tests := []struct {
		behaviour string
		of        permit.Of
		want      int
	}{
		{"its own", permit.Of{Own: limit(2), Total: limit(5)}, 2},
		{"that of all", permit.Of{Own: limit(5), Total: limit(3)}, 3},
		{"its own alone", permit.Of{Own: limit(1)}, 1},
		{"that of all alone", permit.Of{Total: limit(1)}, 1},
		{"none at all", permit.Of{Own: limit(0)}, 0},
		{"no bound", permit.Of{}, 10},
		{"a bound that nobody reaches", permit.Of{Own: limit(math.MaxInt)}, 10},
	}
	for _, tt := range tests {
		var held []func()
		for range 10 {
			release, ok := tt.of.Try()
			if !ok {
				break
			}
			held = append(held, release)
		}
		if len(held) != tt.want {
			t.Errorf("%s: %d at once, want %d", tt.behaviour, len(held), tt.want)
		}
		if _, err := tt.of.Acquire(ended()); tt.want < 10 && !errors.Is(err, errEnough) && !errors.Is(err, permit.ErrNone) {
			t.Errorf("%s: %v", tt.behaviour, err)
		}
		for _, release := range held {
			release()
			release() // harmless
		}
		if tt.want > 0 {
			release, err := tt.of.Acquire(context.Background())
			if err != nil {
				t.Fatalf("%s: %v", tt.behaviour, err)
			}
			release()
		}
	}
}

func TestAcquireWaits(t *testing.T) {
	of := permit.Of{Own: limit(1), Total: limit(1)}
	release, ok := of.Try()
	if !ok {
		t.Fatal("there is one")
	}
	got := make(chan error)
	go func() {
		again, err := of.Acquire(context.Background())
		if err == nil {
			again()
		}
		got <- err
	}()
	release()
	if err := <-got; err != nil {
		t.Error(err)
	}
	if _, err := (permit.Of{Own: limit(0)}).Acquire(context.Background()); !errors.Is(err, permit.ErrNone) {
		t.Errorf("got %v", err)
	}
}
