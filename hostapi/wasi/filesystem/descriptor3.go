package filesystem

import (
	"context"

	"github.com/spinhost/spin/engine/abi"
	p3fs "github.com/spinhost/spin/hostapi/wasi/p3/filesystem"
	"github.com/spinhost/spin/internal/guestfs"
)

// descriptor3 is the resource descriptor of version 0.3.
type descriptor3 struct{ d *guestfs.Descriptor }

var (
	_ p3fs.Descriptor = descriptor3{}
	_ abi.Dropper     = descriptor3{}
)

func newDescriptor3(d *guestfs.Descriptor) p3fs.Descriptor { return descriptor3{d} }

// Drop implements abi.Dropper.
func (d descriptor3) Drop() error {
	d.d.Close()
	return nil
}

// other3 returns a descriptor that a guest passes.
func other3(d p3fs.Descriptor) (*guestfs.Descriptor, error) {
	if own, ok := d.(descriptor3); ok {
		return own.d, nil
	}
	return nil, abi.Trapf("descriptor %T was not made by this package", d)
}

// Advise implements the function advise.
func (d descriptor3) Advise(_ context.Context, offset, length uint64, _ p3fs.Advice) error {
	return error3(d.d.Advise(offset, length))
}

// SyncData implements the function sync-data.
func (d descriptor3) SyncData(context.Context) error { return error3(d.d.Sync()) }

// Sync implements the function sync.
func (d descriptor3) Sync(context.Context) error { return error3(d.d.Sync()) }

// GetFlags implements the function get-flags.
func (d descriptor3) GetFlags(context.Context) (p3fs.DescriptorFlags, error) {
	return p3fs.DescriptorFlags(flagsOf(d.d)), nil
}

// GetType implements the function get-type.
func (d descriptor3) GetType(context.Context) (p3fs.DescriptorType, error) {
	return type3(kind(d.d)), nil
}

// SetSize implements the function set-size.
func (d descriptor3) SetSize(_ context.Context, size uint64) error { return error3(d.d.SetSize(size)) }

// SetTimes implements the function set-times.
func (d descriptor3) SetTimes(_ context.Context, accessed, modified p3fs.NewTimestamp) error {
	a, m, err := both(accessed, modified, time3)
	if err == nil {
		err = d.d.SetTimes(a, m)
	}
	return error3(err)
}

// CreateDirectoryAt implements the function create-directory-at.
func (d descriptor3) CreateDirectoryAt(_ context.Context, path string) error {
	return error3(d.d.MkdirAt(path))
}

// Stat implements the function stat.
func (d descriptor3) Stat(context.Context) (p3fs.DescriptorStat, error) { return stat3(d.d.Stat()) }

// StatAt implements the function stat-at.
func (d descriptor3) StatAt(_ context.Context, f p3fs.PathFlags, path string) (p3fs.DescriptorStat, error) {
	return stat3(d.d.StatAt(path, follows(f)))
}

// SetTimesAt implements the function set-times-at.
func (d descriptor3) SetTimesAt(_ context.Context, f p3fs.PathFlags, path string, accessed, modified p3fs.NewTimestamp) error {
	a, m, err := both(accessed, modified, time3)
	if err == nil {
		err = d.d.SetTimesAt(path, follows(f), a, m)
	}
	return error3(err)
}

// LinkAt implements the function link-at.
func (d descriptor3) LinkAt(_ context.Context, f p3fs.PathFlags, oldPath string, dir p3fs.Descriptor, newPath string) error {
	to, err := other3(dir)
	if err != nil {
		return err
	}
	return error3(d.d.LinkAt(oldPath, follows(f), to, newPath))
}

// OpenAt implements the function open-at.
func (d descriptor3) OpenAt(_ context.Context, p p3fs.PathFlags, path string, o p3fs.OpenFlags, f p3fs.DescriptorFlags) (p3fs.Descriptor, error) {
	opened, err := d.d.OpenAt(path, openOptions(p, o, f))
	if err != nil {
		return nil, error3(err)
	}
	return newDescriptor3(opened), nil
}

// ReadlinkAt implements the function readlink-at.
func (d descriptor3) ReadlinkAt(_ context.Context, path string) (string, error) {
	target, err := d.d.ReadlinkAt(path)
	return target, error3(err)
}

// RemoveDirectoryAt implements the function remove-directory-at.
func (d descriptor3) RemoveDirectoryAt(_ context.Context, path string) error {
	return error3(d.d.RmdirAt(path))
}

// RenameAt implements the function rename-at.
func (d descriptor3) RenameAt(_ context.Context, oldPath string, dir p3fs.Descriptor, newPath string) error {
	to, err := other3(dir)
	if err != nil {
		return err
	}
	return error3(d.d.RenameAt(oldPath, to, newPath))
}

// SymlinkAt implements the function symlink-at.
func (d descriptor3) SymlinkAt(_ context.Context, oldPath, newPath string) error {
	return error3(d.d.SymlinkAt(oldPath, newPath))
}

// UnlinkFileAt implements the function unlink-file-at.
func (d descriptor3) UnlinkFileAt(_ context.Context, path string) error {
	return error3(d.d.UnlinkAt(path))
}

// IsSameObject implements the function is-same-object.
func (d descriptor3) IsSameObject(_ context.Context, dir p3fs.Descriptor) (bool, error) {
	other, err := other3(dir)
	return err == nil && d.d.SameObject(other), err
}

// MetadataHash implements the function metadata-hash.
func (d descriptor3) MetadataHash(context.Context) (p3fs.MetadataHashValue, error) {
	return hash3(d.d.Stat())
}

// MetadataHashAt implements the function metadata-hash-at.
func (d descriptor3) MetadataHashAt(_ context.Context, f p3fs.PathFlags, path string) (p3fs.MetadataHashValue, error) {
	return hash3(d.d.StatAt(path, follows(f)))
}
