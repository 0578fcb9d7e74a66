package filesystem

import (
	"context"

	"github.com/spinhost/spin/engine/abi"
	p2fs "github.com/spinhost/spin/hostapi/wasi/p2/filesystem"
	p3fs "github.com/spinhost/spin/hostapi/wasi/p3/filesystem"
)

// noDirectories implements the interface preopens, whose descriptors are D.
type noDirectories[D any] struct{}

var (
	_ p2fs.Preopens = noDirectories[p2fs.Descriptor]{}
	_ p3fs.Preopens = noDirectories[p3fs.Descriptor]{}
)

// GetDirectories implements the function get-directories.
func (noDirectories[D]) GetDirectories(context.Context) ([]abi.Tuple2[D, string], error) {
	return nil, nil
}
