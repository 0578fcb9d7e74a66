package wasmtime

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"

	"github.com/spinhost/spin/internal/corewasm"
)

// Cache keeps compiled modules in a directory that several processes may share.
// The zero Cache compiles each time.
//
// A file holds the code, so that it can be mapped, and a trailer of magic, key,
// length and checksum. It is written to a temporary file and renamed. The
// trailer guards against truncation and corruption. It does not guard against
// somebody who can write to the directory, and who could run any code here: the
// directory is made for its owner alone, and one that others may write to is not
// used. Files may be deleted at any time, but never be changed in place: processes
// have them mapped.
type Cache struct {
	Dir string

	// OnError, if set, is told what went wrong with the cache while a module was
	// had nevertheless. It may be called from several goroutines.
	OnError func(error)
}

const (
	cacheMagic  = "SPINCODE"
	trailerSize = len(cacheMagic) + sha256.Size + 8 + 4
)

// Module compiles a module or takes it from the cache, in which case hit is
// true. ctx bounds the wait for other compilations.
func (c *Cache) Module(ctx context.Context, e *Engine, src Source) (m *Module, hit bool, err error) {
	if c.Dir == "" {
		m, err = e.Compile(ctx, src)
		return m, false, err
	}
	info, err := e.inspect(src)
	if err != nil {
		return nil, false, err
	}
	usable := true
	if err := c.prepare(); err != nil {
		c.tell(err)
		usable = false
	}
	key := cacheKey(e.Fingerprint(), &src)
	if usable {
		if m := c.load(e, key, info); m != nil {
			return m, true, nil
		}
	}
	done, err := e.turn(ctx)
	if err != nil {
		return nil, false, err
	}
	defer done()
	if usable { // whoever was before us may have compiled it
		if m := c.load(e, key, info); m != nil {
			return m, true, nil
		}
	}
	if m, err = e.compileNow(src, info); err != nil {
		return nil, false, err
	}
	if usable {
		if err := m.serialize(func(code []byte) error { return c.store(key, code) }); err != nil {
			c.tell(fmt.Errorf("wasmtime: write code cache: %w", err))
		}
	}
	return m, false, nil
}

func (c *Cache) tell(err error) {
	if c.OnError != nil {
		c.OnError(err)
	}
}

// prepare makes the directory, if it is not there.
func (c *Cache) prepare() error {
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return fmt.Errorf("wasmtime: code cache: %w", err)
	}
	return c.trusted()
}

// trusted refuses a directory that others may write to.
func (c *Cache) trusted() error {
	i, err := os.Stat(c.Dir)
	if err != nil {
		return fmt.Errorf("wasmtime: code cache: %w", err)
	}
	if runtime.GOOS != "windows" && i.Mode().Perm()&0o022 != 0 {
		return fmt.Errorf("wasmtime: code cache %s is not used because others may write to it; chmod 700 it", c.Dir)
	}
	return nil
}

type key [sha256.Size]byte

// cacheKey is that of all that the code depends on, and of what is known of it.
func cacheKey(fingerprint string, src *Source) key {
	src.Sum()
	b := append([]byte(fingerprint), 0)
	b = append(b, src.digest[:]...)
	b = strconv.AppendBool(b, src.Resettable)
	for _, x := range src.Exports {
		b = strconv.AppendQuote(b, x.Name)
		b = binary.AppendUvarint(append(b, byte(x.Type.Kind)), uint64(x.Index))
	}
	return key(sha256.Sum256(b))
}

// Has reports whether the cache has code for just this source, without looking
// whether it can be loaded.
func (c *Cache) Has(e *Engine, src *Source) bool {
	if c.Dir == "" || c.trusted() != nil {
		return false
	}
	i, err := os.Stat(c.path(cacheKey(e.Fingerprint(), src)))
	return err == nil && i.Mode().IsRegular()
}

func (c *Cache) path(k key) string {
	return filepath.Join(c.Dir, hex.EncodeToString(k[:])+".code")
}

// load is the module in the cache, or nil. A file that is not as it was written
// is removed.
func (c *Cache) load(e *Engine, k key, info *corewasm.Module) *Module {
	path := c.path(k)
	err := verify(path, k)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		var m *Module
		if m, err = e.load(path, info); err == nil {
			return m
		}
		if errors.Is(err, ErrClosed) {
			return nil
		}
	}
	c.tell(fmt.Errorf("wasmtime: code cache: %s is removed: %w", path, err))
	os.Remove(path)
	return nil
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func castagnoliSum(code []byte) uint32 { return crc32.Checksum(code, castagnoli) }

// trailer ends a file with the given code.
func trailer(k key, size uint64, sum uint32) []byte {
	b := append(make([]byte, 0, trailerSize), cacheMagic...)
	b = append(b, k[:]...)
	b = binary.LittleEndian.AppendUint64(b, size)
	return binary.LittleEndian.AppendUint32(b, sum)
}

// verify checks that a file is whole and is the one that was asked for.
func verify(path string, k key) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	i, err := f.Stat()
	if err != nil {
		return err
	}
	if !i.Mode().IsRegular() || i.Size() <= int64(trailerSize) {
		return errors.New("it is truncated or no file")
	}
	b, unmap, err := mapFile(f, i.Size())
	if err != nil {
		return verifyFrom(f, i.Size(), k)
	}
	defer unmap()
	return verifyBytes(b, k)
}

// verifyBytes is verifyFrom for a file that is mapped, which saves copying it.
func verifyBytes(b []byte, k key) error {
	code := len(b) - trailerSize
	if code < 0 {
		return errors.New("it is truncated")
	}
	if !bytes.Equal(b[code:], trailer(k, uint64(code), castagnoliSum(b[:code]))) {
		return errTrailer
	}
	return nil
}

var errTrailer = errors.New("its trailer does not agree with its contents")

func verifyFrom(r io.ReaderAt, size int64, k key) error {
	code := size - int64(trailerSize)
	if code < 0 {
		return errors.New("it is truncated")
	}
	got := make([]byte, trailerSize)
	if _, err := r.ReadAt(got, code); err != nil {
		return err
	}
	sum := crc32.New(castagnoli)
	if n, err := io.Copy(sum, io.NewSectionReader(r, 0, code)); err != nil || n != code {
		return errors.Join(errors.New("it cannot be read"), err)
	}
	if !bytes.Equal(got, trailer(k, uint64(code), sum.Sum32())) {
		return errTrailer
	}
	return nil
}

// store writes a file in one step, as far as readers can see.
func (c *Cache) store(k key, code []byte) (err error) {
	f, err := os.CreateTemp(c.Dir, "new-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	_, err = f.Write(code)
	if err == nil {
		_, err = f.Write(trailer(k, uint64(len(code)), castagnoliSum(code)))
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), c.path(k))
}
