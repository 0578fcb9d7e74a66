package guestfs

import (
	"crypto/sha256"
	"encoding/binary"
	"io/fs"
	"time"
)

// FileType says what a file is. The numbers are those of wasi:filesystem 0.2.
type FileType uint8

// The types of files.
const (
	Unknown FileType = iota
	BlockDevice
	CharacterDevice
	Directory
	FIFO
	SymbolicLink
	RegularFile
	Socket
)

func typeOf(mode fs.FileMode) FileType {
	switch {
	case mode.IsRegular():
		return RegularFile
	case mode.IsDir():
		return Directory
	case mode&fs.ModeSymlink != 0:
		return SymbolicLink
	case mode&fs.ModeNamedPipe != 0:
		return FIFO
	case mode&fs.ModeSocket != 0:
		return Socket
	case mode&fs.ModeCharDevice != 0:
		return CharacterDevice
	case mode&fs.ModeDevice != 0:
		return BlockDevice
	}
	return Unknown
}

// Stat is what is known of a file.
type Stat struct {
	Type  FileType
	Links uint64
	Size  uint64
	// Times that are not known are zero.
	Accessed, Modified, Changed time.Time

	id identity
}

// identity is equal for the same file only: of the operating system its device and number, of an
// fs.FS its place.
type identity struct {
	device, number uint64
	volume         uint64 // that of an fs.FS; else 0
	name           string
}

// Hash returns 128 bits that are the same for the same file, in lower and upper half, as long as
// its volume is there.
func (s Stat) Hash() (lower, upper uint64) {
	b := make([]byte, 0, 64)
	for _, n := range []uint64{s.id.device, s.id.number, s.id.volume} {
		b = binary.LittleEndian.AppendUint64(b, n)
	}
	sum := sha256.Sum256(append(b, s.id.name...))
	return binary.LittleEndian.Uint64(sum[:8]), binary.LittleEndian.Uint64(sum[8:16])
}

// basicStat has what every FileInfo knows.
func basicStat(info fs.FileInfo) Stat {
	return Stat{
		Type: typeOf(info.Mode()), Links: 1, Size: uint64(max(info.Size(), 0)), Modified: info.ModTime(),
	}
}
