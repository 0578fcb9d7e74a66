package guestfs

import (
	"errors"
	"io"
	"io/fs"
	"sync"
)

// fsFile is a file of an fs.FS.
type fsFile struct {
	folder *fsFolder
	at     string

	mu     sync.Mutex
	f      fs.File
	offset int64 // how far f was read, unless it is an io.ReaderAt
	closed bool
}

// close does not wait for a read under way, after which the file is closed.
func (f *fsFile) close() error {
	if !f.mu.TryLock() {
		go func() {
			f.mu.Lock()
			_ = f.closeLocked()
		}()
		return nil
	}
	return f.closeLocked()
}

func (f *fsFile) closeLocked() error {
	defer f.mu.Unlock()
	f.closed = true
	return f.f.Close()
}

func (f *fsFile) stat() (Stat, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return Stat{}, BadDescriptor
	}
	info, err := f.f.Stat()
	if err != nil {
		return Stat{}, err
	}
	return f.folder.describe(f.at, info), nil
}

func (f *fsFile) readAt(p []byte, offset int64) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return 0, BadDescriptor
	}
	n, err := f.readFrom(p, offset)
	if n == 0 && errors.Is(err, fs.ErrInvalid) && f.isBehind(offset) {
		return 0, io.EOF
	}
	return n, err
}

// isBehind reports whether a place is behind the end, to which embed.FS for one has an error of
// its own.
func (f *fsFile) isBehind(offset int64) bool {
	info, err := f.f.Stat()
	return err == nil && offset >= info.Size()
}

func (f *fsFile) readFrom(p []byte, offset int64) (int, error) {
	if r, ok := f.f.(io.ReaderAt); ok {
		return r.ReadAt(p, offset)
	}
	if offset != f.offset {
		if err := f.move(offset); err != nil {
			return 0, err
		}
	}
	n, err := io.ReadFull(f.f, p)
	f.offset += int64(n)
	if err == io.ErrUnexpectedEOF {
		err = io.EOF
	}
	return n, err
}

// move goes to another place, from the beginning if there is no other way. The error is io.EOF
// if the place is behind the end.
func (f *fsFile) move(offset int64) error {
	if s, ok := f.f.(io.Seeker); ok {
		at, err := s.Seek(offset, io.SeekStart)
		if f.offset = at; err != nil {
			f.offset = -1 // unknown
		}
		return err
	}
	if offset < f.offset {
		again, err := f.folder.fsys.Open(f.at)
		if err != nil {
			return err
		}
		f.f.Close()
		f.f, f.offset = again, 0
	}
	n, err := io.CopyN(io.Discard, f.f, offset-f.offset)
	f.offset += n
	return err
}
