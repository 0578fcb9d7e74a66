package guestfs

import (
	"errors"
	"io"
	"io/fs"
	"syscall"
)

// Errno says why an operation failed. The numbers are those of the enum error-code of
// wasi:filesystem 0.2, counted from 1; TooManyOpen has no case there.
type Errno uint8

// The errors. Names are those of POSIX error numbers, such as ENOENT for NoEntry.
const (
	Access Errno = iota + 1
	WouldBlock
	Already
	BadDescriptor
	Busy
	Deadlock
	Quotas
	Exist
	FileTooLarge
	IllegalByteSequence
	InProgress
	Interrupted
	Invalid
	IO
	IsDirectory
	Loop
	TooManyLinks
	MessageSize
	NameTooLong
	NoDevice
	NoEntry
	NoLock
	InsufficientMemory
	InsufficientSpace
	NotDirectory
	NotEmpty
	NotRecoverable
	Unsupported
	NoTTY
	NoSuchDevice
	Overflow
	NotPermitted
	Pipe
	ReadOnly
	InvalidSeek
	TextFileBusy
	CrossDevice
	// TooManyOpen means that the guest, or the host, has too many files open.
	TooManyOpen
)

var names = [...]string{
	"success", "access", "would-block", "already", "bad-descriptor", "busy", "deadlock", "quota", "exist",
	"file-too-large", "illegal-byte-sequence", "in-progress", "interrupted", "invalid", "io", "is-directory",
	"loop", "too-many-links", "message-size", "name-too-long", "no-device", "no-entry", "no-lock",
	"insufficient-memory", "insufficient-space", "not-directory", "not-empty", "not-recoverable",
	"unsupported", "no-tty", "no-such-device", "overflow", "not-permitted", "pipe", "read-only",
	"invalid-seek", "text-file-busy", "cross-device", "too-many-open-files",
}

// Error returns the name of the error in WIT.
func (e Errno) Error() string {
	if int(e) < len(names) {
		return names[e]
	}
	return "unknown"
}

// CodeOf returns the Errno behind an error, IO if nothing better is known, 0 for nil.
func CodeOf(err error) Errno {
	var code Errno
	var number syscall.Errno
	switch {
	case err == nil:
		return 0
	case errors.As(err, &code):
		return code
	case errors.As(err, &number) && codes[number] != 0:
		return codes[number]
	case errors.Is(err, fs.ErrNotExist):
		return NoEntry
	case errors.Is(err, fs.ErrExist):
		return Exist
	case errors.Is(err, fs.ErrPermission):
		return NotPermitted
	case errors.Is(err, fs.ErrInvalid):
		return Invalid
	case errors.Is(err, fs.ErrClosed):
		return BadDescriptor
	case errors.Is(err, errors.ErrUnsupported):
		return Unsupported
	}
	return IO
}

// fault is CodeOf as an error; nil and io.EOF stay what they are.
func fault(err error) error {
	if err == nil || err == io.EOF {
		return err
	}
	return CodeOf(err)
}

var codes = map[syscall.Errno]Errno{
	syscall.EACCES:          Access,
	syscall.EAGAIN:          WouldBlock,
	syscall.EALREADY:        Already,
	syscall.EBADF:           BadDescriptor,
	syscall.EBUSY:           Busy,
	syscall.EDEADLK:         Deadlock,
	syscall.EDQUOT:          Quotas,
	syscall.EEXIST:          Exist,
	syscall.EFBIG:           FileTooLarge,
	syscall.EILSEQ:          IllegalByteSequence,
	syscall.EINPROGRESS:     InProgress,
	syscall.EINTR:           Interrupted,
	syscall.EINVAL:          Invalid,
	syscall.EIO:             IO,
	syscall.EISDIR:          IsDirectory,
	syscall.ELOOP:           Loop,
	syscall.EMFILE:          TooManyOpen,
	syscall.EMLINK:          TooManyLinks,
	syscall.EMSGSIZE:        MessageSize,
	syscall.ENAMETOOLONG:    NameTooLong,
	syscall.ENFILE:          TooManyOpen,
	syscall.ENODEV:          NoDevice,
	syscall.ENOENT:          NoEntry,
	syscall.ENOLCK:          NoLock,
	syscall.ENOMEM:          InsufficientMemory,
	syscall.ENOSPC:          InsufficientSpace,
	syscall.ENOTDIR:         NotDirectory,
	syscall.ENOTEMPTY:       NotEmpty,
	syscall.ENOTRECOVERABLE: NotRecoverable,
	syscall.ENOTSUP:         Unsupported,
	syscall.ENOTTY:          NoTTY,
	syscall.ENXIO:           NoSuchDevice,
	syscall.EOVERFLOW:       Overflow,
	syscall.EPERM:           NotPermitted,
	syscall.EPIPE:           Pipe,
	syscall.EROFS:           ReadOnly,
	syscall.ESPIPE:          InvalidSeek,
	syscall.ETXTBSY:         TextFileBusy,
	syscall.EXDEV:           CrossDevice,
}
