//go:build !linux && !darwin

package guestfs

import (
	"io/fs"
	"os"
	"time"
)

// There are no further flags of os.OpenFile that all systems have.
const noWait, onlyFolders = 0, 0

// hostStat describes a file by what is known on any system. Files are told apart by their names.
func hostStat(info fs.FileInfo, name string) Stat {
	s := basicStat(info)
	s.id = identity{name: name}
	return s
}

// setTimes sets the times of an open file, which not every system can.
func setTimes(*os.File, time.Time, time.Time) error { return Unsupported }

// setLinkTimes sets the times of a symbolic link in a folder.
func setLinkTimes(int, string, time.Time, time.Time) error { return Unsupported }

const hasRenameAt = false

// renameAt would rename across two open folders. Guests that are told so copy.
func renameAt(int, string, int, string) error { return CrossDevice }

// linkAt would link across two open folders.
func linkAt(int, string, int, string) error { return CrossDevice }
