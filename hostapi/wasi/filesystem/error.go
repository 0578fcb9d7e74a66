package filesystem

import (
	"context"
	"errors"
	"io/fs"

	"github.com/spinhost/spin/engine/abi"
	p2fs "github.com/spinhost/spin/hostapi/wasi/p2/filesystem"
	p2io "github.com/spinhost/spin/hostapi/wasi/p2/io"
	p3fs "github.com/spinhost/spin/hostapi/wasi/p3/filesystem"
	"github.com/spinhost/spin/internal/guestfs"
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
	if code.OK = errors.As(err, &code.Value); code.OK {
		return code, nil
	}
	if errors.As(err, new(guestfs.Errno)) || errors.As(err, new(*fs.PathError)) {
		code.OK, code.Value = true, code2(guestfs.CodeOf(err))
	}
	return code, nil
}

// code2 returns an error as version 0.2 has it, where there is none for too many open files.
func code2(e guestfs.Errno) p2fs.ErrorCode {
	if e == guestfs.TooManyOpen {
		return p2fs.ErrorCodeInsufficientMemory
	}
	return p2fs.ErrorCode(e - 1)
}

// error2 is code2 for any error; nil stays nil.
func error2(err error) error {
	if err == nil {
		return nil
	}
	return code2(guestfs.CodeOf(err))
}

// code3 returns an error as version 0.3 has it, where there is no would-block.
func code3(e guestfs.Errno) p3fs.ErrorCode {
	switch {
	case e == guestfs.WouldBlock, e == guestfs.TooManyOpen:
		return p3fs.ErrorCodeOther(abi.Some(e.Error()))
	case e < guestfs.WouldBlock:
		return p3fs.ErrorCode{Case: p3fs.ErrorCodeCase(e - 1)}
	}
	return p3fs.ErrorCode{Case: p3fs.ErrorCodeCase(e - 2)}
}

// error3 is code3 for any error; nil stays nil.
func error3(err error) error {
	if err == nil {
		return nil
	}
	return code3(guestfs.CodeOf(err))
}

// outcome is how reading or writing of version 0.3 has ended.
type outcome = abi.Result[abi.None, p3fs.ErrorCode]

func outcomeOf(err error) outcome {
	if err == nil {
		return outcome{}
	}
	return abi.Failure[abi.None](code3(guestfs.CodeOf(err)))
}
