#include "spin.h"

// A guest on a fiber has a question that only Go can answer. Go code must never
// run on a fiber's stack, so either the question hops to the thread's own stack
// and its answer comes back, or it is recorded, the fiber yields, and whoever
// polled it answers. See doc.go.

static int32_t suspend(spin_store *s, spin_fiber *f, int32_t why) {
  return spin_yield(s, f, why) ? f->rc : SPIN_TRAP;
}

#ifdef SPIN_HOP

enum { has_hop = true };

// While Go runs, no guest is on a fiber's stack: cur is null. What it enters in
// the meantime runs on the thread's stack and must not suspend.
static inline int32_t hop(spin_store *s, spin_fiber *f, int32_t (*fn)(spin_hostcall *), spin_hostcall *c) {
  s->cur = NULL;
  int32_t rc = spin_switch(f->host_sp, fn, c);
  s->cur = f;
  return rc;
}

#else

enum { has_hop = false };

static inline int32_t hop(spin_store *s, spin_fiber *f, int32_t (*fn)(spin_hostcall *), spin_hostcall *c) {
  return SPIN_TRAP;
}

#endif

bool spin_has_hop(void) { return has_hop; }

// Makes a call for Go while a host call waits for its answer.
static void nested(spin_store *s, spin_fiber *f) {
  wasmtime_func_t fn = s->funcs[f->nested_fn];
  uint64_t saved[2] = {f->context[0], f->context[1]};
  f->context[0] = s->first[0];
  f->context[1] = s->first[1];
  s->first[0] = s->first[1] = 0;
  if (s->calls++ == 0) s->ticks = 0;
  f->nested++;
  s->trap = NULL;
  s->interrupted = false;
  s->err = wasmtime_func_call_unchecked(s->ctx, &fn, s->args, SPIN_SLOTS, &s->trap);
  f->nested--;
  s->calls--;
  f->context[0] = saved[0];
  f->context[1] = saved[1];
}

static inline int32_t ask(spin_store *s, spin_fiber *f, spin_hostcall *c) {
  spin_hostcall *outer = f->call;
  f->call = c;
  int32_t rc;
  if (!has_hop || s->record) {
    rc = suspend(s, f, SPIN_SERVE);
    while (rc == SPIN_NESTED) {
      nested(s, f);
      rc = suspend(s, f, SPIN_CALLED);
    }
  } else {
    rc = hop(s, f, spinServe, c);
    if (rc == SPIN_PENDING) rc = suspend(s, f, SPIN_SUSPENDED);
  }
  f->call = outer;
  return rc;
}

// env is the op.
wasm_trap_t *spin_host_cb(void *env, wasmtime_caller_t *caller, wasmtime_val_raw_t *slots, size_t n) {
  spin_store *s = wasmtime_context_get_data(wasmtime_caller_context(caller));
  spin_fiber *f = s->cur;
  spin_hostcall c = {.store = s->id, .op = (uint32_t)(uintptr_t)env, .n = (uint32_t)n, .slots = slots};
  int32_t rc;
  if (!f) {  // on a thread's stack already: an ordinary callback
    rc = spinServe(&c);
  } else if (f->dying) {
    rc = SPIN_TRAP;
  } else {
    if (!f->nested) c.fiber = f->index + 1;
    rc = ask(s, f, &c);
  }
  return rc == SPIN_DONE ? NULL : spin_trap_text("host function failed");
}

int32_t spin_ask_next(spin_store *s, spin_fiber *f) {
  if (!has_hop || s->record) return spin_yield(s, f, SPIN_NEXT) ? f->next : SPIN_NEXT_TRAP;
  spin_hostcall c = {.store = s->id, .fiber = f->index + 1};
  return hop(s, f, spinNext, &c);
}
