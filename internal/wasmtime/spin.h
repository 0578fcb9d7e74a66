// The C side of this package. doc.go explains how the parts work together.
#ifndef SPIN_H
#define SPIN_H
#include "wt.h"

// Raw values that a call may have: the canonical ABI needs no more than 17.
#define SPIN_SLOTS 18

// Answers of a host function.
enum { SPIN_DONE = 0, SPIN_PENDING = 1, SPIN_TRAP = 2 };
// Not an answer yet: the fiber is to call a function first.
enum { SPIN_NESTED = 3 };

// Why a call into a store came back.
enum {
  SPIN_IDLE = 0,       // the job or call is finished
  SPIN_SUSPENDED = 1,  // in a host call that answered SPIN_PENDING
  SPIN_PREEMPTED = 2,  // by the epoch
  SPIN_TRAPPED = 3,
  SPIN_SERVE = 4,      // record way: a host call waits for its answer
  SPIN_NEXT = 5,       // record way: the root asks for the next job
  SPIN_FAILED = 6,     // an instantiation on a fiber trapped or was refused
  SPIN_CALLED = 7,     // a nested call on the fiber is finished
  // Nothing ran:
  SPIN_NO_STACK = 8,   // wasmtime had no stack for the fiber
  SPIN_NO_MEMORY = 9,
  SPIN_SHALLOW = 10,   // too little is left of the thread's stack
  SPIN_BUSY = 11,      // another thread is in the store, or the fiber is being polled
};

// What the root of a fiber is to do.
enum { SPIN_JOB_CALL = 0, SPIN_JOB_PRE = 1, SPIN_JOB_MODULE = 2 };
// Answers to the question for the next job; others are function numbers.
enum { SPIN_NEXT_PARK = -1, SPIN_NEXT_TRAP = -2 };

typedef struct spin_store spin_store;

// A host call as Go sees it. It lies on the stack that the guest runs on.
typedef struct {
  uint32_t store;
  uint32_t fiber;  // index in the store plus one; 0 if the guest is on the thread's stack
  uint32_t op;
  uint32_t n;
  wasmtime_val_raw_t *slots;
} spin_hostcall;

typedef struct spin_fiber {
  spin_store *store;
  uint32_t index;    // in the store's Go list
  void *host_sp;     // where host calls continue on the polling thread's stack
  bool started;      // the root runs
  bool polled;       // some spin_poll of it has not returned
  bool dying;        // the future is being deleted: call nothing, unwind
  bool ready;        // the pending yield may return
  bool loop;         // ask for another job when one is finished
  bool failed;       // the job trapped
  uint32_t nested;   // calls within the host call that is being served
  uint32_t nested_fn;
  int32_t why;       // what the last yield was for
  int32_t rc;        // answer to the host call
  int32_t next;      // answer to the question for the next job
  spin_hostcall *call;          // host call that is being served or waits
  wasmtime_call_future_t *fut;  // null until the first job and after a trap
  wasmtime_func_t root;         // the future keeps a pointer to it
  wasm_trap_t *fut_trap;        // likewise
  wasmtime_error_t *fut_err;
  int32_t job;
  uint32_t fn;
  const wasmtime_instance_pre_t *pre;
  const wasmtime_module_t *module;
  wasmtime_extern_t *externs;  // imports of SPIN_JOB_MODULE
  size_t nexterns;
  wasmtime_instance_t instance;
  wasm_trap_t *trap;  // how the job ended
  wasmtime_error_t *err;
  uint64_t context[2];
  wasmtime_val_raw_t slots[SPIN_SLOTS];
} spin_fiber;

typedef struct {
  wasmtime_memory_t mem;
  uint8_t *base;
  uint64_t len;
} spin_memory;

// A host function that InstantiateWith takes out of the engine's linker.
typedef struct {
  bool host;
  uint32_t id;
  wasmtime_extern_t ext;
} spin_import;

// One call of an allocator among several (spin_allocate).
typedef struct {
  uint32_t size, align, ptr;
} spin_block;
#define SPIN_BLOCKS 64

