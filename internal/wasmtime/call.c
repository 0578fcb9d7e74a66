#include "spin.h"

// Guests on the thread's own stack: entered from Go outside any fiber, or from
// within a host call. They cannot be suspended, so their time is bounded by
// counting ticks of the epoch.

static int begin(spin_store *s, uint64_t saved[2], int64_t reserve) {
  int no = spin_enter(s, reserve);
  if (no) return no;
  saved[0] = s->context[0];
  saved[1] = s->context[1];
  s->context[0] = s->first[0];
  s->context[1] = s->first[1];
  s->first[0] = s->first[1] = 0;
  if (s->calls++ == 0) s->ticks = 0;
  s->trap = NULL;
  s->err = NULL;
  s->interrupted = false;
  return 0;
}

static void end(spin_store *s, const uint64_t saved[2]) {
  s->calls--;
  s->context[0] = saved[0];
  s->context[1] = saved[1];
  spin_leave(s);
}

int spin_call(spin_store_addr addr, uint32_t fn) {
  spin_store *s = (spin_store *)addr;
  uint64_t saved[2];
  int no = begin(s, saved, s->guest_reserve);
  if (no) return no;
  wasmtime_func_t f = s->funcs[fn];  // the table may be reallocated meanwhile
  s->err = wasmtime_func_call_unchecked(s->ctx, &f, s->args, SPIN_SLOTS, &s->trap);
  end(s, saved);
  return s->err || s->trap ? SPIN_TRAPPED : SPIN_IDLE;
}

// Calls an allocator, fn(0, 0, align, size), for each of the first n blocks.
int spin_allocate(spin_store_addr addr, uint32_t fn, uint32_t n) {
  spin_store *s = (spin_store *)addr;
  uint64_t saved[2];
  int no = begin(s, saved, s->guest_reserve);
  if (no) return no;
  wasmtime_func_t f = s->funcs[fn];
  for (spin_block *b = s->blocks; b < s->blocks + n && !s->err && !s->trap; b++) {
    s->context[0] = s->context[1] = 0;
    s->args[0].u[0] = s->args[1].u[0] = 0;
    s->args[2].u[0] = b->align;
    s->args[3].u[0] = b->size;
    s->err = wasmtime_func_call_unchecked(s->ctx, &f, s->args, SPIN_SLOTS, &s->trap);
    b->ptr = (uint32_t)s->args[0].u[0];
  }
  end(s, saved);
  return s->err || s->trap ? SPIN_TRAPPED : SPIN_IDLE;
}

int spin_instantiate(spin_store *s, const wasmtime_instance_pre_t *pre, const wasmtime_module_t *m, size_t nimports,
                     bool starts) {
  uint64_t saved[2];
  int no = begin(s, saved, starts ? s->guest_reserve : SPIN_RESERVE + (64 << 10));
  if (no) return no;
  if (pre) {
    s->err = wasmtime_instance_pre_instantiate(pre, s->ctx, &s->instance, &s->trap);
  } else {
    s->err = wasmtime_instance_new(s->ctx, m, s->externs, nimports, &s->instance, &s->trap);
  }
  end(s, saved);
  return s->err || s->trap ? SPIN_TRAPPED : SPIN_IDLE;
}

// Called by wasm code that notices a new epoch.
wasmtime_error_t *spin_epoch(wasmtime_context_t *ctx, void *data, uint64_t *delta, uint8_t *kind) {
  spin_store *s = data;
  spin_fiber *f = s->cur;
  *delta = 1;
  *kind = 0;  // go on
  if (f) {
    if (f->dying) return wasmtime_error_new("fiber is being closed");
  }
  if (f && !f->nested) {
    f->why = SPIN_PREEMPTED;
    *kind = 1;  // yield
  } else if (++s->ticks > s->max_ticks) {
    s->interrupted = true;
    return wasmtime_error_new("interrupted");
  }
  return NULL;
}
