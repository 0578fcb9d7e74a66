#include "spin.h"

// Whether a function takes one value of a kind and returns nothing. The kind of an unusual
// reference must not be asked for: wasmtime aborts. Go makes sure that there are none.
static bool takes_one(const wasmtime_context_t *ctx, const wasmtime_func_t *f, uint8_t param) {
  wasm_functype_t *t = wasmtime_func_type(ctx, f);
  const wasm_valtype_vec_t *p = wasm_functype_params(t), *r = wasm_functype_results(t);
  bool yes = p->size == 1 && r->size == 0 && wasm_valtype_kind(p->data[0]) == param;
  wasm_functype_delete(t);
  return yes;
}

// Finds the function at an index of a table, which must take one value of kind param.
int spin_table_func(spin_store *s, const wasmtime_table_t *t, uint64_t i, uint8_t param, wasmtime_func_t *f) {
  wasmtime_val_t v;
  if (spin_enter(s, 0)) return SPIN_ELEM_BUSY;
  int is = SPIN_ELEM_FUNC;
  if (!wasmtime_table_get(s->ctx, t, i, &v)) {
    is = SPIN_ELEM_OUTSIDE;
  } else if (v.kind != WT_FUNCREF || v.of.funcref.store_id == 0) {
    is = SPIN_ELEM_NULL;
  } else if (!takes_one(s->ctx, &v.of.funcref, param)) {
    is = SPIN_ELEM_TYPE;
  } else {
    *f = v.of.funcref;
  }
  spin_leave(s);
  return is;
}
