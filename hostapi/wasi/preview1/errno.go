package preview1

import (
	"errors"
	"fmt"

	"github.com/spinhost/spin/internal/guestfs"
)

// errno is what functions of preview 1 return.
type errno uint16

// The numbers of preview 1 that are used here.
const (
	success   errno = 0
	acces     errno = 2
	again     errno = 6
	badf      errno = 8
	inval     errno = 28
	eio       errno = 29
	mfile     errno = 33
	nametoo   errno = 37
	notdir    errno = 54
	notsock   errno = 57
	notsup    errno = 58
	overflow  errno = 61
	epipe     errno = 64
	erange    errno = 68
	spipe     errno = 70
	notcap    errno = 76
	e2big     errno = 1
	isdir     errno = 31
	ilseq     errno = 25
	permitted errno = 63
)

// ofFile are the numbers of errors of files.
var ofFile = map[guestfs.Errno]errno{
	guestfs.Access: acces, guestfs.WouldBlock: again, guestfs.Already: 7, guestfs.BadDescriptor: badf,
	guestfs.Busy: 10, guestfs.Deadlock: 16, guestfs.Quotas: 19, guestfs.Exist: 20, guestfs.FileTooLarge: 22,
	guestfs.IllegalByteSequence: ilseq, guestfs.InProgress: 26, guestfs.Interrupted: 27, guestfs.Invalid: inval,
	guestfs.IO: eio, guestfs.IsDirectory: isdir, guestfs.Loop: 32, guestfs.TooManyLinks: 34,
	guestfs.MessageSize: 35, guestfs.NameTooLong: nametoo, guestfs.NoDevice: 43, guestfs.NoEntry: 44,
	guestfs.NoLock: 46, guestfs.InsufficientMemory: 48, guestfs.InsufficientSpace: 51, guestfs.NotDirectory: notdir,
	guestfs.NotEmpty: 55, guestfs.NotRecoverable: 56, guestfs.Unsupported: notsup, guestfs.NoTTY: 59,
	guestfs.NoSuchDevice: 60, guestfs.Overflow: overflow, guestfs.NotPermitted: permitted, guestfs.Pipe: epipe,
	guestfs.ReadOnly: 69, guestfs.InvalidSeek: spipe, guestfs.TextFileBusy: 74, guestfs.CrossDevice: 75,
	guestfs.TooManyOpen: mfile,
}

// errnoOf is the number of an error; nil is success.
func errnoOf(err error) errno {
	var e errno
	switch {
	case err == nil:
		return success
	case errors.As(err, &e):
		return e
	}
	if n, ok := ofFile[guestfs.CodeOf(err)]; ok {
		return n
	}
	return eio
}

// Error implements error.
func (e errno) Error() string { return fmt.Sprintf("errno %d of preview 1", uint16(e)) }
