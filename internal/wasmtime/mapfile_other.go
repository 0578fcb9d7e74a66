//go:build !linux

package wasmtime

import (
	"errors"
	"os"
)

// mapFile is not there: files are read.
func mapFile(*os.File, int64) ([]byte, func(), error) { return nil, nil, errors.ErrUnsupported }
