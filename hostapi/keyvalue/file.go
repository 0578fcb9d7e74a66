package keyvalue

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
)

// readers is how many reads run at once on a File.
const readers = 4

// File is a SQLite database with the stores of any number of labels, laid out as Spin lays its
// own out, so that state moves between the two. It is safe for concurrent use, and so is the
// file by several processes.
//
// What was acknowledged survives the end of the process, however it comes. A loss of power may
// take the last writes, but never the database, unless FileConfig.FullSync is set or the file
// system has no shared memory for a write-ahead log: then it takes none.
type File struct {
	path string
	cfg  FileConfig
	// Each connection is in its channel, or with one who uses it; nil is one to be opened.
	write, read chan *conn

	mu     sync.Mutex
	closed chan struct{}
}

// FileConfig configures a File. The zero value is right for most.
type FileConfig struct {
	// FullSync has each write wait until the disk has it.
	FullSync bool
	// MaxBytes bounds the database, without its log; 0 means 2 TiB or the disk. Writes beyond
	// it fail with ErrFull.
	MaxBytes int64
}

// OpenFile opens a database, or makes one with the folders that lead to it. cfg may be nil. While
// another process keeps the database locked it waits, up to ctx. The caller closes the file.
func OpenFile(ctx context.Context, path string, cfg *FileConfig) (*File, error) {
	f := &File{path: path, write: make(chan *conn, 1), read: make(chan *conn, readers), closed: make(chan struct{})}
	if cfg != nil {
		f.cfg = *cfg
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("key-value stores in %s: %w", path, err)
	}
	var c *conn
	err := retry(ctx, f.closed, func() (err error) {
		c, err = f.connect(true)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("key-value stores in %s: %w", path, err)
	}
	f.write <- c
	for range readers {
		f.read <- nil
	}
	return f, nil
}

// Store returns the store with that label, which is empty if nothing was ever put there. It is
// closed with the file.
func (f *File) Store(label string) *FileStore { return &FileStore{f: f, label: label} }

// Close waits for the operations that run and closes the file. Later ones fail with ErrClosed.
// Closing twice is harmless.
func (f *File) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	select {
	case <-f.closed:
		return nil
	default:
	}
	close(f.closed)
	var errs []error
	for range readers { // before the writer, which then removes the log
		errs = append(errs, (<-f.read).close())
	}
	return errors.Join(append(errs, (<-f.write).close())...)
}
