package preview1

import (
	"strings"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
)

// Module is the name of the core module from which guests import preview 1, and of the interface
// that a component made of one imports.
const Module = "wasi_snapshot_preview1"

// Interfaces returns preview 1.
func Interfaces() []hostapi.Interface {
	return []hostapi.Interface{{
		ID: Module,
		Bind: func(s *hostapi.Scope) (*abi.Interface, error) {
			h := &host{scope: s}
			i := &abi.Interface{ID: Module}
			for _, f := range functions() {
				i.Funcs = append(i.Funcs, h.bound(f))
			}
			return i, nil
		},
	}}
}

// host is preview 1 for one component.
type host struct{ scope *hostapi.Scope }

// function is a function of preview 1.
type function struct {
	name   string
	params string // i for each i32, I for each i64
	serve  func(*process, *call) errno
}

// bound makes a host function of f.
func (h *host) bound(f function) abi.Func {
	return abi.Func{Name: f.name, Type: f.typ(), Serve: func(c *abi.Call) {
		p, err := h.process(c.Context())
		if err != nil {
			c.Fail(err)
			return
		}
		x := call{Call: c, p: p}
		e := f.serve(p, &x)
		if !c.Failed() && !c.Undecided() && f.name != procExit {
			c.Return(uint64(e))
		}
	}}
}

// typ is the type as the component has it that is made of a core module.
func (f *function) typ() string {
	var b strings.Builder
	b.WriteString("func(")
	for k, p := range f.params {
		if k > 0 {
			b.WriteByte(',')
		}
		b.WriteByte(byte('a' + k))
		if p == 'I' {
			b.WriteString(":u64")
		} else {
			b.WriteString(":u32")
		}
	}
	b.WriteString(")")
	if f.name != procExit {
		b.WriteString("->u32")
	}
	return b.String()
}

// procExit does not return, and so has no result.
const procExit = "proc_exit"

// functions lists all functions of preview 1.
func functions() []function {
	return []function{
		{"args_get", "ii", argsGet},
		{"args_sizes_get", "ii", argsSizesGet},
		{"clock_res_get", "ii", clockResGet},
		{"clock_time_get", "iIi", clockTimeGet},
		{"environ_get", "ii", environGet},
		{"environ_sizes_get", "ii", environSizesGet},
		{"fd_advise", "iIIi", fdAdvise},
		{"fd_allocate", "iII", fdAllocate},
		{"fd_close", "i", fdClose},
		{"fd_datasync", "i", fdSync},
		{"fd_fdstat_get", "ii", fdFdstatGet},
		{"fd_fdstat_set_flags", "ii", fdFdstatSetFlags},
		{"fd_fdstat_set_rights", "iII", fdFdstatSetRights},
		{"fd_filestat_get", "ii", fdFilestatGet},
		{"fd_filestat_set_size", "iI", fdFilestatSetSize},
		{"fd_filestat_set_times", "iIIi", fdFilestatSetTimes},
		{"fd_pread", "iiiIi", fdPread},
		{"fd_prestat_dir_name", "iii", fdPrestatDirName},
		{"fd_prestat_get", "ii", fdPrestatGet},
		{"fd_pwrite", "iiiIi", fdPwrite},
		{"fd_read", "iiii", fdRead},
		{"fd_readdir", "iiiIi", fdReaddir},
		{"fd_renumber", "ii", fdRenumber},
		{"fd_seek", "iIii", fdSeek},
		{"fd_sync", "i", fdSync},
		{"fd_tell", "ii", fdTell},
		{"fd_write", "iiii", fdWrite},
		{"path_create_directory", "iii", pathCreateDirectory},
		{"path_filestat_get", "iiiii", pathFilestatGet},
		{"path_filestat_set_times", "iiiiIIi", pathFilestatSetTimes},
		{"path_link", "iiiiiii", pathLink},
		{"path_open", "iiiiiIIii", pathOpen},
		{"path_readlink", "iiiiii", pathReadlink},
		{"path_remove_directory", "iii", pathRemoveDirectory},
		{"path_rename", "iiiiii", pathRename},
		{"path_symlink", "iiiii", pathSymlink},
		{"path_unlink_file", "iii", pathUnlinkFile},
		{"poll_oneoff", "iiii", pollOneoff},
		{procExit, "i", exit},
		{"proc_raise", "i", func(*process, *call) errno { return notsup }},
		{"random_get", "ii", randomGet},
		{"sched_yield", "", func(*process, *call) errno { return success }},
		{"sock_accept", "iii", noSocket},
		{"sock_recv", "iiiiii", noSocket},
		{"sock_send", "iiiii", noSocket},
		{"sock_shutdown", "ii", noSocket},
	}
}

// noSocket says that a descriptor, if there is one, is no socket.
func noSocket(p *process, c *call) errno {
	if _, e := p.file(c.u32(0)); e != success {
		return e
	}
	return notsock
}
