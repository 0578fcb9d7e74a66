package filesystem

import (
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/internal/family"
	p2fs "github.com/spinhost/spin/hostapi/wasi/p2/filesystem"
	p3fs "github.com/spinhost/spin/hostapi/wasi/p3/filesystem"
)

// filesSet is the capability set of directories.
const filesSet = "files"

// Interfaces returns the interfaces of wasi:filesystem 0.2, 0.3 and the release candidate of 0.3.
func Interfaces() []hostapi.Interface {
	return append(
		family.WithCandidate(
			family.Same(p3fs.ServeTypes()),
			family.Of(p3fs.PreopensID, filesSet, func(*hostapi.Scope) *abi.Interface {
				return p3fs.ServePreopens(noDirectories[p3fs.Descriptor]{})
			}),
		),
		family.Same(p2fs.ServeTypes(types{})),
		family.Of(p2fs.PreopensID, filesSet, func(*hostapi.Scope) *abi.Interface {
			return p2fs.ServePreopens(noDirectories[p2fs.Descriptor]{})
		}),
	)
}
