package filesystem

import (
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/internal/family"
	octfs "github.com/spinhost/spin/hostapi/wasi/october/filesystem"
	p2fs "github.com/spinhost/spin/hostapi/wasi/p2/filesystem"
	p3fs "github.com/spinhost/spin/hostapi/wasi/p3/filesystem"
)

// Capability is the capability set of directories, and the key of the manifest that grants them.
const Capability = "files"

// Interfaces returns the interfaces of wasi:filesystem 0.2, 0.3, the release candidate of 0.3 and the
// snapshot of October 2023. What a component has is said by Provide.
func Interfaces() []hostapi.Interface {
	return append(
		family.WithCandidate(
			family.Same(p3fs.ServeTypes()),
			family.Of(p3fs.PreopensID, Capability, func(s *hostapi.Scope) *abi.Interface {
				return p3fs.ServePreopens(preopens[p3fs.Descriptor]{grantOf(s), newDescriptor3})
			}),
		),
		family.Same(p2fs.ServeTypes(types{})),
		family.Of(p2fs.PreopensID, Capability, func(s *hostapi.Scope) *abi.Interface {
			return p2fs.ServePreopens(preopens[p2fs.Descriptor]{grantOf(s), newDescriptor2})
		}),
		family.Same(octfs.ServeTypes(types{})),
		family.Of(octfs.PreopensID, Capability, func(s *hostapi.Scope) *abi.Interface {
			return octfs.ServePreopens(preopens[octfs.Descriptor]{grantOf(s), newOctoberDescriptor})
		}),
	)
}
