#include "spin.h"
#include <stdlib.h>

spin_store *spin_store_new(wasm_engine_t *e, uint32_t id) {
  spin_store *s = calloc(1, sizeof *s);
  if (!s) return NULL;
  s->id = id;
  s->st = wasmtime_store_new(e, s, NULL);
  s->ctx = wasmtime_store_context(s->st);
  wasmtime_context_set_epoch_deadline(s->ctx, 1);
  wasmtime_store_epoch_deadline_callback(s->st, spin_epoch, s, NULL);
  return s;
}

void spin_store_delete(spin_store *s) {
  wasmtime_store_delete(s->st);
  free(s->memories);
  free(s->funcs);
  free(s->globals);
  free(s->imports);
  free(s->externs);
  free(s);
}

// Makes fibers possible in the store.
int spin_store_fibers(spin_store *s, const spin_private *p) {
  wasmtime_instance_t in;
  wasmtime_extern_t yield, root;
  int no = spin_enter(s, SPIN_RESERVE);
  if (no) return no;
  s->trap = NULL;
  s->err = wasmtime_instance_pre_instantiate(p->pre, s->ctx, &in, &s->trap);
  int rc = SPIN_TRAPPED;
  if (!s->err && !s->trap && wasmtime_instance_export_get(s->ctx, &in, "root", 4, &root) &&
      wasmtime_linker_get(p->linker, s->ctx, "s", 1, "yield", 5, &yield)) {
    s->root = root.of.func;
    s->yield = yield.of.func;
    rc = SPIN_IDLE;
  }
  spin_leave(s);
  return rc;
}

// Notes that this thread is in the store. A thread that is in it already may
// enter again, nested; another one may not: wasmtime does not check, and two at
// once corrupt the store.
int spin_enter(spin_store *s, int64_t reserve) {
  uintptr_t me = spin_thread(), was = 0;
  if (spin_stack_left() < reserve) return SPIN_SHALLOW;
  if (!__atomic_compare_exchange_n(&s->owner, &was, me, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED) && was != me)
    return SPIN_BUSY;
  s->depth++;
  return 0;
}

void spin_leave(spin_store *s) {
  if (--s->depth == 0) __atomic_store_n(&s->owner, 0, __ATOMIC_RELEASE);
}

// Grows an array by one element when its length is a power of two.
static void *grow(void *p, size_t n, size_t size) {
  if (n & (n - 1)) return p;
  return realloc(p, (n ? 2 * n : 1) * size);
}

bool spin_add_memory(spin_store *s, const wasmtime_memory_t *m) {
  spin_memory *p = grow(s->memories, s->nmemories, sizeof *p);
  if (!p) return false;
  s->memories = p;
  if (spin_enter(s, 0)) return false;
  p[s->nmemories++] = (spin_memory){.mem = *m};
  spin_leave(s);
  return true;
}

bool spin_add_func(spin_store *s, const wasmtime_func_t *f) {
  wasmtime_func_t *p = grow(s->funcs, s->nfuncs, sizeof *p);
  if (!p) return false;
  s->funcs = p;
  p[s->nfuncs++] = *f;
  return true;
}

bool spin_add_global(spin_store *s, const wasmtime_global_t *g) {
  wasmtime_global_t *p = grow(s->globals, s->nglobals, sizeof *p);
  if (!p) return false;
  s->globals = p;
  p[s->nglobals++] = *g;
  return true;
}

// Reads or sets the bits of all registered globals, which are numbers.
bool spin_globals(spin_store *s, uint64_t *bits, bool set) {
  bool ok = true;
  if (spin_enter(s, 0)) return false;
  for (uint32_t i = 0; i < s->nglobals; i++) {
    wasmtime_val_t v;
    wasmtime_global_get(s->ctx, &s->globals[i], &v);
    if (!set) {
      bits[i] = v.kind == WT_I32 || v.kind == WT_F32 ? (uint32_t)v.of.i32 : (uint64_t)v.of.i64;
      continue;
    }
    v.of.i64 = (int64_t)bits[i];
    wasmtime_error_t *e = wasmtime_global_set(s->ctx, &s->globals[i], &v);
    if (e) {
      wasmtime_error_delete(e);
      ok = false;
    }
  }
  spin_leave(s);
  return ok;
}

// Brings the views of all memories up to date.
void spin_refresh(spin_store *s) {
  for (uint32_t i = 0; i < s->nmemories; i++) {
    spin_memory *m = &s->memories[i];
    if (s->moving || !m->base) m->base = wasmtime_memory_data(s->ctx, &m->mem);
    m->len = wasmtime_memory_data_size(s->ctx, &m->mem);
  }
}

bool spin_reserve_imports(spin_store *s, size_t n) {
  if (n <= s->imports_cap) return true;
  spin_import *i = realloc(s->imports, n * sizeof *i);
  if (!i) return false;
  s->imports = i;
  wasmtime_extern_t *x = realloc(s->externs, n * sizeof *x);
  if (!x) return false;
  s->externs = x;
  s->imports_cap = n;
  return true;
}

bool spin_export(spin_store *s, const wasmtime_instance_t *in, const char *name, size_t len, wasmtime_extern_t *x) {
  if (spin_enter(s, 0)) return false;
  bool ok = wasmtime_instance_export_get(s->ctx, in, name, len, x);
  spin_leave(s);
  return ok;
}
