#include "spin.h"

// The numeric types count down from i32 in the binary format and up in the C API.
static void valtypes(wasm_valtype_vec_t *v, const uint8_t *types, size_t n) {
  wasm_valtype_vec_new_uninitialized(v, n);
  for (size_t i = 0; i < n; i++) v->data[i] = wasm_valtype_new(0x7f - types[i]);
}

wasm_functype_t *spin_functype(const uint8_t *params, size_t nparams, const uint8_t *results, size_t nresults) {
  wasm_valtype_vec_t p, r;
  valtypes(&p, params, nparams);
  valtypes(&r, results, nresults);
  return wasm_functype_new(&p, &r);
}

wasmtime_error_t *spin_define(wasmtime_linker_t *l, const char *mod, size_t modlen, const char *name, size_t namelen,
                              const uint8_t *params, size_t nparams, const uint8_t *results, size_t nresults,
                              int32_t kind, uint32_t op) {
  wasmtime_func_unchecked_callback_t cb = spin_host_cb;
  uintptr_t env = op;
  if (kind == SPIN_HOST_CONTEXT_SAVE) {
    cb = spin_context_save_cb;
  } else if (kind == SPIN_HOST_CONTEXT_RESTORE) {
    cb = spin_context_restore_cb;
  } else if (kind != SPIN_HOST_CALL) {
    cb = kind == SPIN_HOST_CONTEXT_GET ? spin_context_get_cb : spin_context_set_cb;
    uint8_t type = kind == SPIN_HOST_CONTEXT_GET ? results[0] : params[0];
    env = op | (type == 0x7e ? 256 : 0);
  }
  wasm_functype_t *t = spin_functype(params, nparams, results, nresults);
  wasmtime_error_t *e = wasmtime_linker_define_func_unchecked(l, mod, modlen, name, namelen, t, cb, (void *)env, NULL);
  wasm_functype_delete(t);
  return e;
}

// Host functions of InstantiateWith are under this module name. It is not empty:
// comparing empty strings, which in Rust point nowhere, takes 150 ns on some
// processors.
#define HOST "h"

static size_t number(char buf[16], uint32_t id) {
  size_t n = 0;
  do buf[n++] = (char)('0' + (id & 63)); while (id >>= 6);
  return n;
}

wasmtime_error_t *spin_define_numbered(wasmtime_linker_t *l, uint32_t id, const uint8_t *params, size_t nparams,
                                       const uint8_t *results, size_t nresults, int32_t kind, uint32_t op) {
  char name[16];
  return spin_define(l, HOST, 1, name, number(name, id), params, nparams, results, nresults, kind, op);
}

// Turns the first n imports that Go has filled in into externs of the store.
bool spin_resolve(spin_store *s, const wasmtime_linker_t *l, size_t n) {
  char name[16];
  bool ok = true;
  if (spin_enter(s, 0)) return false;
  for (size_t i = 0; ok && i < n; i++) {
    spin_import *im = &s->imports[i];
    if (im->host) {
      ok = wasmtime_linker_get(l, s->ctx, HOST, 1, name, number(name, im->id), &s->externs[i]);
    } else {
      s->externs[i] = im->ext;
    }
  }
  spin_leave(s);
  return ok;
}
