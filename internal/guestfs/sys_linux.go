package guestfs

import (
	"io/fs"
	"os"
	"syscall"
	"time"
	"unsafe"
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
		s.Accessed, s.Changed = time.Unix(sys.Atim.Unix()), time.Unix(sys.Ctim.Unix())
		s.id = identity{device: uint64(sys.Dev), number: sys.Ino}
	}
	return s
}

// Values of a timespec, and the flag that takes a symbolic link for itself.
const (
	utimeOmit  = 1<<30 - 2
	atNoFollow = 0x100
)

// setTimes sets the times of an open file.
func setTimes(f *os.File, accessed, modified time.Time) error {
	conn, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var result error
	err = conn.Control(func(fd uintptr) { result = utimes(int(fd), "", accessed, modified) })
	if err != nil {
		return err
	}
	return result
}

// setLinkTimes sets the times of a symbolic link in a folder.
func setLinkTimes(dir int, name string, accessed, modified time.Time) error {
	return utimes(dir, name, accessed, modified)
}

// utimes sets the times of a name in the folder that fd stands for, or of fd itself.
func utimes(fd int, name string, accessed, modified time.Time) error {
	times := [2]syscall.Timespec{timespec(accessed), timespec(modified)}
	var path *byte
	var flags uintptr
	if name != "" {
		var err error
		if path, err = syscall.BytePtrFromString(name); err != nil {
			return err
		}
		flags = atNoFollow
	}
	_, _, errno := syscall.Syscall6(syscall.SYS_UTIMENSAT, uintptr(fd), uintptr(unsafe.Pointer(path)),
		uintptr(unsafe.Pointer(&times)), flags, 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

func timespec(t time.Time) syscall.Timespec {
	if t.IsZero() {
		ts := syscall.NsecToTimespec(0)
		ts.Nsec = utimeOmit
		return ts
	}
	return syscall.NsecToTimespec(t.UnixNano())
}

const hasRenameAt = true

// renameAt renames a name in one folder to a name in another.
func renameAt(from int, name string, to int, newName string) error {
	return syscall.Renameat(from, name, to, newName)
}

// linkAt makes a hard link to a name in one folder at a name in another.
func linkAt(from int, name string, to int, newName string) error {
	a, err := syscall.BytePtrFromString(name)
	if err != nil {
		return err
	}
	b, err := syscall.BytePtrFromString(newName)
	if err != nil {
		return err
	}
	_, _, errno := syscall.Syscall6(syscall.SYS_LINKAT, uintptr(from), uintptr(unsafe.Pointer(a)),
		uintptr(to), uintptr(unsafe.Pointer(b)), 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}
