package guestfs

import (
	"io/fs"
	"os"
	"syscall"
	"time"
)

// Further flags of os.OpenFile: a pipe that nobody writes to is opened without waiting, to find
// out that it is one.
const (
	noWait      = syscall.O_NONBLOCK | syscall.O_NOCTTY
	onlyFolders = syscall.O_DIRECTORY | syscall.O_NONBLOCK
)

// hostStat describes a file by what the operating system says.
func hostStat(info fs.FileInfo, _ string) Stat {
	s := basicStat(info)
	if sys, ok := info.Sys().(*syscall.Stat_t); ok {
		s.Links = uint64(sys.Nlink)
		s.Accessed, s.Changed = time.Unix(sys.Atimespec.Unix()), time.Unix(sys.Ctimespec.Unix())
		s.id = identity{device: uint64(sys.Dev), number: sys.Ino}
	}
	return s
}

// setTimes sets the times of an open file, to the microsecond.
func setTimes(f *os.File, accessed, modified time.Time) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if accessed.IsZero() {
		accessed = hostStat(info, "").Accessed
	}
	if modified.IsZero() {
		modified = info.ModTime()
	}
	conn, err := f.SyscallConn()
	if err != nil {
		return err
	}
	times := []syscall.Timeval{syscall.NsecToTimeval(accessed.UnixNano()), syscall.NsecToTimeval(modified.UnixNano())}
	var result error
	if err := conn.Control(func(fd uintptr) { result = syscall.Futimes(int(fd), times) }); err != nil {
		return err
	}
	return result
}

// setLinkTimes would set the times of a symbolic link in a folder.
func setLinkTimes(int, string, time.Time, time.Time) error { return Unsupported }

const hasRenameAt = false

// renameAt would rename across two open folders. Guests that are told so copy.
func renameAt(int, string, int, string) error { return CrossDevice }

// linkAt would link across two open folders.
func linkAt(int, string, int, string) error { return CrossDevice }
