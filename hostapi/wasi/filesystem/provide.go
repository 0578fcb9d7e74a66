package filesystem

import (
	"context"
	"io/fs"
	"os"
	"slices"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/internal/guestfs"
)

// Volume is a folder that guests may see. Any number of guests share it.
type Volume = guestfs.Volume

// Mount is a Volume at a path of a guest's files, such as / or static.
type Mount = guestfs.Mount

// MaxOpen is how many descriptors an instance has open at most, where nothing else is said.
const MaxOpen = guestfs.DefaultOpen

// FS makes a Volume of a file system, which guests cannot change. Files should be io.ReaderAt or
// io.Seeker: others are read again from their beginning when a guest goes back in them.
func FS(fsys fs.FS) *Volume { return guestfs.FromFS(fsys) }

// Root makes a Volume of a folder of the operating system, which guests can change if it is
// writable. The root belongs to the Volume: close that, when no guest uses it any more.
func Root(root *os.Root, writable bool) *Volume { return guestfs.FromRoot(root, writable) }

// Provide gives a component its mounts, in the order in which guests see them. maxOpen bounds the
// descriptors that an instance has open; 0 means MaxOpen. It is to be called before interfaces are
// bound to the scope.
func Provide(s *hostapi.Scope, mounts []Mount, maxOpen int) {
	s.Set(grantKey{}, &grant{mounts: slices.Clone(mounts), maxOpen: maxOpen})
}

// Mounts returns what Provide has given to the component of a scope.
func Mounts(s *hostapi.Scope) []Mount { return slices.Clone(grantOf(s).mounts) }

// Limit returns how many descriptors an instance of the component of a scope has open at most.
func Limit(s *hostapi.Scope) int {
	if n := grantOf(s).maxOpen; n > 0 {
		return n
	}
	return MaxOpen
}

type grantKey struct{}

// grant is what a component has.
type grant struct {
	mounts  []Mount
	maxOpen int
}

func grantOf(s *hostapi.Scope) *grant {
	if g, ok := s.Value(grantKey{}).(*grant); ok {
		return g
	}
	return new(grant)
}

// quota returns that of the instance that calls. It is shared by all versions of the interfaces.
func (g *grant) quota(ctx context.Context) *guestfs.Quota {
	l, ok := abi.LocalsOf(ctx)
	if !ok { // no engine
		return guestfs.NewQuota(g.maxOpen)
	}
	return l.Get(g, func() any { return guestfs.NewQuota(g.maxOpen) }).(*guestfs.Quota)
}
