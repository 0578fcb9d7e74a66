#include "spin.h"
#include <string.h>

// Each fiber's outermost function is wasm: it does nothing but call spin_root_cb.
// The reason is wasmtime's record of where wasm was left last, of which a store
// has one. Whoever enters wasm saves it and puts it back when the guest returns;
// a fiber that is suspended takes its own along, except what its inner calls
// have saved. A fiber whose root is a host function, started within a host call
// of another fiber, would save a pointer into that fiber's stack, and wasmtime
// would follow it for a backtrace after that stack has gone. With wasm at the
// root, what is saved points to the fiber's own stack.
//
//   (module $"spin:root"
//     (import "s" "root" (func $step))
//     (func (export "root") (call $step)))
static const uint8_t root_wasm[] = {
    0x00, 'a', 's', 'm', 1, 0, 0, 0,
    1, 4, 1, 0x60, 0, 0,                             // type 0: () -> ()
    2, 10, 1, 1, 's', 4, 'r', 'o', 'o', 't', 0, 0,   // function 0: import "s" "root"
    3, 2, 1, 0,                                      // function 1: type 0
    7, 8, 1, 4, 'r', 'o', 'o', 't', 0, 1,            // export "root": function 1
    10, 6, 1, 4, 0, 0x10, 0, 0x0b,                   // call 0
    0, 17, 4, 'n', 'a', 'm', 'e', 0, 10, 9, 's', 'p', 'i', 'n', ':', 'r', 'o', 'o', 't',
};

// yield is the one asynchronous host function: a fiber suspends by calling it,
// and it returns once the fiber is ready.

static bool yield_done(void *env) { return ((spin_fiber *)env)->ready; }

static void yield_cb(void *env, wasmtime_caller_t *caller, const wasmtime_val_t *args, size_t nargs,
                     wasmtime_val_t *results, size_t nresults, wasm_trap_t **trap, wasmtime_async_continuation_t *k) {
  spin_store *s = wasmtime_context_get_data(wasmtime_caller_context(caller));
  k->callback = yield_done;
  k->env = s->cur;
  k->finalizer = NULL;
}

wasmtime_error_t *spin_private_new(wasm_engine_t *e, spin_private *p) {
  memset(p, 0, sizeof *p);
  p->linker = wasmtime_linker_new(e);
  wasm_functype_t *t = spin_functype(NULL, 0, NULL, 0);
  wasmtime_error_t *err = wasmtime_linker_define_async_func(p->linker, "s", 1, "yield", 5, t, yield_cb, NULL, NULL);
  if (!err) err = wasmtime_linker_define_func_unchecked(p->linker, "s", 1, "root", 4, t, spin_root_cb, NULL, NULL);
  if (!err) err = wasmtime_module_new(e, root_wasm, sizeof root_wasm, &p->module);
  if (!err) err = wasmtime_linker_instantiate_pre(p->linker, p->module, &p->pre);
  wasm_functype_delete(t);
  return err;
}

void spin_private_delete(spin_private *p) {
  if (p->pre) wasmtime_instance_pre_delete(p->pre);
  if (p->module) wasmtime_module_delete(p->module);
  wasmtime_linker_delete(p->linker);
}