struct spin_store {
  spin_fiber *cur;  // the fiber on whose stack the guest runs; null on a thread's stack
  wasmtime_store_t *st;
  wasmtime_context_t *ctx;
  uint32_t id;
  bool record;      // serve host calls of fibers the record way
  bool moving;      // memories may move when they grow
  bool sized;       // look how large they are whenever a fiber has run
  bool interrupted; // the epoch callback trapped a guest on the thread's stack
  uintptr_t owner;  // thread that is in the store
  uint32_t depth;   // of that thread's entries
  uint32_t calls;   // guest calls on the thread's stack, nested
  uint32_t ticks, max_ticks;
  int64_t guest_reserve;
  uint64_t context[2];  // of guests on the thread's stack
  uint64_t first[2];    // what those of the next call begin with
  wasmtime_func_t yield, root;
  wasmtime_instance_t instance;
  wasm_trap_t *trap;  // how the last call or instantiation on the thread's stack ended
  wasmtime_error_t *err;
  spin_memory *memories;
  uint32_t nmemories;
  wasmtime_func_t *funcs;
  uint32_t nfuncs;
  wasmtime_global_t *globals;
  uint32_t nglobals;
  spin_import *imports;       // scratch for instantiation, filled by Go
  wasmtime_extern_t *externs; // the same, resolved
  size_t imports_cap;
  wasmtime_val_raw_t args[SPIN_SLOTS];
  spin_block blocks[SPIN_BLOCKS];
};

typedef struct {
  uint32_t stacks, memories, tables, instances;
  uint64_t table_elements, max_memory, memory_resident, table_resident, stack_resident;
} spin_pool;

typedef struct {
  uint64_t max_wasm_stack, async_stack;
  bool pooled, small;  // small: reserve no 4 GiB for a memory
  bool exceptions, gc, memory64, threads;
  spin_pool pool;
} spin_config;

// engine.c
wasm_engine_t *spin_engine_new(const spin_config *);
bool spin_can_map(uint64_t bytes, bool writable);

// private.c: what fibers need of an engine
typedef struct {
  wasmtime_linker_t *linker;
  wasmtime_module_t *module;
  wasmtime_instance_pre_t *pre;
} spin_private;
wasmtime_error_t *spin_private_new(wasm_engine_t *, spin_private *);
void spin_private_delete(spin_private *);

// link.c
wasm_functype_t *spin_functype(const uint8_t *params, size_t nparams, const uint8_t *results, size_t nresults);
enum {
  SPIN_HOST_CALL = 0,
  SPIN_HOST_CONTEXT_GET = 1,
  SPIN_HOST_CONTEXT_SET = 2,
  SPIN_HOST_CONTEXT_SAVE = 3,
  SPIN_HOST_CONTEXT_RESTORE = 4
};
wasmtime_error_t *spin_define(wasmtime_linker_t *, const char *mod, size_t modlen, const char *name, size_t namelen,
                              const uint8_t *params, size_t nparams, const uint8_t *results, size_t nresults,
                              int32_t kind, uint32_t op);
wasmtime_error_t *spin_define_numbered(wasmtime_linker_t *, uint32_t id, const uint8_t *params, size_t nparams,
                                       const uint8_t *results, size_t nresults, int32_t kind, uint32_t op);
bool spin_resolve(spin_store *, const wasmtime_linker_t *, size_t n);

