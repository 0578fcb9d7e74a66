// Package guestfs serves files to guests: descriptors that stand for open files and directories,
// with the operations that WASI has on them.
//
// # Volumes, descriptors, quotas
//
// A [Volume] is a folder that guests may see: [FromRoot] serves one of the operating system,
// read-only or not, [FromFS] serves any [fs.FS], read-only. It is shared by all guests of an app.
// [Volume.Open] makes the [Descriptor] of its top for one guest, and [Descriptor.OpenAt] all
// further ones. What a guest has open counts in its [Quota].
//
// # Paths
//
// Paths have slashes and are relative to the descriptor that they are given to. Nothing leads out
// of it: absolute paths, "..", and symbolic links that lead elsewhere are [NotPermitted]. With
// folders of the operating system that is what os.Root guarantees, also against somebody who
// renames folders meanwhile. A slash at the end asks for a directory. Backslashes and colons have
// no meaning, and a name that the operating system takes for something else does not exist.
//
// Files that are neither regular nor directories are listed and described, but not opened: to
// open a device can do something, and to open a pipe can wait for ever.
//
// # Errors
//
// Every error is an [Errno], named as in WASI; [CodeOf] makes one of any other error. The only
// exception is io.EOF, of [Descriptor.ReadAt] and [Lister.Next].
//
// # Concurrency
//
// All types can be used by many goroutines at once. Operations block as long as the operating
// system does; callers with a guest to suspend run them on a goroutine.
package guestfs
