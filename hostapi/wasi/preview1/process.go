package preview1

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/wasi/filesystem"
	wasiio "github.com/spinhost/spin/hostapi/wasi/io"
	"github.com/spinhost/spin/internal/guestfs"
)

// process is what one instance has: its open files, by their descriptors.
type process struct {
	scope   *hostapi.Scope
	began   time.Time
	files   []*file // by descriptor; nil for none
	free    int     // descriptors below are taken
	quota   *guestfs.Quota
	polling *poll // a poll_oneoff that is under way

	mu      sync.Mutex
	opening map[*guestfs.Descriptor]bool // opened, and not in files yet
	ended   bool
}

var errNoInstance = errors.New("preview 1 was called outside of an instance")

// process finds the state of the instance that makes a call.
func (h *host) process(ctx context.Context) (*process, error) {
	locals, ok := abi.LocalsOf(ctx)
	if !ok {
		return nil, errNoInstance
	}
	return locals.Get(h, func() any { return newProcess(h.scope, hostapi.CommandOf(ctx)) }).(*process), nil
}

// newProcess opens the standard streams, those of the program that is run or of the component,
// and the directories of the component.
func newProcess(s *hostapi.Scope, c *hostapi.Command) *process {
	p := &process{scope: s, began: time.Now(), quota: guestfs.NewQuota(filesystem.Limit(s))}
	p.add(&file{in: input(c.Stdin)})
	p.add(&file{out: &output{sink: wasiio.NewSink(instead(c.Stdout, s.Stdout))}})
	p.add(&file{out: &output{sink: wasiio.NewSink(instead(c.Stderr, s.Stderr))}})
	for _, m := range filesystem.Mounts(s) {
		p.add(&file{fs: m.Volume.Open(p.quota), preopen: m.Path})
	}
	return p
}

// input is the source of standard input; nil is empty.
func input(r io.Reader) wasiio.Source {
	switch r := r.(type) {
	case nil:
		return wasiio.Bytes(nil)
	case io.ReadCloser:
		return wasiio.NewSource(r)
	default:
		return wasiio.NewSource(io.NopCloser(r))
	}
}

// instead returns w, or, if there is no w, other.
func instead(w, other io.Writer) io.Writer {
	switch {
	case w != nil:
		return w
	case other != nil:
		return other
	}
	return io.Discard
}

// Close implements io.Closer: the instance has ended.
func (p *process) Close() error {
	for _, f := range p.files {
		if f != nil {
			f.close()
		}
	}
	p.files = nil
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended = true
	for d := range p.opening {
		d.Close()
	}
	p.opening = nil
	return nil
}

// maxFiles bounds the descriptors of an instance. Files themselves are bounded by the quota.
const maxFiles = 4096

// add gives f the lowest free descriptor.
func (p *process) add(f *file) (fd uint32, e errno) {
	for p.free < len(p.files) && p.files[p.free] != nil {
		p.free++
	}
	switch {
	case p.free >= maxFiles:
		return 0, mfile
	case p.free == len(p.files):
		p.files = append(p.files, f)
	default:
		p.files[p.free] = f
	}
	fd = uint32(p.free)
	p.free++
	return fd, success
}

// file finds an open file.
func (p *process) file(fd uint32) (*file, errno) {
	if uint64(fd) >= uint64(len(p.files)) || p.files[fd] == nil {
		return nil, badf
	}
	return p.files[fd], success
}

// onDisk finds a file or directory that is no stream.
func (p *process) onDisk(fd uint32) (*file, errno) {
	f, e := p.file(fd)
	if e == success && f.fs == nil {
		return nil, notdir
	}
	return f, e
}

func fdClose(p *process, c *call) errno {
	fd := c.u32(0)
	f, e := p.file(fd)
	if e != success {
		return e
	}
	p.files[fd] = nil
	p.free = min(p.free, int(fd))
	f.close()
	return success
}

// fdRenumber gives a file the descriptor of another, which is closed.
func fdRenumber(p *process, c *call) errno {
	from, to := c.u32(0), c.u32(1)
	f, e := p.file(from)
	if e != success {
		return e
	}
	old, e := p.file(to)
	if e != success || from == to {
		return e
	}
	old.close()
	p.files[to], p.files[from] = f, nil
	p.free = min(p.free, int(from))
	return success
}
