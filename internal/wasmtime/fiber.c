#include "spin.h"
#include <stdlib.h>
#include <string.h>

// Suspends the fiber that runs; false means that its future is being deleted and
// the caller has to trap at once. The fiber may come back on another thread, so
// nothing thread-local may be held across this call.
bool spin_yield(spin_store *s, spin_fiber *f, int32_t why) {
  wasmtime_val_raw_t none[1];
  wasm_trap_t *t = NULL;
  f->why = why;
  f->ready = false;
  wasmtime_error_t *e = wasmtime_func_call_unchecked(s->ctx, &s->yield, none, 1, &t);
  if (!e && !t) return true;
  if (e) wasmtime_error_delete(e);
  if (t) wasm_trap_delete(t);
  f->dying = true;
  return false;
}

static void run_job(spin_store *s, spin_fiber *f) {
  wasmtime_func_t fn;
  f->trap = NULL;
  f->err = NULL;
  switch (f->job) {
    case SPIN_JOB_CALL:
      fn = s->funcs[f->fn];  // the table may be reallocated meanwhile
      f->err = wasmtime_func_call_unchecked(s->ctx, &fn, f->slots, SPIN_SLOTS, &f->trap);
      break;
    case SPIN_JOB_PRE:
      f->err = wasmtime_instance_pre_instantiate(f->pre, s->ctx, &f->instance, &f->trap);
      break;
    default:
      f->err = wasmtime_instance_new(s->ctx, f->module, f->externs, f->nexterns, &f->instance, &f->trap);
  }
  f->failed = f->err || f->trap;
}

// What the root of every fiber calls. It returns when a call has trapped, which gives the
// stack back; a fiber that is closed unwinds from wherever it is. Go finds out
// whether an instantiation trapped or was refused, in which case the fiber is
// as good as before.
wasm_trap_t *spin_root_cb(void *env, wasmtime_caller_t *caller, wasmtime_val_raw_t *slots, size_t n) {
  spin_store *s = wasmtime_context_get_data(wasmtime_caller_context(caller));
  spin_fiber *f = s->cur;
  f->started = true;
  for (;;) {
    run_job(s, f);
    if (f->dying) return spin_trap_text("fiber is being closed");
    if (f->failed && f->job == SPIN_JOB_CALL) return NULL;
    if (f->loop) {
      int32_t next = spin_ask_next(s, f);
      if (f->dying) return spin_trap_text("fiber is being closed");
      if (next == SPIN_NEXT_TRAP) {
        f->failed = true;
        return NULL;
      }
      if (next >= 0) {
        f->fn = (uint32_t)next;
        continue;
      }
    }
    if (!spin_yield(s, f, f->failed ? SPIN_FAILED : SPIN_IDLE)) return spin_trap_text("fiber is being closed");
  }
}

spin_fiber *spin_fiber_new(spin_store *s, uint32_t index) {
  spin_fiber *f = calloc(1, sizeof *f);
  if (!f) return NULL;
  f->store = s;
  f->index = index;
  return f;
}

// Runs the fiber on this thread until it yields or its root returns. host_sp is
// taken anew each time, so a fiber may go on on another thread.
__attribute__((noinline)) int spin_poll(spin_fiber *f) {
  spin_store *s = f->store;
  if (f->polled) return SPIN_BUSY;
  int no = spin_enter(s, SPIN_RESERVE);
  if (no) return no;
  f->polled = true;
  f->why = SPIN_PREEMPTED;  // unless another reason is given: wasmtime's collector yields too
  s->cur = f;
  f->host_sp = (void *)(((uintptr_t)__builtin_frame_address(0) - SPIN_GAP) & ~(uintptr_t)63);
  bool done = wasmtime_call_future_poll(f->fut);
  s->cur = NULL;
  f->polled = false;
  int why = f->why;
  if (done) {
    wasmtime_call_future_delete(f->fut);
    f->fut = NULL;
    why = f->started ? SPIN_TRAPPED : SPIN_NO_STACK;
  }
  if (s->sized) spin_refresh(s);
  spin_leave(s);
  return why;
}

static void discard(wasm_trap_t **t, wasmtime_error_t **e) {
  if (*t) wasm_trap_delete(*t);
  if (*e) wasmtime_error_delete(*e);
  *t = NULL;
  *e = NULL;
}

// Gives an idle fiber the job that is set up in it.
static int start(spin_fiber *f) {
  if (!f->fut) {
    f->root = f->store->root;
    discard(&f->fut_trap, &f->fut_err);  // of an earlier start that found no stack
    f->fut = wasmtime_func_call_async(f->store->ctx, &f->root, NULL, 0, NULL, 0, &f->fut_trap, &f->fut_err);
  }
  f->ready = true;
  int why = spin_poll(f);
  if (why == SPIN_BUSY || why == SPIN_SHALLOW) f->ready = false;
  return why;
}

int spin_start(spin_fiber_addr addr, uint32_t fn, bool loop) {
  spin_fiber *f = (spin_fiber *)addr;
  f->job = SPIN_JOB_CALL;
  f->fn = fn;
  f->loop = loop;
  return start(f);
}

int spin_start_instance(spin_fiber *f, const wasmtime_instance_pre_t *pre, const wasmtime_module_t *m, size_t nimports) {
  f->job = pre ? SPIN_JOB_PRE : SPIN_JOB_MODULE;
  f->pre = pre;
  f->module = m;
  f->loop = false;
  // The store's array may be used again before this fiber comes to it.
  if (nimports) {
    wasmtime_extern_t *x = realloc(f->externs, nimports * sizeof *x);
    if (!x) return SPIN_NO_MEMORY;
    memcpy(x, f->store->externs, nimports * sizeof *x);
    f->externs = x;
  }
  f->nexterns = nimports;
  return start(f);
}

// Lets the yield that the fiber waits in return. If nothing could run, the
// fiber waits as before.
static int resume(spin_fiber *f) {
  f->ready = true;
  int why = spin_poll(f);
  if (why == SPIN_BUSY || why == SPIN_SHALLOW) f->ready = false;
  return why;
}

int spin_resume(spin_fiber_addr addr, int32_t rc) {
  spin_fiber *f = (spin_fiber *)addr;
  f->rc = rc;
  return resume(f);
}

int spin_resume_next(spin_fiber_addr addr, int32_t next) {
  spin_fiber *f = (spin_fiber *)addr;
  f->next = next;
  return resume(f);
}

// Has the fiber, which waits in a host call, call a function on its stack.
int spin_nested_call(spin_fiber *f, uint32_t fn) {
  f->nested_fn = fn;
  f->rc = SPIN_NESTED;
  return resume(f);
}

// Deleting an unfinished future runs the fiber once more, on this thread, to
// unwind it; dying keeps every trampoline on it from calling Go.
int spin_fiber_delete(spin_fiber *f) {
  spin_store *s = f->store;
  if (f->polled) return SPIN_BUSY;
  if (f->fut) {
    int no = spin_enter(s, SPIN_RESERVE);
    if (no) return no;
    f->dying = true;
    s->cur = f;
    wasmtime_call_future_delete(f->fut);
    s->cur = NULL;
    spin_leave(s);
  }
  discard(&f->trap, &f->err);
  discard(&f->fut_trap, &f->fut_err);
  free(f->externs);
  free(f);
  return SPIN_IDLE;
}