// store.c
spin_store *spin_store_new(wasm_engine_t *, uint32_t id);
void spin_store_delete(spin_store *);
int spin_store_fibers(spin_store *, const spin_private *);
bool spin_reserve_imports(spin_store *, size_t n);
bool spin_export(spin_store *, const wasmtime_instance_t *, const char *name, size_t len, wasmtime_extern_t *);
bool spin_add_memory(spin_store *, const wasmtime_memory_t *);
bool spin_add_func(spin_store *, const wasmtime_func_t *);
void spin_refresh(spin_store *);
bool spin_add_global(spin_store *, const wasmtime_global_t *);
bool spin_globals(spin_store *, uint64_t *bits, bool set);
// What spin_table_func finds at an index of a table of functions.
enum { SPIN_ELEM_FUNC = 0, SPIN_ELEM_OUTSIDE = 1, SPIN_ELEM_NULL = 2, SPIN_ELEM_TYPE = 3, SPIN_ELEM_BUSY = 4 };
int spin_table_func(spin_store *, const wasmtime_table_t *, uint64_t i, uint8_t param, wasmtime_func_t *);
int spin_enter(spin_store *, int64_t reserve);
void spin_leave(spin_store *);

// Addresses as numbers: for a pointer cgo would look, at each call, whether what
// it points to has Go pointers.
typedef uintptr_t spin_store_addr, spin_fiber_addr;

// call.c: guests on the thread's own stack
int spin_call(spin_store_addr, uint32_t fn);
int spin_allocate(spin_store_addr, uint32_t fn, uint32_t n);
int spin_instantiate(spin_store *, const wasmtime_instance_pre_t *, const wasmtime_module_t *, size_t nimports,
                     bool starts);
wasmtime_error_t *spin_epoch(wasmtime_context_t *, void *, uint64_t *, uint8_t *);

// fiber.c
spin_fiber *spin_fiber_new(spin_store *, uint32_t index);
int spin_fiber_delete(spin_fiber *);
int spin_start(spin_fiber_addr, uint32_t fn, bool loop);
int spin_start_instance(spin_fiber *, const wasmtime_instance_pre_t *, const wasmtime_module_t *, size_t nimports);
int spin_poll(spin_fiber *);
int spin_resume(spin_fiber_addr, int32_t rc);
int spin_resume_next(spin_fiber_addr, int32_t next);
int spin_nested_call(spin_fiber *, uint32_t fn);
wasm_trap_t *spin_root_cb(void *, wasmtime_caller_t *, wasmtime_val_raw_t *, size_t);
bool spin_yield(spin_store *, spin_fiber *, int32_t why);

// ask.c: questions of a guest to Go
wasm_trap_t *spin_host_cb(void *, wasmtime_caller_t *, wasmtime_val_raw_t *, size_t);
int32_t spin_ask_next(spin_store *, spin_fiber *);
bool spin_has_hop(void);

// context.c
wasm_trap_t *spin_context_get_cb(void *, wasmtime_caller_t *, wasmtime_val_raw_t *, size_t);
wasm_trap_t *spin_context_set_cb(void *, wasmtime_caller_t *, wasmtime_val_raw_t *, size_t);
wasm_trap_t *spin_context_save_cb(void *, wasmtime_caller_t *, wasmtime_val_raw_t *, size_t);
wasm_trap_t *spin_context_restore_cb(void *, wasmtime_caller_t *, wasmtime_val_raw_t *, size_t);

// stack.c
#define SPIN_GAP (16 << 10)
#define SPIN_RESERVE (SPIN_GAP + (64 << 10))
int64_t spin_stack_left(void);
uintptr_t spin_thread(void);
int spin_poll_painted(spin_fiber *, int64_t *used);
void spin_noop(void);

// trap.c
wasm_trap_t *spin_trap_text(const char *);
typedef struct {
  int32_t code;  // wasmtime's trap code, -1 if there is none
  wasm_byte_vec_t msg;
  wasm_frame_vec_t frames;
} spin_trap_info;
void spin_trap_read(const wasm_trap_t *, const wasmtime_error_t *, spin_trap_info *);
void spin_trap_free(wasm_trap_t **, wasmtime_error_t **, spin_trap_info *);

// serve.go. They run on a thread's own stack only.
extern int32_t spinServe(spin_hostcall *);
extern int32_t spinNext(spin_hostcall *);

// switch_amd64.S: runs fn(arg) with the stack pointer at sp.
int32_t spin_switch(void *sp, int32_t (*fn)(spin_hostcall *), spin_hostcall *arg);
#endif
