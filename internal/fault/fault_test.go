package fault_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"testing"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/internal/fault"
)

func TestSplit(t *testing.T) {
	a, b, c := errors.New("a"), errors.New("b"), errors.New("c")
	named := fmt.Errorf("both: %w, %w", a, b)
	for _, tt := range []struct {
		behaviour string
		err       error
		want      []error
	}{
		{"one error", a, []error{a}},
		{"joined errors", errors.Join(a, b), []error{a, b}},
		{"joined errors in joined ones", errors.Join(a, errors.Join(b, c)), []error{a, b, c}},
		{"a text of its own", named, []error{named}},
		{"a text of its own among others", errors.Join(named, c), []error{named, c}},
	} {
		if got := fault.Split(tt.err); !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %v", tt.behaviour, got)
		}
	}
}

func TestWhatIsBehindAFaultIsFound(t *testing.T) {
	err := fault.At(capability.Position{File: "spin.toml", Line: 3, Column: 7}, fault.Reword(io.EOF, "the file ends too early"))
	if got, want := err.Error(), "spin.toml:3:7: the file ends too early"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if !errors.Is(err, io.EOF) || errors.Is(err, fs.ErrNotExist) {
		t.Error("the cause is another")
	}
}
