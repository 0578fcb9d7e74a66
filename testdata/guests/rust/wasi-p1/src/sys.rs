//! The functions of WASI preview 1, as core modules import them.

#![allow(clippy::too_many_arguments)]

/// A part of memory, to be read or to be written.
#[repr(C)]
pub struct Part(pub *const u8, pub usize);

#[link(wasm_import_module = "wasi_snapshot_preview1")]
unsafe extern "C" {
    pub fn args_get(list: *mut *const u8, buf: *mut u8) -> u32;
    pub fn args_sizes_get(count: *mut u32, size: *mut u32) -> u32;
    pub fn clock_res_get(clock: u32, out: *mut u64) -> u32;
    pub fn clock_time_get(clock: u32, precision: u64, out: *mut u64) -> u32;
    pub fn environ_get(list: *mut *const u8, buf: *mut u8) -> u32;
    pub fn environ_sizes_get(count: *mut u32, size: *mut u32) -> u32;
    pub fn fd_advise(fd: u32, offset: u64, len: u64, advice: u32) -> u32;
    pub fn fd_allocate(fd: u32, offset: u64, len: u64) -> u32;
    pub fn fd_close(fd: u32) -> u32;
    pub fn fd_datasync(fd: u32) -> u32;
    pub fn fd_fdstat_get(fd: u32, out: *mut u8) -> u32;
    pub fn fd_fdstat_set_flags(fd: u32, flags: u32) -> u32;
    pub fn fd_fdstat_set_rights(fd: u32, base: u64, inheriting: u64) -> u32;
    pub fn fd_filestat_get(fd: u32, out: *mut u8) -> u32;
    pub fn fd_filestat_set_size(fd: u32, size: u64) -> u32;
    pub fn fd_filestat_set_times(fd: u32, atim: u64, mtim: u64, flags: u32) -> u32;
    pub fn fd_pread(fd: u32, parts: *const Part, n: usize, offset: u64, out: *mut u32) -> u32;
    pub fn fd_prestat_dir_name(fd: u32, name: *mut u8, len: usize) -> u32;
    pub fn fd_prestat_get(fd: u32, out: *mut u32) -> u32;
    pub fn fd_pwrite(fd: u32, parts: *const Part, n: usize, offset: u64, out: *mut u32) -> u32;
    pub fn fd_read(fd: u32, parts: *const Part, n: usize, out: *mut u32) -> u32;
    pub fn fd_readdir(fd: u32, buf: *mut u8, len: usize, cookie: u64, out: *mut u32) -> u32;
    pub fn fd_renumber(fd: u32, to: u32) -> u32;
    pub fn fd_seek(fd: u32, offset: i64, whence: u32, out: *mut u64) -> u32;
    pub fn fd_sync(fd: u32) -> u32;
    pub fn fd_tell(fd: u32, out: *mut u64) -> u32;
    pub fn fd_write(fd: u32, parts: *const Part, n: usize, out: *mut u32) -> u32;
    pub fn path_create_directory(fd: u32, path: *const u8, len: usize) -> u32;
    pub fn path_filestat_get(fd: u32, flags: u32, path: *const u8, len: usize, out: *mut u8)
    -> u32;
    pub fn path_filestat_set_times(
        fd: u32,
        flags: u32,
        path: *const u8,
        len: usize,
        atim: u64,
        mtim: u64,
        which: u32,
    ) -> u32;
    pub fn path_link(
        fd: u32,
        flags: u32,
        old: *const u8,
        old_len: usize,
        to: u32,
        new: *const u8,
        new_len: usize,
    ) -> u32;
    pub fn path_open(
        fd: u32,
        flags: u32,
        path: *const u8,
        len: usize,
        how: u32,
        base: u64,
        inheriting: u64,
        fdflags: u32,
        out: *mut u32,
    ) -> u32;
    pub fn path_readlink(
        fd: u32,
        path: *const u8,
        len: usize,
        buf: *mut u8,
        size: usize,
        out: *mut u32,
    ) -> u32;
    pub fn path_remove_directory(fd: u32, path: *const u8, len: usize) -> u32;
    pub fn path_rename(
        fd: u32,
        old: *const u8,
        old_len: usize,
        to: u32,
        new: *const u8,
        new_len: usize,
    ) -> u32;
    pub fn path_symlink(
        target: *const u8,
        target_len: usize,
        fd: u32,
        path: *const u8,
        len: usize,
    ) -> u32;
    pub fn path_unlink_file(fd: u32, path: *const u8, len: usize) -> u32;
    pub fn poll_oneoff(subscriptions: *const u8, events: *mut u8, n: usize, out: *mut u32) -> u32;
    pub fn proc_exit(code: u32) -> !;
    pub fn proc_raise(signal: u32) -> u32;
    pub fn random_get(buf: *mut u8, len: usize) -> u32;
    pub fn sched_yield() -> u32;
    pub fn sock_accept(fd: u32, flags: u32, out: *mut u32) -> u32;
    pub fn sock_recv(
        fd: u32,
        parts: *const Part,
        n: usize,
        flags: u32,
        out: *mut u32,
        out_flags: *mut u32,
    ) -> u32;
    pub fn sock_send(fd: u32, parts: *const Part, n: usize, flags: u32, out: *mut u32) -> u32;
    pub fn sock_shutdown(fd: u32, how: u32) -> u32;
}

// Error codes.
pub const BADF: u32 = 8;
pub const EXIST: u32 = 20;
pub const INVAL: u32 = 28;
pub const NOTEMPTY: u32 = 55;
pub const NOTSOCK: u32 = 57;
pub const NOTSUP: u32 = 58;
pub const PERM: u32 = 63;
