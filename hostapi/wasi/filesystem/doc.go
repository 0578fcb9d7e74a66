// Package filesystem implements wasi:filesystem 0.2, 0.3 and the release candidate of 0.3.
//
// # Give files to guests
//
// [Provide] says which folders a component has, before the interfaces that [Interfaces] lists are
// bound for it: a [Mount] is a [Volume], made by [FS] or [Root], at a path. A component without it
// has no directories to begin with, and so no way to get at a descriptor.
//
//	filesystem.Provide(scope, []filesystem.Mount{{Path: "/", Volume: filesystem.FS(assets)}}, 0)
//
// Nothing leads out of a mount, whatever guests do with paths, links and names. What cannot be
// changed is refused with not-permitted.
//
// # What guests cannot do
//
// An instance has no more than a number of descriptors open at once. A read returns no more than
// 64 KiB. The flags that make every write wait for the disk are not supported, as in Spin; sync
// and sync-data are.
//
// # Blocking
//
// What looks at a disk runs on a goroutine; the guest is suspended meanwhile and holds no thread.
// Streams go on where the descriptor that they come from was dropped.
package filesystem
