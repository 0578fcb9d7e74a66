package gen

import (
	"errors"
	"fmt"

	"github.com/spinhost/spin/hostapi/wit"
)

// The classes of fault that WIT without faults of its own can have for the generator.
var (
	// ErrUnsupported marks types and functions that have no Go form.
	ErrUnsupported = errors.New("witgen: not supported")
	// ErrName marks names that do not go together in Go.
	ErrName = errors.New("witgen: names clash")
	// ErrOption marks options that do not fit the WIT.
	ErrOption = errors.New("witgen: invalid option")
)

// faults collects what is wrong, so that one run reports all of it.
type faults struct{ list wit.ErrorList }

func (f *faults) add(pos wit.Position, class error, format string, args ...any) {
	e := &wit.Error{Pos: pos, Msg: fmt.Sprintf(format, args...), Err: class}
	for _, old := range f.list {
		if *old == *e {
			return
		}
	}
	f.list = append(f.list, e)
}

func (f *faults) err() error {
	if len(f.list) == 0 {
		return nil
	}
	return f.list
}
