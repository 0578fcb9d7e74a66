#include "spin.h"

// A guest on a fiber has a question that only Go can answer. Go code must never
// run on a fiber's stack, so either the question hops to the thread's own stack
// and its answer comes back, or it is recorded, the fiber yields, and whoever
// polled it answers. See doc.go.

static int32_t suspend(spin_store *s, spin_fiber *f, int32_t why) {
  return spin_yield(s, f, why) ? f->rc : SPIN_TRAP;
}

#ifdef SPIN_HOP

bool spin_has_hop(void) { return true; }

// While Go runs, no guest is on a fiber's stack: cur is null. What it enters in
// the meantime runs on the thread's stack and must not suspend.
static int32_t hop(spin_store *s, spin_fiber *f, int32_t (*fn)(spin_hostcall *), spin_hostcall *c) {
  s->cur = NULL;
  int32_t rc = spin_switch(f->host_sp, fn, c);
  s->cur = f;
  return rc;
}

#else

bool spin_has_hop(void) { return false; }

static int32_t hop(spin_store *s, spin_fiber *f, int32_t (*fn)(spin_hostcall *), spin_hostcall *c) {
  return SPIN_TRAP;
}

#endif

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

int32_t spin_ask(spin_store *s, spin_fiber *f, spin_hostcall *c) {
  spin_hostcall *outer = f->call;
  f->call = c;
  int32_t rc;
  if (!spin_has_hop() || s->record) {
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

int32_t spin_ask_next(spin_store *s, spin_fiber *f) {
  if (!spin_has_hop() || s->record) return spin_yield(s, f, SPIN_NEXT) ? f->next : SPIN_NEXT_TRAP;
  spin_hostcall c = {.store = s->id, .fiber = f->index + 1};
  return hop(s, f, spinNext, &c);
}
