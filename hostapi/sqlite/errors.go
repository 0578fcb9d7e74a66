package sqlite

import (
	"errors"
	"fmt"

	v1 "github.com/spinhost/spin/hostapi/sqlite/v1"
	v2 "github.com/spinhost/spin/hostapi/sqlite/v2"
	v3 "github.com/spinhost/spin/hostapi/sqlite/v3"
)

var (
	errTooLarge = fmt.Errorf("query result exceeds limit of %d bytes", MaxResult)
	errTooMany  = errors.New("too many connections opened")
	errRowSend  = errors.New("row send error")
	errBusy     = errors.New("the connection has a stream of rows that was neither read to its end nor dropped")
	errEnded    = errors.New("the instance has ended")
)

// fault is the error case of an error.
func fault(err error) v3.Error {
	var e v3.Error
	switch {
	case errors.As(err, &e):
		return e
	case errors.Is(err, ErrInvalidConnection):
		return v3.ErrorInvalidConnection()
	case errors.Is(err, ErrFull):
		return v3.ErrorDatabaseFull()
	}
	return v3.ErrorIO(err.Error())
}

// fault1 is the error case in version 1.
func fault1(err error) v1.Error {
	e := fault(err)
	if text, ok := e.IO(); ok {
		return v1.ErrorIO(text)
	}
	return v1.Error{Case: v1.ErrorCase(e.Case)}
}

// fault2 is the error case in version 2.
func fault2(err error) v2.Error {
	e := fault(err)
	if text, ok := e.IO(); ok {
		return v2.ErrorIO(text)
	}
	return v2.Error{Case: v2.ErrorCase(e.Case)}
}
