#include "spin.h"

// context.get and context.set are a third of all calls of an async guest, so
// they never reach Go. env is the slot, with 256 added for i64.
static uint64_t *context_slot(wasmtime_caller_t *caller, uintptr_t env) {
  spin_store *s = wasmtime_context_get_data(wasmtime_caller_context(caller));
  return (s->cur ? s->cur->context : s->context) + (env & 1);
}

wasm_trap_t *spin_context_get_cb(void *env, wasmtime_caller_t *caller, wasmtime_val_raw_t *slots, size_t n) {
  uint64_t v = *context_slot(caller, (uintptr_t)env);
  slots[0].u[0] = (uintptr_t)env & 256 ? v : (uint32_t)v;
  return NULL;
}

// The slots as a whole: saving leaves zeros.
wasm_trap_t *spin_context_save_cb(void *env, wasmtime_caller_t *caller, wasmtime_val_raw_t *slots, size_t n) {
  uint64_t *at = context_slot(caller, 0);
  slots[0].u[0] = at[0];
  slots[1].u[0] = at[1];
  at[0] = at[1] = 0;
  return NULL;
}

wasm_trap_t *spin_context_restore_cb(void *env, wasmtime_caller_t *caller, wasmtime_val_raw_t *slots, size_t n) {
  uint64_t *at = context_slot(caller, 0);
  at[0] = slots[0].u[0];
  at[1] = slots[1].u[0];
  return NULL;
}

wasm_trap_t *spin_context_set_cb(void *env, wasmtime_caller_t *caller, wasmtime_val_raw_t *slots, size_t n) {
  uint64_t v = slots[0].u[0];
  *context_slot(caller, (uintptr_t)env) = (uintptr_t)env & 256 ? v : (uint32_t)v;
  return NULL;
}
