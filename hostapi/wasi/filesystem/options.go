package filesystem

import (
	"time"

	p2fs "github.com/spinhost/spin/hostapi/wasi/p2/filesystem"
	p3fs "github.com/spinhost/spin/hostapi/wasi/p3/filesystem"
	"github.com/spinhost/spin/internal/guestfs"
)

// maxRead is how many bytes one read returns at most, whatever the guest asks for.
const maxRead = 64 << 10

// flags are those that both versions have, with the same bits.
type flags interface{ ~uint8 }

// follows reports whether symbolic links at the end of a path are followed.
func follows[F flags](f F) bool { return uint8(f)&uint8(p2fs.PathFlagsSymlinkFollow) != 0 }

// openOptions says how to open, in the words of both versions.
func openOptions[P, O, D flags](path P, open O, d D) guestfs.OpenOptions {
	o, f := p2fs.OpenFlags(open), p2fs.DescriptorFlags(d)
	const synced = p2fs.DescriptorFlagsFileIntegritySync | p2fs.DescriptorFlagsDataIntegritySync | p2fs.DescriptorFlagsRequestedWriteSync
	return guestfs.OpenOptions{
		Follow:    follows(path),
		Create:    o.Has(p2fs.OpenFlagsCreate),
		Directory: o.Has(p2fs.OpenFlagsDirectory),
		Exclusive: o.Has(p2fs.OpenFlagsExclusive),
		Truncate:  o.Has(p2fs.OpenFlagsTruncate),
		Read:      f.Has(p2fs.DescriptorFlagsRead),
		Write:     f.Has(p2fs.DescriptorFlagsWrite),
		Sync:      f&synced != 0,
	}
}

// flagsOf returns the flags of a descriptor.
func flagsOf(d *guestfs.Descriptor) (f p2fs.DescriptorFlags) {
	if d.CanRead() {
		f |= p2fs.DescriptorFlagsRead
	}
	switch {
	case d.CanWrite() && d.IsDir():
		f |= p2fs.DescriptorFlagsMutateDirectory
	case d.CanWrite():
		f |= p2fs.DescriptorFlagsWrite
	}
	return f
}

// kind is what a descriptor stands for: nothing else is ever opened.
func kind(d *guestfs.Descriptor) guestfs.FileType {
	if d.IsDir() {
		return guestfs.Directory
	}
	return guestfs.RegularFile
}

// type2 returns a type as version 0.2 has it, with the same numbers.
func type2(t guestfs.FileType) p2fs.DescriptorType { return p2fs.DescriptorType(t) }

// type3 returns a type as version 0.3 has it, where what is unknown comes last.
func type3(t guestfs.FileType) p3fs.DescriptorType {
	if t == guestfs.Unknown {
		return p3fs.DescriptorType{Case: p3fs.DescriptorTypeCaseOther}
	}
	return p3fs.DescriptorType{Case: p3fs.DescriptorTypeCase(t - 1)}
}

// maxSeconds bounds times, so that they can be calculated with.
const maxSeconds = 1 << 40

// timeOf returns a time that a guest gives. It is never the zero time, which means no change.
func timeOf(seconds int64, nanoseconds uint32) (time.Time, error) {
	switch {
	case nanoseconds >= 1e9:
		return time.Time{}, guestfs.Invalid
	case seconds > maxSeconds, seconds < -maxSeconds:
		return time.Time{}, guestfs.Overflow
	}
	t := time.Unix(seconds, int64(nanoseconds))
	if t.IsZero() {
		return time.Time{}, guestfs.Overflow
	}
	return t, nil
}

// both returns two times unless there is an error.
func both[T any](a, b T, of func(T) (time.Time, error)) (x, y time.Time, err error) {
	if x, err = of(a); err == nil {
		y, err = of(b)
	}
	return x, y, err
}
