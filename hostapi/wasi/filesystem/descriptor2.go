package filesystem

import (
	"context"
	"io"

	"github.com/spinhost/spin/engine/abi"
	p2fs "github.com/spinhost/spin/hostapi/wasi/p2/filesystem"
	"github.com/spinhost/spin/internal/guestfs"
)

// descriptor2 is the resource descriptor of version 0.2.
type descriptor2 struct{ d *guestfs.Descriptor }

var (
	_ p2fs.Descriptor = descriptor2{}
	_ abi.Dropper     = descriptor2{}
)

func newDescriptor2(d *guestfs.Descriptor) p2fs.Descriptor { return descriptor2{d} }

// Drop implements abi.Dropper.
func (d descriptor2) Drop() error {
	d.d.Close()
	return nil
}

// other2 returns a descriptor that a guest passes.
func other2(d p2fs.Descriptor) (*guestfs.Descriptor, error) {
	if own, ok := d.(descriptor2); ok {
		return own.d, nil
	}
	return nil, abi.Trapf("descriptor %T was not made by this package", d)
}

// Advise implements the function advise.
func (d descriptor2) Advise(_ context.Context, offset, length uint64, _ p2fs.Advice) error {
	return error2(d.d.Advise(offset, length))
}

// SyncData implements the function sync-data.
func (d descriptor2) SyncData(context.Context) error { return error2(d.d.Sync()) }

// Sync implements the function sync.
func (d descriptor2) Sync(context.Context) error { return error2(d.d.Sync()) }

// GetFlags implements the function get-flags.
func (d descriptor2) GetFlags(context.Context) (p2fs.DescriptorFlags, error) {
	return flagsOf(d.d), nil
}

// GetType implements the function get-type.
func (d descriptor2) GetType(context.Context) (p2fs.DescriptorType, error) {
	return type2(kind(d.d)), nil
}

// SetSize implements the function set-size.
func (d descriptor2) SetSize(_ context.Context, size uint64) error { return error2(d.d.SetSize(size)) }

// SetTimes implements the function set-times.
func (d descriptor2) SetTimes(_ context.Context, accessed, modified p2fs.NewTimestamp) error {
	a, m, err := both(accessed, modified, time2)
	if err == nil {
		err = d.d.SetTimes(a, m)
	}
	return error2(err)
}

// Read implements the function read.
func (d descriptor2) Read(_ context.Context, length, offset uint64) (r abi.Tuple2[[]byte, bool], _ error) {
	p := make([]byte, min(length, maxRead))
	n, err := d.d.ReadAt(p, offset)
	if r.F0, r.F1 = p[:n], err == io.EOF; r.F1 {
		err = nil
	}
	return r, error2(err)
}

// Write implements the function write.
func (d descriptor2) Write(_ context.Context, buffer []byte, offset uint64) (uint64, error) {
	n, err := d.d.WriteAt(buffer, offset)
	return uint64(n), error2(err)
}

// CreateDirectoryAt implements the function create-directory-at.
func (d descriptor2) CreateDirectoryAt(_ context.Context, path string) error {
	return error2(d.d.MkdirAt(path))
}

// Stat implements the function stat.
func (d descriptor2) Stat(context.Context) (p2fs.DescriptorStat, error) { return stat2(d.d.Stat()) }

// StatAt implements the function stat-at.
func (d descriptor2) StatAt(_ context.Context, f p2fs.PathFlags, path string) (p2fs.DescriptorStat, error) {
	return stat2(d.d.StatAt(path, follows(f)))
}

// SetTimesAt implements the function set-times-at.
func (d descriptor2) SetTimesAt(_ context.Context, f p2fs.PathFlags, path string, accessed, modified p2fs.NewTimestamp) error {
	a, m, err := both(accessed, modified, time2)
	if err == nil {
		err = d.d.SetTimesAt(path, follows(f), a, m)
	}
	return error2(err)
}

// LinkAt implements the function link-at.
func (d descriptor2) LinkAt(_ context.Context, f p2fs.PathFlags, oldPath string, dir p2fs.Descriptor, newPath string) error {
	to, err := other2(dir)
	if err != nil {
		return err
	}
	return error2(d.d.LinkAt(oldPath, follows(f), to, newPath))
}

// OpenAt implements the function open-at.
func (d descriptor2) OpenAt(_ context.Context, p p2fs.PathFlags, path string, o p2fs.OpenFlags, f p2fs.DescriptorFlags) (p2fs.Descriptor, error) {
	opened, err := d.d.OpenAt(path, openOptions(p, o, f))
	if err != nil {
		return nil, error2(err)
	}
	return newDescriptor2(opened), nil
}

// ReadlinkAt implements the function readlink-at.
func (d descriptor2) ReadlinkAt(_ context.Context, path string) (string, error) {
	target, err := d.d.ReadlinkAt(path)
	return target, error2(err)
}

// RemoveDirectoryAt implements the function remove-directory-at.
func (d descriptor2) RemoveDirectoryAt(_ context.Context, path string) error {
	return error2(d.d.RmdirAt(path))
}

// RenameAt implements the function rename-at.
func (d descriptor2) RenameAt(_ context.Context, oldPath string, dir p2fs.Descriptor, newPath string) error {
	to, err := other2(dir)
	if err != nil {
		return err
	}
	return error2(d.d.RenameAt(oldPath, to, newPath))
}

// SymlinkAt implements the function symlink-at.
func (d descriptor2) SymlinkAt(_ context.Context, oldPath, newPath string) error {
	return error2(d.d.SymlinkAt(oldPath, newPath))
}

// UnlinkFileAt implements the function unlink-file-at.
func (d descriptor2) UnlinkFileAt(_ context.Context, path string) error {
	return error2(d.d.UnlinkAt(path))
}

// IsSameObject implements the function is-same-object.
func (d descriptor2) IsSameObject(_ context.Context, dir p2fs.Descriptor) (bool, error) {
	other, err := other2(dir)
	return err == nil && d.d.SameObject(other), err
}

// MetadataHash implements the function metadata-hash.
func (d descriptor2) MetadataHash(context.Context) (p2fs.MetadataHashValue, error) {
	return hash2(d.d.Stat())
}

// MetadataHashAt implements the function metadata-hash-at.
func (d descriptor2) MetadataHashAt(_ context.Context, f p2fs.PathFlags, path string) (p2fs.MetadataHashValue, error) {
	return hash2(d.d.StatAt(path, follows(f)))
}
