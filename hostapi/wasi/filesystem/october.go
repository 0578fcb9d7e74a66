package filesystem

import (
	"context"

	"github.com/spinhost/spin/engine/abi"
	octfs "github.com/spinhost/spin/hostapi/wasi/october/filesystem"
	p2fs "github.com/spinhost/spin/hostapi/wasi/p2/filesystem"
	"github.com/spinhost/spin/internal/guestfs"
)

// octoberDescriptor is the resource descriptor of the snapshot of October 2023: that of version 0.2
// but for permissions, of which a file that is made has those that the host gives it, and locks,
// which no volume has.
type octoberDescriptor struct{ descriptor2 }

var _ octfs.Descriptor = octoberDescriptor{}

func newOctoberDescriptor(d *guestfs.Descriptor) octfs.Descriptor {
	return octoberDescriptor{descriptor2{d}}
}

// inVersion2 returns a descriptor that a guest passes, as version 0.2 has it.
func inVersion2(d octfs.Descriptor) (p2fs.Descriptor, error) {
	if own, ok := d.(octoberDescriptor); ok {
		return own.descriptor2, nil
	}
	return nil, abi.Trapf("descriptor %T was not made by this package", d)
}

// LinkAt implements the function link-at.
func (d octoberDescriptor) LinkAt(ctx context.Context, f p2fs.PathFlags, oldPath string, dir octfs.Descriptor, newPath string) error {
	to, err := inVersion2(dir)
	if err != nil {
		return err
	}
	return d.descriptor2.LinkAt(ctx, f, oldPath, to, newPath)
}

// OpenAt implements the function open-at.
func (d octoberDescriptor) OpenAt(_ context.Context, p p2fs.PathFlags, path string, o p2fs.OpenFlags, f p2fs.DescriptorFlags, _ octfs.Modes) (octfs.Descriptor, error) {
	opened, err := d.d.OpenAt(path, openOptions(p, o, f))
	if err != nil {
		return nil, error2(err)
	}
	return newOctoberDescriptor(opened), nil
}

// RenameAt implements the function rename-at.
func (d octoberDescriptor) RenameAt(ctx context.Context, oldPath string, dir octfs.Descriptor, newPath string) error {
	to, err := inVersion2(dir)
	if err != nil {
		return err
	}
	return d.descriptor2.RenameAt(ctx, oldPath, to, newPath)
}

// IsSameObject implements the function is-same-object.
func (d octoberDescriptor) IsSameObject(ctx context.Context, dir octfs.Descriptor) (bool, error) {
	other, err := inVersion2(dir)
	if err != nil {
		return false, err
	}
	return d.descriptor2.IsSameObject(ctx, other)
}

// AccessAt implements the function access-at.
func (d octoberDescriptor) AccessAt(_ context.Context, f p2fs.PathFlags, path string, t octfs.AccessType) error {
	modes, _ := t.Access() // none if it is asked for existence
	return error2(d.d.AccessAt(path, follows(f), guestfs.Use{
		Read: modes.Has(octfs.ModesReadable), Write: modes.Has(octfs.ModesWritable), Execute: modes.Has(octfs.ModesExecutable),
	}))
}

// ChangeFilePermissionsAt implements the function change-file-permissions-at.
func (octoberDescriptor) ChangeFilePermissionsAt(context.Context, p2fs.PathFlags, string, octfs.Modes) error {
	return p2fs.ErrorCodeUnsupported
}

// ChangeDirectoryPermissionsAt implements the function change-directory-permissions-at.
func (octoberDescriptor) ChangeDirectoryPermissionsAt(context.Context, p2fs.PathFlags, string, octfs.Modes) error {
	return p2fs.ErrorCodeUnsupported
}

// LockShared implements the function lock-shared.
func (octoberDescriptor) LockShared(context.Context) error { return p2fs.ErrorCodeUnsupported }

// LockExclusive implements the function lock-exclusive.
func (octoberDescriptor) LockExclusive(context.Context) error { return p2fs.ErrorCodeUnsupported }

// TryLockShared implements the function try-lock-shared.
func (octoberDescriptor) TryLockShared(context.Context) error { return p2fs.ErrorCodeUnsupported }

// TryLockExclusive implements the function try-lock-exclusive.
func (octoberDescriptor) TryLockExclusive(context.Context) error { return p2fs.ErrorCodeUnsupported }

// Unlock implements the function unlock.
func (octoberDescriptor) Unlock(context.Context) error { return p2fs.ErrorCodeUnsupported }
