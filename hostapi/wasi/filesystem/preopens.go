package filesystem

import (
	"context"

	"github.com/spinhost/spin/engine/abi"
	p2fs "github.com/spinhost/spin/hostapi/wasi/p2/filesystem"
	p3fs "github.com/spinhost/spin/hostapi/wasi/p3/filesystem"
	"github.com/spinhost/spin/internal/guestfs"
)

// preopens implements the interface preopens, whose descriptors are D.
type preopens[D any] struct {
	grant *grant
	wrap  func(*guestfs.Descriptor) D
}

var (
	_ p2fs.Preopens = preopens[p2fs.Descriptor]{}
	_ p3fs.Preopens = preopens[p3fs.Descriptor]{}
)

// GetDirectories implements the function get-directories.
func (p preopens[D]) GetDirectories(ctx context.Context) ([]abi.Tuple2[D, string], error) {
	if len(p.grant.mounts) == 0 {
		return nil, nil
	}
	quota := p.grant.quota(ctx)
	list := make([]abi.Tuple2[D, string], len(p.grant.mounts))
	for i, m := range p.grant.mounts {
		list[i] = abi.Tuple2[D, string]{F0: p.wrap(m.Volume.Open(quota)), F1: m.Path}
	}
	return list, nil
}
