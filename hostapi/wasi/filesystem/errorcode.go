package filesystem

import (
	"context"
	"errors"
	"io/fs"
	"syscall"

	"github.com/spinhost/spin/engine/abi"
	p2fs "github.com/spinhost/spin/hostapi/wasi/p2/filesystem"
	p2io "github.com/spinhost/spin/hostapi/wasi/p2/io"
)

// types implements the interface types of WASI 0.2.
type types struct{}

var _ p2fs.Types = types{}

// FilesystemErrorCode returns the code of an error of a stream, if it comes of a file.
func (types) FilesystemErrorCode(_ context.Context, res p2io.Error) (code abi.Option[p2fs.ErrorCode], _ error) {
	err, ok := res.(error)
	if !ok {
		return code, nil
	}
	if path := new(fs.PathError); errors.As(err, &path) {
		return abi.Some(codeOf(path)), nil
	}
	code.OK = errors.As(err, &code.Value)
	return code, nil
}

// codeOf returns the code of an error of package os.
func codeOf(err error) p2fs.ErrorCode {
	if errno := syscall.Errno(0); errors.As(err, &errno) {
		if code, ok := errnos[errno]; ok {
			return code
		}
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return p2fs.ErrorCodeNoEntry
	case errors.Is(err, fs.ErrExist):
		return p2fs.ErrorCodeExist
	case errors.Is(err, fs.ErrPermission):
		return p2fs.ErrorCodeNotPermitted
	case errors.Is(err, fs.ErrInvalid):
		return p2fs.ErrorCodeInvalid
	case errors.Is(err, fs.ErrClosed):
		return p2fs.ErrorCodeBadDescriptor
	}
	return p2fs.ErrorCodeIO
}

// errnos are the codes of POSIX error numbers, after which they are named.
var errnos = map[syscall.Errno]p2fs.ErrorCode{
	syscall.EACCES:          p2fs.ErrorCodeAccess,
	syscall.EAGAIN:          p2fs.ErrorCodeWouldBlock,
	syscall.EALREADY:        p2fs.ErrorCodeAlready,
	syscall.EBADF:           p2fs.ErrorCodeBadDescriptor,
	syscall.EBUSY:           p2fs.ErrorCodeBusy,
	syscall.EDEADLK:         p2fs.ErrorCodeDeadlock,
	syscall.EDQUOT:          p2fs.ErrorCodeQuota,
	syscall.EEXIST:          p2fs.ErrorCodeExist,
	syscall.EFBIG:           p2fs.ErrorCodeFileTooLarge,
	syscall.EILSEQ:          p2fs.ErrorCodeIllegalByteSequence,
	syscall.EINPROGRESS:     p2fs.ErrorCodeInProgress,
	syscall.EINTR:           p2fs.ErrorCodeInterrupted,
	syscall.EINVAL:          p2fs.ErrorCodeInvalid,
	syscall.EIO:             p2fs.ErrorCodeIO,
	syscall.EISDIR:          p2fs.ErrorCodeIsDirectory,
	syscall.ELOOP:           p2fs.ErrorCodeLoop,
	syscall.EMLINK:          p2fs.ErrorCodeTooManyLinks,
	syscall.EMSGSIZE:        p2fs.ErrorCodeMessageSize,
	syscall.ENAMETOOLONG:    p2fs.ErrorCodeNameTooLong,
	syscall.ENODEV:          p2fs.ErrorCodeNoDevice,
	syscall.ENOENT:          p2fs.ErrorCodeNoEntry,
	syscall.ENOLCK:          p2fs.ErrorCodeNoLock,
	syscall.ENOMEM:          p2fs.ErrorCodeInsufficientMemory,
	syscall.ENOSPC:          p2fs.ErrorCodeInsufficientSpace,
	syscall.ENOTDIR:         p2fs.ErrorCodeNotDirectory,
	syscall.ENOTEMPTY:       p2fs.ErrorCodeNotEmpty,
	syscall.ENOTRECOVERABLE: p2fs.ErrorCodeNotRecoverable,
	syscall.ENOTSUP:         p2fs.ErrorCodeUnsupported,
	syscall.ENOTTY:          p2fs.ErrorCodeNoTty,
	syscall.ENXIO:           p2fs.ErrorCodeNoSuchDevice,
	syscall.EOVERFLOW:       p2fs.ErrorCodeOverflow,
	syscall.EPERM:           p2fs.ErrorCodeNotPermitted,
	syscall.EPIPE:           p2fs.ErrorCodePipe,
	syscall.EROFS:           p2fs.ErrorCodeReadOnly,
	syscall.ESPIPE:          p2fs.ErrorCodeInvalidSeek,
	syscall.ETXTBSY:         p2fs.ErrorCodeTextFileBusy,
	syscall.EXDEV:           p2fs.ErrorCodeCrossDevice,
}
